"""Encoders of records: from the table alone, and with judged pairs."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsearch.errors import OptionError, TrainingError
from simsearch.kinds.loading import load_encoder
from simsearch.records.encoder.encoder import RecordEncoder
from simsearch.training.result import TrainingResult
from simsearch.training.train import train


def people(count: int = 700) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Persons, a third of them twice under a code of their own making; and judged pairs."""
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnoprstuvwxyz"))
    names = ["".join(rng.choice(letters, 7)) for _ in range(count)]
    towns = rng.choice(["leeds", "york", "bath", "derby"], count)
    rows = [(f"a{n}", name, town) for n, (name, town) in enumerate(zip(names, towns, strict=True))]
    again = [(f"b{n}", names[n][::-1], towns[n]) for n in range(count // 3)]
    table = pd.DataFrame([*rows, *again], columns=["id", "name", "town"])
    same = [(f"a{n}", f"b{n}", 1) for n in range(count // 3)]
    other = [(f"a{n}", f"b{(n * 7 + 1) % (count // 3)}", 0) for n in range(count // 3)]
    told = pd.DataFrame([*same, *other], columns=["left_id", "right_id", "same"])
    return table, told[(told.left_id.str[1:] != told.right_id.str[1:]) | (told.same == 1)]


def trained(output: Path | None = None, **keywords) -> TrainingResult:
    table, _ = people()
    return train(table, output, kind="record", id="id", **keywords)


def test_from_the_table_alone(tmp_path: Path) -> None:
    made = trained(tmp_path / "encoder")
    loaded = load_encoder(tmp_path / "encoder")
    assert isinstance(loaded, RecordEncoder)
    assert loaded.fingerprint == made.encoder.fingerprint
    assert "beside a corrupted copy" in made.split.rule
    names = [each.name for each in made.measured.evaluations]
    assert names == ["trained", "hashing alone", "TF-IDF"]
    assert made.calibration is not None
    auc = made.measured.evaluations[0].figure("ROC-AUC")
    assert auc is not None
    assert auc.value > 0.98
    assert "projection: " in (tmp_path / "encoder" / "MODEL_CARD.md").read_text()


def test_with_labelled_pairs(tmp_path: Path) -> None:
    _, told = people()
    told.to_csv(tmp_path / "told.csv", index=False)
    made = trained(labels=tmp_path / "told.csv")
    assert [each.name for each in made.measured.evaluations][1] == "without pairs"
    assert any("ROC-AUC of the pairs watched" in note for note in made.measured.notes)
    again = trained(labels=tmp_path / "told.csv")
    assert again.encoder.fingerprint == made.encoder.fingerprint


def test_pairs_teach_what_corruption_does_not() -> None:
    """Codes of two makers for one thing: no damaged copy shows that they go together."""
    import pyarrow as pa

    rng = np.random.default_rng(1)
    kinds = 40
    codes = [("".join(rng.choice(list("bcdfg"), 8)), "".join(rng.choice(list("vwxyz"), 8)))
             for _ in range(kinds)]  # fmt: skip
    of = rng.integers(kinds, size=1_200)
    left = pa.table(
        {"code": [codes[each][0] for each in of], "n": rng.integers(99, size=1_200).astype(str)}
    )
    right = pa.table({"code": [codes[each][1] for each in of], "n": left.column("n").to_pylist()})
    table = pa.concat_tables([left, right])
    plain = RecordEncoder.fit(table)
    taught = RecordEncoder.fit(table, pairs=(left.slice(0, 600), right.slice(0, 600)))

    def found(encoder: RecordEncoder) -> float:
        one, other = (encoder.encode(side.slice(600, 300)) for side in (left, right))
        return float(((one @ other.T).argmax(axis=1) == np.arange(300)).mean())

    assert found(taught) > found(plain) + 0.1


@pytest.mark.parametrize(
    ("keywords", "message"),
    [({"steps": 5}, "steps is no option for records"), ({"loss": "supcon"}, "loss is no option")],
)
def test_what_does_not_go_with_records(keywords, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        trained(**keywords)


def test_contradictions(tmp_path: Path) -> None:
    rows = [("a1", "a2", 1), ("a2", "a3", 1), ("a1", "a3", 0)]
    pd.DataFrame(rows, columns=["left_id", "right_id", "same"]).to_csv(
        tmp_path / "told.csv", index=False
    )
    with pytest.raises(TrainingError, match="contradict"):
        trained(labels=tmp_path / "told.csv")
