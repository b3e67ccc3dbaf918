"""Exact copies as one vector, against longhand."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.files import SYSTEM
from simsearch.store.engines import duplicates as module
from simsearch.store.engines.duplicates import Duplicates
from simsearch.store.format.durable import HashedFile

Vectors = npt.NDArray[Any]


def groups_of(vectors: Vectors) -> set[tuple[int, ...]]:
    same: dict[tuple[float, ...], list[int]] = {}
    for row, vector in enumerate(vectors.tolist()):
        same.setdefault(tuple(vector), []).append(row)
    return {tuple(rows) for rows in same.values()}


def groups_in_order(copies: Duplicates) -> list[list[int]]:
    return [part.tolist() for part in np.split(copies.rows, copies.limits[1:-1])]


def groups_in(copies: Duplicates) -> set[tuple[int, ...]]:
    return set(map(tuple, groups_in_order(copies)))


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(1, 60), width=st.integers(1, 3), seed=st.integers(0, 1_000))
def test_rows_of_the_same_vector_come_together(rows: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.choice(np.array([0.0, -0.0, 1.0, 1e-40, -2.5], np.float32), (rows, width))
    copies = Duplicates.of(vectors)
    assert groups_in(copies) == groups_of(vectors)
    assert copies.sizes.tolist() == [len(group) for group in groups_in_order(copies)]
    assert copies.first.tolist() == [group[0] for group in groups_in_order(copies)]


def test_two_vectors_with_the_same_hash_stay_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_hashes", lambda vectors: np.zeros(len(vectors), np.uint64))
    vectors = np.array([[1, 2], [3, 4], [1, 2], [5, 6]], np.float32)
    assert groups_in(Duplicates.of(vectors)) == {(0, 2), (1,), (3,)}


@settings(max_examples=60, deadline=None)
@given(
    k=st.integers(1, 30), queries=st.integers(0, 4), seed=st.integers(0, 1_000), all_=st.booleans()
)
def test_matches_in_rows(k: int, queries: int, seed: int, all_: bool) -> None:
    rng = np.random.default_rng(seed)
    copies = Duplicates.of(rng.integers(0, 4, (25, 2)).astype(np.float32))
    alive = np.ones(25, bool) if all_ else rng.random(25) < 0.5
    living = copies.living(alive)
    distinct = len(copies.limits) - 1
    found = np.array([rng.permutation(distinct)[:6] for _ in range(queries)], np.int64)
    found = found.reshape(queries, min(6, distinct))
    found[:, 4:] = -1
    near = np.sort(rng.random(found.shape), axis=1).astype(np.float32)
    values, rows = living.expanded(near, found, k)
    assert values.shape == rows.shape == (queries, k)
    for query in range(queries):
        expected = [
            (value, row)
            for value, each in zip(near[query], found[query], strict=True)
            if each >= 0
            for row in groups_in_order(copies)[each]
            if alive[row]
        ][:k]
        assert rows[query].tolist() == [row for _, row in expected] + [-1] * (k - len(expected))
        assert values[query, : len(expected)].tolist() == [value for value, _ in expected]
        assert np.isnan(values[query, len(expected) :]).all()


def test_they_come_back_from_behind_an_index(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).integers(0, 3, (100, 2)).astype(np.float32)
    copies = Duplicates.of(vectors)
    with HashedFile(SYSTEM.create(tmp_path / "a")) as file:
        file.write(b"an index of any length!")
        copies.write(file)
    read = Duplicates.read(tmp_path / "a")
    np.testing.assert_array_equal(read.rows, copies.rows)
    np.testing.assert_array_equal(read.limits, copies.limits)
