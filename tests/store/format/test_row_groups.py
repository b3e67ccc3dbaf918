"""Rows of a Parquet file, against the table that was written."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simsearch.store.format.row_groups import RowGroups

ROWS, GROUP = 50, 8


@pytest.fixture
def table() -> pa.Table:
    numbers = list(range(ROWS))
    texts = [None if n % 5 == 0 else "é" * n for n in numbers]
    nested = [[{"of": n}] * (n % 3) for n in numbers]
    return pa.table({"number": numbers, "text": texts, "nested": nested})


@pytest.fixture
def file(table: pa.Table, tmp_path: Path) -> pq.ParquetFile:
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=GROUP)
    return pq.ParquetFile(tmp_path / "a.parquet")


@pytest.mark.parametrize("kept", [0, 700, 1 << 20])
def test_any_rows_in_any_order(kept: int, file: pq.ParquetFile, table: pa.Table) -> None:
    groups, rng = RowGroups(file, kept), np.random.default_rng(0)
    for count in (0, 1, 3, 90):
        rows = rng.integers(0, ROWS, count)
        assert groups.rows(rows) == table.take(rows).to_pylist()


def test_what_fits_is_read_once(file: pq.ParquetFile) -> None:
    rows = np.arange(ROWS)
    for kept, times in ((1 << 20, 1), (0, 2)):
        groups = RowGroups(file, kept)
        with patch.object(file, "read_row_group", wraps=file.read_row_group) as read:
            assert groups.rows(rows) == groups.rows(rows)
        assert read.call_count == times * file.num_row_groups


def test_the_same_values_are_no_shared_objects(file: pq.ParquetFile) -> None:
    groups = RowGroups(file)
    first, second = groups.rows(np.array([4, 4]))
    first["nested"].append("mine")
    assert second["nested"] == groups.rows(np.array([4]))[0]["nested"] == [{"of": 4}]
