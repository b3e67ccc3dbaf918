"""Nearest embeddings against brute force, by comparing all and through cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.store.search.nearest import nearest_rows

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


def unit(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def with_duplicates(rows: int, seed: int) -> Vectors:
    """The second half is the first, a little moved."""
    half = unit(rows // 2, 32, seed)
    moved = half + unit(rows // 2, 32, seed + 1) * np.float32(0.1)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.concatenate([half, moved / lengths]).astype(np.float32)


def by_cells(queries: Vectors, corpus: Vectors, k: int) -> tuple[Rows, Rows]:
    return nearest_rows(queries, corpus, k, exact_pairs=0)


def test_flat_equals_brute_force() -> None:
    queries, corpus = unit(40, 16, 1), unit(90, 16, 2)
    query, row = nearest_rows(queries, corpus, 7)
    expected = np.argsort(-(queries @ corpus.T), axis=1)[:, :7]
    assert query.tolist() == np.repeat(np.arange(40), 7).tolist()
    assert np.sort(row.reshape(40, 7)).tolist() == np.sort(expected).tolist()
    assert (query.dtype, row.dtype) == (np.int64, np.int64)


def test_fewer_rows_than_neighbours() -> None:
    query, row = nearest_rows(unit(3, 8, 3), unit(2, 8, 4), 10)
    assert query.tolist() == [0, 0, 1, 1, 2, 2]
    assert np.sort(row.reshape(3, 2)).tolist() == [[0, 1]] * 3


def test_cells_find_the_duplicates_that_brute_force_finds() -> None:
    vectors = with_duplicates(1_000, 5)
    query, row = by_cells(vectors, vectors, 11)
    found = set(zip(query.tolist(), row.tolist(), strict=True))
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1.0)
    best = likeness.argmax(axis=1)
    share = np.mean([pair in found for pair in enumerate(best.tolist())])
    assert share >= 0.95


def test_cells_give_real_rows_once_each() -> None:
    vectors = with_duplicates(600, 7)
    query, row = by_cells(vectors[:100], vectors, 5)
    assert row.min() >= 0
    assert row.max() < 600
    assert len(np.unique(query * 600 + row)) == len(row)


def test_cells_are_repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMSEARCH_THREADS", "1")
    vectors = with_duplicates(600, 9)
    one, two = by_cells(vectors, vectors, 5), by_cells(vectors, vectors, 5)
    assert np.array_equal(one, two)


@pytest.mark.parametrize("rows", [1, 2, 15, 16])
def test_cells_of_few_rows(rows: int) -> None:
    vectors = unit(rows, 32, 11)
    query, row = by_cells(vectors, vectors, 3)
    assert set(query.tolist()) <= set(range(rows))
    assert set(row.tolist()) <= set(range(rows))


def test_cells_of_an_odd_dimension() -> None:
    vectors = unit(300, 33, 12)
    query, row = by_cells(vectors, vectors, 3)
    # Each row is its own nearest.
    assert np.mean([n in row[query == n] for n in range(300)]) >= 0.95
