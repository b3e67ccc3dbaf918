"""`simsearch index`, `query`, `remove` and `info` from the outside."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main

PEOPLE = """key,name,city,born
a1,Jon Smith,Leeds,1980-01-02
b2,John Smyth,Leeds,
c3,"O'Neill, Ann",York,1975-12-31
d4,Ольга Иванова,Казань,1990-06-01
e5,"Zoë ""Weg"" Krüger",Köln,-
"""


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIMSEARCH_INDEXES", str(tmp_path / "indexes"))
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


@pytest.fixture
def indexed(people: Path) -> Path:
    assert run("index", people, "-n", "people", "--id", "key", "-q").output == ""
    return people


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=stdin)


def matches(*arguments: object) -> list[tuple[str, float]]:
    """Ids and scores that a query prints as JSON."""
    result = run("query", "people", *arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return [(match["id"], match["score"]) for match in json.loads(result.stdout)]


def test_index_says_what_it_made(people: Path) -> None:
    result = run("index", people, "-n", "people", "--id", "key")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Indexed 5 items as 'people' (flat, cosine)" in result.stdout
    assert "Search it: simsearch query people TEXT" in result.stdout


@pytest.mark.parametrize(
    ("source", "name"),
    [("people.csv", "people"), ("./people.csv", "people"), ("all/", "all"), (".", "2024")],
)
def test_an_index_is_called_as_its_source(
    source: str, name: str, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = people.parent / "2024"
    (year / "all").mkdir(parents=True)
    for folder in (year, year / "all"):
        (folder / "a.txt").write_text("a first text")
    people.rename(year / people.name)
    monkeypatch.chdir(year)
    kind = [] if source.endswith(".csv") else ["--kind", "text"]
    result = run("index", source, *kind)
    assert result.exit_code == 0, result.output
    assert f"as '{name}'" in result.stdout


@pytest.mark.parametrize("source", ["-", "sqlite:///people.db", "_people.csv"])
def test_a_source_that_has_no_name(source: str, people: Path) -> None:
    result = run("index", source, stdin="name\nJon\n")
    assert result.exit_code == 2
    assert "say what to call the index: -n NAME" in result.stderr


def test_a_record_a_text_and_an_item(indexed: Path) -> None:
    record = '{"name": "Jon Smiht", "city": "Leeds"}'
    assert [found[0] for found in matches("--record", record, "-k", 2)] == ["a1", "b2"]
    assert matches("jon", "smiht", "leeds", "-k", 1) == matches("jon smiht leeds", "-k", 1)
    assert matches("иванова", "-k", 1)[0][0] == "d4"
    assert [found[0] for found in matches("--like", "a1", "-k", 1)] == ["b2"]
    scores = [score for _, score in matches("smith")]
    assert scores == sorted(scores, reverse=True)
    assert matches("smith", "--min-score", 0.3) == [m for m in matches("smith") if m[1] >= 0.3]


def test_where(indexed: Path) -> None:
    assert matches("smith", "--where", "city = 'York'")[0][0] == "c3"
    assert matches("smith", "--where", "city = 'Rome'") == []
    result = run("query", "people", "smith", "--where", "town = 'York'")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot filter by \"town = 'York'\": there is no stored column 'town'" in result.stderr


def test_within_finds_all_that_are_as_close(indexed: Path) -> None:
    several = matches("smith", "-k", 5)
    score = several[2][1] - 1e-6
    assert matches("smith", "--within", score) == several[:3]
    like = matches("--like", "a1", "--within", -1)  # by score; the best k are ordered by fields
    assert sorted(f[0] for f in like) == sorted(f[0] for f in matches("--like", "a1", "-k", 9))
    assert matches("smith", "--within", 2) == []
    assert matches("smith", "--within", -1, "--where", "city = 'York'")[0][0] == "c3"


def test_an_update_with_a_column_renamed_is_refused(indexed: Path) -> None:
    before = matches("smith")
    indexed.write_text(PEOPLE.replace("key,name,", "key,full_name,"), "utf-8")
    result = run("index", indexed, "-n", "people", "--update")
    assert result.exit_code == 1
    assert "has no column 'name', by which 'people' compares; nearest: 'full_name'" in result.stderr
    assert "--overwrite" in result.stderr
    assert matches("smith") == before


def test_how_a_file_is_read_can_be_said(people: Path) -> None:
    people.write_bytes("Report\n1^J\u00fcrgen^K\u00f6ln\n2^Ann^Bath\n".encode("cp437"))
    said = ["--delimiter", "^", "--encoding", "cp437", "--skip-rows", "1", "--no-header"]
    assert run("index", people, "-n", "people", "--id", "column_1", "-q", *said).output == ""
    found = run("query", "people", "jurgen", "-k", "1", "--format", "json")
    assert "K\u00f6ln" in json.dumps(json.loads(found.stdout)[0], ensure_ascii=False)


def test_an_update_says_what_it_did(indexed: Path) -> None:
    indexed.write_text(PEOPLE.replace("Leeds", "Hull", 1).replace("c3,", "z3,"), "utf-8")
    result = run("index", indexed, "-n", "people", "--update")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == ("Added 1, replaced 1, removed 1, left 3 alone: 5 items in 'people'\n")
    assert run("index", indexed, "-n", "people", "--update", "-q").output == ""
    assert {found[0] for found in matches("smith")} == {"a1", "b2", "z3", "d4", "e5"}


def test_versions(indexed: Path) -> None:
    run("remove", "people", "--id", "a1")
    lines = run("info", "people", "--versions").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert "a small change" in lines[1]
    assert [
        v["number"]
        for v in json.loads(run("info", "people", "--versions", "--format", "json").stdout)
    ] == [1, 2]
    assert "a1" in {found[0] for found in matches("jon smith", "--version", 1)}
    assert "a1" not in {found[0] for found in matches("jon smith")}


def test_formats(indexed: Path) -> None:
    table = run("query", "people", "krüger", "-k", 1).stdout.splitlines()
    assert table[0].split() == ["id", "score", "name", "city", "born"]
    assert table[1].startswith("e5  0.")
    assert 'Zoë "Weg" Krüger' in table[1]
    header, row = csv.reader(
        io.StringIO(run("query", "people", "krüger", "-k", 1, "--format", "csv").stdout)
    )
    assert header == ["id", "score", "key", "name", "city", "born"]
    assert (row[0], row[2:]) == ("e5", ["e5", 'Zoë "Weg" Krüger', "Köln", "-"])
    (match,) = json.loads(run("query", "people", "krüger", "-k", 1, "--format", "json").stdout)
    assert match["metadata"] == dict(zip(header[2:], row[2:], strict=True))
    none = ["query", "people", "krüger", "--min-score", 2]
    assert run(*none).stdout == "no match\n"
    assert json.loads(run(*none, "--format", "json").stdout) == []
    assert run(*none, "--format", "csv").stdout == "id,score,key,name,city,born\n"


def test_a_file_of_queries(indexed: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("no,name\nx,ann oneill\ny,\nz,jon smith\n")
    rows = list(
        csv.DictReader(
            io.StringIO(run("query", "people", "--file", more, "-k", 1, "--format", "csv").stdout)
        )
    )
    assert [(row["query"], row["id"]) for row in rows] == [("0", "c3"), ("2", "a1")]
    lines = run(
        "query", "people", "--file", more, "--id", "no", "-k", 2, "--format", "json"
    ).stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert [(a["query"], len(a["matches"])) for a in answers] == [("x", 2), ("y", 0), ("z", 2)]
    table = run("query", "people", "--file", "-", "-k", 1, stdin=more.read_text()).stdout
    assert table.startswith("query 0\nid ")
    assert "query 1\nno match\n" in table


def test_rows_that_cannot_be_read_are_left_out_aloud(people: Path) -> None:
    with people.open("a") as file:
        file.write("f6,x,y,z,too many\n" + "".join(f"g{n},Ann {n},York,\n" for n in range(20)))
    result = run("index", people, "-n", "people")
    assert result.exit_code == 0
    assert "Warning: 1 row could not be read and is left out\n  line 7: " in result.stderr
    assert "Indexed 25 items" in result.stdout
    result = run("query", "people", "--file", people, "--format", "csv", "-k", 1)
    assert "Warning: 1 row of " in result.stderr
    assert "line 7" in result.stderr


def test_remove(indexed: Path) -> None:
    result = run("remove", "people", "--id", "a1", "--id", "b2")
    assert result.stdout == "Removed 2 items; 3 are left\n"
    assert (
        run("remove", "people", "--where", "city = 'York'").stdout == "Removed 1 item; 2 are left\n"
    )
    assert {found[0] for found in matches("smith")} == {"d4", "e5"}
    result = run("remove", "people", "--id", "a1")
    assert result.stderr == "Error: index 'people' has no item with the id 'a1'\n"
    assert run("remove", "people").exit_code == 2


def test_info(indexed: Path, tmp_path: Path) -> None:
    text = run("info", "people").stdout
    for part in ("5 records", "flat of 5", "name, city, born", "key", "cosine", str(indexed)):
        assert part in text
    assert json.loads(run("info", "people", "--format", "json").stdout)["items"] == 5
    assert run("info").stdout.startswith("people           5 records")
    assert [index["name"] for index in json.loads(run("info", "--format", "json").stdout)] == [
        "people"
    ]
    nowhere = run("info", "--indexes", tmp_path / "nowhere")
    assert nowhere.stdout.startswith("No index in ")
    (manifest,) = (tmp_path / "indexes").rglob("0*.json")
    manifest.write_text("x")
    result = run("info")
    assert result.exit_code == 0
    assert "0000000001.json is damaged" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["query", "persons", "x"], "there is no index 'persons' in "),
        (["query", "persons", "x"], "; there is 'people'"),
        (["query", "../people", "x"], "'../people' cannot be the name of an index"),
        (["query", "people", "--like", "zz"], "index 'people' has no item with the id 'zz'"),
        (["query", "people", "--record", '{"nam": "x"}'], "no column 'nam'; nearest: 'name'"),
        (["query", "people", "--record", "{}"], "none of the columns that are compared: "),
        (["query", "people", "..."], "there is nothing in '...' to compare"),
        (["query", "people", "--file", "no.csv"], "no.csv"),
        (
            ["query", "people", "x", "--indexes", "nowhere"],
            "no index 'people' in nowhere; make one",
        ),
        (["info", "persons"], "there is no index 'persons' in "),
        (["remove", "people", "--where", "1 = 1; SELECT 1"], "cannot filter by "),
        (["index", "{people}", "-n", "people"], "already; replace it (--overwrite)"),
        (["index", "{people}", "-n", "a/b"], "'a/b' cannot be the name of an index"),
        (["index", "{people}", "-n", "x", "--id", "kee"], "no column 'kee'; nearest: 'key'"),
        (["index", "{people}", "-n", "x", "--encoder", "no"], "no/encoder.json"),
        (["index", "no.csv", "-n", "x"], "no.csv"),
        (
            ["index", "{people}", "-n", "x", "--engine", "pq", "--metric", "manhattan"],
            "take flat or ivf",
        ),
        (["index", "{people}", "-n", "x", "--indexes", "{people}"], "Not a directory"),
        (
            ["index", "{people}", "-n", "x", "--metric", "hamming"],
            "compares bits, and records become numbers; take cosine, inner_product, euclidean or",
        ),
        (["index", "{people}", "-n", "x", "--memory", "10"], "allow more"),
        (["index", "{people}", "-n", "x", "--kind", "vector"], "no column holds vectors"),
        (["index", "{people}", "-n", "persons", "--update"], "there is no index 'persons'"),
        (
            ["index", "{people}", "-n", "people", "--update", "--id", "name"],
            "come from column 'key', and these from column 'name'",
        ),
        (["query", "people", "x", "--version", "7"], "7; there are 1 to 1"),
        (["query", "people", "x", "--version", "1", "--salvage"], "give no version"),
        (
            ["query", "people", "--file", "people.csv", "--vectors", "v"],
            "--vectors is no option for",
        ),
        (
            ["index", "people.csv", "-n", "people", "--update", "--ids", "a"],
            "--ids is no option for",
        ),
    ],
)
def test_failures_are_one_line(indexed: Path, arguments: list[str], error: str) -> None:
    result = run(
        *(
            argument.format(people=indexed) if argument.startswith("{people") else argument
            for argument in arguments
        )
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert error in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["query", "people"], "give one of TEXT, --record, --like and --file"),
        (["query", "people", "x", "--like", "a1"], "give one of TEXT, --record, --like and --file"),
        (["query", "people", "x", "--id", "key"], "--id names a column of --file"),
        (["query", "people", "x", "-k", "0"], "0 is not in the range x>=1"),
        (["query", "people", "--record", '{"name" "x"}'], "from line 1, column 9 on"),
        (["query", "people", "--record", '{"name": NaN}'], "NaN is no JSON number"),
        (["query", "people", "--record", '["x"]'], "a record is a JSON object"),
        (["query", "people", "--record", "[" * 100_000], "no JSON"),
        (["index", "x.csv", "-n", "x", "--columns", "a", "--ignore", "b"], "exclude each other"),
        (["query", "people", "x", "--within", "0", "-k", "3"], "--within and -k exclude each"),
        (["query", "people", "x", "--within", "0", "--min-score", "0"], "exclude each other"),
        (["query", "people", "x", "--vectors", "v"], "--vectors names a column of --file"),
        (["index", "x.csv", "-n", "x", "--engine", "nonsense"], "'nonsense' is none of auto, flat"),
        (["index", "x.csv", "-n", "x", "--recall", "0"], "0.0 is not in the range"),
        (["index", "x.csv", "-n", "x", "--memory", "much"], "'much' is no size; write it as 2GiB"),
        (["index", "x.csv", "-n", "x", "--update", "--overwrite"], "exclude each other"),
        (
            ["index", "x.csv", "-n", "people", "--update", "--recall", "0.9"],
            "--recall is not for --update",
        ),
        (
            ["index", "x.csv", "-n", "people", "--update", "--ignore", "a"],
            "--ignore is not for --update",
        ),
        (["index", "x.csv", "-n", "x", "--metric", "song"], "'song' is not one of"),
        (["info", "--versions"], "need the NAME of an index"),
    ],
)
def test_wrong_usage(indexed: Path, arguments: list[str], error: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert error in result.stderr


def test_a_damaged_file_is_named(indexed: Path, tmp_path: Path) -> None:
    (vectors,) = (tmp_path / "indexes").rglob("vectors.f32")
    vectors.write_bytes(bytes(vectors.stat().st_size))
    result = run("query", "people", "smith")
    assert result.exit_code == 1
    assert f"{vectors} is damaged" in result.stderr


def test_overwrite(indexed: Path) -> None:
    indexed.write_text("key,name\nz9,New One\n")
    assert run("index", indexed, "-n", "people", "--id", "key", "--overwrite").exit_code == 0
    assert [found[0] for found in matches("new")] == ["z9"]


def test_nothing_steers_the_terminal(tmp_path: Path, people: Path) -> None:
    people.write_text("name,note\nAnn,\x1b[31mred\x07\n" + "Bob,plain\n")
    assert run("index", people, "-n", "people", "-q").exit_code == 0
    assert run("query", "people", "ann").stdout.isprintable() is False  # newlines alone
    assert set(run("query", "people", "ann").stdout) & set("\x1b\x07") == set()
