"""Search by meaning and by words at once, through an index of texts."""

from pathlib import Path

import numpy as np
import pytest

from simsearch import Index
from simsearch.errors import OptionError
from simsearch.store.search.hybrid import BY

LINES = [
    "the service failed with error 0x80070057",
    "the service failed with error 0x80070058",
    "resetting a forgotten password",
    "a cat sits on the roof",
    "ships on the open sea",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index.create("lines", LINES, indexes=tmp_path_factory.mktemp("indexes"))


def first(index: Index, text: str, **options) -> str:
    return str(index.query(text, 1, **options)[0].metadata["text"])


@pytest.mark.parametrize("row", [0, 1])
def test_a_code_is_found_first(index: Index, row: int) -> None:
    code = LINES[row].split()[-1]
    assert first(index, f"what does error {code} mean and how do I fix it?") == LINES[row]
    assert index.query(code, 2)[0].words == (code,)


def test_a_paraphrase_is_found_too(index: Index) -> None:
    assert first(index, "how do I change my login credentials?") == LINES[2]
    assert first(index, "kitten") == LINES[3]


def test_words_that_are_in_any_question_find_nothing_alone(tmp_path: Path) -> None:
    lines = ["Is there a student discount?", "My parcel has not arrived yet", "The item is broken"]
    index = Index.create("questions", lines, indexes=tmp_path)
    assert first(index, "package is late") == lines[1]
    assert next(iter(index.query_batch(["package is late"], 3))).matches == tuple(
        index.query("package is late", 3)
    )


def test_the_ways(index: Index) -> None:
    assert index.query("kitten", 3, by="words") == []
    assert [match.words for match in index.query("the cat", by="words")] == [
        ("cat", "the"),
        *[("the",)] * 3,
    ]
    vectors = index.query("the cat", 5, by="vectors")
    assert all(not match.words for match in vectors)
    assert index.query("the cat", 5, min_score=-1) == vectors
    both = {match.id: match.score for match in index.query("the cat", 5)}
    words = {match.id: match.score for match in index.query("the cat", 5, by="words")}
    for match in vectors:
        mean = (match.score + words.get(match.id, 0)) / 2
        assert both[match.id] == pytest.approx(mean, abs=1e-6)
    high = index.query("the cat", None, min_score=0.4, by="both")
    assert {match.id for match in high} == {name for name, score in both.items() if score >= 0.4}


def test_conditions_and_batches(index: Index) -> None:
    found = index.query("error 0x80070057", 3, where="text NOT LIKE '%57'")
    assert "0x80070057" not in {word for match in found for word in match.words}
    batch = list(index.query_batch(["kitten", "", "open sea"], 2))
    assert [each.matches[0].metadata["text"] for each in batch if each.matches] == [
        LINES[3],
        LINES[4],
    ]
    assert batch[0].matches == tuple(index.query("kitten", 2))


def test_it_follows_changes(tmp_path: Path) -> None:
    index = Index.create("lines", LINES, indexes=tmp_path)
    index.update([*LINES[1:], "a boat with the number x9z8"])
    assert first(index, "x9z8") == "a boat with the number x9z8"
    assert all("0x80070057" not in match.metadata["text"] for match in index.query("0x80070057"))
    assert first(Index.open("lines", tmp_path).compact(), "x9z8").endswith("x9z8")


def test_a_document_is_one_answer(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    long = "The sea is wide and blue. " * 120 + "A lighthouse called zq77k stands there."
    (tmp_path / "docs" / "long.txt").write_text(long)
    (tmp_path / "docs" / "short.txt").write_text("The harbour and the sea.")
    index = Index.create("manual", tmp_path / "docs", kind="text", indexes=tmp_path)
    assert len(index) > 3
    found = index.query("the blue sea")
    assert [match.metadata["document"] for match in found] == ["long.txt", "short.txt"]
    assert "zq77k" in index.query("zq77k", 1)[0].metadata["text"]


def test_words_of_a_document_may_be_spread_over_its_passages(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    filler = [f"filler{place}" for place in range(900)]
    for place, word in ((20, "zebra"), (450, "quartz"), (880, "violin")):
        filler[place] = word
    (folder / "spread.txt").write_text(" ".join(filler))
    for number in range(6):
        words = [f"other{number}x{place}" for place in range(900)]
        words[5 * number] = "zebra"
        (folder / f"other{number}.txt").write_text(" ".join(words))
    index = Index.create("spread", folder, kind="text", indexes=tmp_path)
    for by in ("words", "both"):
        (first,) = index.query("zebra quartz violin", 1, by=by)
        assert first.metadata["document"] == "spread.txt"
        assert first.score <= 1


def test_what_is_refused(index: Index, tmp_path: Path) -> None:
    assert set(BY) == {"both", "vectors", "words"}
    with pytest.raises(OptionError, match="not by 'magic'"):
        index.query("cat", by="magic")
    vectors = Index.create("v", np.eye(3, dtype=np.float32), indexes=tmp_path)
    with pytest.raises(OptionError, match="texts that are compared by cosine"):
        vectors.query([1.0, 0, 0], by="words")
