"""Signed hashing keeps products on average, and lengths as asked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from simsearch.records.encoder.grams import gram_matrix
from simsearch.records.encoder.sketch import BITS, fold, own_columns, shared_columns, unit_entries

ONES = np.ones(2 << BITS, dtype=np.float32)


def test_own_columns_are_a_permutation_for_each_field() -> None:
    everything = np.arange(1 << BITS)
    first, second = own_columns(everything, 0), own_columns(everything, 1)
    assert len(np.unique(first)) == len(np.unique(second)) == 1 << BITS
    assert (first == second).mean() < 0.01
    assert shared_columns(everything).min() == 1 << BITS


def test_rows_have_the_length_asked_for() -> None:
    counts = gram_matrix(pa.array(["jon smith", None, "x"]), bits=BITS)
    entries = unit_entries(counts, shared_columns(counts.indices), ONES, 1.5)
    lengths = np.sqrt(np.bincount(entries.row, weights=np.square(entries.value), minlength=3))
    assert lengths.tolist() == pytest.approx([1.5, 0.0, 1.5], rel=1e-5)


def test_an_empty_row_does_not_overflow_at_any_length() -> None:
    counts = gram_matrix(pa.array([None, "x"]), bits=BITS)
    entries = unit_entries(counts, shared_columns(counts.indices), ONES, 1e6)
    assert np.isfinite(entries.value).all()


def test_products_survive_folding_on_average() -> None:
    words = [f"{a}{b}{i}" for i in range(20) for a in "abcde" for b in "xyz"]
    counts = gram_matrix(pa.array(words), bits=BITS)
    unit = unit_entries(counts, shared_columns(counts.indices), ONES, 1.0)
    exact = counts.toarray()[:, np.unique(counts.indices)] if counts.nnz else None
    assert exact is not None
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    errors = []
    for seed in range(8):
        folded = fold([unit], len(words), 256, seed)
        errors.append(folded @ folded.T - exact @ exact.T)
    assert np.abs(np.mean(errors, axis=0)).mean() < np.abs(errors[0]).mean()
    # One folding of unit rows errs by about 1/sqrt(256).
    assert np.std(errors) < 1.2 / 16


def test_nothing_folds_to_zeros() -> None:
    assert fold([], 3, 16, 0).tolist() == np.zeros((3, 16)).tolist()
