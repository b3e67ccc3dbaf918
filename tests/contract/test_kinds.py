"""Every kind of index with every metric it serves, against comparing longhand."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.index.kinds import AUTO, KINDS, check_kind, kind_for
from simsearch.index.kinds.kind import Searcher

Vectors = npt.NDArray[np.float32]
SERVED = [
    pytest.param(kind, metric, id=f"{kind}-{metric}")
    for kind, metric in product(KINDS, Metric)
    if not KINDS[kind].refusal(metric)
]
REFUSED = [
    pytest.param(kind, metric, id=f"{kind}-{metric}")
    for kind, metric in product(KINDS, Metric)
    if KINDS[kind].refusal(metric)
]
served = pytest.mark.parametrize(("kind", "metric"), SERVED)


def truth(queries: Vectors, vectors: Vectors, metric: Metric) -> npt.NDArray[np.float64]:
    """Score or distance of each query and vector by the definition, in double precision."""
    q, v = queries[:, None, :].astype(float), vectors[None, :, :].astype(float)
    if metric is Metric.EUCLIDEAN:
        return np.sqrt(((q - v) ** 2).sum(-1))
    if metric is Metric.MANHATTAN:
        return np.abs(q - v).sum(-1)
    dots = (q * v).sum(-1)
    if metric is Metric.INNER_PRODUCT:
        return dots
    lengths = np.linalg.norm(q, axis=-1) * np.linalg.norm(v, axis=-1)
    return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)


def longhand(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> npt.NDArray[np.float64]:
    """The k best values of each query, best first."""
    values = np.sort(truth(queries, vectors, metric), axis=1)
    return values[:, ::-1][:, :k] if metric.larger_is_closer else values[:, :k]


def recall(values: Vectors, best: npt.NDArray[np.float64], metric: Metric) -> float:
    """Share of the answers that are as good as the last of the true best."""
    slack = 1e-4 * (1 + np.abs(best[:, -1:]))
    if metric.larger_is_closer:
        return float(np.mean(values >= best[:, -1:] - slack))
    return float(np.mean(values <= best[:, -1:] + slack))


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str, Metric, Vectors], Searcher]:
    """Builds an index of a kind over vectors and opens it from disk."""

    def build(kind: str, metric: Metric, vectors: Vectors) -> Searcher:
        prepared = metric.prepare(vectors)
        file = KINDS[kind].file
        path = tmp_path / file if file else None
        parameters = KINDS[kind].build(prepared, metric, tmp_path / (file or "none"))
        assert path is None or path.is_file()
        assert all(type(value) is int for value in parameters.values())
        return KINDS[kind].open(path, lambda: prepared, metric, parameters)

    return build


def clustered(rows: int, dimension: int, seed: int = 0) -> Vectors:
    centres = np.random.default_rng(100).normal(size=(20, dimension)) * 3
    rng = np.random.default_rng(seed)
    spread = rng.normal(size=(rows, dimension))
    return (centres[rng.integers(20, size=rows)] + spread).astype(np.float32)


@served
def test_finds_the_nearest(kind: str, metric: Metric, opened: Callable[..., Searcher]) -> None:
    vectors, queries = clustered(3_000, 24), clustered(40, 24, seed=1)
    values, rows = opened(kind, metric, vectors).search(metric.prepare(queries), 10, None)
    assert (values.shape, values.dtype) == ((40, 10), np.float32)
    assert (rows.shape, rows.dtype) == ((40, 10), np.int64)
    # What is reported is right, whether or not something nearer was missed.
    own = np.take_along_axis(truth(queries, vectors, metric), rows, 1)
    np.testing.assert_allclose(values, own, rtol=1e-4, atol=1e-4)
    assert all(len(set(row)) == 10 for row in rows.tolist())
    best = longhand(queries, vectors, 10, metric)
    np.testing.assert_array_equal(
        np.sort(own, axis=1), own[:, ::-1] if metric.larger_is_closer else own
    )
    assert recall(values, best, metric) >= (1.0 if kind == "flat" else 0.9)


@served
@pytest.mark.parametrize("rows", [1, 2, 15, 100])
def test_small_sets_and_more_asked_than_there_is(
    kind: str, metric: Metric, rows: int, opened: Callable[..., Searcher]
) -> None:
    vectors = clustered(rows, 5)
    values, found = opened(kind, metric, vectors).search(metric.prepare(vectors), rows + 3, None)
    assert (found[:, rows:] == -1).all()
    assert np.isnan(values[:, rows:]).all()
    np.testing.assert_array_equal(
        np.sort(found[:, :rows], axis=1), np.tile(np.arange(rows), (rows, 1))
    )
    expected = longhand(vectors, vectors, rows, metric)
    np.testing.assert_allclose(values[:, :rows], expected, rtol=1e-3, atol=2e-3)


@served
def test_copies_are_all_found(kind: str, metric: Metric, opened: Callable[..., Searcher]) -> None:
    """200 exact copies among others: the case that breaks a graph."""
    vectors = clustered(2_000, 16)
    copies = np.random.default_rng(3).choice(2_000, 200, replace=False)
    # Long, so that they are nearest to each other by inner product as well.
    vectors[copies] = np.linspace(-30, 30, 16)
    query = metric.prepare(vectors[copies[:3]])
    found = opened(kind, metric, vectors).search(query, 200, None)[1]
    for row in found:
        assert set(row.tolist()) == set(copies.tolist())


@served
def test_dead_rows_are_never_found(
    kind: str, metric: Metric, opened: Callable[..., Searcher]
) -> None:
    vectors = clustered(1_500, 8)
    alive = np.random.default_rng(5).random(1_500) < 0.05
    queries = metric.prepare(vectors[:20])
    values, rows = opened(kind, metric, vectors).search(queries, 12, alive)
    assert (rows >= 0).all()
    assert alive[rows].all()
    best = longhand(queries, metric.prepare(vectors)[alive], 12, metric)
    assert recall(values, best, metric) >= (1.0 if kind == "flat" else 0.9)
    nothing = np.zeros(1_500, bool)
    assert (opened(kind, metric, vectors).search(queries, 3, nothing)[1] == -1).all()


@served
def test_no_queries_no_answers(kind: str, metric: Metric, opened: Callable[..., Searcher]) -> None:
    searcher = opened(kind, metric, clustered(50, 6))
    values, rows = searcher.search(np.empty((0, 6), np.float32), 4, None)
    assert values.shape == rows.shape == (0, 4)


@served
def test_all_vectors_equal(kind: str, metric: Metric, opened: Callable[..., Searcher]) -> None:
    vectors = np.ones((300, 4), np.float32)
    values, rows = opened(kind, metric, vectors).search(metric.prepare(vectors[:2]), 300, None)
    assert all(sorted(row) == list(range(300)) for row in rows.tolist())
    np.testing.assert_allclose(values, longhand(vectors[:2], vectors, 300, metric), atol=1e-3)


@served
def test_zero_vectors(kind: str, metric: Metric, opened: Callable[..., Searcher]) -> None:
    vectors = clustered(64, 7)
    vectors[::2] = 0
    values, _ = opened(kind, metric, vectors).search(metric.prepare(vectors), 64, None)
    np.testing.assert_allclose(values, longhand(vectors, vectors, 64, metric), rtol=1e-3, atol=2e-3)


@served
def test_building_writes_the_same_twice(kind: str, metric: Metric, tmp_path: Path) -> None:
    vectors = metric.prepare(clustered(500, 6))
    built = [KINDS[kind].build(vectors, metric, tmp_path / name) for name in "ab"]
    assert built[0] == built[1]
    if KINDS[kind].file:
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(("kind", "metric"), REFUSED)
def test_what_it_cannot_serve_is_refused_with_the_reason(kind: str, metric: Metric) -> None:
    with pytest.raises(OptionError, match=f"kind {kind} cannot use the metric {metric}: .* take "):
        check_kind(kind, metric)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(OptionError, match="'hnsw'; choose one of: auto, flat, ivf, pq"):
        kind_for("hnsw", 10, 10, Metric.COSINE)


@pytest.mark.parametrize(
    ("rows", "metric", "kind"),
    [
        (1_000, Metric.COSINE, "flat"),
        (10_000_000, Metric.COSINE, "pq"),
        (10_000_000, Metric.MANHATTAN, "ivf"),
    ],
)
def test_size_chooses(rows: int, metric: Metric, kind: str) -> None:
    assert kind_for(AUTO, rows, 256, metric).name == kind
