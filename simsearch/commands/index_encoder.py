"""`simsearch index --migrate` and `--re-embed`: another encoder for an index that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.notes import warn_of_skipped
from simsearch.commands.progress import progress_bars

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.index.alignment import AlignmentQuality
    from simsearch.index.index import Index

__all__ = ["migrate", "re_embed"]


def migrate(
    name: str,
    source: str,
    indexes: Path | None,
    quiet: bool,
    given: dict[str, Any],
    *,
    force: bool,
) -> None:
    """Take an index to another encoder by a map, and print the quality of the map."""
    from simsearch.index.index import Index

    index = Index.open(name, indexes)
    encoder = given.pop("encoder")
    with progress_bars(quiet) as progress:
        quality = index.migrate(encoder, source, force=force, progress=progress, **given)
    warn_of_skipped(index.skipped, index.info().kind)
    for line in () if quiet else _told_of_aligning(index, quality):
        click.echo(line)


def re_embed(
    name: str, source: str, indexes: Path | None, quiet: bool, given: dict[str, Any]
) -> None:
    """Embed all items anew, and say how many there were."""
    from simsearch.index.index import Index
    from simsearch.report.cells import count

    index = Index.open(name, indexes)
    with progress_bars(quiet) as progress:
        done = index.re_embed(source, progress=progress, **given)
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        resumed = f", {done.resumed:,} of them in an earlier run" if done.resumed else ""
        click.echo(
            f"Embedded {count(done.embedded + done.added, 'item')}{resumed}: added "
            f"{done.added:,}, removed {done.removed:,}: {count(len(index), 'item')} in {name!r}"
        )


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
