"""Groups around a middle: each member is the same as it, whatever the order of the pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.duplicates.stars import group_stars

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(-5, 9).map(float),
    max_size=20,
)


def groups_of(pairs: dict[tuple[int, int], float], threshold: float, turned: bool) -> list[int]:
    rows = np.array(list(pairs), np.int64).reshape(-1, 2)
    odds = np.array(list(pairs.values()), np.float64)
    if turned:
        rows, odds = rows[::-1, ::-1], odds[::-1]
    found: list[int] = group_stars(9, rows[:, 0], rows[:, 1], odds, threshold).tolist()
    return found


@given(PAIRS, st.sampled_from([0.0, 2.0]))
def test_every_group_has_a_middle(pairs: dict[tuple[int, int], float], threshold: float) -> None:
    group = groups_of(pairs, threshold, turned=False)
    assert group == groups_of(pairs, threshold, turned=True)
    assert list(dict.fromkeys(group)) == list(range(max(group) + 1))
    same = {pair for pair, odds in pairs.items() if odds > threshold}
    for number in set(group):
        members = [row for row in range(9) if group[row] == number]
        assert any(
            all(m == middle or (min(m, middle), max(m, middle)) in same for m in members)
            for middle in members
        )
    for one, other in same:
        if group.count(group[one]) == group.count(group[other]) == 1:
            raise AssertionError("two that are the same are both alone")


def test_a_star_stays_whole_and_a_chain_does_not() -> None:
    star = {(0, row): 5.0 for row in range(1, 9)}
    assert groups_of(star, 0.0, turned=False) == [0] * 9
    chain = {(row, row + 1): 5.0 for row in range(8)}
    assert max(groups_of(chain, 0.0, turned=False)) >= 2
