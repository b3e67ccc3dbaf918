"""plot: a page with the map of an index, or about the training of an encoder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import OptionError, SourceError
from simsearch.index.index import Index
from simsearch.report.files import Outputs
from simsearch.report.page.index import index_page
from simsearch.report.page.training import REPORT

if TYPE_CHECKING:
    import os

__all__ = ["plot"]


def plot(
    name: Index | str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    by: str | None = None,
    seed: int = 0,
    indexes: str | os.PathLike[str] | None = None,
) -> Path:
    """Write a page about an index, or about an encoder that was trained here.

    Args:
        name: an index, the name of one, or the folder of an encoder; the index comes first.
        output: the page, an HTML file that needs no other.
        by: stored column to colour the items by; None for the class.
        seed: of what is drawn, at most 5,000 items, and of their places.
        indexes: the folder that holds the indexes; None for $SIMSEARCH_INDEXES or ./indexes.

    Returns:
        Where the page is.

    Raises:
        IndexNotFoundError: there is neither an index nor an encoder of that name.
        ColumnError: the index stores no such column.
        SourceError: the encoder has no page.
        OutputError: the page cannot be written.
    """
    place = Path(output)
    with Outputs([place]) as outputs:
        content = _page(name, by, seed, indexes)
        with outputs.open(place) as file:
            file.write(content)
        outputs.publish()
    return place


def _page(
    name: Index | str | os.PathLike[str],
    by: str | None,
    seed: int,
    indexes: str | os.PathLike[str] | None,
) -> bytes:
    if isinstance(name, Index):
        return index_page(name, by, seed).encode()
    is_encoder = (Path(name) / "encoder.json").is_file()
    if is_encoder and str(name) not in Index.names(indexes):
        return _training(Path(name), by)
    return index_page(Index.open(str(name), indexes), by, seed).encode()


def _training(folder: Path, by: str | None) -> bytes:
    """The page that a run left in the folder of its encoder."""
    if by is not None:
        raise OptionError("`by` is for the map of an index")
    try:
        return (folder / REPORT).read_bytes()
    except FileNotFoundError:
        raise SourceError(
            f"{folder} has no {REPORT}: `train` writes one beside the encoder"
        ) from None
