"""Parts cover what they divide, come in order, and several are worked on at once."""

from __future__ import annotations

from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.parts import in_parts, parts_of
from simsearch.threads import set_threads, threads


@given(st.integers(0, 50), st.integers(1, 20))
def test_parts_cover_each_place_once(length: int, size: int) -> None:
    covered = [place for part in parts_of(length, size) for place in range(length)[part]]
    assert covered == list(range(length))
    assert all(part.stop - part.start <= size for part in parts_of(length, size))


@given(st.integers(1, 50), st.integers(1, 20))
def test_what_is_made_comes_in_order_and_all_of_it_is_told(length: int, size: int) -> None:
    told: list[float] = []
    made = list(in_parts(lambda part: part, length, size, told.append))
    assert made == parts_of(length, size)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_nothing_is_one_empty_part() -> None:
    assert list(in_parts(lambda part: part, 0, 3)) == [slice(0, 0)]


@pytest.mark.skipif(threads() < 2, reason="one core")
def test_two_parts_are_in_hand_at_once() -> None:
    set_threads(2)
    try:
        both = Barrier(2, timeout=10)
        assert len(list(in_parts(lambda _: both.wait(), 4, 1))) == 4
    finally:
        set_threads(None)


def test_what_goes_wrong_in_a_part_is_raised() -> None:
    def refuse(part: slice) -> None:
        if part.start == 2:
            raise ValueError("part 2")

    with pytest.raises(ValueError, match="part 2"):
        list(in_parts(refuse, 10, 1))
