"""check: is every byte of an index what was written, and what is left of a damaged one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.store.roots import existing, indexes_root
from simsearch.store.upkeep.check import check as check_folder
from simsearch.store.upkeep.salvage import repair as repair_folder

if TYPE_CHECKING:
    import os

    from simsearch.store.upkeep.check import CheckResult

__all__ = ["IndexCheck", "Repair", "check"]


@dataclass(frozen=True, slots=True)
class Repair:
    """The version that was made of what was intact.

    Attributes:
        version: its number.
        items: how many it holds.
        lost: a line for each part that could not be read.
    """

    version: int
    items: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """What a check of an index found.

    Attributes:
        result: files and versions that were read, and a line for each problem.
        repair: what was made before the check; None where none was asked for.
    """

    result: CheckResult
    repair: Repair | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """A line each, naming the file; empty when all is well."""
        return self.result.problems


def check(
    name: str, *, repair: bool = False, indexes: str | os.PathLike[str] | None = None
) -> IndexCheck:
    """Read all files of an index and of its older versions, and name what is damaged.

    Args:
        name: of the index.
        repair: first make a new version of what is intact, and give up the damaged ones.
        indexes: the folder that holds the indexes; None for $SIMSEARCH_INDEXES or ./indexes.

    Returns:
        A line for each problem, and how much was read.

    Raises:
        IndexNotFoundError: there is no index of that name.
        IndexLockedError: another process is writing to it.
        IndexCorruptError: nothing is intact that a version could be made of.
    """
    folder = existing(name, indexes_root(indexes))
    done = None
    if repair:
        made = repair_folder(folder)
        done = Repair(made.reader.generation.number, len(made.reader), tuple(made.lost))
    return IndexCheck(check_folder(folder), done)
