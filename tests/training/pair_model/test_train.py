"""Training the pair network: torch and NumPy agree, a fit learns, the script saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from simsearch.records.pair_network import PairNetwork, shapes
from simsearch.training.pair_model.examples import PairExamples, TableExamples
from simsearch.training.pair_model.measure import calibration_error, network_figures
from simsearch.training.pair_model.network import TorchPairNetwork
from simsearch.training.pair_model.sampling import examples_of, sampled
from simsearch.training.pair_model.tables import Wanted, generate
from simsearch.training.pair_model.train import FitOptions, fit, main

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = ("persons", "companies", "assets")


@pytest.fixture(scope="module")
def tables() -> list[TableExamples]:
    made = [
        examples_of(generate(family, seed, Wanted(rows=120, tables=1)), seed)
        for family in FAMILIES
        for seed in range(2)
    ]
    return [one for one in made if one is not None]


def test_torch_and_numpy_give_the_same_log_odds(tables: list[TableExamples]) -> None:
    network = TorchPairNetwork(seed=3)
    examples = PairExamples(tables)
    with torch.no_grad():
        ours = network(examples.batch(np.arange(len(examples)))).numpy()
    reader = PairNetwork(network.arrays())
    theirs = np.concatenate([reader(table.features).log_odds for table in tables])
    np.testing.assert_allclose(ours, theirs, atol=0.05, rtol=0.01)  # a batch is float16


def test_the_same_seed_gives_the_same_network(tables: list[TableExamples]) -> None:
    options = FitOptions(epochs=1, seed=5)
    one, other = fit(tables, options).arrays(), fit(tables, options).arrays()
    for name in shapes():
        np.testing.assert_array_equal(one[name], other[name])


def test_fitting_learns_what_is_the_same(tables: list[TableExamples]) -> None:
    network = fit(tables, FitOptions(epochs=30, batch=128))
    figures = dict(network_figures(network, tables))
    assert figures["all"].precision > 0.9
    assert figures["all"].recall > 0.9


def test_hidden_roles_are_unknown(tables: list[TableExamples]) -> None:
    examples = PairExamples(tables)
    hidden = examples.batch(np.array([0]), np.ones(examples.tables, np.bool_)).columns
    seen = examples.batch(np.array([0])).columns
    assert (hidden[:, -1] == 1).all()
    assert not torch.equal(hidden, seen)


def test_a_sample_stands_for_all_pairs() -> None:
    rng = np.random.default_rng(1)
    same = rng.random(5000) < 0.05
    places, weight = sampled(same, rng.normal(size=5000), rng)
    assert len(places) == len(np.unique(places)) <= 700
    assert weight.sum() == pytest.approx(5000)
    assert weight[same[places]].sum() == pytest.approx(same.sum())


def test_calibration_error_of_an_honest_and_of_a_boastful_guess() -> None:
    rng = np.random.default_rng(1)
    p = rng.random(20_000)
    same = (rng.random(20_000) < p).astype(np.float64)
    ones = np.ones(len(p))
    assert calibration_error(p, same, ones) < 0.02
    assert calibration_error(np.where(p > 0.5, 0.99, 0.02), same, ones) > 0.15


def test_an_unknown_topic_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no topic 'ships'"):
        main(["--leave-out", "ships", "--out", str(tmp_path / "w.safetensors")])
