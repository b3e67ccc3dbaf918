"""Index from the outside, of items that an encoder makes vectors of."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from simsearch import Index
from simsearch.distance import Metric
from simsearch.errors import (
    EmptySourceError,
    OptionError,
    QueryError,
    SourceError,
    VectorIndexError,
)
from simsearch.index.update import Update
from tests.made_items import LetterEncoder, Texts

WORDS = ["apple", "pear", None, "cherry", "apples", "grape"]


@pytest.fixture
def words(tmp_path: Path) -> Index:
    return Index.create("words", Texts(WORDS), encoder=LetterEncoder(), indexes=tmp_path)


def test_an_index_of_texts_finds_texts(words: Index, tmp_path: Path) -> None:
    assert len(words) == 5
    assert words.skipped[0].reason == "no text"
    (best, second, *_) = words.query("apples")
    assert (best.id, best.metadata["text"]) == ("5", "apples")
    assert second.id == "1"
    again = Index.open("words", tmp_path, encoder=LetterEncoder())
    assert again.query("apples") == words.query("apples")
    assert [match.id for match in again.query_like("1", 1)] == ["5"]


def test_what_it_is(words: Index) -> None:
    info = words.info()
    assert (info.kind, info.items, info.dimension) == ("text", 5, 26)
    assert (info.source, info.metric) == ("some texts", "cosine")
    assert info.encoder == LetterEncoder().fingerprint


def test_many_at_once(words: Index) -> None:
    answers = list(words.query_batch(Texts(["pear", "!"]), 1))
    assert [answer.id for answer in answers] == ["1", "2"]
    assert [[match.id for match in answer.matches] for answer in answers] == [["2"], []]


def test_an_update_encodes_what_changed_alone(words: Index, tmp_path: Path) -> None:
    encoder = LetterEncoder()
    index = Index.open("words", tmp_path, encoder=encoder)
    done = index.update(Texts(["apple", "plum", "fig", "cherry", None, "grape", "date"]))
    assert done == Update(added=2, replaced=1, removed=1, unchanged=3)
    assert encoder.encoded == 3
    assert index.query("fig", 1)[0].id == "3"
    assert [row.row for row in index.skipped] == [5]


def test_a_stored_column_that_changes_counts(words: Index) -> None:
    words.update(Texts(["apple", "pear"], {"class": ["a", "b"]}))
    done = words.update(Texts(["apple", "pear"], {"class": ["a", "c"]}))
    assert done == Update(added=0, replaced=1, removed=0, unchanged=1)


def test_adding(words: Index) -> None:
    words.add(Texts(["fig"], ids=["new"]))
    assert words.query("fig", 1)[0].id == "new"
    with pytest.raises(VectorIndexError, match="in the index already"):
        words.add(Texts(["fig"]))
    assert len(words) == 6


def test_ids_must_differ(tmp_path: Path) -> None:
    source = Texts(["a", "b", "c"], ids=["x", "y", "x"])
    with pytest.raises(SourceError, match="some texts: two items have the same id, 'x'"):
        Index.create("twice", source, encoder=LetterEncoder(), indexes=tmp_path)
    assert Index.names(tmp_path) == []


def test_nothing_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(EmptySourceError, match=r"no text that can be read; of 2 .*no text"):
        Index.create("none", Texts([None, None]), encoder=LetterEncoder(), indexes=tmp_path)
    assert Index.names(tmp_path) == []


def test_shorter_embeddings(tmp_path: Path) -> None:
    encoder = LetterEncoder(dims=(8, 16))
    index = Index.create("short", Texts(WORDS), encoder=encoder, dim=16, indexes=tmp_path)
    assert index.info().dimension == 16
    stored = index.vectors.vectors(["1", "2"])
    whole = encoder.encode(pa.table({"text": ["apple", "pear"]}))[:, :16]
    expected = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    np.testing.assert_allclose(stored, expected, rtol=1e-6)
    assert index.query("apple", 1)[0].score == pytest.approx(1)
    with pytest.raises(OptionError, match="good at these lengths: 8, 16, 26; not at 9"):
        Index.create("odd", Texts(WORDS), encoder=encoder, dim=9, indexes=tmp_path)


def test_the_metric_is_that_of_the_encoder(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    encoder.metric = Metric.EUCLIDEAN
    index = Index.create("e", Texts(WORDS), encoder=encoder, indexes=tmp_path)
    assert index.info().metric == "euclidean"
    assert index.query("apple", 1)[0].score == pytest.approx(0)
    index = Index.create("m", Texts(WORDS), encoder=encoder, metric="manhattan", indexes=tmp_path)
    assert index.info().metric == "manhattan"


def test_what_does_not_go_together(tmp_path: Path, words: Index) -> None:
    with pytest.raises(OptionError, match="the encoder is for texts, and the source is of images"):
        Index.create("x", Texts(WORDS), encoder=LetterEncoder(), kind="image", indexes=tmp_path)
    with pytest.raises(OptionError, match="no kind 'fruit'; take image, record, signal, text"):
        Index.create("x", Texts(WORDS), kind="fruit", indexes=tmp_path)
    with pytest.raises(OptionError, match="is a source of texts, not of signals"):
        Index.create("x", Texts(WORDS), kind="signal", indexes=tmp_path)
    with pytest.raises(OptionError, match="hamming compares bits, and texts become numbers"):
        Index.create("x", Texts(WORDS), encoder=LetterEncoder(), metric="hamming", indexes=tmp_path)
    with pytest.raises(VectorIndexError, match="made by another encoder"):
        Index.open("words", tmp_path, encoder=LetterEncoder(27))
    with pytest.raises(QueryError, match="a query is a text, not int"):
        words.query(5)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="nothing in '!' to compare"):
        words.query("!")


def test_texts_need_no_encoder_of_the_user(tmp_path: Path) -> None:
    lines = ["resetting a forgotten password", "a cat on the roof", "ships on the sea"]
    index = Index.create("lines", lines, indexes=tmp_path)
    assert index.query("how do I reset my password?", 1)[0].metadata["text"] == lines[0]
    assert Index.open("lines", tmp_path).query("kitten", 1)[0].metadata["text"] == lines[1]


def test_how_much_of_the_texts_is_unknown(tmp_path: Path, words: Index) -> None:
    lines = ["a cat", "ሰላም ለዓለም", "the dog"]
    index = Index.create("scripts", lines, kind="text", indexes=tmp_path)
    assert index.unknown_share() == pytest.approx(7 / 17)
    assert words.unknown_share() == 0
