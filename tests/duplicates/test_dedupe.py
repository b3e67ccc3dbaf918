"""dedupe of whatever there is: the kind is found, and options for other kinds are refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simsearch import Deduplication, dedupe
from simsearch.errors import EncoderError, OptionError
from tests.duplicates.test_items import STRICT, calibrated
from tests.made_items import Texts


def test_a_list_of_texts() -> None:
    found = dedupe(["a", "b", "A "])
    assert found.kind == "text"
    assert found.group.tolist() == [0, 1, 0]
    assert found.pairs.num_rows == 1


def test_a_table_of_texts_without_and_with_an_encoder_of_texts() -> None:
    frame = pd.DataFrame({"no": ["x", "y", "z"], "words": ["apple", "pear", "apples"]})
    assert dedupe(frame).kind == "record"
    found = dedupe(frame, encoder=calibrated(**STRICT), column="words", id="no", threshold=0.88)
    assert found.kind == "text"
    assert found.groups == [["x", "z"]]


def test_sentences_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "s.txt"
    path.write_text("one line\nanother\nOne line\n", "utf-8")
    assert dedupe(path).group.tolist() == [0, 1, 0]


def test_vectors_as_they_are() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0.01]], np.float32)
    assert dedupe(vectors).group_count == 0
    assert dedupe(vectors, threshold=0.99).group.tolist() == [0, 1, 0]
    assert dedupe(vectors, threshold=0.5, metric="euclidean").group.tolist() == [0, 1, 0]


@pytest.mark.parametrize("source", [["x", "X"], pd.DataFrame({"name": ["x", "X"]})])
def test_results_of_all_kinds_have_one_base(source: Any) -> None:
    found = dedupe(source)
    assert isinstance(found, Deduplication)
    assert found.frame().columns.tolist()[-3:] == [
        "duplicate_group", "is_representative", "group_confidence",
    ]  # fmt: skip
    assert found.pairs.column_names[:3] == ["left_id", "right_id", "probability"]
    assert found.groups == [["0", "1"]]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"column": "name"}, "`column` is not for records, which the source holds"),
        ({"metric": "cosine"}, "`metric` is not for records"),
        ({"threshold": "far_0.01"}, "a probability, not 'far_0.01'"),
        ({"threshold": 1.5}, "a probability, from 0 to 1"),
        ({"kind": "song"}, "no kind 'song'"),
    ],
)
def test_options_not_for_records(options: dict[str, Any], why: str) -> None:
    with pytest.raises(OptionError, match=why):
        dedupe(pd.DataFrame({"name": ["Ann", "Bob"]}), **options)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"roles": {"a": "key"}}, "`roles` is not for texts, which the source holds"),
        ({"ignore": ["x"]}, "`ignore` is not for texts"),
        ({"columns": ["x"]}, "`columns` is not for texts, which the source holds"),
        ({"threshold": "far_0.01"}, "is of an encoder, and there is none"),
    ],
)
def test_options_not_for_texts(options: dict[str, Any], why: str) -> None:
    with pytest.raises(OptionError, match=why):
        dedupe(["a", "b"], **options)


def test_a_source_that_is_open_takes_no_options() -> None:
    with pytest.raises(OptionError, match="`id` is for a source that is opened; some texts is op"):
        dedupe(Texts(["a", "a"]), id="x")


def test_an_encoder_of_other_items_is_refused_for_records() -> None:
    with pytest.raises(OptionError, match="the encoder is for texts, and the source is of records"):
        dedupe(pd.DataFrame({"name": ["a"]}), kind="record", encoder=calibrated(**STRICT))
    with pytest.raises(EncoderError, match="nowhere"):
        dedupe(["a"], encoder="nowhere")
