"""Classes that are taken for each other come together."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.training.confusable import ConfusableBatches, exact_nearest
from simsearch.training.progress import Progress
from simsearch.training.result import TrainingResult
from simsearch.training.train import train
from tests.training.made import numbers

LABELS = np.repeat(np.arange(40), 6)


def on_a_circle(rows: np.ndarray) -> np.ndarray:
    """Classes 2 k and 2 k + 1 lie close together, the pairs of classes far apart."""
    angle = (LABELS[rows] // 2) * 0.3 + (LABELS[rows] % 2) * 0.01 + (rows % 6) * 0.001
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def batches(seed: int = 0, classes: int = 8, items: int = 3) -> ConfusableBatches:
    return ConfusableBatches(LABELS, classes=classes, items=items, seed=seed)


def test_confused_classes_share_a_batch() -> None:
    found = batches()
    found.mine(on_a_circle)
    for _ in range(20):
        rows, target = found.draw()
        assert target.labels is not None
        there = set(LABELS[rows].tolist())
        first = list(dict.fromkeys(LABELS[rows].tolist()))[:4]
        assert all(each ^ 1 in there for each in first)


@given(seed=st.integers(0, 50), classes=st.integers(4, 12), items=st.integers(2, 8))
def test_every_batch_is_whole(seed: int, classes: int, items: int) -> None:
    found = batches(seed, classes, items)
    for turn in range(6):
        if turn == 3:
            found.mine(on_a_circle)
        rows, _ = found.draw()
        known, counts = np.unique(LABELS[rows], return_counts=True)
        assert len(known) == classes
        assert set(counts) == {items}


def test_it_goes_on_from_its_state() -> None:
    first, second = batches(), batches()
    first.mine(on_a_circle)
    for _ in range(5):
        first.draw()
    second.restore(json.loads(json.dumps(first.state())))
    for _ in range(5):
        assert np.array_equal(first.draw()[0], second.draw()[0])


def test_exact_nearest_is_brute_force() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    expected = np.argsort(-(vectors[:7] @ vectors.T), axis=1)[:, :5]
    assert np.array_equal(exact_nearest(vectors[:7], vectors, 5), expected)


def test_a_run_that_mines_repeats_and_resumes(tmp_path: Path) -> None:
    values, names = numbers()

    def trained(**keywords: Any) -> TrainingResult:
        plain = {"steps": 40, "batch": 32, "arithmetic": "float32", "mine": True, "classes": names}
        return train(values, **{**plain, **keywords})

    def stops(progress: Progress) -> None:
        if progress.step >= 25:
            raise KeyboardInterrupt

    whole = trained()
    assert whole.encoder.fingerprint == trained().encoder.fingerprint
    with pytest.raises(KeyboardInterrupt):
        trained(output=tmp_path / "encoder", progress=stops, checkpoint_every=0)
    resumed = trained(output=tmp_path / "encoder", resume=True)
    assert resumed.encoder.fingerprint == whole.encoder.fingerprint
