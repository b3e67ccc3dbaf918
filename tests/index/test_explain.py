"""explain: what the columns of an index say of two of its records."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsearch import Index
from simsearch.errors import QueryError
from simsearch.index.explain import explain_items

TABLE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "name": ["Jon Smith", "Jon Smiht", "Ann Clark", "Bo Diaz"],
        "city": ["Leeds", None, "Leeds", "York"],
    }
)


def test_columns_speak_and_what_is_missing_says_nothing(tmp_path: Path) -> None:
    index = Index.create("people", TABLE, id="id", indexes=tmp_path)
    slip, other = index.explain("a", "b"), index.explain("a", "c")
    assert slip.probability is None
    assert slip.contributions["city"] is None
    assert (slip.contributions["name"] or 0.0) > (other.contributions["name"] or 0.0)
    assert (other.contributions["city"] or 0.0) > 0.0
    assert slip.facts["cosine"] > other.facts["cosine"]
    with pytest.raises(QueryError, match="no item with the id 'z'"):
        index.explain("a", "z")


def test_an_index_of_vectors_compares_no_columns(tmp_path: Path) -> None:
    index = Index.create("numbers", np.eye(3, dtype=np.float32), kind="vector", indexes=tmp_path)
    with pytest.raises(QueryError, match="compares no columns"):
        index.explain("0", "1")
    with pytest.raises(QueryError, match="compares no columns"):
        explain_items(index.vectors.reader, None, ("0", "1"))
