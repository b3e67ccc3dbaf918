"""Teaching a table: it comes to say what the teacher says, weights of tokens and all."""

import numpy as np
import pytest

from simsearch.encoders.text.distil import DistilOptions, distilled, principal_directions
from simsearch.encoders.text.static import StaticBody
from simsearch.errors import TrainingError
from simsearch.training.text.table import random_table
from tests.training.text.made_text import sentences


@pytest.fixture(scope="module")
def student() -> StaticBody:
    return random_table(sentences()[0], dimension=16, vocabulary=600, seed=3)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_table_learns_what_another_says(student: StaticBody) -> None:
    texts = sentences()[0]
    tokenizer = student.tokenizer
    rows = np.random.default_rng(1).standard_normal(student.table.shape).astype(np.float32)
    teacher = StaticBody(student.files["tokenizer.json"], {"table": rows})
    goal = teacher.embed(texts)
    options = DistilOptions(epochs=30, batch=32, rate=2e-2)
    learned = distilled(tokenizer, student.table, texts, goal, options)
    made = StaticBody(student.files["tokenizer.json"], {"table": learned})
    before = (unit(student.embed(texts)) * unit(goal)).sum(axis=1).mean()
    after = (unit(made.embed(texts)) * unit(goal)).sum(axis=1).mean()
    assert before < 0.3
    assert after > 0.95
    again = distilled(tokenizer, student.table, texts, goal, options)
    np.testing.assert_array_equal(again, learned)


def test_texts_without_tokens_teach_nothing(student: StaticBody) -> None:
    with pytest.raises(TrainingError, match="no token"):
        distilled(student.tokenizer, student.table, ["", " "], np.ones((2, 16), np.float32))


def test_principal_directions_are_those_of_the_svd() -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 8)) * np.arange(1, 9) + 1
    found = principal_directions(vectors.astype(np.float32), 3)
    expected = np.linalg.svd(vectors, full_matrices=False)[2][:3].T
    np.testing.assert_allclose(np.abs((found * expected).sum(axis=0)), 1, atol=1e-3)
