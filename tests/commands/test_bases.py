"""`query`, `remove` and `compact` of a base of groups: by its name, as of an index."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from simsearch import Index, RecordBase
from simsearch.commands import main
from tests.records.made import persons


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 40 persons and ten again, and the base that is made of it."""
    monkeypatch.chdir(tmp_path)
    first = persons(40, np.random.default_rng(3))
    again = first.head(10).assign(last_name=first["last_name"].head(10) + "x")
    table = pd.concat([first, again], ignore_index=True)
    table.insert(0, "no", [f"p{row}" for row in range(len(table))])
    table.to_csv("people.csv", index=False)
    RecordBase.make("people", "people.csv", id="no")
    return tmp_path / "people.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_a_record_and_each_row_of_a_file_are_told_their_group(people: Path) -> None:
    row = people.read_text().splitlines()[1].split(",")
    record = dict(zip(people.read_text().splitlines()[0].split(","), row, strict=True))
    asked = json.dumps({name: value for name, value in record.items() if name != "no"})
    shown = run("query", "people", "--record", asked).stdout
    assert "it belongs to the group of p0, p40: probability" in shown
    assert "together" in shown
    told = json.loads(run("query", "people", "--record", asked, "--format", "json").stdout)
    assert (told["group"], told["ids"]) == (0, ["p0", "p40"])
    lines = run("query", "people", "--file", people, "--format", "json").stdout.splitlines()
    assert [json.loads(line)["query"] for line in lines] == [f"p{row}" for row in range(50)]
    assert json.loads(lines[0])["group"] == 0
    table = run("query", "people", "--file", people, "--format", "csv").stdout.splitlines()
    assert table[0] == "query,group,probability,ids,evidence"
    assert table[1].startswith("p0,0,")
    nothing = run("query", "people", "--record", '{"last_name": "Qq"}').stdout
    assert "no group" in nothing or "a group of its own" in nothing


def test_a_row_of_the_base_is_told_who_else_is_in_its_group(people: Path) -> None:
    told = json.loads(run("query", "people", "--like", "p3", "--format", "json").stdout)
    assert (told["group"], told["ids"], told["nearest"]) == (3, ["p43"], "p43")
    shown = run("query", "people", "--like", "p3").stdout
    assert "it belongs to the group of p43" in shown
    assert "p3 and p43: probability" in shown
    alone = json.loads(run("query", "people", "--like", "p20", "--format", "json").stdout)
    assert alone["group"] is None
    assert "p20" not in alone["ids"]
    missing = run("query", "people", "--like", "p99")
    assert (missing.exit_code, "no row with the id 'p99'" in missing.stderr) == (1, True)
    both = run("query", "people", "--like", "p3", "--file", people)
    assert (both.exit_code, "give one of" in both.stderr) == (2, True)


def test_what_a_base_holds_is_written_with_every_column(people: Path, tmp_path: Path) -> None:
    pd.read_csv(people, dtype=str).assign(first_name="Zoe").tail(1).to_csv("new.csv", index=False)
    run("dedupe", "new.csv", "--into", "people")
    written = run(
        "duplicates", "people", "-o", "all.csv", "--golden", "golden.csv", "--pairs", "pairs.csv",
        "--report", "page.html", "--redact", "city", "--where", "no != 'p5'",
    )  # fmt: skip
    assert written.exit_code == 0, written.stderr
    rows = pd.read_csv("all.csv", dtype=str).set_index("no")
    assert len(rows) == 49
    assert rows.loc["p49", "first_name"] == "Zoe"
    groups = RecordBase.open("people").groups()
    assert dict(rows["duplicate_group"].astype(int)) == {
        no: group for no, group in groups.items() if no != "p5"
    }
    golden = pd.read_csv("golden.csv").set_index("duplicate_group")
    assert set(golden.index) == {groups[no] for no in rows.index}
    assert golden.loc[groups["p3"], "group_rows"] == 2
    pairs = {tuple(row[:2]) for row in pd.read_csv("pairs.csv").itertuples(index=False)}
    assert ("p3", "p43") in pairs
    page = Path("page.html").read_text()
    assert "p43" in page
    assert str(rows["city"].iloc[0]) not in page
    other = run("duplicates", "people", "--threshold", 0.9)
    assert (other.exit_code, "--threshold is for an index" in other.stderr) == (2, True)


def test_rows_are_removed_by_their_columns_as_they_were_given(people: Path) -> None:
    city = pd.read_csv(people)["city"][0]
    there = int((pd.read_csv(people)["city"] == city).sum())
    gone = run("remove", "people", "--where", f"city = '{city}' AND no <> 'p40'")
    assert f"removed {there - 1} row" in gone.stdout
    assert RecordBase.open("people").groups()["p40"] == 0
    assert "nothing was removed" in run("remove", "people", "--where", "city = 'Nowhere'").stdout
    wrong = run("remove", "people", "--where", "town = 'York'")
    assert (wrong.exit_code, "no stored column 'town'" in wrong.stderr) == (1, True)


def test_a_run_writes_what_dedupe_writes(people: Path) -> None:
    table = pd.read_csv(people, dtype=str)
    table.head(45).to_csv("first.csv", index=False)
    table.tail(5).to_csv("rest.csv", index=False)
    results = "--golden", "golden.csv", "--unique", "unique.csv", "--pairs", "pairs.csv"
    first = run("dedupe", "first.csv", "--id", "no", "--into", "new", "--kind", "record", *results)
    assert first.exit_code == 0, first.stderr
    assert len(pd.read_csv("golden.csv")) == len(pd.read_csv("unique.csv")) == 40
    assert len(pd.read_csv("pairs.csv")) == 5
    more = run("dedupe", "rest.csv", "--into", "new", *results, "--report", "page.html")
    assert "Wrote golden.csv: one row for each thing, of the best values" in more.stdout
    golden = pd.read_csv("golden.csv").set_index("duplicate_group")
    assert golden["group_rows"].tolist() == [2] * 10 + [1] * 30
    assert set(pd.read_csv("pairs.csv")["right_id"]) == {"p45", "p46", "p47", "p48", "p49"}
    assert "p49" in Path("page.html").read_text()


def test_the_threshold_of_a_base_follows_from_a_precision(people: Path) -> None:
    made = run("dedupe", people, "--id", "no", "--into", "sure", "--precision", "0.99")
    assert "for precision 0.99" in made.stdout
    assert RecordBase.open("sure").manifest.threshold != 0.5
    both = run("dedupe", people, "--into", "other", "--precision", "0.9", "--threshold", "0.9")
    assert both.exit_code != 0


def test_what_is_no_table_of_records_is_refused(people: Path) -> None:
    Path("texts.txt").write_text("How do I pay?\nWhere is my parcel?\nHow can I pay?\n")
    refused = run("dedupe", "texts.txt", "--into", "texts")
    assert refused.exit_code == 1
    assert "texts.txt holds texts, and --into keeps groups of records" in refused.stderr
    assert not Path("indexes/texts.groups").exists()


def test_a_run_whose_results_cannot_be_written_does_not_count(people: Path) -> None:
    Path("rules.toml").write_text('[columns]\ncolour = "longest"\n')
    golden = "--golden", "golden.csv", "--golden-rules", "rules.toml"
    pd.read_csv(people, dtype=str).tail(1).assign(no="q").to_csv("new.csv", index=False)
    for into in ("people", "other"):
        wrong = run("dedupe", "new.csv", "--into", into, *golden)
        assert (wrong.exit_code, "no column 'colour'" in wrong.stderr) == (1, True)
    assert RecordBase.open("people").runs == (1,)
    assert not Path("indexes/other.groups").exists()
    assert not Path("golden.csv").exists()


def test_labels_of_its_report_are_obeyed(people: Path) -> None:
    run("duplicates", "people", "--report", "page.html", "-q")
    assert "simsearch dedupe --into people --labels labels.csv" in Path("page.html").read_text()
    Path("labels.csv").write_text("left_id,right_id,same\np0,p40,0\n")
    told = run("dedupe", "--into", "people", "--labels", "labels.csv")
    assert "run 2 of people: the labels hold; 1 row was split off" in told.stdout
    groups = RecordBase.open("people").groups()
    assert groups["p0"] != groups["p40"]
    both = run("dedupe", people, "--into", "people", "--labels", "labels.csv")
    assert (both.exit_code, "let the new rows join first" in both.stderr) == (2, True)


def test_rows_are_removed_compacted_and_the_removal_taken_back(people: Path) -> None:
    gone = run("remove", "people", "--id", "p0", "--id", "p40")
    assert "removed 2 rows; 48 are left" in gone.stdout
    assert run("dedupe", "--into", "people", "--undo", 2).exit_code == 0
    assert len(RecordBase.open("people")) == 50
    run("remove", "people", "--id", "p0")
    assert "49 rows in the place of 2 runs" in run("compact", "people").stdout
    missing = run("remove", "people", "--id", "p0")
    assert (missing.exit_code, "'p0'" in missing.stderr) == (1, True)


def test_info_says_what_a_base_is(people: Path) -> None:
    shown = run("info", "people").stdout
    assert "40, 10 of them of several rows" in shown
    assert "first_name" in shown
    told = json.loads(run("info", "people", "--format", "json").stdout)
    assert (told["rows"], told["groups"], told["runs"]) == (50, 40, [1])
    # What takes an index alone says that the name is a base's.
    other = run("check", "people")
    assert (other.exit_code, "a base of groups has that name" in other.stderr) == (1, True)
    twice = run("dedupe", people, "--into", "people", "--undo", 1)
    assert (twice.exit_code, "SOURCE does not go with --undo" in twice.stderr) == (2, True)


def test_bases_are_listed_beside_indexes(people: Path) -> None:
    Index.create("towns", people, id="no", columns=["city"])
    lines = run("info").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["towns", "people.groups"]
    assert "50 rows" in lines[1]
    told = json.loads(run("info", "--format", "json").stdout)[1]
    assert (told["name"], told["kind"], told["rows"]) == ("people.groups", "groups", 50)
    # A base that cannot be read keeps the others from nothing.
    (people.parent / "indexes" / "people.groups" / "base.json").write_text("{}")
    broken = run("info")
    assert (broken.exit_code, broken.stdout.split()[0]) == (0, "towns")
    assert "base.json cannot be read" in broken.stderr


def test_groups_and_log_of_a_base_are_exported(people: Path, tmp_path: Path) -> None:
    told = run("export", "people", "-o", "groups.csv")
    assert "Wrote 50 rows with their groups to groups.csv" in told.stdout
    rows = pd.read_csv("groups.csv")
    assert dict(zip(rows["id"], rows["duplicate_group"], strict=True)) == (
        RecordBase.open("people").groups()
    )
    run("remove", "people", "--id", "p0")
    assert run("export", "people", "-o", "-", "--log").stdout.splitlines()[0] == (
        "run,action,id,group,before"
    )
    run("export", "people", "-o", "log.csv", "--log", "-q")
    assert pd.read_csv("log.csv")["action"].tolist() == ["remove"]
    refused = run("export", "people", "-o", "x.parquet", "--vectors")
    assert (refused.exit_code, "--vectors is for an index" in refused.stderr) == (2, True)
    Index.create("towns", people, id="no", columns=["city"])
    refused = run("export", "towns", "-o", "x.simsearch", "--log")
    assert (refused.exit_code, "--log is for a base" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compact", "people", "--prune"], "--prune is for an index"),
        (["info", "people", "--versions"], "--versions is for an index"),
        (["query", "people", "smith"], "one of --record, --like and --file"),
        (["query", "people", "--record", '{"last_name": "x"}', "-k", "3"], "-k is for an index"),
    ],
)
def test_what_is_for_an_index_alone_is_refused(people: Path, words: list[str], told: str) -> None:
    refused = run(*words)
    assert (refused.exit_code, told in refused.stderr) == (2, True)
    assert people.exists()


def test_of_an_index_and_a_base_of_one_name_the_ending_means_the_base(people: Path) -> None:
    Index.create("people", people, id="no")
    both = run("remove", "people", "--id", "p1")
    assert "the base of that name is people.groups" in both.stderr
    assert len(Index.open("people")) == 49
    assert len(RecordBase.open("people")) == 50
    assert run("remove", "people.groups", "--id", "p1").exit_code == 0
    assert len(RecordBase.open("people")) == 49
    nobody = run("remove", "nobody.groups", "--id", "p1")
    assert (nobody.exit_code, "no base" in nobody.stderr) == (1, True)
