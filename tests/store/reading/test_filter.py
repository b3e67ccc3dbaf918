"""Conditions: right on the data, and nothing but conditions."""

import datetime
import math
import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import QueryError
from simsearch.store.reading.filter import Filter

PEOPLE = pa.table(
    {
        "Name": ["Ann", "Bob", None, "Željko"],
        "age": ["41", "9", "x", None],
        "born": pa.array([datetime.date(1980, 1, 2), None, datetime.date(2001, 5, 6), None]),
        "weight": [70.5, math.nan, None, 60.0],
        "last name": ["O'Neill", "Ng", "", "Š"],
        "row": [1, 2, 3, 4],
    }
)


def rows(expression: str, table: pa.Table = PEOPLE) -> list[int]:
    mask = Filter(expression, table.column_names).matches(table)
    assert mask.shape == (table.num_rows,)
    return [int(at) for at in mask.nonzero()[0]]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("name = 'Ann'", [0]),
        ("NAME <> 'Ann'", [1, 3]),
        ("name IS NULL", [2]),
        ("\"last name\" = 'O''Neill'", [0]),
        ("name LIKE 'Ž%' OR name ILIKE 'b%'", [1, 3]),
        ("TRY_CAST(age AS INT) > 9", [0]),
        ("TRY_CAST(age AS INT) BETWEEN 9 AND 50", [0, 1]),
        ("born < DATE '1990-01-01'", [0]),
        ("weight > 65 AND NOT isnan(weight)", [0]),
        ("row IN (2, 3)", [1, 2]),
        ("length(name) = 3", [0, 1]),
        ("regexp_matches(name, '^[AB]')", [0, 1]),
        ("row % 2 = 0", [1, 3]),
        ("1 = 1", [0, 1, 2, 3]),
        ("1 = 1 -- all", [0, 1, 2, 3]),
        ("NULL", []),
        ("lower(name) || age = 'ann41'", [0]),
        ("(name = 'Ann') OR (name = 'Bob')", [0, 1]),
        ("CASE WHEN row > 2 THEN true ELSE false END", [2, 3]),
    ],
)
def test_conditions(expression: str, found: list[int]) -> None:
    assert rows(expression) == found


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "   ",
        ";",
        "name = 'Ann'; DROP TABLE items",
        "1 = 1; SELECT 1",
        "name = 'Ann') OR (1 = 1",
        "1 = 1) UNION SELECT 1 WHERE (1 = 1",
        "1 = 1) UNION SELECT content FROM read_text('/etc/passwd') --",
        "1 = 1) LIMIT 1 --",
        "1 = 1 LIMIT 1",
        "1 = 1 ORDER BY name",
        "1 = 1 FROM range(3)",
        "1 = 1 WHERE name = 'Ann'",
        "name = 'Ann', 1 = 1",
        "name = 'Ann' AS x",
        "name IN (SELECT 'Ann')",
        "EXISTS (SELECT 1)",
        "name IN (SELECT content FROM read_text('/etc/passwd'))",
        "name = (SELECT current_setting('home_directory'))",
        "name IN (FROM read_csv('/etc/passwd'))",
        "ATTACH 'x.db'",
        "COPY items TO 'x.csv'",
        "INSTALL httpfs",
        "PRAGMA database_list",
        "SET memory_limit = '1TB'",
        "count(*) > 1",
        "max(row) = row",
        "row_number() OVER () < 3",
        "sum(row) OVER () > 1",
        "*",
        "COLUMNS(*) = 1",
        "?",
        "$1 = 1",
        "name = $name",
        "DEFAULT",
        "list_filter([1], x -> x = row) = []",
        "random() < 0.5",
        "nextval('x') = 1",
        "current_setting('threads') = '1'",
        "getvariable('x') IS NULL",
        "getenv('HOME') = ''",
        "write_log('x') IS NULL",
        "sleep_ms(1000) IS NULL",
        "read_text('/etc/passwd') = ''",
        "query('SELECT 1') = 1",
        "error('x')",
        "nothing = 1",
        "items.name = 'Ann'",
        'name = "Ann"',
        "nosuch(name) = 1",
        "name",
        "born > 'x'",
        "age > 30",
        "CAST(age AS INT) > 30",
        "name = 'Ann",
        "name = ",
        "/* 1 = 1",
        "name = 'a\0b'); SELECT 1",
    ],
)
def test_everything_else_is_refused_in_one_line(
    expression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError, match=r"^cannot filter by ") as refused:
        rows(expression)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_errors_say_what_to_do() -> None:
    with pytest.raises(QueryError, match=r"no stored column 'nam'; nearest: .*'Name'"):
        rows("nam = 'Ann'")
    with pytest.raises(QueryError, match=r"write TRY_CAST\(age AS DOUBLE\) > 30"):
        rows("age > 30")
    with pytest.raises(QueryError, match="a subquery is not allowed"):
        rows("row IN (SELECT 1)")


def test_names_that_differ_in_case() -> None:
    table = pa.table({"a": [1, 2], "A": [2, 1], "b": [0, 0]})
    assert rows("A = 1", table) == [1]
    assert rows("a = 1", table) == [0]
    with pytest.raises(QueryError, match="differ only in upper and lower case"):
        rows("a = 1 AND A = 2", table)
    with pytest.raises(QueryError, match="'Aa' could be any of 'aA', 'AA'"):
        rows("Aa = 1", pa.table({"aA": [1], "AA": [1]}))


def test_id_stands_for_the_items_id_unless_a_column_has_that_name() -> None:
    assert Filter("id = 'a'", ["name"]).columns == ("id",)
    assert Filter("ID = 'a'", ["Id"]).columns == ("Id",)


numbers = st.one_of(st.none(), st.integers(-5, 5))
atoms = st.builds(
    "{} {} {}".format,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["=", "<>", "<", ">=", "IS NOT"]),
    st.one_of(st.integers(-5, 5).map(str), st.just("NULL")),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=4,
).filter(lambda text: "IS NOT" not in text or all(f"IS NOT {n}" not in text for n in range(-5, 6)))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20), conditions)
def test_the_same_rows_as_sqlite(data: list[tuple[int | None, int | None]], text: str) -> None:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a INTEGER, b INTEGER)")
        database.executemany("INSERT INTO t (a, b) VALUES (?, ?)", data)
        query = f"SELECT n - 1 FROM t WHERE {text} ORDER BY n"
        expected = [row[0] for row in database.execute(query)]
    finally:
        database.close()
    kind = pa.int64()
    table = pa.table(
        {"a": pa.array([a for a, _ in data], kind), "b": pa.array([b for _, b in data], kind)}
    )
    assert rows(text, table) == expected
