"""Which groups and pairs a page shows: each member beside the one that is kept, the weakest pair,
and pairs that were only just kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simsearch.records.deduplication import Deduplication

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from simsearch.report.page.found_pairs import ReportPairs, Result

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["MOST_MEMBERS", "NEVER", "ShownGroup", "ShownPair", "shown_groups"]

# In place of the number of a pair that was never compared, or is far apart.
NEVER = -1
# Members of a group, and pairs that were kept apart, that are shown.
MOST_MEMBERS, MOST_APART = 100, 300


class ShownPair(NamedTuple):
    """Two items of a group.

    Attributes:
        left: row of the one that is kept, or of the one through which the other is in the group.
        right: row of the other.
        place: of the pair among all, or NEVER.
        note: `through`: the other was not compared with the one that is kept. `weakest`: of its
            group. Empty for others.
    """

    left: int
    right: int
    place: int
    note: str = ""


@dataclass(slots=True)
class ShownGroup:
    """Items that are the same, or two that were only just kept apart.

    Attributes:
        number: as in the result; None where the two were kept apart.
        kept: row of the item to keep.
        size: how many items there are; more than are shown in a very large group.
        confidence: how sure the group is, 0 to 1; NaN where nobody knows.
        pairs: that are shown.
        doubt: of the least certain pair.
    """

    number: int | None
    kept: int
    size: int
    confidence: float = float("nan")
    pairs: list[ShownPair] = field(default_factory=list)
    doubt: float = float("inf")


def shown_groups(found: Result, pairs: ReportPairs) -> list[ShownGroup]:
    """The groups, and the pairs that were only just kept apart, least certain first.

    Args:
        found: a run.
        pairs: of it, see `pairs_of`.
    """
    if isinstance(found, Deduplication):
        lookup = _Lookup(found, pairs)
        groups = [*_groups(found, pairs, lookup), *_apart(pairs, lookup.outside())]
    else:
        groups = [*_partners(found.pairs.num_rows, pairs), *_apart(pairs, _unlinked(found, pairs))]
    for group in groups:
        known = [pairs.doubt[pair.place] for pair in group.pairs if pair.place >= 0]
        group.doubt = float(min(known, default=np.inf))
    return sorted(groups, key=lambda group: group.doubt)


class _Lookup:
    """Finds the pair of two items; exact duplicates stand for each other.

    Args:
        found: a deduplication.
        pairs: of it.
    """

    def __init__(self, found: Deduplication, pairs: ReportPairs) -> None:
        self.same_as = found.exact.kept[found.exact.place]
        self._group, self._rows = found.group, len(found.group)
        self.left, self.right = self.same_as[pairs.left], self.same_as[pairs.right]
        keys = self.keys(self.left, self.right)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def keys(self, left: Rows, right: Rows) -> Rows:
        """A number for each pair of rows, the same the other way round."""
        one, other = self.same_as[left], self.same_as[right]
        found: Rows = np.minimum(one, other) * self._rows + np.maximum(one, other)
        return found

    def places(self, left: Rows, right: Rows) -> Rows:
        """The place of each pair of rows, or NEVER; of exact duplicates, of one of their pairs."""
        wanted = self.keys(left, right)
        place = np.full(len(wanted), NEVER, np.int64)
        if len(self._keys):
            at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
            known = self._keys[at] == wanted
            place[known] = self._order[at[known]]
        return place

    def inside(self) -> Rows:
        """Pairs of two different contents of one group."""
        same = self._group[self.left] == self._group[self.right]
        return np.flatnonzero(same & (self.left != self.right))

    def outside(self) -> Rows:
        """Of each two groups the closest pair between them, closest to the threshold first."""
        ends = np.stack([self._group[self.left], self._group[self.right]])
        apart = np.flatnonzero(ends[0] != ends[1])
        ends = np.sort(ends[:, apart], axis=0)
        # Pairs come best first, so the first of each two groups is the closest.
        first = np.unique(ends[0] * self._rows + ends[1], return_index=True)[1]
        return apart[first]


def _groups(found: Deduplication, pairs: ReportPairs, lookup: _Lookup) -> Iterator[ShownGroup]:
    """Every group of two or more."""
    order = np.argsort(found.group, kind="stable")
    ends = np.cumsum(np.bincount(found.group)) if len(order) else np.empty(0, np.int64)
    best, weakest = _best_links(pairs, lookup), _weakest(found, pairs, lookup)
    for number, members in enumerate(np.split(order, ends[:-1]) if len(ends) else []):
        if len(members) < 2:
            continue
        kept = int(members[found.representative[members]][0])
        others = members[members != kept][:MOST_MEMBERS]
        places = lookup.places(np.full(len(others), kept), others)
        shown = []
        for row, place in zip(others.tolist(), places.tolist(), strict=True):
            link = best.get(int(lookup.same_as[row])) if place == NEVER else None
            if link is None:
                shown.append(ShownPair(kept, row, place))
            else:
                shown.append(ShownPair(link[0], row, link[1], "through"))
        weak = weakest.get(number)
        if weak is not None and len(members) > 2 and weak not in {pair.place for pair in shown}:
            left, right = int(pairs.left[weak]), int(pairs.right[weak])
            shown.append(ShownPair(left, right, weak, "weakest"))
        confidence = float(found.confidence[kept])
        yield ShownGroup(number, kept, len(members), confidence, shown)


def _best_links(pairs: ReportPairs, lookup: _Lookup) -> dict[int, tuple[int, int]]:
    """For each row that is compared: the closest other one of its group, and the pair's place."""
    inside = lookup.inside()
    ends = np.concatenate([lookup.left[inside], lookup.right[inside]])
    others = np.concatenate([lookup.right[inside], lookup.left[inside]])
    places = np.concatenate([inside, inside])
    order = np.lexsort((-pairs.closeness[places], ends))
    rows, first = np.unique(ends[order], return_index=True)
    chosen = order[first]
    return dict(
        zip(
            rows.tolist(),
            zip(others[chosen].tolist(), places[chosen].tolist(), strict=True),
            strict=True,
        )
    )


def _weakest(found: Deduplication, pairs: ReportPairs, lookup: _Lookup) -> dict[int, int]:
    """Of each group the pair that is least alike, among those that were compared."""
    inside = lookup.inside()
    group = found.group[lookup.left[inside]]
    order = np.lexsort((pairs.closeness[inside], group))
    numbers, first = np.unique(group[order], return_index=True)
    return dict(zip(numbers.tolist(), inside[order[first]].tolist(), strict=True))


def _partners(count: int, pairs: ReportPairs) -> Iterator[ShownGroup]:
    """Each row of the left table with its partners; the pairs that were found come first."""
    partners: dict[int, list[ShownPair]] = {}
    for place, (left, right) in enumerate(
        zip(pairs.left[:count].tolist(), pairs.right[:count].tolist(), strict=True)
    ):
        partners.setdefault(left, []).append(ShownPair(left, right, place))
    for number, (left, found) in enumerate(partners.items()):
        yield ShownGroup(number, left, len(found) + 1, pairs=found[:MOST_MEMBERS])


def _unlinked(found: Result, pairs: ReportPairs) -> Rows:
    return np.arange(found.pairs.num_rows, len(pairs))


def _apart(pairs: ReportPairs, places: Rows) -> Iterator[ShownGroup]:
    """Pairs that were kept apart, those nearest to the threshold."""
    nearest = places[np.argsort(pairs.doubt[places], kind="stable")][:MOST_APART]
    for place in nearest.tolist():
        left, right = int(pairs.left[place]), int(pairs.right[place])
        yield ShownGroup(None, left, 2, pairs=[ShownPair(left, right, place)])
