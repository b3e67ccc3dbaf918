"""The arithmetic of the index benchmark: recall, what is tried and chosen, marks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import vectors
from benchmarks.index_engines import ENGINES
from benchmarks.index_marks import promised, verdicts
from benchmarks.index_recipes import (
    OURS,
    Recipe,
    Trial,
    climb,
    faster,
    front,
    recipes,
    recipes_within,
    tries,
    twin,
)
from benchmarks.index_run import Outcome, batch_size, paired
from benchmarks.index_tables import COLOURS
from benchmarks.index_tried import fewest_cells
from benchmarks.index_worker import left_of, recall_of
from benchmarks.vectors import VectorSet

TARGETS = (0.9, 0.95, 0.99)
CELLS = Recipe("faiss", "faiss IVF", "IVF1000,Flat", {}, "nprobe", 1, 8, 500)


def climbed(recall, recipe=CELLS):
    """Settings that were tried, and their recall."""
    attempt, known = climb(TARGETS, recipe, {"k_factor": 2}), {}
    settings = next(attempt)
    while True:
        assert settings["k_factor"] == 2
        value = settings["nprobe"]
        assert value not in known
        known[value] = recall(value)
        try:
            settings = attempt.send(known[value])
        except StopIteration:
            return known


@given(st.floats(0.01, 2.0), st.floats(0.6, 2.0))
def test_the_least_setting_is_found_for_each_target(scale, power):
    def recall(value):
        return 1 - 0.9 / (1 + (value / scale) ** power)

    known = climbed(recall)
    for target in TARGETS:
        least = next((value for value in range(1, CELLS.most + 1) if recall(value) >= target), None)
        found = min((value for value in known if recall(value) >= target), default=None)
        assert (found is None) == (least is None)
        if least is not None:
            assert least <= found <= max(least + 1, least * 1.07)


def test_a_setting_that_helps_no_more_is_left():
    known = climbed(lambda value: 0.6 + 0.1 * min(value, 32) / 32)
    assert max(known) <= 64
    assert min(climbed(lambda _: 1.0)) == 1


@given(st.lists(st.permutations(range(12)), min_size=1, max_size=5))
def test_recall_is_the_share_of_the_ten_nearest(orders):
    truth = np.arange(len(orders) * 30).reshape(-1, 30)
    found = truth[:, 2:12].copy()  # 8 of the 10 nearest, in any order
    for row, order in enumerate(orders):
        found[row] = found[row, [place for place in order if place < 10]]
    assert recall_of(found, truth) == pytest.approx(0.8)
    assert recall_of(np.full_like(found, -1), truth) == 0.0


def test_truth_without_what_was_removed_keeps_its_order():
    truth = np.array([[5, 3, 8, 1, 9, 2, 7, 0, 6, 4, 11, 12]])
    assert left_of(truth, np.array([3, 0])).tolist() == [[5, 8, 1, 9, 2, 7, 6, 4, 11, 12]]


def test_the_quickest_that_reaches_a_recall_is_chosen():
    trials = [
        Trial(CELLS, {"nprobe": nprobe}, recall, rate)
        for nprobe, recall, rate in ((1, 0.89, 900), (2, 0.9, 500), (3, 0.93, 700), (4, 0.96, 300))
    ]
    assert [trial.rate for trial in faster(trials, 0.9, 2)] == [700, 500]
    assert [trial.rate for trial in faster(trials, 0.95, 2)] == [300]
    assert not faster(trials, 0.99, 2)
    assert front((trial.recall, trial.rate) for trial in trials) == [
        (0.89, 900), (0.93, 700), (0.96, 300),
    ]  # fmt: skip


def test_recipes_have_folders_of_their_own_and_something_to_try():
    made = recipes(100_000, 100)
    assert len({recipe.key for recipe in made}) == len(made)
    assert {"IVF256,Flat", "IVF512,PQ50x4fs,RFlat"} & {recipe.name for recipe in made}
    for recipe in made:
        assert all(isinstance(next(attempt), dict) for attempt in tries(recipe))


def test_a_twin_is_the_same_kind_of_index():
    def of(kind, **parameters):
        return twin({"segments": [{"kind": kind, "parameters": parameters}]}, 100)

    assert of("ivfpq", cells=632).options == {"factory": "IVF632,PQ50x4fs,RFlat"}
    assert of("ivf", cells=50).options == {"factory": "IVF50,Flat"}
    assert of("pq", depth=3).options == {"factory": "PQ50x4fs,RFlat"}
    assert of("flat") is None
    assert twin({"segments": [{}, {}]}, 100) is None


def test_an_index_says_of_itself_what_the_tables_read(tmp_path, monkeypatch):
    engine = ENGINES["simsearch"](tmp_path, {"recall": 0.9})
    monkeypatch.setattr(engine, "set_threads", lambda threads: None)
    engine.build(np.eye(4, dtype=np.float32), 1)
    details = engine.details()
    assert details["segments"][0]["kind"] == "flat"
    assert twin(details, 4) is None
    assert promised(details) == 1.0


def test_batches_and_ratios():
    assert [batch_size(rate, 3.0) for rate in (10, 900, 50_000)] == [1_000, 2_000, 10_000]
    assert paired([2, 30, 4], [1, 10, 4]) == 2  # not the ratio of the medians, which is 1


def outcome_of(ours, faiss, peer):
    """An outcome in which these are the rates at recall 0.95, and ours is promised 0.955."""
    mine = Recipe("simsearch", "simsearch", "recall 0.95", {"recall": 0.95})
    same = Recipe("faiss", "faiss IVF", "IVF4,Flat")
    graph = Recipe("hnswlib", "hnswlib", "M 16")
    segment = {"kind": "ivf", "rows": 10, "parameters": {"cells": 4}, "recall": 0.955}
    out = Outcome(VectorSet("glove 10", "", *[Path()] * 4))
    for recipe, rate, recall in ((mine, ours, 0.95), (same, faiss, 0.96), (graph, peer, 0.97)):
        trial = Trial(recipe, {}, recall, rate)
        out.recipes[recipe.key] = recipe
        out.builds[recipe.key] = {
            "seconds": rate, "saving": 0.0, "details": {"segments": [segment]},
        }  # fmt: skip
        out.chosen.setdefault(0.95, []).append(trial)
        for threads in (1, 2):
            out.rates[trial, threads] = [rate * threads, rate * threads]
    out.twins[mine.key] = same.key
    return out


def test_marks_hold_at_their_bounds_and_not_below():
    def told(outcome):
        return [one.reached for one in verdicts(outcome) if one.measured != "not measured"]

    speeds, rest = [True] * 4, [True] * 3  # the scale, the build and the recall
    assert told(outcome_of(105.0, 100.0, 35.0)) == speeds + rest
    assert told(outcome_of(104.0, 100.0, 35.0)) == [False] * 4 + rest
    assert told(outcome_of(111.0, 100.0, 37.0)) == [*speeds, True, False, True]
    outcome = outcome_of(105.0, 100.0, 35.0)
    for stated, kept in ((0.97, False), (0.955, True), (0.9, True)):  # .95 are found
        outcome.builds["simsearch_recall_0_95"]["details"]["segments"][0]["recall"] = stated
        assert told(outcome)[-1] == kept
    assert promised({"segments": [{"rows": 3, "recall": 0.9}, {"rows": 1, "recall": 1.0}]}) == (
        pytest.approx(0.925)
    )


def test_an_engine_of_ours_that_fails_misses_a_mark():
    outcome = Outcome(None)
    assert not verdicts(outcome)
    outcome.failures = ["simsearch recall 0.90: OSError: full"]
    assert [one.reached for one in verdicts(outcome)] == [False]


def test_the_made_mixture_is_repeatable_and_clustered_but_not_clearly(tmp_path: Path):
    made = vectors.clustered(tmp_path, 3_000)
    base, truth = np.load(made.base), np.load(made.truth)
    assert made.shape == (3_000, 128)
    assert np.load(made.more).shape == (30, 128)
    assert np.array_equal(base[:100], vectors.mixture(4_030, 0)[:100])
    assert not np.array_equal(base[:100], vectors.mixture(4_030, 1)[:100])
    query = np.load(made.queries)[0]
    distances = np.linalg.norm(base - query, axis=1)
    assert truth[0].tolist() == np.argsort(distances, kind="stable")[:30].tolist()
    dimension, contrast = vectors.difficulty(made)
    assert 5 < dimension < 60
    assert 1.2 < contrast < 4
    changed = made.base.stat().st_mtime_ns
    assert vectors.clustered(tmp_path, 3_000).base.stat().st_mtime_ns == changed


@given(st.floats(0.01, 2.0), st.floats(0.6, 2.0), st.sampled_from(TARGETS))
def test_the_fewest_cells_that_find_enough_are_found_within_a_twenty_fourth(scale, power, target):
    def recall(visited):
        return 1 - 0.9 / (1 + (visited / scale) ** power)

    least = next((cells for cells in range(1, 501) if recall(cells) >= target), None)
    found = fewest_cells(recall, target, 500)
    assert (found is None) == (least is None)
    if least is not None:
        assert least <= found <= least + max(1, least / 23)


def test_within_a_memory_only_what_fits_is_built():
    rows, dimension = 1_000_000, 768
    least, some, more = (
        {recipe.family for recipe in recipes_within(memory, rows, dimension)}
        for memory in (1 << 27, 1 << 28, 1 << 30)
    )
    assert least == {"simsearch"}
    assert some == {"simsearch", "faiss IVF-PQ alone"}
    assert more == {*some, "faiss IVF-SQ8", "faiss IVF-PQ, SQ8"}
    made = recipes_within(1 << 30, rows, dimension)
    assert len({recipe.key for recipe in made}) == len(made)
    assert all(recipe.options["memory"] == 1 << 30 for recipe in made if recipe.family == OURS)
    assert {recipe.family for recipe in made} <= set(COLOURS)
