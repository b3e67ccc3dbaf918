"""What one table says in one column and the other in several: a full name, a whole address.

The columns of several are written into one, which is compared with that of the other table. What
is left of them alone (a given name beside a full one) would tell too little, or nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from simsearch.normalise import compact, normalise
from simsearch.records.role import Role
from simsearch.records.roles import column_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simsearch.schema import Records

__all__ = ["JOINT", "joined_parts", "joined_to_fit"]

# Between the names of the columns that a joined one is made of.
JOINT = " + "
# What is one column in one table may be these in the other, in the order in which people write.
_PARTS = {
    Role.FULL_NAME: (Role.GIVEN_NAME, Role.FAMILY_NAME),
    Role.STREET: (
        Role.STREET, Role.HOUSE_NUMBER, Role.POSTCODE, Role.CITY, Role.REGION, Role.COUNTRY,
    ),
}  # fmt: skip
# Rows of a whole that are looked at, and the share that must have a value of a part in them.
_ROWS, _NAMED = 1_000, 0.5
# Words of a part at most.
_WORDS = 4
_DIGIT = re.compile(r"\d")

Roles = dict[Role, str]


def joined_to_fit(
    left: Records, right: Records, roles: Mapping[str, Role]
) -> tuple[Records, Records, dict[str, str]]:
    """Two tables in which what one of them splits is one column as well.

    Args:
        left: of the columns to compare.
        right: likewise.
        roles: that the user named.

    Returns:
        The tables, with a column more where one splits what the other does not, and (left column,
        right column) of these. The parts are no columns to compare then.
    """
    ours, theirs = _roles(left, roles), _roles(right, roles)
    pairs: dict[str, str] = {}
    for whole in _PARTS:
        for split, joined, swapped in ((ours, theirs, False), (theirs, ours, True)):
            one, other = (right, left) if swapped else (left, right)
            parts = _parts(whole, split, joined, one, other)
            if len(parts) < 2:
                continue
            one = _with_joined(one, parts)
            both = one.columns[-1], joined[whole]
            left, right = (other, one) if swapped else (one, other)
            pairs |= dict([both[::-1] if swapped else both])
            break
    return left, right, pairs


def joined_parts(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The joined columns among some, with their parts."""
    return {name: tuple(name.split(JOINT)) for name in names if JOINT in name}


def _roles(records: Records, said: Mapping[str, Role]) -> Roles:
    """The first column of each role."""
    given = {name: role for name, role in said.items() if name in records.columns}
    found: Roles = {}
    for each in column_roles(records.table, records.columns, given=given):
        found.setdefault(each.role, each.name)
    return found


def _parts(whole: Role, split: Roles, joined: Roles, one: Records, other: Records) -> list[str]:
    """The columns of one table that are together what a column of the other is; or none."""
    if whole not in joined:
        return []
    # A part that the other table has as well is compared for itself.
    roles = [role for role in _PARTS[whole] if role in split]
    roles = [role for role in roles if role is whole or role not in joined]
    if whole is Role.FULL_NAME:
        return [split[role] for role in roles] if len(roles) == len(_PARTS[whole]) else []
    wholes = _values(other, joined[whole])[:_ROWS]
    return [
        split[role]
        for role in roles
        if role is whole or _share_named(wholes, _values(one, split[role]), role) >= _NAMED
    ]


def _values(records: Records, name: str) -> Sequence[str]:
    """Normalised values, letters and digits alone; missing ones are left out."""
    values: list[str] = compact(normalise(records.table.column(name))).drop_null().to_pylist()
    return values


def _share_named(wholes: Sequence[str], values: Sequence[str], role: Role) -> float:
    """The share of wholes that have a value of a part in them; of postcodes what looks like one."""
    if role is Role.POSTCODE:
        wholes, values = list(map(_pattern, wholes)), list(map(_pattern, values))
    parts = set(values)
    longest = max((part.count(" ") + 1 for part in parts), default=0)
    named = sum(
        not parts.isdisjoint(_runs(whole.split(), min(longest, _WORDS))) for whole in wholes
    )
    return named / max(len(wholes), 1)


def _pattern(value: str) -> str:
    """A value with 9 for each digit and a for each letter in words that have a digit."""
    return " ".join(
        re.sub(r"[^\W\d]", "a", re.sub(r"\d", "9", word)) if _DIGIT.search(word) else word
        for word in value.split()
    )


def _runs(words: Sequence[str], longest: int) -> list[str]:
    """All runs of words."""
    return [
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + longest, len(words)) + 1)
    ]


def _with_joined(records: Records, parts: Sequence[str]) -> Records:
    """The table with a column of several more, and without these among those to compare."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [pc.fill_null(records.table.column(name).cast(pa.string()), "") for name in parts]
    whole = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
    whole = pc.if_else(pc.equal(whole, ""), pa.scalar(None, pa.string()), whole)
    name = JOINT.join(parts)
    columns = (*(each for each in records.columns if each not in parts), name)
    return replace(records, table=records.table.append_column(name, whole), columns=columns)
