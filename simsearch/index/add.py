"""Add the items of a source to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.kinds.pipeline import report

if TYPE_CHECKING:
    from simsearch.kinds.pipeline import Pipeline, Progress
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["add_all"]


def add_all(writer: IndexWriter, pipeline: Pipeline, progress: Progress | None = None) -> None:
    """Add every item of a source to an index.

    Args:
        writer: of an index that was started.
        pipeline: the items.
        progress: called with the stage's name and the share done.

    Raises:
        SourceError: the source is not what it was when it was opened.
        EmptySourceError: none of its items could be read.
        VectorIndexError: an id is in the index already, or the index cannot be written.
    """
    first, done = writer.next_row, 0
    stage = "writing" if pipeline.given else "embedding"
    ids = pipeline.ids(first)
    if ids is not None:  # to refuse before the long work what would be refused after it
        writer.check_new(ids)
    for batch in pipeline.batches(first):
        writer.add(batch.ids, batch.vectors(None), batch.stored)
        done += len(batch.ids)
        report(progress, stage, pipeline.share_done(done))
    if not done:
        raise pipeline.nothing_read()
