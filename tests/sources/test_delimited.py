"""Delimited text: exact cells, rows that are skipped, files that are refused."""

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.errors import ColumnError, EmptySourceError, SourceError
from simsearch.schema import Records, SkippedRow
from simsearch.sources import open_records

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TRICKY = st.sampled_from(
    ['"', '""', "\n", "\r\n", "\r", ",", ";", "\t", "|", "", " ", "\\", "NULL"]
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(CELLS | TRICKY, min_size=width, max_size=width), min_size=1, max_size=12
    )
)


def read(content: bytes | str, tmp_path: Path, name: str = "t.csv") -> Records:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_records(path).read()


def rows(records: Records) -> list[tuple[str, ...]]:
    return list(zip(*records.table.to_pydict().values(), strict=True))


@settings(max_examples=200)
@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(ENCODINGS), st.integers(1, 13))
def test_what_csv_writes_is_read_back(
    table: list[list[str]], delimiter: str, encoding: str, size: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    # UTF-16 without a mark shows only where there is some ASCII.
    header = [f"column {'abcdefgh'[at]}" for at in range(len(table[0]))]
    writer.writerow(header)
    writer.writerows(table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        source = open_records(path)
        records = source.read()
        batches = list(source.batches(size))
    assert records.table.column_names == header
    assert rows(records) == [tuple(row) for row in table]
    assert records.skipped == ()
    assert [batch.num_rows for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert pa.Table.from_batches(batches).equals(records.table)


@given(st.lists(CELLS.filter(bool) | TRICKY, min_size=1, max_size=12))
def test_one_column(table: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["name"], *([cell] for cell in table)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(out.getvalue(), "utf-8", newline="")
        assert open_records(path).read().table.to_pydict() == {"name": table}


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_one_clear_line(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(content)
        message = str(path)
        try:
            open_records(path).read()
        except SourceError as error:
            message = str(error)
    assert message.startswith(str(path))
    assert "\n" not in message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str, tmp_path: Path) -> None:
    content = end.join(["a,b", "1,2", "", '"x\ny",3', "", ""])
    assert rows(read(content, tmp_path)) == [("1", "2"), ("x\ny", "3")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,nom\n1,Éric Lefèvre\n2,Zoë “Müller” €5\n", "cp1252"),
        ("id,nombre\n1,José Peña\n2,Ann\n", "latin-1"),
        ("id,imię,miasto\n1,Łukasz Wójcik,Łódź\n2,Święty Józef,Gdańsk\n", "cp1250"),
        ("id,имя\n1,Иван Петров\n2,Мария Сидорова\n", "cp1251"),
        ("id,名前,都市\n1,田中太郎,東京\n2,鈴木一郎,大阪\n", "shift_jis"),
    ],
)
def test_older_encodings(text: str, encoding: str, tmp_path: Path) -> None:
    records = read(text.encode(encoding), tmp_path)
    assert [",".join(row) for row in rows(records)] == text.splitlines()[1:]


def test_the_first_letter_beyond_ascii_may_come_late(tmp_path: Path) -> None:
    content = b"a,b\n" + b"plain,text\n" * 50_000 + "José,Peña\n".encode("cp1252")
    assert rows(read(content, tmp_path))[-1] == ("José", "Peña")


def test_ragged_rows_are_skipped_with_their_line_numbers(tmp_path: Path) -> None:
    content = 'a,b\n1,2\n"x\ny\nz",3\n1,2,3\n\n5\n6,7\n"p\nq",8,9\n10,11\n'
    records = read(content, tmp_path)
    assert rows(records) == [("1", "2"), ("x\ny\nz", "3"), ("6", "7"), ("10", "11")]
    assert records.skipped == (
        SkippedRow(6, "3 cells where there should be 2"),
        SkippedRow(8, "1 cell where there should be 2"),
        SkippedRow(10, "3 cells where there should be 2"),
    )


def test_empty_cells_beyond_the_last_column_are_dropped(tmp_path: Path) -> None:
    records = read("a,b\n1,2,\n3,4,,\n5,6\n", tmp_path)
    assert rows(records) == [("1", "2"), ("3", "4"), ("5", "6")]
    assert records.skipped == ()


def test_bad_rows_at_the_start_do_not_end_small_batches(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1\n1\n" + "2,3\n" * 5)
    assert sum(batch.num_rows for batch in open_records(path).batches(1)) == 5


def test_most_rows_ragged_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"t\.csv: 3 of 4 rows .*line 3, 2 cells.*3 columns"):
        read("a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n", tmp_path)


def test_a_stray_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    good = 'n,"quoted, text"\n' * 3
    records = read(f'a,b\n{good}"open,1\nx,2\n"y ""z""",3\n', tmp_path)
    assert rows(records)[3:] == [('"open', "1"), ("x", "2"), ('y "z"', "3")]
    records = read(f'a,b\n{good}"open, 1,2\nx,2\n', tmp_path)
    assert rows(records)[3:] == [("x", "2")]
    assert records.skipped == (SkippedRow(5, "a quotation mark is out of place or never closed"),)


def test_wrong_quotation_marks_are_kept_as_they_are(tmp_path: Path) -> None:
    content = 'name,size\n"Weird Al" Yankovic,1\n"a, b",12" disc\n"c","d"\n'
    assert rows(read(content, tmp_path)) == [
        ('"Weird Al" Yankovic', "1"),
        ("a, b", '12" disc'),
        ("c", "d"),
    ]


def test_a_file_without_quotation(tmp_path: Path) -> None:
    names = ['"Weird Al" Yankovic', '"Heroes"', '"Open', 'Closed"', '"A" "B"', '"C" D']
    content = "name\tsize\n" + "".join(f"{name}\t{len(name)}\n" for name in names)
    assert [row[0] for row in rows(read(content, tmp_path, "t.tsv"))] == names


def test_backslash_before_quotation_marks(tmp_path: Path) -> None:
    content = 'name,n\n"say \\"hi\\", he said",1\n"b, c",2\n'
    assert rows(read(content, tmp_path)) == [('say "hi", he said', "1"), ("b, c", "2")]


def test_nul_and_undecodable_bytes_skip_their_row(tmp_path: Path) -> None:
    good = "é,ü\n".encode() * 10
    records = read(b"a,b\n" + good + b"x\0,1\n\xff,2\n3,4\n", tmp_path)
    assert rows(records)[10:] == [("3", "4")]
    assert records.skipped == (
        SkippedRow(12, "a NUL byte"),
        SkippedRow(13, "bytes that are not utf-8"),
    )


def test_undecodable_utf16(tmp_path: Path) -> None:
    lines = [b"a,b\n", b"1,2\n", b"3,4\n"]
    content = b"".join(line.decode().encode("utf-16-le") for line in lines) + b"\x00\xd8\n\x00"
    records = read(b"\xff\xfe" + content, tmp_path)
    assert rows(records) == [("1", "2"), ("3", "4")]
    assert [row.row for row in records.skipped] == [4]


def test_a_damaged_first_row_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 1: a NUL byte; the first row must be sound"):
        read(b"a\0,b\n1,2\n", tmp_path)


@pytest.mark.parametrize("cell", ["x" * 10_000_000, "x\n" * 5_000_000], ids=["line", "lines"])
def test_ten_megabytes_in_one_cell(cell: str, tmp_path: Path) -> None:
    records = read(f'a,b\n1,2\n"{cell}",3\n4,5\n', tmp_path)
    assert rows(records) == [("1", "2"), (cell, "3"), ("4", "5")]


def test_long_cells_end_a_batch_early(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + f"{'x' * 1_000_000},1\n" * 150)
    sizes = [batch.nbytes for batch in open_records(path).batches()]
    assert len(sizes) > 1
    assert max(sizes) < 100_000_000


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\n", b"a,b"])
def test_nothing_to_work_on(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(EmptySourceError, match=r"t\.csv"):
        read(content, tmp_path)


def test_repeated_column_names(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="columns 1 and 3 are all named 'a'"):
        read("a,b,a\n1,2,3\n", tmp_path)


def test_columns_without_a_name_get_one(tmp_path: Path) -> None:
    assert read(",b,\n1,2,3\n", tmp_path).table.column_names == ["column_1", "b", "column_3"]


def test_numbers_only_are_no_header(tmp_path: Path) -> None:
    records = read("1,2.5\n3,4\n", tmp_path)
    assert records.table.to_pydict() == {"column_1": ["1", "3"], "column_2": ["2.5", "4"]}
