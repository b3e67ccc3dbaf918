"""Text for comparing: what folds together, what stays apart, what is missing."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.normalise import MISSING_WORDS, compact, normalise, one_text, without_marks

TEXT = st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=12)


def one(value: object, type_: pa.DataType | None = None) -> str | None:
    return normalise(pa.array([value], type_))[0].as_py()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  José   ÁLVAREZ ", "jose alvarez"),
        ("Straße", "strasse"),
        ("ŁÓDŹ", "lodz"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ﬁne\u00adly", "finely"),
        ("Ελλάδα", "ελλαδα"),
        ("İstanbul", "istanbul"),
        ("a\tb\x00\nc", "a b c"),
        ("é\nx", "e x"),
    ],
)
def test_spellings_fold(raw: str, expected: str) -> None:
    assert one(raw) == expected


@pytest.mark.parametrize(
    "word", ["हिन्दी", "がぎぐ", "ไทยนี้", "한국어", "中文", "Москва", "עברית", "العربية"]
)
def test_any_script_survives(word: str) -> None:
    folded = one(word)
    assert folded is not None
    # Letters never vanish: at most marks do.
    letters = [c for c in unicodedata.normalize("NFC", word) if unicodedata.category(c)[0] == "L"]
    assert len(folded) >= len(letters)
    assert compact(normalise(pa.array([word])))[0].as_py() == folded


def test_missing_words_are_null() -> None:
    words = ["", "  ", "NULL", "N/A", "#N/A", "NaN", "None", "nil", "-", "--", "?", "–", " Unknown"]
    assert normalise(pa.array(words)).null_count == len(words)


def test_missing_words_are_their_own_normal_form() -> None:
    assert normalise(pa.array(sorted(MISSING_WORDS))).null_count == len(MISSING_WORDS)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (3.0, None, "3"),
        (2.5, None, "2.5"),
        (-0.0, None, "0"),
        (1e20, None, "1e+20"),
        (float("nan"), None, None),
        (0.1, pa.float32(), "0.1"),
        (7, pa.int8(), "7"),
        (True, None, "true"),
        (Decimal("12.00"), None, "12"),
        (Decimal("100.50"), None, "100.5"),
        (Decimal("100"), None, "100"),
        (dt.date(1971, 6, 24), None, "1971-06-24"),
        (dt.datetime(1971, 6, 24), None, "1971-06-24"),
        (dt.datetime(1971, 6, 24, 3, 4, 5), None, "1971-06-24 03:04:05"),
        (["A", None, "b"], None, "a b"),
        ({"x": "A", "y": 2}, None, "a 2"),
        (b"\xffok", None, "�ok"),
        (None, pa.null(), None),
    ],
)
def test_other_types(value: object, type_: pa.DataType | None, expected: str | None) -> None:
    assert one(value, type_) == expected


def test_dictionaries_chunks_and_slices_agree_with_plain_arrays() -> None:
    plain = pa.array(["B", None, "é", "B", "n/a", "x  y"])
    expected = ["b", None, "e", "b", None, "x y"]
    assert normalise(plain).to_pylist() == expected
    assert normalise(plain.dictionary_encode()).to_pylist() == expected
    assert normalise(pa.chunked_array([plain, plain])).to_pylist() == expected * 2
    assert normalise(pa.chunked_array([], pa.string())).to_pylist() == []
    assert normalise(plain.slice(2)).to_pylist() == expected[2:]
    assert normalise(plain.cast(pa.large_string())).to_pylist() == expected


@given(TEXT)
def test_normalising_twice_changes_nothing(values: list[str | None]) -> None:
    once = normalise(pa.array(values, pa.string()))
    assert normalise(once).equals(once)
    assert once.type == pa.string()


@given(TEXT)
def test_each_value_is_normalised_by_itself(values: list[str | None]) -> None:
    together = normalise(pa.array(values, pa.string())).to_pylist()
    assert together == [None if value is None else one(value) for value in values]


@given(TEXT)
def test_composition_does_not_matter(values: list[str | None]) -> None:
    apart = [value and unicodedata.normalize("NFD", value) for value in values]
    assert normalise(pa.array(apart, pa.string())).equals(normalise(pa.array(values, pa.string())))


@given(TEXT)
def test_compact_keeps_only_words_and_is_stable(values: list[str | None]) -> None:
    once = compact(normalise(pa.array(values, pa.string())))
    assert compact(once).equals(once)
    for value in filter(None, once.to_pylist()):
        assert value == " ".join(value.split())
        assert all(c == " " or unicodedata.category(c)[0] not in "PSZ" for c in value)


@given(TEXT)
def test_each_value_is_compacted_by_itself(values: list[str | None]) -> None:
    """Whether the column is of ASCII alone or not."""
    text = normalise(pa.array([*values, "o'brien, (a-b-c) #1", "\x01-b?", "é-b"], pa.string()))
    alone = [compact(text.slice(place, 1))[0].as_py() for place in range(len(text))]
    assert compact(text).to_pylist() == alone


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("psx-350", "psx350"),
        ("a-b-c-d", "abcd"),
        ("smith, john", "smith john"),
        ("(02) 9999-1234", "02 99991234"),
        ("o'brien", "obrien"),
        ("!!", None),
    ],
)
def test_compact_drops_punctuation(raw: str, expected: str | None) -> None:
    assert compact(pa.array([raw]))[0].as_py() == expected


@pytest.mark.parametrize("text", ["", "a b", "Zoë \U0001f600", "\x00"])
def test_a_column_of_one_text(text: str) -> None:
    made = one_text(text)
    made.validate(full=True)
    assert made.equals(pa.array([text], pa.string()))


@given(TEXT)
def test_marks_of_sentences_go_once(texts: list[str | None]) -> None:
    plain = without_marks(normalise(pa.array(texts, pa.string())))
    assert without_marks(plain).equals(plain)


def test_marks_inside_words_stay() -> None:
    texts = ["so, what?", "“3.5” a-b", "x == 1;", "?!"]
    assert without_marks(pa.array(texts)).to_pylist() == ["so what", "3.5 a-b", "x == 1", "?!"]
