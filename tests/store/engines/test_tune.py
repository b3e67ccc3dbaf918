"""How an index measures itself."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.files import SYSTEM
from simsearch.store.engines import ENGINES
from simsearch.store.engines.engine import Built, SearchTarget
from simsearch.store.engines.flat import FlatSearcher
from simsearch.store.engines.measure import NEIGHBOURS, drawn, held_out, measure, recall_of
from simsearch.store.format.durable import HashedFile

Vectors = npt.NDArray[Any]
NUMBERS = [metric for metric in Metric if not metric.binary]


def normal(rows: int, dimension: int = 8, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)


def built(engine: str, vectors: Vectors, path: Path, target: SearchTarget) -> Built:
    with HashedFile(SYSTEM.create(path)) as file:
        return ENGINES[engine].build(vectors, Metric.EUCLIDEAN, target, file)


@pytest.mark.parametrize("metric", NUMBERS)
def test_held_out_points_and_their_nearest_others(metric: Metric) -> None:
    vectors = metric.prepare(normal(1_200))
    points = held_out(vectors, metric)
    assert len(points.own) == len(set(points.own.tolist())) >= 500
    np.testing.assert_array_equal(points.queries, vectors[points.own])
    assert points.rows.shape == points.values.shape == (len(points.own), NEIGHBOURS)
    assert not (points.rows == points.own[:, None]).any()
    for own, rows in zip(points.own[:20], points.rows[:20], strict=True):
        values = vectors @ vectors[own]
        if metric is Metric.EUCLIDEAN:
            values = -np.linalg.norm(vectors - vectors[own], axis=1)
        if metric is Metric.MANHATTAN:
            values = -np.abs(vectors - vectors[own]).sum(axis=1)
        values[own] = -np.inf
        assert set(rows.tolist()) == set(np.argsort(-values)[:NEIGHBOURS].tolist())


def test_among_duplicates_any_of_them_will_do() -> None:
    vectors = np.repeat(normal(40), 30, axis=0)
    points = held_out(vectors, Metric.EUCLIDEAN)
    assert (points.values == 0).all()
    assert not (points.rows == points.own[:, None]).any()
    assert recall_of(FlatSearcher(vectors, Metric.EUCLIDEAN), points, Metric.EUCLIDEAN) == 1.0


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_few_vectors_have_few_neighbours(rows: int) -> None:
    vectors = normal(rows)
    points = held_out(vectors, Metric.EUCLIDEAN)
    assert points.rows.shape == (rows, rows - 1)
    assert recall_of(FlatSearcher(vectors, Metric.EUCLIDEAN), points, Metric.EUCLIDEAN) == 1.0


def test_comparing_all_finds_all() -> None:
    vectors = normal(900)
    searcher = FlatSearcher(vectors, Metric.MANHATTAN)
    measured = measure(searcher, held_out(vectors, Metric.MANHATTAN), Metric.MANHATTAN, 7.123)
    assert (measured.recall, measured.range_recall) == (1.0, 1.0)
    assert measured.bytes_per_vector == 7.12
    assert measured.latency_ms > 0


def test_what_is_missed_is_counted() -> None:
    """Searched in half of the rows, half of the neighbours are found."""
    vectors = normal(2_000)

    class Half:
        def search(self, queries: Vectors, k: int, alive: Any) -> tuple[Vectors, Vectors]:
            even = np.arange(2_000) % 2 == 0
            return FlatSearcher(vectors, Metric.EUCLIDEAN).search(queries, k, even)

        def within(self, queries: Vectors, threshold: float, alive: Any) -> Any:
            even = np.arange(2_000) % 2 == 0
            return FlatSearcher(vectors, Metric.EUCLIDEAN).within(queries, threshold, even)

    points = held_out(vectors, Metric.EUCLIDEAN)
    measured = measure(Half(), points, Metric.EUCLIDEAN, 0.0)
    assert measured.recall == pytest.approx(0.5, abs=0.03)
    assert measured.range_recall == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("engine", ["ivf", "ivfpq", "hnsw", "rabitq", "sq8"])
def test_more_is_visited_for_more_recall(engine: str, tmp_path: Path) -> None:
    vectors = normal(2_000, 40)
    results = [
        built(engine, vectors, tmp_path / str(recall), SearchTarget(recall=recall))
        for recall in (0.5, 0.95)
    ]
    found = [result.measured.recall for result in results if result.measured]
    assert found[0] >= 0.5
    assert found[1] >= 0.95 - 0.01
    assert found[0] < found[1]
    effort = "effort" if engine == "hnsw" else "visited"
    assert results[0].parameters[effort] < results[1].parameters[effort]


@pytest.mark.parametrize("engine", ["ivf", "sq8", "fp16", "pq", "ivfpq"])
def test_all_of_it_can_be_asked_for(engine: str, tmp_path: Path) -> None:
    result = built(engine, normal(1_000, 6), tmp_path / "a", SearchTarget(recall=1.0))
    assert result.measured
    assert result.measured.recall >= 0.999


def test_less_memory_gives_shorter_codes(tmp_path: Path) -> None:
    vectors = normal(2_000, 32)
    kept = []
    for codes in (16, 8, 4):  # bytes a vector
        # An id each, and the centres.
        memory = 2_000 * (codes / 2 + 8) + 62 * 32 * 4
        result = built("ivfpq", vectors, tmp_path / str(codes), SearchTarget(0.9, memory))
        assert result.measured
        assert result.measured.recall >= 0.88
        kept.append(result.measured.bytes_per_vector)
    assert kept[0] > kept[1] > kept[2]


def test_rows_are_drawn_evenly_and_always_the_same() -> None:
    assert drawn(5, 10).tolist() == [0, 1, 2, 3, 4]
    rows = drawn(10_000, 1_000)
    assert len(np.unique(rows)) == 1_000
    assert (np.diff(rows) > 0).all()
    assert rows.mean() == pytest.approx(5_000, abs=300)
    np.testing.assert_array_equal(rows, drawn(10_000, 1_000))
