"""The words of a segment's texts: worked out once, and kept in a file beside the segment's own.

The file follows from the segment, so no manifest names it: where it is absent or damaged, or of an
older make, the words are worked out again. It goes when the segment goes.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from simsearch.errors import OutputError
from simsearch.files import replace_file
from simsearch.store.search.words import Postings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

__all__ = ["kept_words", "words_of"]

# The stored columns of texts, and of the documents that they are passages of.
_TEXT, _DOCUMENT = "text", "document"
# Changed whenever other words are found in the same texts.
_MAKE = "2"


class Stored(Protocol):
    """What is read of a segment's items, see `Items`."""

    rows: int

    @property
    def schema(self) -> pa.Schema:
        """The stored columns and their types."""

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """Some stored columns of all rows, in order."""


def words_of(items: Stored) -> Postings:
    """The words of all rows; of none where no texts are stored."""
    import pyarrow as pa

    names = [name for name in (_TEXT, _DOCUMENT) if name in items.schema.names]
    if _TEXT not in names:
        return Postings.of(pa.chunked_array([pa.nulls(items.rows, pa.string())]))
    table = pa.concat_tables([table for _, table in items.tables(names)])
    return Postings.of(table[_TEXT], table[_DOCUMENT] if _DOCUMENT in names else None)


def kept_words(items: Stored, path: Path) -> Postings:
    """The words of all rows, from a file that has them; it is written where it has not."""
    found = _read(path, items.rows)
    if found is None:
        found = words_of(items)
        with suppress(OSError, OutputError):  # a folder that cannot be written to does as well
            replace_file(path, _content(found))
    return found


def _content(postings: Postings) -> bytes:
    from safetensors.numpy import save

    tensors = postings._asdict()
    return save(tensors, {"about": f"{_MAKE} {_digest(postings)}"})


def _digest(postings: Postings) -> str:
    digest = hashlib.sha256()
    for array in postings:
        digest.update(array.data)
    return digest.hexdigest()


def _read(path: Path, rows: int) -> Postings | None:
    """What a file holds; None where it is not what was written."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            about = file.metadata() or {}
            found = Postings(*(file.get_tensor(name) for name in Postings._fields))
    except (OSError, SafetensorError):
        return None
    whole = about.get("about") == f"{_MAKE} {_digest(found)}"
    return found if whole and len(found.lengths) == rows else None
