"""What the commands say of an encoder, Python says too: evaluate, verify, recalibrate."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsearch.calibration.calibration import Calibration
from simsearch.calibration.refit import Recalibration
from simsearch.errors import OptionError, QueryError
from simsearch.kinds.loading import load_encoder
from simsearch.training.evaluate import evaluate
from simsearch.training.recalibrate import recalibrate
from simsearch.training.train import train
from simsearch.training.verify import verify
from tests.training.made import numbers


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "numbers"
    values, names = numbers()
    train(values, folder, steps=40, batch=64, arithmetic="float32", classes=names)
    return folder


def judged(folder: Path, same: bool) -> Path:
    """Pairs of items of one class, said to be the same or not."""
    left = np.arange(0, 80, 2)
    rows = pd.DataFrame({"left": left, "right": left + 1, "same": int(same)})
    rows.to_csv(folder / "judged.csv", index=False)
    return folder / "judged.csv"


def test_an_encoder_beside_the_baseline(encoder: Path) -> None:
    values, names = numbers()
    found = evaluate(encoder, values, classes=names, ways=5)
    assert [each.name for each in found.evaluations] == ["encoder", "standardised numbers"]
    table = found.frame()
    assert list(table.columns) == ["evaluation", "figure", "value", "low", "high", "count"]
    assert set(table.figure) >= {"ROC-AUC", "recall@1", "5-way 1-shot"}
    assert (table.low <= table.value).all()
    assert (table.value <= table.high).all()
    loaded = evaluate(load_encoder(encoder), values, classes=names, ways=5)
    assert loaded.evaluations == found.evaluations


def test_items_of_which_nothing_is_known(encoder: Path) -> None:
    with pytest.raises(OptionError, match="nothing says which of these items are the same"):
        evaluate(encoder, numbers()[0])


def test_found_pairs_by_a_truth(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("left_id,right_id,probability\na,b,0.9\na,c,0.8\n")
    (tmp_path / "truth.csv").write_text("left_id,right_id\nb,a\nc,d\n")
    found = evaluate(tmp_path / "pairs.csv", tmp_path / "truth.csv").evaluations[0]
    values = {each.name: each.value for each in found.figures}
    assert (values["precision"], values["recall"]) == (0.5, 0.5)
    with pytest.raises(OptionError, match="pairs are measured by a truth"):
        evaluate(tmp_path / "pairs.csv")


def test_two_items(encoder: Path) -> None:
    values, names = numbers()
    like = int(np.flatnonzero([name == names[0] for name in names])[1])
    other = int(np.flatnonzero([name != names[0] for name in names])[0])
    same, apart = (verify(encoder, values[[0]], values[[row]]) for row in (like, other))
    assert same.probability is not None
    assert apart.probability is not None
    assert same.probability > apart.probability
    assert same.same is (same.score >= (same.threshold or 0))
    assert verify(encoder, values[[0]], values[[0]], threshold=0.5).threshold == 0.5
    bare = verify(load_encoder(encoder), values[[0]], values[[like]])
    assert (bare.same, bare.score) == (None, same.score)
    with pytest.raises(OptionError, match="there is no threshold 'best'"):
        verify(encoder, values[[0]], values[[1]], threshold="best")


def test_records_are_mappings_or_json(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("abcdefgh"), 5)) for _ in range(60)]
    names = [" ".join(rng.choice(words, 2)) for _ in range(300)]
    train(pd.DataFrame({"name": names}), tmp_path / "records", kind="record")
    found = verify(tmp_path / "records", {"name": names[0]}, f'{{"name": "{names[0]}"}}')
    assert found.score == pytest.approx(1.0, abs=1e-5)
    with pytest.raises(QueryError, match="a record is written as JSON"):
        verify(tmp_path / "records", "Ann", {"name": "Ann"})


class Kept:
    """An index that takes a calibration over."""

    def __init__(self) -> None:
        self.calibration: Calibration | None = None

    def recalibrate(self, calibration: Calibration) -> None:
        self.calibration = calibration


def test_labelled_pairs_count_at_once(encoder: Path, tmp_path: Path) -> None:
    values, _ = numbers()
    fingerprint, index = load_encoder(encoder).fingerprint, Kept()
    before = Calibration.load(encoder, fingerprint)
    file = judged(tmp_path, same=False)
    found = recalibrate(encoder, values, labels=file, indexes=[index])
    assert isinstance(found, Recalibration)
    assert found.previous == before
    assert found.calibration.corrections == 40
    assert found.after is not None
    assert found.after.loss < found.before.loss
    assert Calibration.load(encoder, fingerprint) == found.calibration == index.calibration
    # The same pairs, by the names of the rows, as the page of `dedupe` exports them.
    table = pd.DataFrame(values)
    table.columns = [f"x{place}" for place in table.columns]
    table.insert(0, "code", [f"C{row}" for row in range(len(table))])
    named = pd.read_csv(file).set_axis(["left_id", "right_id", "same"], axis=1)
    named[["left_id", "right_id"]] = "C" + named[["left_id", "right_id"]].astype(str)
    named.to_csv(tmp_path / "labels.csv", index=False)
    again = recalibrate(encoder, table, labels=tmp_path / "labels.csv", id="code")
    assert again.calibration.corrections == 40
    (encoder / "calibration.json").unlink()
    # 40 pairs that are all different are no calibration by themselves: they shift that of views.
    assert isinstance(recalibrate(encoder, values, labels=file), Recalibration)


def test_a_calibration_from_nothing(encoder: Path, tmp_path: Path) -> None:
    values, names = numbers()
    (encoder / "calibration.json").unlink()
    index = Kept()
    made = recalibrate(encoder, values, indexes=[index])
    assert isinstance(made, Calibration)
    assert made.positives == len(values)
    assert made == index.calibration == Calibration.load(encoder, load_encoder(encoder).fingerprint)
    (encoder / "calibration.json").unlink()
    with pytest.raises(OptionError, match="nothing to calibrate on"):
        recalibrate(encoder)
    lines = [f"{row},{row + 7},{int(names[row] == names[row + 7])}" for row in range(60)]
    (tmp_path / "both.csv").write_text("\n".join(["left,right,same", *lines]) + "\n")
    labelled = recalibrate(encoder, values, labels=tmp_path / "both.csv")
    assert isinstance(labelled, Calibration)
    assert labelled.positives + labelled.negatives == 60
