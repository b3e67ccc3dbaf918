"""`simsearch plot`: a map of an index, or the page of an encoder's training."""

from __future__ import annotations

from pathlib import Path

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import seed_option, threads_option

__all__ = ["command"]


@click.command(short_help="Draw a map of an index, or show how an encoder was trained.")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="OUT.html",
    help="The page.",
)
@click.option("--by", metavar="COLUMN", help="Stored column to colour by. Default: the class.")
@indexes_option()
@seed_option()
@threads_option()
def command(name: str, output: Path, by: str | None, indexes: Path | None, seed: int) -> None:
    """Write a page about NAME, an index or the folder of an encoder that was trained here.

    Of an index at most 5,000 items are drawn, and similar items lie close together; point at one
    to see what it is. UMAP places them if it is installed (pip install 'simsearch[umap]'), else
    PCA.

    \b
    Examples:
      simsearch plot photos -o photos.html
      simsearch plot customers -o customers.html --by country
      simsearch plot photos.encoder -o training.html
    """
    from simsearch.report.plot import plot

    plot(name, output, by=by, seed=seed, indexes=indexes)
    click.echo(f"Open {output} in a browser")
