"""Another encoder for an index, and corrections, from the command line."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from simsearch.calibration.calibration import Calibration
from simsearch.calibration.fit import fit_calibration
from simsearch.commands import main
from simsearch.distance import Metric
from simsearch.evaluation.scores import pair_scores
from simsearch.kinds.loading import load_encoder
from simsearch.training.defaults import new_encoder

ITEMS, WIDTH = 200, 6


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def ran(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def made(folder: str, seed: int, vectors: np.ndarray, same_as: np.ndarray) -> None:
    """An encoder of vectors, not trained, with a calibration."""
    import torch

    torch.manual_seed(seed)
    encoder = new_encoder("vector", {"columns": [], "width": WIDTH})
    items = pa.table(
        {"vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), WIDTH)}
    )
    encoder.learn_scale(encoder.stack(items))
    encoder.save(Path(folder))
    left = np.arange(ITEMS)
    scores = pair_scores(encoder.encode(items), np.tile(left, 2), same_as, Metric.COSINE)
    calibration = fit_calibration(scores, np.arange(2 * ITEMS) < ITEMS, Metric.COSINE)
    calibration.save(folder, encoder.fingerprint)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`vectors.npy`, indexed as `v` by the encoder `old`; and the encoder `new`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIMSEARCH_INDEXES", raising=False)
    rng = np.random.default_rng(0)
    classes = rng.normal(size=(ITEMS // 2, WIDTH))
    vectors = (np.repeat(classes, 2, axis=0) + 0.1 * rng.normal(size=(ITEMS, WIDTH))).astype("f4")
    np.save("vectors.npy", vectors)
    left = np.arange(ITEMS)
    partner = np.concatenate([left ^ 1, (left + 2 * rng.integers(1, ITEMS // 2, ITEMS)) % ITEMS])
    made("old", 0, vectors, partner)
    made("new", 1, vectors, partner)
    ran("index", "vectors.npy", "-n", "v", "--encoder", "old")
    return tmp_path


def nearest(folder: Path) -> set[str]:
    del folder
    found = json.loads(ran("query", "v", "--like", "10", "-k", "1", "--format", "json"))
    return {match["id"] for match in found}


def test_migrate(folder: Path) -> None:
    before = nearest(folder)
    told = ran("index", "vectors.npy", "-n", "v", "--migrate", "--encoder", "new")
    for part in (
        "Aligned 200 items of 'v'",
        "not fitted to: cosine .",
        "--re-embed makes them",
    ):
        assert part.replace("cosine .", "cosine 0.") in told
    assert nearest(folder) == before
    assert "200 items aligned by a map from" in ran("info", "v")
    assert json.loads(ran("info", "v", "--format", "json"))["alignment"]["sample"] == 200
    asked = run("query", "v", "--file", "vectors.npy", "-k", "1", "--format", "csv")
    assert asked.stderr.startswith("Note: 200 items aligned by a map")
    assert "Note" not in asked.stdout


@pytest.mark.parametrize(
    "asked",
    [
        ("duplicates", "v", "--threshold", "accuracy", "-q"),
        ("anomalies", "v", "--against", "vectors.npy"),
    ],
    ids=["duplicates", "anomalies"],
)
def test_what_scores_aligned_vectors_says_so(folder: Path, asked: tuple[str, ...]) -> None:
    ran("index", "vectors.npy", "-n", "v", "--migrate", "--encoder", "new")
    result = run(*asked)
    assert result.exit_code == 0, result.stderr
    assert "Note: 200 items aligned by a map" in result.stderr
    assert "Note" not in result.stdout


def test_re_embed(folder: Path) -> None:
    before = nearest(folder)
    np.save("vectors.npy", np.load("vectors.npy")[:150])
    told = ran("index", "vectors.npy", "-n", "v", "--re-embed", "--encoder", "new")
    assert told == "Embedded 150 items: added 0, removed 50: 150 items in 'v'\n"
    assert nearest(folder) == before
    assert load_encoder(folder / "new").fingerprint in ran("info", "v")
    # Without --encoder it is the one of the index.
    assert "Embedded 150 items" in ran("index", "vectors.npy", "-n", "v", "--re-embed")


def test_what_does_not_go_together(folder: Path) -> None:
    del folder
    index = ("index", "vectors.npy", "-n", "v")
    for arguments, message in (
        (("--migrate",), "--migrate needs the new encoder"),
        (("--migrate", "--re-embed", "--encoder", "new"), "exclude each other"),
        (("--update", "--re-embed"), "exclude each other"),
        (("--re-embed", "--force"), "--force goes with --migrate"),
        (("--re-embed", "--recall", "0.9"), "--recall stays as the index was made"),
        (("--update", "--encoder", "new"), "see --migrate and --re-embed"),
    ):
        result = run(*index, *arguments)
        assert result.exit_code == 2
        assert message in result.stderr
    result = run(*index, "--migrate", "--encoder", "old")
    assert (result.exit_code, "has that encoder already" in result.stderr) == (1, True)


def test_corrections_count_at_once(folder: Path) -> None:
    lines = [f"{row},{row ^ 1},0" for row in range(40, 80)]
    Path("c.csv").write_text("\n".join(["left,right,same", *lines]) + "\n")
    fingerprint = load_encoder("old").fingerprint
    before = Calibration.load("old", fingerprint)
    ran("recalibrate", "old", "vectors.npy", "--labels", "c.csv")
    told = ran("recalibrate", "old", "vectors.npy", "--labels", "c.csv", "-n", "v")
    for part in ("40 corrections weigh 17%", "held out: accuracy", "pairs of before: accuracy"):
        assert part in told
    after = Calibration.load("old", fingerprint)
    assert before is not None
    assert after is not None
    assert after.corrections == 40
    assert after.probability([0.99])[0] < before.probability([0.99])[0]
    # The index goes on, by the calibration that it took over.
    (calibration,) = {
        path.read_text()
        for path in (folder / "indexes/v/encoders").glob("*/calibration.json")
        if '"corrections": 40' in path.read_text()
    }
    assert calibration == Path("old/calibration.json").read_text()
    assert len(nearest(folder)) == 1


def test_corrections_that_cannot_be_used(folder: Path) -> None:
    before = (folder / "old/calibration.json").read_bytes()
    Path("c.csv").write_text("left,right,same\n0,1,1\n2,999,0\n")
    assert run("recalibrate", "old", "vectors.npy", "--labels", "c.csv").exit_code == 1
    Path("c.csv").write_text("left,right,same\n0,1,1\n2,9,0\n")
    result = run("recalibrate", "new", "vectors.npy", "--labels", "c.csv", "-n", "v")
    assert "was made by another encoder" in result.stderr
    assert (folder / "old/calibration.json").read_bytes() == before
    assert '"corrections": 0' in (folder / "new/calibration.json").read_text()
    (folder / "new/calibration.json").unlink()
    told = ran("recalibrate", "new", "vectors.npy")
    assert told.startswith("calibrated on ")
    assert "thresholds: accuracy " in told
    assert '"corrections": 0' in (folder / "new/calibration.json").read_text()
    assert "nothing to calibrate on" in run("recalibrate", "new").stderr
