"""Runs of letters, counted and drawn longhand."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.encoders.text.letter_grams import counted_grams, directions


def longhand(words: list[str], lengths: tuple[int, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for word in words:
        padded = f" {word.casefold()} "
        for length in lengths:
            found.update(padded[i : i + length] for i in range(len(padded) - length + 1))
    return found


words = st.lists(st.text("abcä", min_size=1, max_size=5), max_size=4)


@given(st.lists(words, min_size=1, max_size=4))
def test_runs_are_those_within_words(texts: list[list[str]]) -> None:
    held, hashes = counted_grams(texts, (2, 3))
    expected = [longhand(each, (2, 3)) for each in texts]
    assert held.shape == (len(texts), len({gram for each in expected for gram in each}))
    assert len(set(hashes.tolist())) == len(hashes)
    for row, each in enumerate(expected):
        assert sorted(held[[row]].data.tolist()) == sorted(map(float, each.values()))


def test_directions_are_signs_nearly_at_right_angles_and_always_the_same() -> None:
    hashes = np.arange(200, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    drawn = directions(hashes, 100)
    assert drawn.shape == (200, 100)
    assert set(np.unique(drawn)) == {-1.0, 1.0}
    assert np.array_equal(directions(hashes[50:], 100), drawn[50:])
    cosines = drawn @ drawn.T / 100
    assert np.abs(cosines - np.eye(200)).max() < 0.6
