"""A pair is no surer than that of the nearer partners of its ends, as brute force has it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.calibration.nearer_partners import with_nearer_partners


def brute(items: int, pairs: dict[tuple[int, int], tuple[float, float]]) -> list[float]:
    """Pairs with distance and ln odds; gives the ln odds by the definition."""

    def nearest(item: int) -> int | None:
        likely = [
            (distance, other)
            for (a, b), (distance, odds) in pairs.items()
            for own, other in ((a, b), (b, a))
            if own == item and odds > 0
        ]
        return min(likely)[1] if likely else None

    least = min([odds for _, odds in pairs.values()] + [-9.0])
    out = []
    for (a, b), (_, odds) in pairs.items():
        one, other = nearest(a), nearest(b)
        if odds > 0 and one not in (None, b) and other not in (None, a) and one != other:
            key = (min(one, other), max(one, other))  # type: ignore[type-var]
            out.append(min(odds, pairs[key][1] if key in pairs else least))
        else:
            out.append(odds)
    return out


@given(st.data(), st.integers(2, 7))
def test_by_the_definition(data: st.DataObject, items: int) -> None:
    every = [(a, b) for a in range(items) for b in range(a + 1, items)]
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    number = st.integers(-9, 9).map(float)
    pairs = {pair: (data.draw(st.floats(0, 3)), data.draw(number)) for pair in chosen}
    left, right = np.array(chosen, np.int64).T
    distance, odds = np.array(list(pairs.values())).T
    found = with_nearer_partners(left, right, distance, odds, items)
    assert found.tolist() == brute(items, pairs)


def test_two_alike_with_a_copy_each() -> None:
    """0 and 1 are alike, 2 and 3 their copies, which are not."""
    left, right = np.array([0, 0, 1, 1]), np.array([1, 2, 3, 2])
    distance, odds = np.array([0.5, 0.1, 0.1, 0.6]), np.array([4.0, 9.0, 9.0, -1.0])
    assert with_nearer_partners(left, right, distance, odds, 4).tolist() == [-9.0, 9.0, 9.0, -1.0]
    # Without copies of their own they are taken for what they seem to be.
    alone = with_nearer_partners(left[:1], right[:1], distance[:1], odds[:1], 4)
    assert alone.tolist() == [4.0]


def test_no_pairs() -> None:
    none, empty = np.empty(0, np.int64), np.empty(0)
    assert len(with_nearer_partners(none, none, empty, empty, 3)) == 0
