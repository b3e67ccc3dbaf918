"""`simsearch index` and `query` for vectors, from the outside."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main

VECTORS = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
UNIT = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with vectors in several files."""
    monkeypatch.chdir(tmp_path)
    np.save("vectors.npy", VECTORS)
    np.save("queries.npy", VECTORS[:2])
    np.save("short.npy", VECTORS[:, :3])
    np.save("bits.npy", np.random.default_rng(4).integers(0, 256, (20, 2), np.uint8))
    Path("words.txt").write_text("".join(f"w{n}\n" for n in range(30)))
    Path("some.csv").write_text("a,b\n1,2\n")
    columns = {"doi": [f"10/{n}" for n in range(30)], "year": range(2000, 2030)}
    pq.write_table(
        pa.table({**columns, "one": list(VECTORS), "two": list(-VECTORS)}), "papers.parquet"
    )
    return tmp_path


@pytest.fixture
def words(folder: Path) -> Path:
    assert run("index", "vectors.npy", "-n", "words", "--ids", "words.txt", "-q").output == ""
    return folder


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=stdin)


def test_vectors_are_indexed_and_asked(words: Path) -> None:
    result = run("index", "vectors.npy", "-n", "again", "--ids", "words.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Indexed 30 items as 'again' (flat, cosine)\n")
    assert result.stdout.endswith("Search it: simsearch query again --like ID\n")
    scores = UNIT @ UNIT[3]
    order = [f"w{n}" for n in np.argsort(-scores)[1:]]
    found = json.loads(run("query", "words", "--like", "w3", "--format", "json").stdout)
    assert [match["id"] for match in found] == order[:10]
    close = json.loads(
        run("query", "words", "--like", "w3", "--within", 0.1, "--format", "json").stdout
    )
    assert {match["id"] for match in close} == {
        f"w{n}" for n in np.flatnonzero(scores >= 0.1) if n != 3
    }
    text = run("info", "words").stdout
    for part in ("30 vectors", "texts given with the vectors", "none: the vectors are the user's"):
        assert part in text
    assert "compared" not in text


@pytest.mark.parametrize("file", ["queries.npy", "queries.parquet", "-"])
def test_a_file_of_vectors_asks(words: Path, file: str) -> None:
    queries = pa.table({"v": list(VECTORS[:2]), "name": ["x", "y"]})
    pq.write_table(queries, "queries.parquet")
    stdin = Path("queries.npy").read_bytes() if file == "-" else None
    result = run("query", "words", "--file", file, "-k", 1, "--format", "csv", stdin=stdin)
    assert result.stderr == ""
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert [row[:2] for row in rows] == [["query", "id"], ["0", "w0"], ["1", "w1"]]


def test_ids_and_columns_of_parquet(folder: Path) -> None:
    index = ["index", "papers.parquet", "-n", "papers", "--vectors", "one", "--id", "doi"]
    assert run(*index, "-q").output == ""
    table = run("query", "papers", "--like", "10/3", "-k", 2, "--where", "year < 2003").stdout
    assert table.splitlines()[0].split()[:3] == ["id", "score", "year"]
    lines = run(
        *("query", "papers", "--file", "papers.parquet", "--vectors", "two", "--id", "doi"),
        *("-k", 1, "--format", "json"),
    ).stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["query"] for answer in answers] == [f"10/{n}" for n in range(30)]
    for answer, vector in zip(answers, UNIT, strict=True):
        assert answer["matches"][0]["id"] == f"10/{np.argmin(UNIT @ vector)}"


def test_bits(folder: Path) -> None:
    assert run("index", "bits.npy", "-n", "bits", "--metric", "hamming", "-q").output == ""
    bits = np.load("bits.npy")
    differ = np.unpackbits(bits ^ bits[5], axis=1).sum(axis=1)
    found = run("query", "bits", "--like", 5, "--within", 6, "--format", "json").stdout
    assert {match["id"] for match in json.loads(found)} == {
        n for n in np.flatnonzero(differ <= 6).tolist() if n != 5
    }
    assert run("query", "bits", "--file", "bits.npy", "-k", 1, "--format", "csv").exit_code == 0


def test_an_update_writes_what_changed(words: Path) -> None:
    changed = VECTORS.copy()
    changed[4] += 1
    np.save("vectors.npy", changed[:-1])
    Path("words.txt").write_text("".join(f"w{n}\n" for n in range(29)))
    update = ["index", "vectors.npy", "-n", "words", "--update"]
    result = run(*update, "--ids", "words.txt")
    assert result.stdout == ("Added 0, replaced 1, removed 1, left 28 alone: 29 items in 'words'\n")
    result = run(*update)
    assert result.exit_code == 1
    assert "come" in result.stderr
    assert "without; say where they are (--ids)" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["query", "words", "house"], "holds vectors without an encoder"),
        (
            ["query", "words", "--record", '{"a": 1}'],
            "ask by an item (simsearch query NAME --like ID)",
        ),
        (["query", "words", "--file", "short.npy"], "3 numbers, and those of index 'words' 4"),
        (["query", "words", "--file", "some.csv"], "some.csv: no column holds vectors"),
        (["query", "words", "--like", "w99"], "no item with the id 'w99'"),
        (["index", "short.npy", "-n", "words", "--update", "--ids", "words.txt"], "3 numbers"),
        (["index", "some.csv", "-n", "words", "--update"], "no column holds vectors"),
        (["index", "vectors.npy", "-n", "words"], "already; replace it (--overwrite)"),
        (["index", "vectors.npy", "-n", "x", "--metric", "hamming"], "bits come as uint8"),
        (["index", "bits.npy", "-n", "x", "--engine", "pq", "--metric", "hamming"], "take binary"),
        (["index", "vectors.npy", "-n", "x", "--engine", "binary"], "cosine"),
        (["index", "vectors.npy", "-n", "x", "--kind", "record"], "is a NumPy array and no table"),
        (["index", "vectors.npy", "-n", "x", "--ids", "some.csv"], "holds 2 ids, and vectors.npy"),
        (["index", "vectors.npy", "-n", "x", "--ids", "no.txt"], "no.txt: no such file"),
        (["index", "vectors.npy", "-n", "x", "--id", "a"], "an array has no columns"),
        (["index", "vectors.npy", "-n", "x", "--vectors", "a"], "an array has no columns"),
        (["index", "papers.parquet", "-n", "x", "--vectors", "emb"], "has no column 'emb'"),
        (["index", "no.npy", "-n", "x"], "no.npy: no such file"),
        (["index", "vectors.npy", "-n", "x", "--memory", "20"], "allow more"),
    ],
)
def test_failures_are_one_line(words: Path, arguments: list[str], error: str) -> None:
    before = sorted(words.rglob("*"))
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert error in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(words.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--columns", "a"], "--columns is no option for vectors without an encoder"),
        (["--ignore", "a"], "--ignore is no option for vectors"),
        (["--column", "a"], "--column is no option for vectors"),
        (["--dim", "2"], "only the embeddings of an encoder can be cut"),
        (["--table", "a"], "--table is no option for an array"),
        (["--kind", "record", "--ids", "words.txt"], "--ids is no option for records"),
    ],
)
def test_options_of_other_items_are_refused(folder: Path, arguments: list[str], error: str) -> None:
    result = run("index", "vectors.npy", "-n", "x", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert error in result.stderr
