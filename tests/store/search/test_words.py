"""BM25 over stored texts, against the formula word by word."""

import math
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.normalise import MISSING_WORDS
from simsearch.store.search.words import Postings, WordIndex, query_words

WORDS = ["red", "house", "houses", "housing", "sea", "boat", "e1234567", "e1234568", "of"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=9)


def postings(texts: list[str | None]) -> Postings:
    return Postings.of(pa.chunked_array([texts], pa.string()))


def stem(word: str) -> str:
    """Numbers have none."""
    return word if re.search(r"\d", word) else word[:5]


def by_hand(texts: list[str], query: list[str]) -> list[float]:
    parted = [text.split() for text in texts]
    average = max(sum(map(len, parted)) / len(parted), 1e-9)
    scores, whole = [0.0] * len(texts), 0.0
    for sought, forms in [(w, p) for w in query for p in (parted, None)]:
        looked_in = forms or [list(map(stem, words)) for words in parted]
        word = sought if forms else stem(sought)
        having = sum(word in words for words in looked_in)
        rarity = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
        rarity *= 4 if re.search(r"\d", word) else 1
        whole += rarity
        for row, words in enumerate(looked_in):
            often = words.count(word)
            usual = often + 1.2 * (0.25 + 0.75 * len(words) / average)
            scores[row] += rarity * often * 2.2 / usual
    return [min(1.0, score / max(whole, 1e-9)) for score in scores]


@given(TEXTS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True), st.data())
def test_scores_are_those_of_the_formula(texts: list[str], query: list[str], data) -> None:
    cut = data.draw(st.integers(0, len(texts)))
    parts = [postings(part) for part in (texts[:cut], texts[cut:])]
    found = WordIndex(parts).scores(query_words(" ".join(query)))
    np.testing.assert_allclose(np.concatenate(found.scores), by_hand(texts, query), atol=1e-5)
    for row, text in enumerate(texts):
        home, place = (0, row) if row < cut else (1, row - cut)
        assert set(found.common(home, place)) == set(query) & set(text.split())


def test_words_that_say_little_count_less() -> None:
    index, words = WordIndex([postings(["the sea", "red boat"])]), query_words("the red")
    alike = index.scores(words).scores[0]
    weighed = index.scores(words, lambda asked: [{"the": 0.2}.get(each, 1) for each in asked])
    assert alike[0] == pytest.approx(alike[1])
    assert weighed.scores[0].tolist() == pytest.approx(
        [2 * alike[0] * 0.2 / 1.2, 2 * alike[1] * 1 / 1.2]
    )


def test_another_form_of_a_word_is_an_answer_and_the_very_form_the_better_one() -> None:
    index = WordIndex([postings(["he extracts it", "to extract it", "an extra one", "to buy it"])])
    other, same, stranger, none = index.scores(query_words("extract")).scores[0]
    assert same > other > 0
    assert other == pytest.approx(stranger)  # as many letters are the same
    assert none == 0


@given(st.text(st.characters(max_codepoint=127)) | st.sampled_from(sorted(MISSING_WORDS)))
def test_words_of_ascii_are_those_of_any_text(text: str) -> None:
    words = query_words(text)
    assert sorted(words) == postings([text]).words.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Café—C++ and snake_case, 0x80070057!",
            ["cafe", "c++", "and", "snake_case", "0x80070057"],
        ),
        ("天気が good", ["天", "気", "か", "good"]),
        ("…", []),
        (None, []),
    ],
)
def test_what_a_word_is(text: str | None, words: list[str]) -> None:
    if text is not None:
        assert [word.replace("が", "か") for word in query_words(text).values()] == words
    assert int(postings([text]).lengths[0]) == len(words)


def test_passages_of_a_document_have_its_number() -> None:
    texts, documents = (pa.chunked_array([each]) for each in (["a", "b", "c"], ["x", "x", "y"]))
    assert Postings.of(texts, documents).documents.tolist() == [0, 0, 1]
    assert Postings.of(texts).documents.tolist() == [0, 1, 2]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), TEXTS.map(" ".join)), min_size=1, max_size=8),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True),
)
def test_a_document_scores_as_its_passages_in_one(
    passages: list[tuple[str, str]], query: list[str]
) -> None:
    names = [name for name, _ in passages]
    made = Postings.of(
        pa.chunked_array([[text for _, text in passages]], pa.string()),
        pa.chunked_array([names], pa.string()),
    )
    found = WordIndex([made]).scores(query_words(" ".join(query)))
    if len(set(names)) == len(names):
        assert found.documents is None
        return
    assert found.documents is not None
    whole = list(dict.fromkeys(names))
    joined = [" ".join(text for name, text in passages if name == each) for each in whole]
    expected = by_hand(joined, query)
    told = [expected[whole.index(name)] for name in names]
    np.testing.assert_allclose(np.minimum(found.documents[0], 1), told, atol=1e-5)
