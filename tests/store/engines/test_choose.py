"""Which engine the user gets who leaves it to us."""

import re

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.store.engines import AUTO, choose
from simsearch.store.engines.engine import SearchTarget

Vectors = npt.NDArray[np.float32]
NUMBERS = [Metric.COSINE, Metric.INNER_PRODUCT, Metric.EUCLIDEAN]


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few thousand vectors are too many for flat."""
    monkeypatch.setattr(choose, "FLAT_BYTES", 10_000)


def clustered(rows: int, dimension: int) -> Vectors:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(200, dimension)) * 3
    home = rng.integers(200, size=rows)
    return (centres[home] + rng.normal(size=(rows, dimension))).astype(np.float32)


@pytest.mark.parametrize("metric", [*NUMBERS, Metric.MANHATTAN])
def test_few_vectors_are_all_compared(metric: Metric) -> None:
    vectors = metric.prepare(clustered(100, 16))
    assert choose.choose(AUTO, vectors, metric, SearchTarget()).name == "flat"


@pytest.mark.parametrize("metric", NUMBERS)
def test_clusters_are_searched_in_cells(metric: Metric) -> None:
    vectors = metric.prepare(clustered(6_000, 32))
    assert choose.choose(AUTO, vectors, metric, SearchTarget()).name == "ivfpq"


@pytest.mark.parametrize("metric", NUMBERS)
def test_what_is_spread_evenly_is_searched_whole(metric: Metric) -> None:
    """There neighbours lie in nearly all cells."""
    even = np.random.default_rng(0).normal(size=(6_000, 128)).astype(np.float32)
    vectors = metric.prepare(even)
    assert choose.choose(AUTO, vectors, metric, SearchTarget(recall=0.95)).name == "pq"


def test_metrics_without_codes_get_whole_vectors_in_cells() -> None:
    vectors = clustered(2_000, 16)
    assert choose.choose(AUTO, vectors, Metric.MANHATTAN, SearchTarget()).name == "ivf"
    bits = np.random.default_rng(0).integers(0, 256, (2_000, 8)).astype(np.uint8)
    assert choose.choose(AUTO, bits, Metric.HAMMING, SearchTarget()).name == "binary"


def test_memory_that_is_too_small_is_refused_with_what_is_needed() -> None:
    vectors = clustered(5_000, 32)
    for metric in (Metric.EUCLIDEAN, Metric.MANHATTAN):
        with pytest.raises(
            OptionError, match=r"at least [\d,]+ bytes in memory, more than the 5,000 "
        ):
            choose.choose(AUTO, vectors, metric, SearchTarget(memory=5_000))


def test_the_least_memory_that_is_named_is_enough() -> None:
    vectors = clustered(5_000, 32)
    with pytest.raises(OptionError) as refused:
        choose.choose(AUTO, vectors, Metric.EUCLIDEAN, SearchTarget(memory=5_000))
    least = int(re.search(r"at least ([\d,]+)", str(refused.value))[1].replace(",", ""))
    assert (
        choose.choose(AUTO, vectors, Metric.EUCLIDEAN, SearchTarget(memory=least)).name == "ivfpq"
    )
    with pytest.raises(OptionError):
        choose.choose(AUTO, vectors, Metric.EUCLIDEAN, SearchTarget(memory=least - 1))


def test_an_engine_that_is_named_is_taken() -> None:
    vectors = clustered(50, 8)
    assert choose.choose("hnsw", vectors, Metric.COSINE, SearchTarget()).name == "hnsw"


def test_the_choice_is_the_same_each_time() -> None:
    vectors = Metric.COSINE.prepare(clustered(4_000, 16))
    chosen = {choose.choose(AUTO, vectors, Metric.COSINE, SearchTarget()).name for _ in range(3)}
    assert len(chosen) == 1
