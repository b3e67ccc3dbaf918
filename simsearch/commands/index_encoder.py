"""`simsearch index --upgrade` and `--re-embed`: another encoder for an index that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.notes import warn_of_skipped
from simsearch.commands.progress import progress_bars

if TYPE_CHECKING:
    from simsearch.index.alignment import AlignmentQuality
    from simsearch.index.index import Index
    from simsearch.index.re_embed import ReEmbedded

__all__ = ["change_encoder"]


def change_encoder(
    name: str,
    source: str,
    quiet: bool,
    keywords: dict[str, Any],
    reading: dict[str, Any],
    *,
    anew: bool,
) -> None:
    """Align what an index holds into the space of another encoder, or embed it anew.

    Args:
        name: of the index.
        source: what the map is fitted to, or what is embedded.
        quiet: no progress, no summary.
        keywords: options of the command.
        reading: those of them that say what to take from the source.
        anew: embed; else align.
    """
    from simsearch.index.index import Index

    index = Index.open(name, keywords["indexes"])
    asked = {"metric": keywords["metric"], **reading}
    encoder = keywords["encoder"]
    with progress_bars(quiet) as progress:
        if anew:
            done = index.re_embed(source, encoder=encoder, progress=progress, **asked)
            lines = _told_of_embedding(index, done)
        else:
            force = keywords["force"]
            quality = index.upgrade(encoder, source, force=force, progress=progress, **asked)
            lines = _told_of_aligning(index, quality)
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        for line in lines:
            click.echo(line)


def _told_of_embedding(index: Index, done: ReEmbedded) -> list[str]:
    from simsearch.report.cells import count

    resumed = f", {done.resumed:,} of them in an earlier run" if done.resumed else ""
    embedded = done.embedded + done.added
    return [
        f"Embedded {count(embedded, 'item')}{resumed}: added {done.added:,}, removed "
        f"{done.removed:,}: {count(len(index), 'item')} in {index.name!r}"
    ]


def _told_of_aligning(index: Index, quality: AlignmentQuality | None) -> list[str]:
    from simsearch.report.cells import count

    info = index.info()
    if quality is None:
        return [f"{index.name!r} has the new encoder; it is compatible, so its vectors stay"]
    lines = [
        f"Aligned {count(len(index), 'item')} of {index.name!r} by a map ({info.metric}, "
        f"{info.dimension} numbers)",
        f"On {count(quality.items, 'item')} that it was not fitted to: cosine "
        f"{quality.cosine:.3f}, neighbours kept {quality.neighbours:.1%}, "
        f"found by themselves {quality.found:.1%}",
    ]
    if quality.recall_kept is not None:
        lines.append(
            f"Recall@1 by class: {quality.recall_old:.3f} before, {quality.recall_aligned:.3f} "
            f"aligned ({quality.recall_kept:.1%} kept), {quality.recall_new:.3f} if embedded anew"
        )
    return [*lines, "Scores of aligned items are approximate; --re-embed makes them exact"]
