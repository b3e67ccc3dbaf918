"""A table of tokens: the mean of rows, longhand; bytes for numbers; what does not fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.static import StaticBody
from simsearch.errors import EncoderError, OptionError
from simsearch.kinds.loading import load_encoder
from simsearch.training.text.table import random_table

TEXTS = ["a red house by the sea", "the blue house", "a boat on the blue sea", "red boat"] * 2
BODY = random_table(TEXTS, dimension=6, vocabulary=200, seed=0)
ENCODER = TextEncoder(BODY, dims=(3,))


def longhand(text: str) -> np.ndarray:
    ids = BODY.tokenizer.encode(text, add_special_tokens=False).ids
    return np.mean([BODY.table[each] for each in ids], axis=0)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*TEXTS, "sea sea", "house"]), min_size=1, max_size=8))
def test_an_embedding_is_the_mean_of_its_rows(texts: list[str]) -> None:
    expected = np.array([longhand(text) for text in texts])
    assert BODY.embed(texts) == pytest.approx(expected, abs=1e-6)
    assert BODY.shares(texts) @ BODY.table == pytest.approx(expected, abs=1e-6)
    unit = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert ENCODER.encode_text(texts) == pytest.approx(unit, abs=1e-6)


def test_words_with_short_rows_say_little() -> None:
    lengths = np.linalg.norm(BODY.table, axis=1)
    usual = np.median(lengths[::8])
    words = ["sea", "house", "boat"]
    ids = [BODY.tokenizer.encode(each, add_special_tokens=False).ids for each in words]
    expected = [min(1, lengths[each].sum() / usual) ** 0.5 for each in ids]
    assert BODY.word_weights(words) == pytest.approx(expected, abs=1e-6)
    assert BODY.quantised().word_weights(words) == pytest.approx(expected, abs=0.02)
    assert ENCODER.word_weights(["", "  "]) == [1, 1]
    the, refund = load_encoder("static").word_weights(["the", "refund"])
    assert the < refund / 2


def test_what_has_no_text_is_zeros_and_keeps_its_place() -> None:
    found = ENCODER.encode_text(["red boat", None, "  ", "", "red boat"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 0, 0, 1])
    assert np.array_equal(found[0], found[4])
    assert ENCODER.encode_text([]).shape == (0, 6)
    assert BODY.shares(["red boat", ""]).sum(axis=1) == pytest.approx([1, 0])
    assert BODY.shares([]).shape == (0, len(BODY.table))


def test_many_texts_are_embedded_as_one_is() -> None:
    texts = [f"{TEXTS[row % 4]} {TEXTS[row % 3]}" for row in range(2_500)]
    found = ENCODER.encode_text(texts)
    assert np.array_equal(found[2_400], ENCODER.encode_text([texts[2_400]])[0])


def test_a_byte_a_number_is_near_enough() -> None:
    small = BODY.quantised()
    assert small.tensors["table"].dtype == np.int8
    assert np.abs(small.table - BODY.table).max() <= np.abs(BODY.table).max() / 250
    found = TextEncoder(small).encode_text(TEXTS)
    assert (found * ENCODER.encode_text(TEXTS)).sum(axis=1).min() > 0.999
    assert TextEncoder(small).fingerprint != ENCODER.fingerprint


def test_cut_embeddings_are_of_unit_length_again() -> None:
    cut = ENCODER.truncate(3)
    whole = ENCODER.encode_text(TEXTS)[:, :3]
    expected = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    assert cut.encode_text(TEXTS) == pytest.approx(expected, abs=1e-6)
    with pytest.raises(OptionError, match="cut to 1 to 6 numbers, not 7"):
        ENCODER.truncate(7)


def test_tables_that_do_not_fit() -> None:
    tokenizer = BODY.files["tokenizer.json"]
    with pytest.raises(EncoderError, match="the token table has 2 rows"):
        StaticBody(tokenizer, {"table": np.ones((2, 4), np.float32)})
    with pytest.raises(EncoderError, match="a scale if of integers"):
        StaticBody(tokenizer, {"table": np.ones((500, 4), np.int8)})
    with pytest.raises(EncoderError, match="is not a tokenizer"):
        StaticBody(b"{}", {"table": np.ones((500, 4), np.float32)})
