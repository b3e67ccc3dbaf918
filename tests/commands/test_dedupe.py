"""`simsearch dedupe` from the outside: what it writes, prints and refuses."""

import csv
import io
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main

CUSTOMERS = Path(__file__).parent.parent.parent / "examples" / "customers.csv"
ADDED = ["duplicate_group", "is_representative", "group_confidence"]
PEOPLE = """name,street,city,phone
Jon Smith,12 High Street,Leeds,0113 496 0123
Ann Clark,4 Mill Lane,York,01904 960 222
John Smith,12 High St,Leeds,01134960123
"Иванова, Ольга","ул. Ленина 5
кв. 2",Казань,+7 843 555 01
Peter O'Neill,77 Park Road,Cardiff,-
 Mary  Jones ,9 Church Close,Bristol,0117 496 0999
Mary Jones,9 Church Close,Bristol,0117 496 0999
Zoë Krüger,"Say ""Weg"" 3",Köln,
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["dedupe", *map(str, arguments)], input=stdin)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def read(path: Path) -> list[list[str]]:
    return cells(path.read_bytes().decode("utf-8"))


def test_every_row_comes_out_untouched_and_in_order(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = run(people, "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    header, *rows = read(out)
    assert header == ["name", "street", "city", "phone", *ADDED]
    assert [row[:4] for row in rows] == cells(PEOPLE)[1:]
    assert all(row[4].isdigit() and row[5] in {"true", "false"} for row in rows)
    assert all(0 <= float(row[6]) <= 1 for row in rows)
    representatives = [row[4] for row in rows if row[5] == "true"]
    assert sorted(representatives) == sorted({row[4] for row in rows})


def test_unique_holds_the_representatives_as_they_were(people: Path, tmp_path: Path) -> None:
    out, unique = tmp_path / "out.csv", tmp_path / "unique.csv"
    assert run(people, "-o", out, "--unique", unique).exit_code == 0
    assert read(unique)[1:] == [row[:4] for row in read(out)[1:] if row[5] == "true"]


def test_pairs_name_rows_by_their_ids(tmp_path: Path) -> None:
    pairs, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    assert run(CUSTOMERS, "--id", "customer_no", "--pairs", pairs, "-o", out).exit_code == 0
    header, *rows = read(pairs)
    assert header[:3] == ["left_id", "right_id", "probability"]
    assert all(name.startswith("evidence_") for name in header[3:])
    known = {row[0] for row in read(out)[1:]}
    assert {row[i] for row in rows for i in (0, 1)} <= known
    assert all(float(row[2]) >= 0.5 for row in rows)


def test_the_example_is_deduplicated_well(tmp_path: Path) -> None:
    """Pairwise F1 against the truth that the example's script wrote, relatives and all."""
    out = tmp_path / "out.csv"
    result = run(CUSTOMERS, "--id", "customer_no", "-o", out)
    assert result.exit_code == 0
    truth = [row[1] for row in read(CUSTOMERS.with_name("customers_truth.csv"))[1:]]
    found = pairs_of([row[-3] for row in read(out)[1:]])
    true = pairs_of(truth)
    assert 2 * len(found & true) / (len(found) + len(true)) >= 0.95


def pairs_of(labels: list[str]) -> set[tuple[int, int]]:
    return {(i, j) for j, label in enumerate(labels) for i in range(j) if labels[i] == label}


def test_the_summary_says_what_was_found(people: Path) -> None:
    result = run(people)
    assert result.exit_code == 0
    for part in ("people.csv: 8 rows", "duplicate group", "surplus", "candidate pair", " MiB"):
        assert part in result.stdout
    assert "Nothing was saved" in result.stdout


def test_results_alone_on_standard_output(people: Path) -> None:
    result = run(people, "-o", "-")
    assert len(cells(result.stdout)) == 9
    assert "people.csv: 8 rows" in result.stderr
    assert run(people, "-o", "-", "--quiet").stderr == ""


def test_quiet_prints_nothing_where_a_file_is_written(people: Path, tmp_path: Path) -> None:
    result = run(people, "-q", "-o", tmp_path / "out.csv")
    assert result.output == ""
    assert (tmp_path / "out.csv").exists()


def test_standard_input(people: Path) -> None:
    result = run("-", "-o", "-", stdin=PEOPLE)
    assert result.exit_code == 0
    assert result.stdout == run(people, "-o", "-").stdout


def test_a_database(people: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table customers (name, street, city, phone)")
        shop.executemany("insert into customers values (?, ?, ?, ?)", cells(PEOPLE)[1:])
    shop.close()
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    expected = cells(run(people, "-q", "-o", "-").stdout)
    for option in (["--table", "customers"], ["--sql", "select * from customers"]):
        result = run(url, *option, "-q", "-o", "-")
        assert cells(result.stdout) == expected


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    outputs = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in outputs:
        assert run(CUSTOMERS, "--seed", "3", "-o", path).exit_code == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\n\n", "blank lines"),
        (b"name,city\n", "no rows"),
        (b"name,duplicate_group\na,1\nb,2\n", "duplicate_group"),
    ],
    ids=["empty file", "blank lines", "header only", "our own column"],
)
def test_unusable_files(tmp_path: Path, content: bytes, part: str) -> None:
    source, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    refused(run(source, "-o", out), "bad.csv", part)
    assert not out.exists()


def refused(result: Result, *parts: str) -> None:
    """One line on stderr, exit code 1."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for part in parts:
        assert part in result.stderr


def test_unknown_names(people: Path, tmp_path: Path) -> None:
    for option in ("--id", "--columns", "--ignore"):
        refused(run(people, option, "nothing"), "people.csv", "'nothing'", "phone")
    refused(run(tmp_path / "none.csv"), "none.csv")
    refused(run(people, "--labels", tmp_path / "none.csv"), "none.csv")
    refused(run(people, "--encoder", tmp_path / "none"), "none")
    refused(run(tmp_path), str(tmp_path))


def test_repeated_ids(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,name\n1,a\n2,b\n1,c\n")
    refused(run(source, "--id", "id"), "in.csv", "'1'")


def test_a_nul_byte(tmp_path: Path) -> None:
    """It is left out, which is said; its row stays."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"name,city\nJohn,Leeds\nJo\0hn,York\nAnn,Bath\n")
    result = run(source, "-o", out)
    assert result.exit_code == 0
    assert "NUL bytes were left out of 1 line" in result.stdout
    assert [row[0] for row in read(out)[1:]] == ["John", "John", "Ann"]


def test_ragged_rows_are_listed_and_kept(tmp_path: Path) -> None:
    source, out, rejects = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "rejects.csv"
    lines = ["name,city", "John,Leeds", "Ann", "Bob,York,more,cells", "Joan,Leeds", "Kim,Bath"]
    source.write_text("\n".join(lines) + "\n")
    result = run(source, "-o", out, "--rejects", rejects)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Skipped: 1 row left out" in result.stdout
    assert "  line 4: " in result.stdout
    assert "1 row with too few cells filled up with empty ones" in result.stdout
    assert f"Wrote {rejects}: the rows that could not be read" in result.stdout
    assert f"Wrote {out}: every row that could be read, with its group" in result.stdout
    assert [row[:2] for row in read(out)[1:]] == [
        ["John", "Leeds"], ["Ann", ""], ["Joan", "Leeds"], ["Kim", "Bath"],
    ]  # fmt: skip
    reason = "4 cells where there should be 2"
    assert read(rejects) == [
        ["source", "line", "reason", "text"], [str(source), "4", reason, "Bob,York,more,cells"],
    ]  # fmt: skip
    assert run(source, "-q", "-o", out).stderr == (
        "Warning: 1 row could not be read and is left out; without --quiet they are listed\n"
    )


def test_how_a_file_is_read_can_be_said(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes("Report\nJürgen^Köln\nAnn^Bath\n".encode("cp437"))
    said = ["--delimiter", "^", "--encoding", "cp437", "--skip-rows", "1", "--no-header"]
    assert run(source, "-o", out, *said).exit_code == 0
    assert [row[:2] for row in read(out)] == [
        ["column_1", "column_2"], ["Jürgen", "Köln"], ["Ann", "Bath"],
    ]  # fmt: skip
    refused(run(source, "--encoding", "klingon"), "--encoding", "klingon")


def test_what_columns_are_can_be_said(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    names = [f"{first} {last}" for first in ("Ann", "Bob", "Cyd") for last in ("Hay", "Lee")] * 2
    rows = [f"{name},A{n:04d},{n % 2}" for n, name in enumerate(names)]
    source.write_text("\n".join(["name,no,side", *rows]) + "\n")
    assert "not compared: no, a record number: " in run(source).stdout
    assert "not compared" not in run(source, "--role", "no=serial").stdout
    assert "not compared" not in run(source, "--columns", "name,no").stdout
    apart = run(source, "--must-agree", "no").stdout
    assert "look-alikes kept apart, nothing taken for the same" in apart
    assert "leaving out --must-agree joins them" in apart
    refused(run(source, "--must-agree", "nowhere"), "there is no column 'nowhere'")
    wrong = run(source, "--role", "no=colour")
    assert wrong.exit_code == 2
    assert "there is no role 'colour'" in wrong.stderr


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    long = "words and " * 1_000_000
    source.write_text(f"name,city,text\nJohn,Leeds,{long}\nJon,Leeds,short\nAnn,York,\n")
    result = run(source, "-o", out)
    assert result.exit_code == 0
    assert len(result.stdout) < 10_000
    previous = csv.field_size_limit(20_000_000)
    try:
        assert read(out)[1][2] == long
    finally:
        csv.field_size_limit(previous)


@pytest.mark.parametrize("rows", [1, 2, 3, 10])
@pytest.mark.parametrize("same", [True, False])
def test_few_rows(tmp_path: Path, rows: int, same: bool) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    names = ["Ann Clark", "Olga Ivanova", "Sam Reed", "Jo Park", "Kim Lund", "Ed Voss", "Amy Ray"]
    names += ["Tom Ford", "Una Byrne", "Ravi Nair"]
    lines = [f"{name},{name.split()[1]} Street {i}" for i, name in enumerate(names[:rows])]
    source.write_text("name,street\n" + "\n".join([lines[0]] * rows if same else lines) + "\n")
    assert run(source, "-o", out).exit_code == 0
    assert len({row[2] for row in read(out)[1:]}) == (1 if same else rows)


def test_outputs_are_checked_before_the_source_is_read(people: Path, tmp_path: Path) -> None:
    refused(run(tmp_path / "none.csv", "-o", tmp_path), "is a folder")
    refused(run(people, "-o", people), "would replace the input")
    refused(run(people, "-o", tmp_path / "no" / "x.csv"), "there is no folder")
    frozen = tmp_path / "frozen.csv"
    frozen.touch(0o444)
    refused(run(people, "-o", frozen), "is read-only")


def test_a_database_is_not_replaced(tmp_path: Path) -> None:
    shop = tmp_path / "shop.sqlite"
    shop.write_bytes(b"rows")
    refused(run(f"sqlite:///{shop}", "--table", "t", "-o", shop), "would replace the input")


def start(*arguments: object, before: str = "") -> subprocess.Popen[str]:
    """A process of its own, with something done in it first."""
    code = f"{before}\nfrom simsearch.commands import main\nmain()"
    command = [sys.executable, "-c", code, "dedupe", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    with start(CUSTOMERS, "-o", out, before=limit) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == f"Error: cannot write {out}: File too large; nothing was written\n"
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


HALFWAY = """
import signal
import simsearch.commands.results
def write_half(file, *_):
    file.write(b"half a li")
    file.flush()
    signal.raise_signal(signal.{name})
simsearch.commands.results.write_csv = write_half
"""


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [("SIGINT", 130, "Interrupted; nothing was written"), ("SIGTERM", 143, "")],
)
def test_a_signal_while_the_result_is_written(
    people: Path, tmp_path: Path, name: str, code: int, text: str
) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")
    with start(people, "-o", out, before=HALFWAY.format(name=name)) as process:
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (code, text)
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "people.csv"]


def test_ctrl_c_in_the_middle(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    header, *lines = CUSTOMERS.read_text("utf-8").splitlines(keepends=True)
    source.write_text(header + "".join(lines * 20), "utf-8")
    with start(source, "-o", out) as process:
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "Interrupted; nothing was written")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_reader_that_leaves_early() -> None:
    with start(CUSTOMERS, "-q", "-o", "-") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


def test_golden_records_and_where_their_values_are_from(tmp_path: Path) -> None:
    source, rules = tmp_path / "people.csv", tmp_path / "rules.toml"
    source.write_text(
        "no,name,email,seen\n"
        "1,Anna Berg,anna.berg@mail.example,2021-01-01\n"
        "2,Anna M. Berg,anna.berg@mail.example,2023-01-01\n"
        "3,Carl Dahl,carl.dahl@post.example,2022-01-01\n"
    )
    rules.write_text('[columns]\nname = {rule = "most_recent", by = "seen"}\n')
    golden, told = tmp_path / "golden.csv", tmp_path / "from.csv"
    arguments = ["dedupe", str(source), "--id", "no", "--golden", str(golden)]
    result = CliRunner().invoke(
        main, [*arguments, "--golden-rules", str(rules), "--provenance", str(told)]
    )
    assert result.exit_code == 0, result.output
    assert golden.read_text().splitlines()[1].startswith("2,Anna M. Berg,")
    assert "0,name,Anna M. Berg,2,most_recent," in told.read_text()
    # Rules in the place of the result are read, never replaced.
    unique, given = tmp_path / "unique.csv", rules.read_text()
    by_rules = ["dedupe", str(source), "--id", "no", "--golden", str(rules)]
    result = CliRunner().invoke(main, [*by_rules, "--unique", str(unique)])
    assert result.exit_code == 0, result.output
    assert unique.read_text() == golden.read_text()
    result = CliRunner().invoke(main, by_rules)
    assert (result.exit_code, "say where golden records go" in result.output) == (2, True)
    assert rules.read_text() == given
    rules.write_text('default = "newest"')
    result = CliRunner().invoke(main, [*arguments, "--golden-rules", str(rules)])
    assert result.exit_code == 1
    assert "there are most_frequent, " in result.output
    result = CliRunner().invoke(main, ["dedupe", str(source), "--golden-rules", str(rules)])
    assert result.exit_code == 2
    assert "say where to write it" in result.output


def test_against_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the first line of all\nanother one\nanother one\n")
    (tmp_path / "b.txt").write_text("nothing\nThe first line of all\n")
    words = ["dedupe", str(tmp_path / "a.txt"), "--against", str(tmp_path / "b.txt")]
    page = tmp_path / "page.html"
    done = CliRunner().invoke(
        main, [*words, "--pairs", str(tmp_path / "pairs.csv"), "--report", str(page)]
    )
    assert done.exit_code == 0, done.output
    assert "The first line of all" in page.read_text()
    rows = (tmp_path / "pairs.csv").read_text().splitlines()
    assert len(rows) == 2
    assert rows[0].startswith("left_id,right_id,probability")
    assert "identical" in rows[1]
    refused = CliRunner().invoke(main, [*words, "--keep", "longest"])
    assert (refused.exit_code, "--keep does not go with --against" in refused.output) == (2, True)


def test_new_rows_join_a_base_and_leave_it(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMSEARCH_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path / "cache"))
    made = run(people, "--into", "people", "--resume").output
    assert "made the base people" in made
    assert "no run that was stopped has left anything" in made
    new, out = tmp_path / "new.csv", tmp_path / "out.csv"
    new.write_text("\n".join(PEOPLE.splitlines()[:2]) + "\n", "utf-8")
    joined = run(new, "--into", "people", "-o", out)
    assert "1 of 1 rows joined groups that were there" in joined.output
    assert read(out)[0][-3:] == ["duplicate_group", "is_known", "group_confidence"]
    assert read(out)[1][-2] == "true"
    assert "is undone" in run("--into", "people", "--undo", 2).output
    # What the rows lack, and what could not be read as it stands, is said.
    new.write_text("name,city\nAnna Berg,Ulm\nOtto Sand\n", "utf-8")
    lacking = run(new, "--into", "people")
    assert "compared without street, phone: the rows have no such column" in lacking.output
    assert "Note: " in lacking.stderr
    refused = run(new, "--into", "people", "--plan", out)
    assert (refused.exit_code, "does not go with --into" in refused.output) == (2, True)


def test_the_rows_go_into_a_table_of_a_database(people: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    result = run(people, "-o", url, "--output-table", "deduped", "--seed", 1)
    assert result.exit_code == 0, result.output
    assert "shop.db deduped" in result.stdout
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        names = [row[1] for row in shop.execute("pragma table_info(deduped)")]
        found = shop.execute("select name, duplicate_group from deduped").fetchall()
    assert names == ["name", "street", "city", "phone", *ADDED]
    assert [name for name, _ in found] == [row[0] for row in cells(PEOPLE)[1:]]
    again = ["--table", "deduped", "-o", url, "--output-table"]
    refused(run(people, "-o", url, "--output-table", "deduped"), "is there already")
    refused(run(url, *again, "deduped", "--overwrite"), "is the table that is read")
    for wrong, told in (
        (["-o", url], "name the table to make with --output-table"),
        (["--output-table", "x"], "--output-table is for a database"),
        (["-o", tmp_path / "out.csv", "--overwrite"], "--overwrite is for a database"),
        (["--pairs-table", "x"], "--pairs-table is for a database"),
        (["-o", url, "--output-table", "x", "--unique-table", "x"], "would go into one table"),
        (
            ["-o", url, "--unique-table", "x", "--unique", tmp_path / "u.csv"],
            "give --unique a file or --unique-table a name",
        ),
    ):
        result = run(people, *wrong)
        assert (result.exit_code, told in result.stderr) == (2, True)


def test_of_a_file_without_tables_the_one_that_is_named_is_made(
    people: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert run(people, "-o", url, "--table", "deduped", "--pairs-table", "pairs").exit_code == 0
    read_and_made = run(url, "--table", "deduped", "-o", f"sqlite:///{tmp_path / 'other.db'}")
    assert "name the table to make" in read_and_made.stderr


def test_all_tables_of_a_run_are_made_in_one_transaction(people: Path, tmp_path: Path) -> None:
    url, path = f"sqlite:///{tmp_path / 'shop.db'}", tmp_path / "shop.db"
    names = {"output": "deduped", "unique": "clean", "pairs": "pairs", "golden": "golden"}
    names["provenance"] = "origins"
    tables = [word for name in names for word in (f"--{name}-table", names[name])]

    def counted() -> dict[str, int]:
        with sqlite3.connect(path) as shop:
            names = shop.execute("select name from sqlite_master where type = 'table'").fetchall()
            return {
                name: shop.execute(f"select count(*) from {name}").fetchone()[0]
                for (name,) in names
            }

    done = run(people, "-o", url, *tables)
    assert done.exit_code == 0, done.output
    whole = counted()
    assert set(whole) == {*names.values()}
    assert whole["clean"] == whole["golden"] < whole["deduped"]
    assert whole["pairs"] > 0
