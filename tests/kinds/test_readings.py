"""An index of a table of measured numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from simsearch import Index
from simsearch.errors import QueryError

if TYPE_CHECKING:
    from pathlib import Path

_ROWS, _UNITS = 80, np.array([1.0, 1000.0, 0.01, 30.0, 5.0])


def _table() -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=(_ROWS, len(_UNITS))) * _UNITS
    table = pd.DataFrame(values.round(5), columns=[f"reading {n}" for n in range(len(_UNITS))])
    table["kind"] = np.where(np.arange(_ROWS) % 2, "rose", "lily")
    return table


def _nearest(table: pd.DataFrame, row: int) -> list[str]:
    numbers = table.filter(like="reading")
    scaled = ((numbers - numbers.mean()) / numbers.std(ddof=0)).to_numpy()
    order = np.argsort(np.linalg.norm(scaled - scaled[row], axis=1), kind="stable")
    return [str(each) for each in order if each != row][:5]


def test_the_nearest_rows_are_near_in_all_readings(tmp_path: Path) -> None:
    table = _table()
    table.to_csv(tmp_path / "flowers.csv", index=False)
    index = Index.create("flowers", tmp_path / "flowers.csv", indexes=tmp_path)
    assert any("measured numbers" in note for note in index.notes)
    for row in (0, 17, 50):
        assert [match.id for match in index.query_like(str(row), k=5)] == _nearest(table, row)
        record = table.filter(like="reading").iloc[row].to_dict()
        assert index.query(record, k=1)[0].id == str(row)
    assert index.query({"reading 1": 3000.0}, k=1)
    with pytest.raises(QueryError, match="no column that is compared; nearest: 'reading 1'"):
        index.query({"readin 1": 3.0})


def test_an_update_keeps_the_units(tmp_path: Path) -> None:
    table = _table()
    index = Index.create("flowers", table, indexes=tmp_path)
    assert index.update(table).unchanged == _ROWS
    assert index.update(pd.concat([table, table.iloc[:1] + table.iloc[:1]])).added == 1


@pytest.mark.parametrize("options", [{"kind": "record"}, {"ignore": ["kind"]}])
def test_what_is_asked_of_records_makes_an_index_of_records(
    tmp_path: Path, options: dict[str, object]
) -> None:
    index = Index.create("flowers", _table(), indexes=tmp_path, **options)
    assert index.vectors.settings.item_kind == "record"
