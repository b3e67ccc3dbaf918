"""Neighbours by name, and without the item itself, against longhand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.store.search.exact import without_self
from simsearch.store.search.neighbours import Within, named
from simsearch.store.vector_index import VectorIndex


@given(st.integers(0, 5), st.integers(0, 4), st.integers(0, 999))
def test_the_item_itself_goes_or_else_the_last(queries: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.array([rng.permutation(8)[: k + 1] for _ in range(queries)], np.int64)
    rows = rows.reshape(queries, k + 1)
    own = rng.integers(0, 8, queries)
    values = rows.astype(np.float32) / 2
    kept_values, kept = without_self(values, rows, own)
    assert kept.shape == kept_values.shape == (queries, k)
    for line, item, left in zip(rows.tolist(), own.tolist(), kept.tolist(), strict=True):
        assert left == [row for row in line if row != item][:k]
    np.testing.assert_array_equal(kept_values, kept / np.float32(2))


@pytest.mark.parametrize("segments", [1, 2])
@pytest.mark.parametrize("many", [3, 100])
@pytest.mark.parametrize("texts", [True, False])
def test_positions_by_name(texts: bool, many: int, segments: int, tmp_path: Path) -> None:
    ids = [f"ä{n}" for n in range(200)] if texts else list(range(1_000, 1_200))
    index = VectorIndex.create(tmp_path / "made", 2)
    for part in range(segments):
        some = slice(part * 200 // segments, (part + 1) * 200 // segments)
        index.add(ids[some], np.ones((200 // segments, 2), np.float32))
        index.compact() if not part else None
    positions = np.random.default_rng(0).integers(0, 200, (2, many))
    found = named(index.reader, positions)
    assert found.tolist() == [[ids[row] for row in line] for line in positions.tolist()]
    found[0, 0] = ids[1]  # the caller's own, to do with as he likes
    positions[1, 1] = -1
    assert named(index.reader, positions)[1, 1] == (None if texts else -1)


def test_the_items_of_one_query() -> None:
    found = Within(np.array([0, 2, 2]), np.array([4, 5]), np.array([0.5, 0.25], np.float32))
    assert [part.tolist() for part in found.of(0)] == [[4, 5], [0.5, 0.25]]
    assert [part.tolist() for part in found.of(1)] == [[], []]
