"""dedupe of items: duplicates, neighbours, groups, and what it says of them."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest

from simsearch import dedupe
from simsearch.calibration.calibration import Calibration, Threshold
from simsearch.distance import Metric
from simsearch.duplicates.item_deduplication import ItemDeduplication
from simsearch.errors import EmptySourceError, OptionError
from simsearch.records.record_deduplication import RecordDeduplication
from tests.made_items import LetterEncoder, Texts

WORDS = ["apple", "pear", "Apple ", None, "cherry", "apples", "pears", "fig", ""]


def calibrated(**thresholds: float) -> LetterEncoder:
    encoder = LetterEncoder()
    found = {
        name: Threshold(name, score, score, score, 1e-3, 0.1) for name, score in thresholds.items()
    }
    encoder.calibration = Calibration(
        Metric.COSINE, 100, 20_000, found, (0.5, 0.9, 1.0), (0.01, 0.6, 0.99)
    )
    return encoder


STRICT = {"accuracy": 0.5, "far_0.01": 0.8, "far_0.001": 0.88}


def found_in(texts: list[str | None] = WORDS, **keywords: Any) -> ItemDeduplication:
    keywords.setdefault("encoder", calibrated(**STRICT))
    if "precision" not in keywords:  # these few words would say nothing of a threshold
        keywords.setdefault("threshold", "far_0.001")
    found = dedupe(Texts(texts), **keywords)
    assert isinstance(found, ItemDeduplication)
    return found


def test_duplicates_and_neighbours_are_grouped() -> None:
    found = found_in()
    assert found.records.ids.to_pylist() == ["1", "2", "3", "5", "6", "7", "8", "9"]
    assert found.group.tolist() == [0, 1, 0, 2, 0, 1, 3, 4]
    # Of apple, "Apple " and apples the longest is kept; blanks around a text do not count.
    assert found.representative.tolist() == [False, False, False, True, True, True, True, True]
    assert (found.group_count, found.surplus_rows) == (2, 3)
    assert [row.reason for row in found.records.skipped] == ["no text"]
    assert found.confidence.min() > 0.5


def test_the_table_begins_with_the_id() -> None:
    table = found_in().table()
    assert table.column_names == [
        "id", "text", "duplicate_group", "is_representative", "group_confidence",
    ]  # fmt: skip
    assert table["text"].to_pylist()[2] == "Apple "
    assert len(found_in().unique()) == 5


def test_columns_of_our_names_get_another() -> None:
    columns: dict[str, list[object]] = {"id": ["a", "b"], "duplicate_group": [1, 2]}
    found = dedupe(Texts(["x", "x"], columns), encoder=calibrated(**STRICT))
    assert found.table().column_names[:4] == ["id", "text", "id_", "duplicate_group_"]
    assert found.table()["id_"].to_pylist() == ["a", "b"]
    same: dict[str, list[object]] = {"id": ["1", "2"]}
    found = dedupe(Texts(["x", "x"], same), encoder=calibrated(**STRICT))
    assert found.table().column_names[:3] == ["id", "text", "duplicate_group"]


def test_a_threshold_by_name_or_score() -> None:
    assert "cosine >= 0.88 (far_0.001)" in found_in().how
    loose = found_in(threshold="accuracy")
    assert len(loose.pairs) > len(found_in().pairs)
    assert len(found_in(threshold=0.999).pairs) == 1
    with pytest.raises(OptionError, match="not calibrated"):
        found_in(encoder=LetterEncoder(), threshold="eer")
    with pytest.raises(OptionError, match=r"no threshold 'eer'; choose one of: accuracy, far"):
        found_in(threshold="eer")


def many(copies: int, seed: int = 0) -> list[str | None]:
    """300 rows of letters, and copies of some with a letter lost."""
    rng = np.random.default_rng(seed)
    texts = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 40)) for _ in range(300)]
    return [*texts, *(text[:-1] for text in texts[:copies])]


@pytest.mark.parametrize("encoder", [LetterEncoder(), calibrated(**STRICT)])
def test_without_a_threshold_the_items_tell_one(encoder: LetterEncoder) -> None:
    found = found_in(many(30), encoder=encoder, precision=None)
    pairs = {(row["left_id"], row["right_id"]) for row in found.pairs.to_pylist()}
    true = {(str(row), str(300 + row)) for row in range(30)}
    assert len(pairs & true) >= 27
    assert len(pairs - true) <= 1
    assert "for a precision of 0.99 among these" in found.how
    assert min(found.pairs["probability"].to_pylist()) > 0.5
    assert found.confidence.min() > 0.3
    looser = found_in(many(30), encoder=encoder, precision=0.5)
    assert looser.threshold < found.threshold == found.rethreshold(precision=0.99).threshold
    assert found.rethreshold(precision=0.5).threshold == looser.threshold
    none = found_in(many(0), encoder=encoder, precision=None)
    assert none.group_count == 0


def test_vectors_without_an_encoder_take_a_precision() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(200, 16)).astype(np.float32)
    near = vectors[:20] + 0.01 * rng.normal(size=(20, 16)).astype(np.float32)
    found = dedupe(np.concatenate([vectors, near]), precision=0.9)
    assert found.group[200:].tolist() == list(range(20))
    assert found.group_count == 20


def test_texts_that_say_different_things_are_kept_apart() -> None:
    texts = many(20)
    texts += [f"{text} {number}" for text in texts[50:60] for number in (1, 2)]
    found = found_in(texts, encoder=LetterEncoder(), precision=None)
    group = dict(zip(found.records.ids.to_pylist(), found.group.tolist(), strict=True))
    for row in range(10):
        numbered = {group[str(320 + 2 * row + which)] for which in (0, 1)}
        assert len(numbered) == 2
    assert "that differ in numbers" in found.how
    assert found.apart is not None
    first = found.apart.to_pylist()[0]
    assert first["differs"].startswith("numbers: ")
    assert first["score"] >= found.threshold


def test_vectors_need_no_encoder_and_no_threshold() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(300, 12)).astype(np.float32)
    near = vectors[:10] + rng.normal(size=(10, 12)).astype(np.float32) * 0.01
    found = dedupe(np.concatenate([vectors, near, vectors[:2], 3 * vectors[50:60]]))
    assert found.group[300:312].tolist() == [*range(10), 0, 1]
    # Three times a vector is another one, though their directions are equal.
    assert found.group_count == 10
    assert found.how.startswith("exact duplicates and vectors compared, pairs of euclidean <= ")
    assert not found.statistics.warnings


def test_vectors_in_a_column_of_a_table() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(120, 32))
    vectors = np.vstack([vectors, vectors[:20] + rng.normal(size=(20, 32)) * 0.01])
    frame = pd.DataFrame({"title": [f"t{n % 7}" for n in range(140)], "class": "x"})
    frame["embedding"] = list(vectors)
    found = dedupe(frame)
    assert found.records.columns == ("title", "class")  # what is shown of a row
    (note,) = found.records.notes
    assert "vectors of their column 'embedding'" in note
    assert (found.group[:20] == found.group[120:]).all()
    assert len(set(found.group.tolist())) == 120
    assert list(found.frame().columns[:3]) == ["title", "class", "embedding"]  # untouched
    assert isinstance(dedupe(frame, columns=["title"]), RecordDeduplication)
    assert dedupe(frame, vectors="embedding").records.notes == ()


def test_vectors_that_are_close_everywhere_are_not_the_same() -> None:
    counts = np.random.default_rng(0).poisson(2, (1500, 12)).astype(np.float32)
    found = dedupe(counts)
    assert found.threshold >= 1
    assert found.pairs.filter(pc.greater(found.pairs["score"], 0)).num_rows == 0
    (warning,) = found.statistics.warnings
    assert "no closer than the items around them" in warning


def test_a_few_vectors_are_compared_for_equality() -> None:
    found = dedupe(np.array([[1, 0], [0, 1], [1, 0]], np.float32))
    assert found.group.tolist() == [0, 1, 0]
    (pair,) = found.pairs.to_pylist()
    assert (pair["left_id"], pair["right_id"], pair["probability"]) == ("0", "2", 0.999)


def test_false_pairs_are_announced() -> None:
    rng = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrst")
    texts: list[str | None] = ["".join(rng.choice(letters, 6)) for _ in range(300)]
    (warning,) = found_in(texts).statistics.warnings
    assert "300 items are 44,850 pairs" in warning
    assert found_in().statistics.warnings == ()


def test_each_content_is_encoded_once() -> None:
    encoder = calibrated(**STRICT)
    found_in(["same", "same", "Same", "other"], encoder=encoder)
    assert encoder.encoded == 2


def test_texts_that_say_nothing_are_not_the_same() -> None:
    assert found_in(["", " ", "x"]).group.tolist() == [0, 1, 2]


def test_nothing_to_read() -> None:
    with pytest.raises(
        EmptySourceError, match=r"has no text that can be read; .* the first: no text"
    ):
        found_in([None])


def test_kinds_must_fit() -> None:
    with pytest.raises(OptionError, match="no kind 'song'"):
        found_in(kind="song")
    with pytest.raises(OptionError, match="the encoder is for texts, and the source is of images"):
        found_in(kind="image")
