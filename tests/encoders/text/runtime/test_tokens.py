"""What a model reads of texts: each text once, cut and padded as its library does."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.encoders.text.runtime.tokens import TokenReading, batches_of
from simsearch.encoders.text.transformer import load_model
from tests.training.text.made_text import sentences, tiny_transformer


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    return load_model(tiny_transformer(tmp_path_factory.mktemp("m") / "tiny"), "cpu")


@given(st.lists(st.integers(0, 10_000), max_size=600))
def test_each_text_is_in_one_batch_and_a_batch_is_small(lengths: list[int]) -> None:
    batches = list(batches_of(np.array(lengths, np.int64)))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        longest = max(1, *(lengths[row] for row in rows)) if len(rows) > 1 else 0
        assert longest * len(rows) <= 8_192
        assert len(rows) <= 256


def test_it_reads_as_the_library_does(model) -> None:  # type: ignore[no-untyped-def]
    reading = TokenReading.of_model(model)
    assert reading is not None
    texts = [*sentences()[0][:9], " ".join(sentences()[0][:40]), "one"]
    expected = model.preprocess(texts)
    seen = 0
    for batch in reading.batches(texts):
        for row, tokens, mask in zip(batch.rows, batch.tokens, batch.mask, strict=True):
            there = expected["attention_mask"][row].numpy().astype(bool)
            assert tokens[mask == 1].tolist() == expected["input_ids"][row].numpy()[there].tolist()
            seen += 1
    assert seen == len(texts)


def test_the_prompt_is_said_and_padding_stands_where_the_model_has_it(model) -> None:  # type: ignore[no-untyped-def]
    plain = TokenReading.of_model(model)
    assert plain is not None
    said = TokenReading.from_json(plain.vocabulary, plain.as_json() | {"prompt": "query: "})
    left = TokenReading.from_json(plain.vocabulary, plain.as_json() | {"pads_left": True})
    (with_prompt,) = said.batches(["one"])
    (as_text,) = plain.batches(["query: one"])
    assert with_prompt.tokens.tolist() == as_text.tokens.tolist()
    (batch,) = left.batches(["one", "one two three four"])
    assert batch.mask[list(batch.rows).index(0)].tolist() == [0, 0, 0, 1, 1, 1]


def test_what_is_no_reading_is_refused(model, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    reading = TokenReading.of_model(model)
    assert reading is not None
    assert TokenReading.from_json(reading.vocabulary, reading.as_json()) == reading
    with pytest.raises(KeyError):
        TokenReading.from_json(reading.vocabulary, {})
    with pytest.raises(ValueError, match="Expecting"):
        TokenReading.from_json("no JSON", reading.as_json())
