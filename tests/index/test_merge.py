"""Which segments are merged when more come."""

from hypothesis import given
from hypothesis import strategies as st

from simsearch.index.merge import to_merge


def grown(additions: list[int], most: int = 1 << 30) -> tuple[list[int], int]:
    """Segments after each addition was one, and the rows that were copied on the way."""
    rows: list[int] = []
    copied = 0
    for addition in additions:
        rows.append(addition)
        if taken := to_merge(rows, most):
            copied += sum(rows[-taken:])
            rows[-taken:] = [sum(rows[-taken:])]
    return rows, copied


def test_four_of_a_size_become_one() -> None:
    assert to_merge([], 1 << 30) == 0
    assert to_merge([2_000] * 3, 1 << 30) == 0
    assert to_merge([2_000] * 4, 1 << 30) == 4
    assert to_merge([100_000, 2_000, 2_000, 2_000, 2_000], 1 << 30) == 4


def test_a_merge_may_bring_on_the_next() -> None:
    assert to_merge([8_000, 8_000, 8_000, 2_000, 2_000, 2_000, 2_000], 1 << 30) == 7


def test_large_segments_are_left_alone() -> None:
    assert to_merge([60_000] * 4, 200_000) == 0


def test_many_small_additions_leave_few_segments_and_copy_little() -> None:
    rows, copied = grown([2_048] * 1_000)
    assert len(rows) <= 3 * 6
    assert copied <= 6 * 2_048 * 1_000


@given(st.lists(st.integers(1, 100_000), max_size=200))
def test_no_row_is_lost_and_segments_stay_few(additions: list[int]) -> None:
    rows, _ = grown(additions)
    assert sum(rows) == sum(additions)
    assert len(rows) <= 40
