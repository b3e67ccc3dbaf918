"""Which item of a group to keep: the original picture and not the copy in a larger frame, the
longest text, the row that was changed last.

A rule is a list of criteria. Each keeps those members that are as good as the best by it, or
nearly, and the next decides among these; the first in order stays where none decides. What has to
be read for a criterion is read only where it is reached.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.sources.file_names import path_of, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from simsearch.duplicates.facts import Facts

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["CRITERIA", "FOLDER", "USUAL", "KeepRule", "Kept", "keep_rule"]

# What comes before the path of a folder whose files are preferred: `folder:originals`.
FOLDER = "folder:"
# What comes before a column whose greatest or least value is preferred: `highest:changed_on`.
HIGHEST, LOWEST = "highest:", "lowest:"
# Marks by which programs name copies.
_COPY = re.compile(r"\bcop(?:y|ies)\b|\bkopie\b|\bcopie\b|\bcopia\b|\(\d+\)$|\bedit(?:ed)?\b", re.I)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What makes one member of a group better than another.

    Attributes:
        of: gives a number for each of some members, the larger the better; NaN where unknown.
        within: members that reach this share of the best are as good.
        lost: why the others go, in words.
    """

    of: Callable[[Facts, Rows], Floats]
    within: float
    lost: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The member of a group that stays.

    Attributes:
        row: of it.
        lost: of each other member, by its row, what it lost by.
    """

    row: int
    lost: dict[int, str]


@dataclass(frozen=True, slots=True)
class KeepRule:
    """Which member of a group to keep.

    Attributes:
        criteria: names, the first decides first.
    """

    criteria: tuple[str, ...]

    def check(self, facts: Facts) -> None:
        """Refuse columns that are not there, before long work.

        Raises:
            ColumnError: there is no such column.
        """
        for name in self.criteria:
            if name.startswith((HIGHEST, LOWEST)):
                _criterion(name).of(facts, np.empty(0, np.int64))

    def choose(self, facts: Facts, members: Rows) -> Kept:
        """The member that stays, and what the others lose by.

        Args:
            facts: of all items.
            members: rows of a group, ascending.
        """
        alive, lost = members, dict[int, str]()
        for name in self.criteria:
            if len(alive) == 1:
                break
            criterion = _criterion(name)
            values = np.nan_to_num(criterion.of(facts, alive), nan=-np.inf)
            best = values.max()
            if not np.isfinite(best):
                continue
            good = values >= best - (1.0 - criterion.within) * abs(best)
            lost |= dict.fromkeys(alive[~good].tolist(), criterion.lost)
            alive = alive[good]
        lost |= dict.fromkeys(alive[1:].tolist(), "no better than the one that is kept")
        return Kept(int(alive[0]), lost)


def keep_rule(names: Sequence[str] | None, kind: str) -> KeepRule:
    """The rule of some criteria.

    Args:
        names: of CRITERIA, `highest:COLUMN`, `lowest:COLUMN`, or of pictures `folder:PATH`; None
            for the usual ones.
        kind: of the items.

    Raises:
        OptionError: there is no such criterion of such items.
    """
    chosen = USUAL[kind] if names is None else tuple(name.strip() for name in names)
    prefixes = (HIGHEST, LOWEST, FOLDER) if kind == PICTURES else (HIGHEST, LOWEST)
    for name in chosen:
        if name not in OF_KIND[kind] and not name.startswith(prefixes):
            asked = [f"{each}{'PATH' if each == FOLDER else 'COLUMN'}" for each in prefixes]
            known = ", ".join([*OF_KIND[kind], *asked])
            raise OptionError(f"`keep` {name!r} is no criterion of {kind}s; there are {known}")
    return KeepRule(chosen)


def _criterion(name: str) -> Criterion:
    for prefix, sign, lost in ((HIGHEST, 1.0, "lower"), (LOWEST, -1.0, "higher")):
        if name.startswith(prefix):
            column = name.removeprefix(prefix)
            return _by_column(column, sign, f"{lost} {column}")
    if not name.startswith(FOLDER):
        return CRITERIA[name]
    folder = PurePosixPath(written(path_of(name.removeprefix(FOLDER).rstrip("/"))))
    return Criterion(
        lambda facts, rows: np.array(
            [PurePosixPath(each).is_relative_to(folder) for each in facts.paths(rows)], np.float64
        ),
        1.0,
        f"not in {folder}",
    )


def _by_column(column: str, sign: float, lost: str) -> Criterion:
    return Criterion(lambda facts, rows: sign * facts.values(column, rows), 1.0, lost)


def _named_as_original(facts: Facts, rows: Rows) -> Floats:
    """1 where a name is no other's with something more, and does not say that it is a copy."""
    stems = [PurePosixPath(each).stem for each in facts.paths(rows)]
    found = [
        not _COPY.search(stem.replace("_", " "))
        and not any(other != stem and other and stem.startswith(other) for other in stems)
        for stem in stems
    ]
    return np.array(found, np.float64)


CRITERIA = {
    # Without the frame. Cut by 2 % a side is less; a frame whose edge is not quite seen is as much.
    "resolution": Criterion(lambda facts, rows: facts.pixels(rows), 0.96, "fewer pixels"),
    "unframed": Criterion(lambda facts, rows: facts.unframed(rows), 1.0, "has a frame"),
    "colour": Criterion(lambda facts, rows: facts.coloured(rows), 1.0, "without colour"),
    "exif": Criterion(lambda facts, rows: facts.exif(rows), 1.0, "without EXIF of a camera"),
    "once": Criterion(lambda facts, rows: facts.saved_once(rows), 1.0, "saved again"),
    "central": Criterion(lambda facts, rows: facts.central(rows), 0.99, "less like the others"),
    # Half a percent of the points more.
    "unclipped": Criterion(lambda facts, rows: facts.unclipped(rows), 0.995, "clipped"),
    "sharpness": Criterion(lambda facts, rows: facts.sharpness(rows), 0.9, "less sharp"),
    "bytes": Criterion(lambda facts, rows: facts.bytes(rows), 0.9, "fewer bytes"),
    "oldest": Criterion(lambda facts, rows: -facts.modified(rows), 1.0, "newer"),
    "name": Criterion(_named_as_original, 1.0, "named as a copy"),
    "longest": Criterion(lambda facts, rows: facts.lengths(rows), 1.0, "shorter"),
    "first": Criterion(lambda _, rows: -rows.astype(np.float64), 1.0, "later"),
}
PICTURES, TEXTS = "image", "text"
# What is looked at where the user says nothing.
USUAL: dict[str, tuple[str, ...]] = {
    PICTURES: (
        "resolution", "unframed", "colour", "exif", "once", "central", "unclipped", "sharpness",
        "bytes", "oldest", "name",
    ),
    TEXTS: ("longest",),
}  # fmt: skip
OF_KIND = {PICTURES: (*USUAL[PICTURES], "first"), TEXTS: ("longest", "first", "central")}
