"""Indexes, an archive and encoders as they were written before the rooms were redrawn.

`old_format/made.zip` was written by the last commit of the old rooms: an index of each kind, the
sources and encoders that they were made of, and an archive; `answers.json` has what each answered.
"""

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch import Index, load_encoder
from simsearch.schema import Match

HERE = Path(__file__).parent / "old_format"
ANSWERS: dict[str, dict[str, Any]] = json.loads((HERE / "answers.json").read_text("utf-8"))


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with zipfile.ZipFile(HERE / "made.zip") as made:
        made.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(matches: Sequence[Match]) -> list[tuple[str | int, float]]:
    return [(match.id, pytest.approx(match.score, abs=2e-5)) for match in matches]


def by_score(matches: Sequence[Match], k: int) -> list[Match]:
    """The first k by their score alone."""
    return sorted(matches, key=lambda match: -match.score)[:k]


def item_of(answer: dict[str, Any]) -> Any:
    dtype = answer["dtype"]
    return answer["item"] if dtype is None else np.array(answer["item"], dtype)


def assert_answers(index: Index, answer: dict[str, Any]) -> None:
    item = item_of(answer)
    assert len(index) == answer["length"]
    assert index.vectors.settings.item_kind == answer["kind"]
    # Words did not count when it was made.
    by = {"by": "vectors"} if answer["kind"] == "text" else {}
    # Nor were records ranked by their fields.
    many = answer["kind"] == "record"
    found = index.query(item, len(index) if many else 4, **by)
    assert shown(by_score(found, 4) if many else found) == [tuple(x) for x in answer["query"]]
    best = index.query(item, 1, **by)[0]
    assert best.metadata == answer["metadata"]
    alike = index.query_like(best.id, len(index) - 1 if many else 3)
    assert shown(by_score(alike, 3) if many else alike) == [tuple(x) for x in answer["like"]]
    assert sorted(index.info().stored_columns) == answer["columns"]
    assert (index.calibration is not None) == answer["calibrated"]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_old_index_answers_as_it_did(name: str, old: Path) -> None:
    assert_answers(Index.open(name, old / "indexes"), ANSWERS[name])


@pytest.mark.parametrize("name", ANSWERS)
def test_an_old_index_is_brought_up_to_date(name: str, old: Path) -> None:
    """Its own source changes nothing; a source with less removes what is gone."""
    answer = ANSWERS[name]
    source, options = old / "sources" / answer["source"], answer["options"]
    index = Index.open(name, old / "indexes")
    done = index.update(source, **options)
    assert (done.added, done.replaced, done.removed) == (0, 0, 0)
    assert done.unchanged == answer["length"]
    assert_answers(index, answer)
    if source.suffix == ".npy":
        array = np.load(source)
        array[1] = array[0]
        np.save(source, array[:-2])
        if "ids" in options:
            ids = Path(options["ids"])
            ids.write_text("\n".join(ids.read_text().splitlines()[:-2]))
    else:
        lines = source.read_text("utf-8").splitlines()
        lines[2] = lines[1].replace("c00", "c01")
        source.write_text("\n".join(lines[:-2]) + "\n", "utf-8")
    done = index.update(source, **options)
    assert (done.added, done.replaced, done.removed) == (0, 1, 2)
    assert len(Index.open(name, old / "indexes")) == answer["length"] - 2


@pytest.mark.parametrize("name", ANSWERS)
def test_an_old_index_is_made_again_from_its_source(name: str, old: Path) -> None:
    """By the encoder that is in it: the same answers."""
    answer = ANSWERS[name]
    if not (old / "indexes" / name / "encoders").is_dir():
        pytest.skip("its vectors are the user's own")
    index = Index.open(name, old / "indexes")
    dimension = index.vectors.settings.dimension
    cut = {} if name != "short" else {"dim": dimension}
    done = index.re_embed(old / "sources" / answer["source"], **answer["options"], **cut)
    assert (done.added, done.embedded, done.removed) == (0, answer["length"], 0)
    assert_answers(index, {**answer, "calibrated": index.calibration is not None})


@pytest.mark.parametrize("kind", ["image", "signal", "text", "vector"])
def test_an_old_encoder_is_loaded_with_its_calibration(kind: str, old: Path) -> None:
    encoder = load_encoder(old / "encoders" / kind)
    assert encoder.kind == kind
    assert encoder.calibration is not None
    assert encoder.calibration.threshold("accuracy").score == 0.8
    encoder.save(old / "again")
    assert load_encoder(old / "again").fingerprint == encoder.fingerprint


def test_an_old_archive_is_an_index(old: Path) -> None:
    shutil.rmtree(old / "indexes")
    index = Index.import_archive("archives/sentences.simsearch", indexes=old / "indexes")
    assert_answers(index, ANSWERS["sentences"])
