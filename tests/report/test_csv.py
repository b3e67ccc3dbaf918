import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.report.csv import write_csv

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)


def written(table: pa.Table, rounded: tuple[str, ...] = ()) -> str:
    buffer = io.BytesIO()
    write_csv(buffer, table, rounded)
    return buffer.getvalue().decode("utf-8")


def read_back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8), TEXT)
def test_a_reader_gets_every_cell_back(rows: list[tuple[str, str]], header: str) -> None:
    names = [header, "b"]
    columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(2)]
    table = pa.table(columns, names)
    assert read_back(written(table)) == [names, *map(list, rows)]


@given(st.lists(st.one_of(st.none(), TEXT), max_size=8))
def test_a_single_column_keeps_its_empty_rows(cells: list[str | None]) -> None:
    table = pa.table({"only": pa.array(cells, pa.string())})
    assert read_back(written(table)) == [["only"], *[[cell or ""] for cell in cells]]


@given(st.lists(st.floats(allow_nan=False), max_size=8))
def test_numbers_are_read_back_the_same(values: list[float]) -> None:
    rows = read_back(
        written(pa.table({"n": pa.array(values, pa.float64()), "x": ["x"] * len(values)}))
    )
    assert [float(row[0]) for row in rows[1:]] == values


def test_only_what_needs_it_is_quoted() -> None:
    table = pa.table(
        {"a": ["plain", 'say "hi"', "x,y", "two\nlines", " kept "], "b": [1, 2, 3, 4, None]}
    )
    assert written(table) == ('a,b\nplain,1\n"say ""hi""",2\n"x,y",3\n"two\nlines",4\n kept ,\n')


def test_our_floats_are_rounded_and_theirs_are_not() -> None:
    table = pa.table({"theirs": [0.123456789], "probability": [0.123456789]})
    assert written(table, ("probability",)) == "theirs,probability\n0.123456789,0.123457\n"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, pa.bool_(), "true"),
        (date(2020, 2, 29), pa.date32(), "2020-02-29"),
        (datetime(2020, 2, 29, 1, 2, 3), pa.timestamp("s"), "2020-02-29 01:02:03"),
        (Decimal("1.50"), pa.decimal128(5, 2), "1.50"),
        ([1, 2], pa.list_(pa.int64()), "[1, 2]"),
        ({"é": None}, pa.struct([("é", pa.string())]), '{"é": null}'),
        (b"\xff\x00", pa.binary(), "ff00"),
        ("x", pa.dictionary(pa.int8(), pa.string()), "x"),
        (None, pa.null(), ""),
        (2**63, pa.uint64(), str(2**63)),
    ],
)
def test_every_type_has_a_text(value: object, kind: pa.DataType, expected: str) -> None:
    table = pa.table({"v": pa.array([value, None], kind), "x": ["x", "y"]})
    assert read_back(written(table)) == [["v", "x"], [expected, "x"], ["", "y"]]


def test_no_rows_and_repeated_names() -> None:
    table = pa.table([pa.array([], pa.string())] * 2, ["a", "a"])
    assert written(table) == "a,a\n"


def test_slices_and_chunks() -> None:
    table = pa.table({"a": pa.chunked_array([["x", "y", "z"], ['"', "w"]])}).slice(1, 3)
    assert written(table) == 'a\ny\nz\n""""\n'
