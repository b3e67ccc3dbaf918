"""Find the folder that holds the indexes, and list them."""

from __future__ import annotations

import os
from pathlib import Path

from simsearch.errors import IndexNotFoundError
from simsearch.store.format.layout import check_name, generations

__all__ = ["existing", "indexes_root", "names"]

DEFAULT_ROOT = "indexes"
ROOT_VARIABLE = "SIMSEARCH_INDEXES"
SHOWN = 10


def indexes_root(root: str | os.PathLike[str] | None = None) -> Path:
    """The folder that holds the indexes: the one given, $SIMSEARCH_INDEXES, or ./indexes."""
    return Path(root or os.environ.get(ROOT_VARIABLE) or DEFAULT_ROOT)


def names(root: Path) -> list[str]:
    """The names of the indexes in a folder, sorted; none when there is no such folder."""
    if not root.is_dir():
        return []
    return sorted(path.name for path in root.iterdir() if generations(path))


def existing(name: str, root: Path) -> Path:
    """The folder of an index.

    Raises:
        IndexNotFoundError: there is none of that name; the text says which there are.
    """
    folder = root / check_name(name)
    if generations(folder):
        return folder
    found = names(root)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    known = ", ".join(map(repr, found[:SHOWN])) + more
    verb = "is" if len(found) == 1 else "are"
    advice = f"there {verb} {known}" if found else "make one: `Index.create`"
    if (root / f"{name}.groups" / "base.json").is_file():
        advice = (
            "a base of groups has that name, for query, duplicates, explain, info, export, remove "
            "and compact (in Python `RecordBase.open`)"
        )
    raise IndexNotFoundError(f"there is no index {name!r} in {root}; {advice}")
