"""`simsearch anomalies`: which items are far from everything known?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.notes import note_of_alignment
from simsearch.commands.options import format_option, is_given, threads_option
from simsearch.commands.source_options import column_option, id_option

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(short_help="Rank items by how far they are from what an index holds.")
@click.argument("name")
@click.option(
    "--against",
    "source",
    metavar="SOURCE",
    help="Items to compare with the index. Default: its own, each with the others.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
    default=0.01,
    show_default=True,
    metavar="R",
    help="How often an alarm may be false: the share of known items that would raise one.",
)
@click.option(
    "-k",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="The score is the mean distance to the N nearest items of the index.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Print the N that are farthest.",
)
@id_option()
@column_option()
@format_option("How to print them; json is one object a line.")
@indexes_option()
@threads_option()
def command(
    name: str, source: str | None, top: int, form: str, indexes: Path | None, **keywords: Any
) -> None:
    """Rank items by how far they are from everything in the index NAME, the farthest first.

    The index holds what is usual. An item is called an anomaly if at most a share R of the items
    of the index are as far from the others as it is, so an alarm is false about that often.
    Without --against the index's own items are ranked; a share R of them is an anomaly then by
    definition, and only the order says something.

    \b
    Examples:
      simsearch anomalies parts --against new-photos/
      simsearch anomalies parts --against new-photos/ --rate 0.001 --top 100 --format csv
      simsearch anomalies sensors
    """
    from heapq import nlargest

    from simsearch.index.index import Index
    from simsearch.report.scored import print_anomalies

    reading = {key: keywords.pop(key) for key in ("id", "column")}
    given = {key: value for key, value in reading.items() if is_given(value)}
    if given and source is None:
        raise click.UsageError("--id and --column are for --against; give it as well")
    index = Index.open(name, indexes)
    note_of_alignment(index)
    found = index.anomalies(source, **keywords, **given)
    counts = [0, 0]

    def counted() -> Any:
        for each in found:
            counts[0] += 1
            counts[1] += each.alarm
            yield each

    farthest = nlargest(top, counted(), key=lambda each: each.score)
    print_anomalies(farthest, form)
    click.echo(
        f"{counts[1]:,} of {counts[0]:,} are anomalies at a false-alarm rate of "
        f"{keywords['rate']:g}",
        err=True,
    )
