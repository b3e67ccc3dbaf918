"""Items on their way to vectors with ids."""

import numpy as np
import pytest

from simsearch.errors import SourceError
from simsearch.kinds.encoding import Encoding
from simsearch.kinds.pipeline import Pipeline
from tests.made_items import LetterEncoder, Texts

WORDS = ["anna", "ben", None, "cleo", "anna"]


def pipeline(
    texts: list[str | None], ids: list[str] | None = None
) -> tuple[Pipeline, LetterEncoder]:
    encoder = LetterEncoder()
    return Pipeline(Texts(texts, ids=ids), Encoding.by(encoder)), encoder


@pytest.mark.parametrize("rows", [1, 2, 100, None])
def test_all_items_come_in_order_whatever_the_batches(rows: int | None) -> None:
    made, encoder = pipeline(WORDS)
    ids, vectors = [], []
    for batch in made.batches(rows=rows):
        ids += batch.ids.to_pylist()
        vectors.append(batch.vectors(None))
    assert ids == ["1", "2", "4", "5"]
    read = Texts([word for word in WORDS if word])
    (whole,) = (batch.items for batch in read.batches(100))
    np.testing.assert_array_equal(np.concatenate(vectors), encoder.encode_table(whole))
    assert [row.row for row in made.skipped] == [3]


def test_only_what_is_asked_for_is_encoded() -> None:
    made, encoder = pipeline(["a", "b", "c"])
    (batch,) = made.batches()
    assert encoder.encoded == 0
    some = batch.vectors(np.array([2, 0]))
    assert encoder.encoded == 2
    np.testing.assert_array_equal(some, batch.vectors(None)[[2, 0]])


def test_equal_texts_share_a_key() -> None:
    made, _ = pipeline(["anna", "ben", "anna"])
    (batch,) = made.batches()
    first, other, again = batch.keys()
    assert first == again != other


def test_an_id_that_comes_twice_is_named_also_across_batches() -> None:
    made, _ = pipeline(["a", "b", "c"], ["x", "y", "x"])
    with pytest.raises(SourceError, match="two items have the same id, 'x'"):
        list(made.batches(rows=1))


def test_where_nothing_can_be_read_the_first_reason_is_given() -> None:
    made, _ = pipeline([None, None])
    assert sum(len(batch.ids) for batch in made.batches()) == 0
    assert "of 2 that could not, the first: no text" in str(made.nothing_read())
    assert made.share_done(0) == 1.0
