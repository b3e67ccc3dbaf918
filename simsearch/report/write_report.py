"""write_report: the page of what `dedupe`, `link` or `Index.duplicates` found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import OutputError
from simsearch.report.files import Outputs

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection

    from simsearch.duplicates.item_linkage import ItemLinkage
    from simsearch.records.deduplication import Deduplication
    from simsearch.records.linkage import Linkage

__all__ = ["check_page_name", "write_report"]


def write_report(
    found: Deduplication | Linkage | ItemLinkage,
    output: str | os.PathLike[str],
    *,
    redact: Collection[str] = (),
    source: Any = None,
    progress: Callable[[str, float], None] | None = None,
) -> Path:
    """Write a page that shows groups and pairs, and on which pairs can be marked.

    It is one HTML file that needs no other and asks no network. The marks made on it are exported
    as labels, which `dedupe`, `link`, `recalibrate` and `train` take.

    Args:
        found: what `dedupe`, `link` or `Index.duplicates` gave.
        output: the page, a name that ends in .html.
        redact: columns whose values are kept out of it.
        source: of images, what they were read from, for small pictures; None: what the result
            names, if it is there.
        progress: called with a stage's name and the share of it done, 0 to 1.

    Returns:
        Where the page is.

    Raises:
        ColumnError: a column to redact does not exist, or it names the rows.
        SourceError: there is nothing to read in `source`.
        OutputError: the page cannot be written, or its name does not end in .html.
    """
    from simsearch.report.page.duplicates import duplicates_page

    place = Path(output)
    check_page_name(place)
    with Outputs([place]) as outputs:
        page = duplicates_page(found, place, redact, source, progress)
        with outputs.open(place) as file:
            file.write(page.encode())
        outputs.publish()
    return place


def check_page_name(path: Path) -> None:
    """Refuse a name that no browser would take for a page.

    Raises:
        OutputError: it does not end in .html.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{path}: a report is a page; choose a name that ends in .html")
