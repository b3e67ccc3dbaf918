"""`simsearch explain`: what each column says of a pair that was found."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command(short_help="Show what each column says of a pair that was found.")
@click.argument("pairs", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--pair",
    nargs=2,
    required=True,
    metavar="A B",
    help="The ids of the two, in either order.",
)
def command(pairs: Path, pair: tuple[str, str]) -> None:
    """Show what each column says for and against a pair of PAIRS, a file of `dedupe --pairs`.

    Bars begin where the one above ended: together they lead from nothing to the ln odds of the
    pair's probability. Of texts and images it says the tier and what differs.

    \b
    Examples:
      simsearch dedupe customers.csv --id customer_no --pairs pairs.csv
      simsearch explain pairs.csv --pair C10389 C10960
    """
    from simsearch.records.explain import explain
    from simsearch.report.waterfall import print_explanation

    print_explanation(explain(pairs, pair))
