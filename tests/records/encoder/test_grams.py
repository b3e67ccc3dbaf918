"""Hashed grams against a longhand count, and the weights against their formula."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.normalise import normalise
from simsearch.records.encoder import grams
from simsearch.records.encoder.grams import document_frequency, gram_matrix, idf, unit_rows, weigh

VALUES = st.lists(st.one_of(st.none(), st.text("abé 中z𝒳1", max_size=12)), max_size=10)


def longhand(value: str | None, n: int | None, words: bool) -> Counter[tuple[str, str]]:
    """Grams of one value, spelled out; a word and a gram of the same letters differ."""
    found: Counter[tuple[str, str]] = Counter()
    for word in (value or "").split():
        if n is not None:
            padded = f" {word} "
            found.update(("gram", padded[i : i + n]) for i in range(len(padded) - n + 1))
        if words:
            found["word", word] += 1
    return found


def overlap(left: Counter[Any], right: Counter[Any]) -> float:
    return sum(count * right[key] for key, count in left.items())


# 31 bits: with a few hundred grams, two in one column would be a bug in the hash.
@settings(max_examples=60)
@given(
    VALUES, st.sampled_from([(n, words) for n in (2, 3, 4, 5) for words in (0, 1)] + [(None, 1)])
)
def test_products_of_rows_are_those_of_longhand_counts(
    values: list[str | None], counted: tuple[int | None, bool]
) -> None:
    n, words = counted
    text = normalise(pa.array(values, pa.string()))
    matrix = gram_matrix(text, n=n, bits=31, words=words)
    counts = [longhand(value, n, bool(words)) for value in text.to_pylist()]
    assert matrix.shape == (len(values), 1 << 31)
    assert matrix.dtype == np.float32
    rows = [
        Counter(dict(zip(matrix.indices[a:b].tolist(), matrix.data[a:b].tolist(), strict=True)))
        for a, b in pairwise(matrix.indptr.tolist())
    ]
    for a, row in zip(counts, rows, strict=True):
        assert sorted(a.values()) == sorted(row.values())
        assert [overlap(a, b) for b in counts] == [overlap(row, other) for other in rows]


@settings(max_examples=30)
@given(VALUES, st.integers(2, 4))
def test_pieces_and_slices_change_nothing(values: list[str | None], n: int) -> None:
    text = normalise(pa.array([*values, "padding", *values], pa.string()))
    whole = gram_matrix(text, n=n)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "_PIECE_BYTES", 7)
        pieces = gram_matrix(text, n=n)
    assert (whole != pieces).nnz == 0
    tail = gram_matrix(text.slice(len(values)), n=n)
    assert (whole[len(values) :] != tail).nnz == 0


def test_a_short_word_has_grams_and_a_null_has_none() -> None:
    matrix = gram_matrix(pa.array(["a", None, ""]), words=False)
    assert np.diff(matrix.indptr).tolist() == [1, 0, 0]


def test_seed_changes_columns_and_not_overlaps() -> None:
    text = pa.array(["jonathan smith", "jonatan smyth"])
    one, other = gram_matrix(text, seed=1), gram_matrix(text, seed=2)
    assert set(one.indices.tolist()) != set(other.indices.tolist())
    assert ((one @ one.T) != (other @ other.T)).nnz == 0
    assert (one != gram_matrix(text, seed=1)).nnz == 0


def test_columns_are_spread_evenly() -> None:
    text = pa.array([f"w{i:04d}" for i in range(4096)])
    columns = gram_matrix(text, bits=8).indices
    words_only = gram_matrix(text, n=8, bits=8, words=True).indices
    for found in (columns, words_only):
        counts = np.bincount(np.unique(found), minlength=256)
        assert counts.min() == 1  # every column is used
    # 4096 words in 256 columns: a chi-square of 255 degrees of freedom stays under 360.
    counts = np.bincount(words_only, minlength=256)
    assert np.square(counts - 16).sum() / 16 < 360


def test_word_order_is_free_but_letters_are_not() -> None:
    text = pa.array(["anna maria", "maria anna", "amaria ann"])
    matrix = unit_rows(gram_matrix(text))
    similar = (matrix @ matrix.T).toarray()
    assert similar[0, 1] == pytest.approx(1.0)
    assert similar[0, 2] < 0.9


def test_weights_and_unit_rows() -> None:
    counts = sp.csr_array(np.array([[1, 0, 2], [0, 0, 3], [0, 0, 0]], dtype=np.float32))
    frequency = document_frequency(counts)
    assert frequency.tolist() == [1, 0, 2]
    weights = idf(frequency, 3)
    assert weights.tolist() == pytest.approx((np.log(4 / (1 + frequency)) + 1).tolist())
    unit = unit_rows(weigh(counts, weights))
    assert np.square(unit.toarray()).sum(axis=1).tolist() == pytest.approx([1.0, 1.0, 0.0])
    capped = weigh(counts, idf(frequency, 3, max_share=0.4, least_cap=0))
    assert capped.toarray()[:, 2].tolist() == [0.0, 0.0, 0.0]
    assert capped.nnz == 1
    assert counts.nnz == 3  # the input stays as it was


def test_no_rows_and_no_values() -> None:
    for values in ([], [None, ""]):
        matrix = gram_matrix(pa.array(values, pa.string()))
        assert matrix.shape == (len(values), 1 << 20)
        assert (matrix.nnz, matrix.dtype) == (0, np.float32)


@pytest.mark.parametrize(
    "options", [{"n": None, "words": False}, {"n": 1}, {"n": 9}, {"bits": 3}, {"bits": 32}]
)
def test_options_out_of_range_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        gram_matrix(pa.array(["x"]), **options)
