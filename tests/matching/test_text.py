"""Sparse text: cosines against longhand counting."""

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.matching.fields import make_fields
from simsearch.matching.text import (
    gram_counts,
    paired_dot,
    record_text,
    rows_of_values,
    token_counts,
    weighted_unit_rows,
    word_counts,
    work_cap,
)

WORDS = st.lists(st.text("abcdé日", min_size=1, max_size=6), max_size=4).map(" ".join)


def grams(text: str) -> Counter[str]:
    """3-grams of each word, a space on both sides of it."""
    padded = [f" {word} " for word in text.split()]
    return Counter(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def cosine(texts: list[str], left: int, right: int) -> float:
    """TF-IDF cosine of two of the texts, by hand."""
    counts = [grams(text) for text in texts]
    frequency = Counter(gram for count in counts for gram in count)
    rows = len(texts)

    def weighted(count: Counter[str]) -> dict[str, float]:
        raw = {g: n * (math.log((1 + rows) / (1 + frequency[g])) + 1) for g, n in count.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {g: value / length for g, value in raw.items()}

    a, b = weighted(counts[left]), weighted(counts[right])
    return sum(value * b.get(gram, 0.0) for gram, value in a.items())


@given(texts=st.lists(WORDS, min_size=1, max_size=8), data=st.data())
def test_the_cosine_of_grams_is_that_of_longhand_counting(
    texts: list[str], data: st.DataObject
) -> None:
    places = st.integers(0, len(texts) - 1)
    left, right = data.draw(places), data.draw(places)
    rows = weighted_unit_rows(gram_counts(pa.array(texts, pa.string())))
    found = paired_dot(rows, np.array([left]), np.array([right]))
    assert found[0] == pytest.approx(cosine(texts, left, right), abs=1e-5)


def test_tokens_are_grams_and_words() -> None:
    text = pa.array(["jon smith", "jon", None], pa.string())
    assert gram_counts(text).sum(axis=1).tolist() == [8.0, 3.0, 0.0]
    assert word_counts(text).sum(axis=1).tolist() == [2.0, 1.0, 0.0]
    assert token_counts(text).sum(axis=1).tolist() == [10.0, 4.0, 0.0]


def test_tokens_above_the_cap_weigh_nothing() -> None:
    counts = word_counts(pa.array(["the cat", "the dog", "the cow"], pa.string()))
    left, right = np.array([0, 0]), np.array([1, 0])
    assert paired_dot(weighted_unit_rows(counts), left, right)[0] > 0.0
    assert paired_dot(weighted_unit_rows(counts, cap=2), left, right) == pytest.approx([0.0, 1.0])


def test_rows_of_values_gives_each_row_its_value_and_a_missing_one_nothing() -> None:
    values = word_counts(pa.array(["a", "b c"], pa.string()))
    rows = rows_of_values(values, np.array([1, -1, 0, 1], dtype=np.int32))
    assert rows.sum(axis=1).tolist() == [2.0, 0.0, 1.0, 2.0]
    assert (rows[[0]] != values[[1]]).nnz == 0


def test_the_cap_leaves_small_tables_whole() -> None:
    counts = [word_counts(pa.array(["same word"] * 200, pa.string()))]
    assert work_cap(counts, 200) >= 200


def test_a_row_is_wholly_like_itself_and_not_like_an_empty_one() -> None:
    table = pa.table({"name": ["ann lee", "bob ray", None], "city": ["york", "bath", None]})
    text = record_text(make_fields(table, ["name", "city"]))
    left, right = np.array([0, 0, 0, 2]), np.array([0, 1, 2, 2])
    assert text.similarity(left, right) == pytest.approx([1.0, 0.0, 0.0, 0.0], abs=1e-6)


def test_the_rarest_shared_word_weighs_what_few_have() -> None:
    names = ["ann lee", "ann ray", "ann lee", "ann cox", "ann fox", "bob"]
    text = record_text(make_fields(pa.table({"name": names}), ["name"]))
    found = text.rarest_shared_word(np.array([0, 0, 0]), np.array([2, 1, 5]))
    # ln(6 / rows that have it) / ln 6: lee is in two rows, ann in five; bob shares nothing.
    expected = [math.log(6 / 2) / math.log(6), math.log(6 / 5) / math.log(6), 0.0]
    assert found == pytest.approx(expected, abs=1e-6)
