"""Every engine of index with every metric it serves, against comparing longhand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.files import SYSTEM
from simsearch.store.engines import AUTO, ENGINES, check_engine, measure
from simsearch.store.engines.choose import choose
from simsearch.store.engines.engine import Built, Searcher, SearchTarget
from simsearch.store.engines.measure import held_out, recall_of
from simsearch.store.format.durable import HashedFile

Vectors = npt.NDArray[Any]
Opened = Callable[..., Searcher]
SERVED = [
    pytest.param(engine, metric, id=f"{engine}-{metric}")
    for engine, metric in product(ENGINES, Metric)
    if not ENGINES[engine].refusal(metric)
]
REFUSED = [
    pytest.param(engine, metric, id=f"{engine}-{metric}")
    for engine, metric in product(ENGINES, Metric)
    if ENGINES[engine].refusal(metric)
]
served = pytest.mark.parametrize(("engine", "metric"), SERVED)
EXACT = ("flat",)


def truth(queries: Vectors, vectors: Vectors, metric: Metric) -> npt.NDArray[np.float64]:
    """Score or distance of each query and vector by the definition, in double precision."""
    if metric is Metric.HAMMING:
        queries, vectors = np.unpackbits(queries, axis=1), np.unpackbits(vectors, axis=1)
        differ = [(query != vectors).sum(-1) for query in queries]
        return np.array(differ, float).reshape(len(queries), len(vectors))
    q, v = queries.astype(float), vectors.astype(float)
    if metric is Metric.EUCLIDEAN:
        return np.array([np.sqrt(((v - each) ** 2).sum(-1)) for each in q])
    if metric is Metric.MANHATTAN:
        return np.array([np.abs(v - each).sum(-1) for each in q])
    dots = q @ v.T
    if metric is Metric.INNER_PRODUCT:
        return dots
    lengths = np.linalg.norm(q, axis=1)[:, None] * np.linalg.norm(v, axis=1)
    return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)


def longhand(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> npt.NDArray[np.float64]:
    """The k best values of each query, best first."""
    return best_of(truth(queries, vectors, metric), k, metric)


def best_of(values: npt.NDArray[np.float64], k: int, metric: Metric) -> npt.NDArray[np.float64]:
    """The k best of each line, best first."""
    values = np.sort(values, axis=1)
    return values[:, ::-1][:, :k] if metric.larger_is_closer else values[:, :k]


def recall(values: Vectors, best: npt.NDArray[np.float64], metric: Metric) -> float:
    """Share of the answers that are as good as the last of the true best."""
    slack = 1e-4 * (1 + np.abs(best[:, -1:]))
    if metric.larger_is_closer:
        return float(np.mean(values >= best[:, -1:] - slack))
    return float(np.mean(values <= best[:, -1:] + slack))


def build(
    engine: str, metric: Metric, prepared: Vectors, path: Path, target: SearchTarget | None = None
) -> Built:
    """Build an index of an engine in a file, if it has one."""
    target = target or SearchTarget()
    if not ENGINES[engine].has_file:
        return ENGINES[engine].build(prepared, metric, target, None)
    with HashedFile(SYSTEM.create(path)) as file:
        return ENGINES[engine].build(prepared, metric, target, file)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Builds an index of an engine over vectors and opens it from disk.

    It is tuned by fewer points than usual, which is quicker.
    """
    monkeypatch.setattr(measure, "QUERIES", 200)
    monkeypatch.setattr(measure, "TIMED", 3)

    def opened(engine: str, metric: Metric, vectors: Vectors) -> Searcher:
        prepared = metric.prepare(vectors)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.faiss"
        built = build(engine, metric, prepared, path)
        assert built.engine == engine
        assert path.exists() == ENGINES[engine].has_file
        assert all(type(value) is int for value in built.parameters.values())
        return ENGINES[engine].open(
            path if path.exists() else None, lambda: prepared, metric, built.parameters
        )

    return opened


@pytest.fixture
def faiss_threads() -> Iterator[Callable[[int], None]]:
    """Sets the number of FAISS's threads; afterwards it is as before."""
    import faiss

    before = faiss.omp_get_max_threads()
    yield faiss.omp_set_num_threads
    faiss.omp_set_num_threads(before)


def clustered(rows: int, dimension: int, metric: Metric, seed: int = 0) -> Vectors:
    """Vectors around 20 centres; for hamming eight bits for each number."""
    rng = np.random.default_rng(seed)
    home = rng.integers(20, size=rows)
    if metric.binary:
        bits = np.random.default_rng(100).random((20, 8 * dimension)) < 0.5
        return np.packbits(bits[home] ^ (rng.random((rows, 8 * dimension)) < 0.1), axis=1)
    centres = np.random.default_rng(100).normal(size=(20, dimension)) * 3
    spread = rng.normal(size=(rows, dimension))
    return (centres[home] + spread).astype(np.float32)


def assert_right(
    values: Vectors, rows: Vectors, queries: Vectors, vectors: Vectors, metric: Metric
) -> None:
    """What is reported is right, whether or not something nearer was missed."""
    own = np.take_along_axis(truth(queries, vectors, metric), rows, 1)
    np.testing.assert_allclose(values, own, rtol=1e-4, atol=1e-4)
    order = -values if metric.larger_is_closer else values
    assert (np.diff(order, axis=1) >= 0).all()
    assert all(len(set(row)) == len(row) for row in rows.tolist())


@served
def test_finds_the_nearest(engine: str, metric: Metric, opened: Opened) -> None:
    vectors, queries = clustered(2_000, 24, metric), clustered(40, 24, metric, seed=1)
    prepared = metric.prepare(queries)
    searcher = opened(engine, metric, vectors)
    values, rows = searcher.search(prepared, 10, None)
    assert (values.shape, values.dtype) == ((40, 10), np.float32)
    assert (rows.shape, rows.dtype) == ((40, 10), np.int64)
    assert_right(values, rows, queries, vectors, metric)
    best = longhand(queries, vectors, 10, metric)
    assert recall(values, best, metric) >= (1.0 if engine in EXACT else 0.9)
    # Alone a query is answered as it is among others.
    alone = searcher.search(prepared[7:8], 10, None)
    np.testing.assert_allclose(alone[0][0], values[7], rtol=1e-4, atol=1e-4)


@served
@pytest.mark.parametrize("rows", [1, 2, 15, 17, 100])
def test_small_sets_and_more_asked_than_there_is(
    engine: str, metric: Metric, rows: int, opened: Opened
) -> None:
    vectors = clustered(rows, 5, metric)
    values, found = opened(engine, metric, vectors).search(metric.prepare(vectors), rows + 3, None)
    assert (found[:, rows:] == -1).all()
    assert np.isnan(values[:, rows:]).all()
    np.testing.assert_array_equal(
        np.sort(found[:, :rows], axis=1), np.tile(np.arange(rows), (rows, 1))
    )
    expected = longhand(vectors, vectors, rows, metric)
    np.testing.assert_allclose(values[:, :rows], expected, rtol=1e-3, atol=2e-3)


@served
@pytest.mark.parametrize("dimension", [1, 2, 5, 13, 100])
def test_any_dimension(engine: str, metric: Metric, dimension: int, opened: Opened) -> None:
    vectors = clustered(200, dimension, metric)
    values, rows = opened(engine, metric, vectors).search(metric.prepare(vectors[:20]), 5, None)
    assert_right(values, rows, vectors[:20], vectors, metric)


@served
def test_many_neighbours(engine: str, metric: Metric, opened: Opened) -> None:
    """More than any list of a fixed length holds; and few queries or many, a chunk or several."""
    vectors = clustered(1_500, 8, metric)
    queries = vectors[:30]
    values, rows = opened(engine, metric, vectors).search(metric.prepare(queries), 1_200, None)
    assert_right(values, rows, queries, vectors, metric)
    best = longhand(queries, vectors, 1_200, metric)
    assert recall(values, best, metric) >= (1.0 if engine in EXACT else 0.9)


@served
def test_duplicates_are_all_found(engine: str, metric: Metric, opened: Opened) -> None:
    """8 groups of 200 exact copies among 2,000: the case that breaks a graph."""
    vectors = clustered(2_000, 16, metric)
    # Long, so that they are nearest to each other by inner product as well.
    groups = clustered(8, 16, metric, seed=9)
    if not metric.binary:
        groups *= 20 / np.linalg.norm(groups, axis=1, keepdims=True)
    place = np.random.default_rng(3).permutation(2_000)[:1_600].reshape(8, 200)
    vectors[place] = groups[:, None, :]
    searcher = opened(engine, metric, vectors)
    values, found = searcher.search(metric.prepare(groups), 200, None)
    for row, copies in zip(found, place, strict=True):
        assert set(row.tolist()) == set(copies.tolist())
    if not metric.larger_is_closer:
        assert (values == 0).all()
    alive = np.ones(2_000, bool)
    alive[place[:, ::2]] = False
    found = searcher.search(metric.prepare(groups), 100, alive)[1]
    for row, copies in zip(found, place[:, 1::2], strict=True):
        assert set(row.tolist()) == set(copies.tolist())


@served
def test_within_a_distance(engine: str, metric: Metric, opened: Opened) -> None:
    vectors, queries = clustered(1_500, 12, metric), clustered(15, 12, metric, seed=2)
    searcher, true = opened(engine, metric, vectors), truth(queries, vectors, metric)
    alive = np.random.default_rng(4).random(1_500) < 0.7
    for share, mask in product((0.0, 0.002, 0.1, 1.0), (None, alive)):
        order = np.sort(true, axis=None)[:: -1 if metric.larger_is_closer else 1]
        threshold = float(order[min(int(share * order.size), order.size - 1)])
        threshold += 1e-3 * (-1 if metric.larger_is_closer else 1)
        limits, values, rows = searcher.within(metric.prepare(queries), threshold, mask)
        assert (limits.dtype, values.dtype, rows.dtype) == (np.int64, np.float32, np.int64)
        assert (len(limits), limits[0], limits[-1]) == (16, 0, len(rows))
        close = metric.as_close(true, threshold) & (True if mask is None else mask)
        for query, (start, end) in enumerate(pairwise(limits)):
            found = rows[start:end]
            mine = values[start:end]
            np.testing.assert_allclose(mine, true[query, found], rtol=1e-4, atol=1e-4)
            assert (np.diff(-mine if metric.larger_is_closer else mine) >= 0).all()
            assert len(set(found.tolist())) == len(found)
            assert set(found.tolist()) <= set(np.flatnonzero(close[query]).tolist())
        assert len(rows) >= (1.0 if engine in EXACT else 0.85) * close.sum()


@served
def test_nothing_is_within(engine: str, metric: Metric, opened: Opened) -> None:
    vectors = clustered(60, 6, metric)
    searcher, queries = opened(engine, metric, vectors), metric.prepare(vectors[:3])
    none = 1e9 if metric.larger_is_closer else -1.0
    for asked, threshold in ((queries, none), (queries[:0], 0.0)):
        limits, values, rows = searcher.within(asked, threshold, None)
        assert limits.tolist() == [0] * (len(asked) + 1)
        assert len(values) == len(rows) == 0
    limits, _, _ = searcher.within(queries, -none * 10, np.zeros(60, bool))
    assert limits.tolist() == [0, 0, 0, 0]


@served
def test_dead_rows_are_never_found(engine: str, metric: Metric, opened: Opened) -> None:
    vectors = clustered(2_000, 8, metric)
    queries = metric.prepare(vectors[:40])
    searcher = opened(engine, metric, vectors)
    for share in (0.001, 0.01, 0.1, 0.5, 0.99):
        alive = np.random.default_rng(5).random(2_000) < share
        living = int(alive.sum())
        values, rows = searcher.search(queries, 12, alive)
        assert ((rows >= 0).sum(axis=1) == min(12, living)).all()
        assert alive[rows[rows >= 0]].all()
        best = longhand(queries, metric.prepare(vectors)[alive], 12, metric)
        found = recall(values[:, : best.shape[1]], best, metric)
        assert found >= (1.0 if engine in EXACT else 0.9), share
    assert (searcher.search(queries, 3, np.zeros(2_000, bool))[1] == -1).all()
    # All alive is as no mask at all.
    values, rows = searcher.search(queries, 12, np.ones(2_000, bool))
    np.testing.assert_allclose(values, searcher.search(queries, 12, None)[0], rtol=1e-5, atol=1e-5)
    # And the mask of one call is not that of the next.
    alive = np.arange(2_000) % 2 == 0
    assert alive[searcher.search(queries, 12, alive)[1]].all()
    assert not alive[searcher.search(queries, 12, ~alive)[1]].any()
    assert not alive[searcher.search(queries, 12, None)[1]].all()


@served
def test_no_queries_no_matches(engine: str, metric: Metric, opened: Opened) -> None:
    vectors = clustered(50, 6, metric)
    values, rows = opened(engine, metric, vectors).search(metric.prepare(vectors[:0]), 4, None)
    assert values.shape == rows.shape == (0, 4)


@served
def test_all_vectors_equal(engine: str, metric: Metric, opened: Opened) -> None:
    vectors = np.ones((300, 4), np.uint8 if metric.binary else np.float32)
    values, rows = opened(engine, metric, vectors).search(metric.prepare(vectors[:2]), 300, None)
    assert all(sorted(row) == list(range(300)) for row in rows.tolist())
    np.testing.assert_allclose(values, longhand(vectors[:2], vectors, 300, metric), atol=1e-3)


@served
def test_zero_vectors(engine: str, metric: Metric, opened: Opened) -> None:
    vectors = clustered(64, 7, metric)
    vectors[::2] = 0
    values, _ = opened(engine, metric, vectors).search(metric.prepare(vectors), 64, None)
    np.testing.assert_allclose(values, longhand(vectors, vectors, 64, metric), rtol=1e-3, atol=2e-3)


@served
def test_building_writes_the_same_twice(
    engine: str, metric: Metric, tmp_path: Path, faiss_threads: Callable[[int], None]
) -> None:
    """Whatever the number of threads, where there are more."""
    vectors = metric.prepare(clustered(1_000, 6, metric))
    built = []
    more = 2 if metric in (Metric.EUCLIDEAN, Metric.HAMMING) else 1
    for name, threads in (("a", 1), ("b", more)):
        faiss_threads(threads)
        built.append(build(engine, metric, vectors, tmp_path / name))
    if ENGINES[engine].has_file:
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
        assert built[0].measured
        assert built[1].measured
        # Only the time that a query took may differ.
        same = replace(built[1].measured, latency_ms=built[0].measured.latency_ms)
        assert built[0] == replace(built[1], measured=same)
    else:
        assert built[0] == built[1]
        assert built[0].measured is None


def evenly_spread(rows: int, metric: Metric) -> Vectors:
    """Vectors in no clusters at all, the hardest to find; prepared."""
    rng = np.random.default_rng(8)
    if metric.binary:
        return rng.integers(0, 256, (rows, 10)).astype(np.uint8)
    return metric.prepare(rng.normal(size=(rows, 10)).astype(np.float32))


@served
def test_what_is_promised_is_found_by_queries_never_seen(
    engine: str, metric: Metric, tmp_path: Path
) -> None:
    made = evenly_spread(3_500, metric)
    vectors, queries = made[:3_000], made[3_000:]
    built = build(engine, metric, vectors, tmp_path / "a", SearchTarget(recall=0.9))
    path = tmp_path / "a" if ENGINES[engine].has_file else None
    searcher = ENGINES[engine].open(path, lambda: vectors, metric, built.parameters)
    true = truth(queries, vectors, metric)
    best = best_of(true, 100, metric)
    # Of 5,000 neighbours; the standard error of the difference is below .01. The one nearest
    # is to be found as often as the ten, and a hundred as well.
    for k in (1, 10, 100):
        values = searcher.search(queries, k, None)[0]
        assert recall(values, best[:, :k], metric) >= 0.87, k
    if not built.measured:
        return
    assert built.measured.queries >= 500
    assert built.measured.recall >= 0.9
    assert built.measured.range_recall >= 0.78
    assert built.measured.latency_ms > 0
    size = (tmp_path / "a").stat().st_size
    assert built.measured.bytes_per_vector == pytest.approx(size / 3_000, abs=0.01)
    # What `within` was seen to find it finds for others as well.
    threshold = float(np.median(best[:, 9]))
    close = metric.as_close(true, threshold).sum()
    found = len(searcher.within(queries, threshold, None)[2])
    assert found >= (built.measured.range_recall - 0.05) * close


@served
def test_clusters_keep_the_promise_too(engine: str, metric: Metric, tmp_path: Path) -> None:
    """There few cells are visited, and one more or less counts."""
    made = metric.prepare(clustered(5_250, 16, metric))
    vectors, queries = made[:5_000], made[5_000:]
    built = build(engine, metric, vectors, tmp_path / "a", SearchTarget(recall=0.95))
    path = tmp_path / "a" if ENGINES[engine].has_file else None
    searcher = ENGINES[engine].open(path, lambda: vectors, metric, built.parameters)
    true = truth(queries, vectors, metric)
    best = best_of(true, 200, metric)
    for k in (10, 200):
        assert recall(searcher.search(queries, k, None)[0], best[:, :k], metric) >= 0.925, k
    if built.measured:
        assert built.measured.recall >= 0.95
        values = searcher.search(queries, 10, None)[0]
        assert recall(values, best[:, :10], metric) >= built.measured.recall - 0.025
        threshold = float(np.median(best[:, 199]))
        close = metric.as_close(true, threshold).sum()
        found = len(searcher.within(queries, threshold, None)[2])
        assert found >= (built.measured.range_recall - 0.05) * close


@served
def test_an_opened_index_finds_what_was_measured(
    engine: str, metric: Metric, tmp_path: Path
) -> None:
    """Searched from its file it finds what it found when it had just been built."""
    vectors = metric.prepare(clustered(1_200, 9, metric))
    built = build(engine, metric, vectors, tmp_path / "a")
    path = tmp_path / "a" if ENGINES[engine].has_file else None
    searcher = ENGINES[engine].open(path, lambda: vectors, metric, built.parameters)
    found = recall_of(searcher, held_out(vectors, metric), metric)
    if engine == "hnsw":  # measured by points that were linked only then
        assert found >= 0.95
    else:
        assert round(found, 4) == (built.measured.recall if built.measured else 1.0)


@pytest.mark.parametrize("power", [-20, 20])
@pytest.mark.parametrize(
    ("engine", "metric"),
    [each for each in SERVED if each.values[1] not in (Metric.COSINE, Metric.HAMMING)],
)
def test_long_and_short_vectors_are_found_alike(
    engine: str, metric: Metric, power: int, opened: Opened
) -> None:
    """What counts as equally near depends on how long vectors are; powers of 2 scale exactly."""
    made = clustered(1_700, 12, metric)
    vectors, queries, scale = made[:1_500], made[1_500:], np.float32(2.0**power)
    values = opened(engine, metric, vectors * scale).search(queries * scale, 10, None)[0]
    values = values / scale / (scale if metric is Metric.INNER_PRODUCT else 1)
    assert recall(values, longhand(queries, vectors, 10, metric), metric) >= 0.92


@served
def test_threads_are_those_that_the_caller_set(
    engine: str, metric: Metric, opened: Opened, faiss_threads: Callable[[int], None]
) -> None:
    import faiss

    faiss_threads(2)
    vectors = clustered(70, 4, metric)
    searcher = opened(engine, metric, vectors)
    searcher.search(metric.prepare(vectors[:2]), 3, None)
    assert faiss.omp_get_max_threads() == 2


@served
def test_building_says_nothing_on_stderr(
    engine: str, metric: Metric, opened: Opened, capfd: pytest.CaptureFixture[str]
) -> None:
    for rows in (1, 20, 400):
        opened(engine, metric, clustered(rows, 4, metric))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("engine", "metric"), REFUSED)
def test_what_it_cannot_serve_is_refused_with_the_reason(engine: str, metric: Metric) -> None:
    with pytest.raises(
        OptionError, match=f"engine {engine} cannot use the metric {metric}: .* take "
    ):
        check_engine(engine, metric)
    with pytest.raises(
        OptionError, match=f"engine {engine} cannot use the metric {metric}: .* take "
    ):
        choose(engine, np.zeros((1, 8), np.float32), metric, SearchTarget())


def test_each_metric_has_a_quick_engine_and_an_exact_one() -> None:
    engines = {metric: {p.values[0] for p in SERVED if p.values[1] is metric} for metric in Metric}
    most = {"flat", "ivf", "hnsw", "ivfpq", "pq", "sq8", "fp16", "rabitq"}
    assert engines == {
        Metric.COSINE: most,
        Metric.INNER_PRODUCT: most,
        Metric.EUCLIDEAN: most,
        Metric.MANHATTAN: {"flat", "ivf", "hnsw"},
        Metric.HAMMING: {"flat", "binary"},
    }


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(OptionError, match="'tree'; choose one of: auto, flat, ivf, "):
        check_engine("tree", Metric.COSINE)
    check_engine(AUTO, Metric.COSINE)
