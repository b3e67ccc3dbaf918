"""Kinds of look-alikes as a page shows them: in words, column by column, with an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.report.look_alikes import agreement, how_read, telling_columns
from simsearch.report.page.found_pairs import sides_of

if TYPE_CHECKING:
    from simsearch.report.page.found_pairs import Result
    from simsearch.report.page.page_items import PageItems

__all__ = ["MOST_KINDS", "looks_of"]

# Kinds that are shown, the largest of each reading first as the result has them.
MOST_KINDS = 24


def looks_of(found: Result, items: PageItems) -> list[dict[str, Any]]:
    """The kinds of look-alikes of a run; none where no records are compared.

    Args:
        found: a run.
        items: takes the examples.
    """
    import pyarrow.compute as pc

    sides, out = sides_of(found), []
    for kind in found.look_alikes[:MOST_KINDS]:
        rows = [
            pc.index(side.ids, name).as_py() for side, name in zip(sides, kind.example, strict=True)
        ]
        by_name = {column.name: column for column in kind.columns}
        told = [by_name[name] for name in telling_columns(kind) if name in by_name]
        out.append(
            {
                "words": agreement(kind),
                "read": how_read(kind),
                "reading": kind.reading.value,
                "pairs": kind.pairs,
                "example": [items.number(side, row) for side, row in enumerate(rows)],
                "columns": [
                    [each.name, each.equal, each.alike, each.unlike, each.missing] for each in told
                ],
            }
        )
    return out
