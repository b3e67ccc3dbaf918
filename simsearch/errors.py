"""Every exception simsearch raises on purpose.

    SimsearchError                 catch this one to catch them all
    ├── SourceError                an input cannot be read (file, row, column)
    │   ├── ColumnError            a named column is missing, repeated or unusable
    │   └── EmptySourceError       nothing to work on: no bytes, no header or no rows
    ├── OutputError                a result cannot be written
    ├── EncoderError               an encoder folder is missing, damaged or of another kind
    ├── VectorIndexError                an index cannot be used
    │   ├── IndexNotFoundError     no index of that name
    │   ├── IndexExistsError       the name is taken
    │   ├── IndexLockedError       another process is writing to it
    │   └── IndexCorruptError      a file is missing or its bytes are not those that were written
    ├── QueryError                 a query that cannot be answered (unknown id, bad filter)
    ├── TrainingError              an encoder cannot be trained from these examples, or so
    ├── OptionError                an argument outside what is allowed
    └── MissingDependencyError     an optional package is absent; the text names the install command

    SimsearchWarning               something is amiss, and an answer could be given all the same
    └── IndexDamagedWarning        a part of an index is damaged and was done without

The command line turns each into one line on stderr and exit code 1. The text of an
error says what was wrong, where (file, row, column) and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ColumnError",
    "EmptySourceError",
    "EncoderError",
    "IndexCorruptError",
    "IndexDamagedWarning",
    "IndexExistsError",
    "IndexLockedError",
    "IndexNotFoundError",
    "MissingDependencyError",
    "OptionError",
    "OutputError",
    "QueryError",
    "SimsearchError",
    "SimsearchWarning",
    "SourceError",
    "TrainingError",
    "VectorIndexError",
    "nearest_names",
]

# At most so many names are shown in a message.
_SHOWN = 5
# Similarity (0 to 100) from which a name may be what was meant.
_SIMILAR = 60


class SimsearchError(Exception):
    """Base of every error simsearch raises on purpose."""


class SourceError(SimsearchError):
    """An input cannot be read."""


class ColumnError(SourceError):
    """A named column is missing, repeated or unusable."""


class EmptySourceError(SourceError):
    """An input holds nothing to work on: no bytes, no header or no rows."""


class OutputError(SimsearchError):
    """A result cannot be written."""


class EncoderError(SimsearchError):
    """An encoder folder is missing, damaged or of another kind."""


class VectorIndexError(SimsearchError):
    """An index cannot be used."""


class IndexNotFoundError(VectorIndexError):
    """There is no index of that name."""


class IndexExistsError(VectorIndexError):
    """An index of that name exists already."""


class IndexLockedError(VectorIndexError):
    """Another process is writing to the index."""


class IndexCorruptError(VectorIndexError):
    """A file of the index is missing, or its bytes are not those that were written."""


class QueryError(SimsearchError):
    """A query that cannot be answered."""


class TrainingError(SimsearchError):
    """An encoder cannot be trained: the examples do not allow it, or the run went wrong."""


class OptionError(SimsearchError):
    """An argument outside what is allowed."""


class MissingDependencyError(SimsearchError):
    """An optional package is absent.

    Args:
        package: the import that failed.
        extra: the extra of simsearch that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; run: pip install 'simsearch[{extra}]'")


class SimsearchWarning(UserWarning):
    """Base of every warning simsearch gives on purpose."""


class IndexDamagedWarning(SimsearchWarning):
    """A part of an index is damaged, and was done without."""


def nearest_names(name: str, known: Sequence[str]) -> str:
    """A clause that says which names there are, those most like `name` if any are."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_SIMILAR
    )
    if found:
        return "nearest: " + ", ".join(repr(match[0]) for match in found[:3])
    names = ", ".join(map(repr, known[:_SHOWN]))
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"there is {names}{more}"
