"""Who comes when: all of a class before any again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.training.turns import ClassTurns, Turns


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 99))
def test_a_pass_shows_each_member_once(members: int, portion: int, seed: int) -> None:
    rows = np.arange(members) * 10
    turns = Turns(rows, portion, (seed,))
    one_pass = [turns.portion_of(turn) for turn in range(turns.turns)]
    shown = np.concatenate(one_pass)
    assert all(len(each) == portion for each in one_pass)
    assert set(shown) <= set(rows)
    counts = np.unique(shown, return_counts=True)[1]
    if portion <= members:
        assert (counts == 1).all()
        assert members - len(shown) < portion
    else:  # as often as each other, up to one
        assert len(counts) == members
        assert np.ptp(counts) <= 1


@given(st.integers(0, 50), st.integers(0, 5))
def test_a_turn_is_the_same_whenever_it_is_asked_for(turn: int, seed: int) -> None:
    rows = np.arange(23)
    late = Turns(rows, 4, (seed,))
    for before in (3, 17, 40):
        late.portion_of(before)
    np.testing.assert_array_equal(late.portion_of(turn), Turns(rows, 4, (seed,)).portion_of(turn))


@pytest.mark.parametrize(("classes", "there"), [(2, 6), (4, 6), (5, 7), (6, 6)])
def test_each_class_comes_once_before_any_comes_again(classes: int, there: int) -> None:
    labels = np.repeat(np.arange(there), 5)
    turns = ClassTurns(labels, np.arange(there), classes, 3, seed=1)
    seen: list[int] = []
    for _ in range(12):
        rows = turns.batch().reshape(classes, 3)
        of = labels[rows]
        assert (of == of[:, :1]).all()
        assert len(set(of[:, 0])) == classes
        seen += of[:, 0].tolist()
    for start in range(0, len(seen) - there + 1, there):
        assert sorted(seen[start : start + there]) == list(range(there))


def test_it_goes_on_where_it_stood() -> None:
    labels = np.repeat(np.arange(7), 6)
    turns = ClassTurns(labels, np.arange(7), 3, 2, seed=4)
    for _ in range(5):
        turns.batch()
    state = turns.state()
    expected = [turns.batch().tolist() for _ in range(6)]
    again = ClassTurns(labels, np.arange(7), 3, 2, seed=4)
    again.restore(state)
    assert [again.batch().tolist() for _ in range(6)] == expected
