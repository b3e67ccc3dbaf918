"""All pairs against every pair compared longhand."""

from __future__ import annotations

import itertools
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.store.join import JoinOptions, Pairs, PairStream, Part, neighbour_pairs, pairs_within
from simsearch.store.join.nearest import array as nearest_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Array = npt.NDArray[Any]
    Positions = set[tuple[int, int]]

METRICS = list(Metric)
SMALL = 16 * 2**20
# What the first part begins with: positions are the index's, not those of the rows given.
START = 7


def longhand(vectors: Array, metric: Metric) -> Array:
    """(n, n) scores or distances, number by number, in 64 bits."""
    if metric.binary:
        return np.bitwise_count(vectors[:, None] ^ vectors).sum(axis=2).astype(np.float64)
    wide = vectors.astype(np.float64)
    if metric.larger_is_closer:
        return (wide[:, None] * wide).sum(axis=2)
    apart = np.abs(wide[:, None] - wide)
    return apart.sum(axis=2) if metric is Metric.MANHATTAN else np.sqrt((apart**2).sum(axis=2))


def within(vectors: Array, alive: Array, metric: Metric, threshold: float) -> Positions:
    values = longhand(vectors, metric)
    close = values >= threshold if metric.larger_is_closer else values <= threshold
    both = np.triu(close & alive & alive[:, None], 1)
    return {(i + START, j + START) for i, j in np.argwhere(both).tolist()}


def nearest(vectors: Array, alive: Array, metric: Metric, k: int) -> Positions:
    values = longhand(vectors, metric) * (-1 if metric.larger_is_closer else 1)
    rows = np.flatnonzero(alive)
    pairs = set()
    for row in rows.tolist():
        order = rows[np.argsort(values[row, rows], kind="stable")].tolist()
        for other in [each for each in order if each != row][:k]:
            pairs.add((min(row, other) + START, max(row, other) + START))
    return pairs


def split(vectors: Array, alive: Array, cuts: Iterable[int]) -> list[Part]:
    """Parts, the last first; some may be empty."""
    edges = [0, *sorted(cuts), len(vectors)]
    return [
        Part(vectors[low:high], alive[low:high], low + START)
        for low, high in itertools.pairwise(edges)
    ][::-1]


def positions(pairs: Iterable[Pairs]) -> Positions:
    """All pairs; each is there once, its lesser position first."""
    listed = [
        pair for some in pairs for pair in zip(some.left.tolist(), some.right.tolist(), strict=True)
    ]
    assert all(left < right for left, right in listed)
    assert len(set(listed)) == len(listed)
    return set(listed)


def right_values(pairs: Iterable[Pairs], vectors: Array, metric: Metric) -> Iterable[Pairs]:
    """The same pairs, each with the value that it should have."""
    expected = longhand(vectors, metric)
    for some in pairs:
        assert some.values.dtype == np.float32
        assert 0 < len(some) == len(some.left) == len(some.right)
        there = expected[some.left - START, some.right - START]
        np.testing.assert_allclose(some.values, there, rtol=1e-5, atol=1e-5)
        yield some


@st.composite
def corpora(draw: st.DrawFn, metric: Metric) -> tuple[Array, Array, list[Part]]:
    """Whole numbers, few different ones: many ties and copies; some dead; cut anywhere."""
    rows = draw(st.integers(0, 60))
    width = draw(st.integers(1, 3))
    numbers = st.integers(0, 3) if metric.binary else st.integers(-2, 2)
    flat = draw(st.lists(numbers, min_size=rows * width, max_size=rows * width))
    dtype = np.uint8 if metric.binary else np.float32
    vectors = metric.prepare(np.array(flat, dtype).reshape(rows, width))
    alive = np.array(draw(st.lists(st.booleans(), min_size=rows, max_size=rows)), bool)
    cuts = draw(st.lists(st.integers(0, rows), max_size=3))
    return vectors, alive, split(vectors, alive, cuts)


@pytest.mark.parametrize("metric", METRICS)
class TestAgainstLonghand:
    @settings(max_examples=40, deadline=None)
    @given(data=st.data())
    def test_within(self, metric: Metric, data: st.DataObject) -> None:
        vectors, alive, parts = data.draw(corpora(metric))
        # Between the cosines that such small numbers have, so that rounding decides nothing.
        choices = [-0.97, -0.03, 0.83, 0.93] if metric is Metric.COSINE else [0.0, 1.0, 2.0, 3.0]
        threshold = data.draw(st.sampled_from(choices))
        found = pairs_within(parts, metric, threshold, options=JoinOptions(memory=SMALL))
        got = positions(right_values(found, vectors, metric))
        assert got == within(vectors, alive, metric, threshold)

    @settings(max_examples=40, deadline=None)
    @given(data=st.data())
    def test_nearest(self, metric: Metric, data: st.DataObject) -> None:
        vectors, alive, parts = data.draw(corpora(metric))
        if metric is Metric.COSINE:  # in more than one dimension rounding would part ties
            vectors = vectors[:, :1]
            parts = [Part(part.vectors[:, :1], part.alive, part.start) for part in parts]
            vectors = metric.prepare(vectors)
            parts = [Part(metric.prepare(p.vectors), p.alive, p.start) for p in parts]
        k = data.draw(st.integers(1, 8))
        found = neighbour_pairs(parts, metric, k, options=JoinOptions(memory=SMALL))
        got = positions(right_values(found, vectors, metric))
        assert got == nearest(vectors, alive, metric, k)

    @settings(max_examples=15, deadline=None)
    @given(data=st.data())
    def test_cells_give_no_pair_twice_and_none_beyond(
        self, metric: Metric, data: st.DataObject
    ) -> None:
        vectors, alive, parts = data.draw(corpora(metric))
        threshold = 0.83 if metric is Metric.COSINE else 2.0
        options = JoinOptions(exact=False, memory=SMALL)
        found = pairs_within(parts, metric, threshold, options=options)
        got = positions(right_values(found, vectors, metric))
        wanted = within(vectors, alive, metric, threshold)
        assert got <= wanted
        if found.report.recall == 1 and not found.report.sampled:
            assert got == wanted
        k = data.draw(st.integers(1, 4))
        near = neighbour_pairs(parts, metric, k, options=options)
        assert all(alive[list(np.subtract(pair, START))].all() for pair in positions(near))


@pytest.mark.parametrize("metric", METRICS)
def test_many_tiles_give_what_one_gives(metric: Metric, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    raw = rng.integers(0, 256, (900, 3)) if metric.binary else rng.normal(size=(900, 3))
    vectors = metric.prepare(raw.astype(np.uint8 if metric.binary else np.float32))
    alive = rng.random(900) < 0.9
    parts = split(vectors, alive, [100, 555])
    threshold = {Metric.COSINE: 0.98, Metric.INNER_PRODUCT: 4.0, Metric.HAMMING: 3.0}.get(
        metric, 0.3
    )

    def both() -> list[list[tuple[int, int, float]]]:
        streams: tuple[PairStream, ...] = (
            pairs_within(parts, metric, threshold, options=JoinOptions(exact=True)),
            neighbour_pairs(parts, metric, 4, options=JoinOptions(exact=True)),
        )
        return [
            sorted(
                triple
                for some in stream
                for triple in zip(
                    some.left.tolist(), some.right.tolist(), some.values.tolist(), strict=True
                )
            )
            for stream in streams
        ]

    whole = both()
    monkeypatch.setattr("simsearch.store.join.options.TILE_CELLS", 64 * 70)
    monkeypatch.setattr("simsearch.store.join.options.TILE_ROWS", 50)
    monkeypatch.setattr("simsearch.store.join.options.MOST_PAIRS", 300)
    assert both() == whole


def clustered(rows: int, metric: Metric, seed: int = 0) -> Array:
    """Clusters of some 20 rows."""
    rng = np.random.default_rng(seed)
    if metric.binary:
        centres = rng.integers(0, 256, (rows // 20, 16), dtype=np.uint8)
        flips = rng.random((rows, 128)) < 0.05
        return centres[rng.integers(0, len(centres), rows)] ^ np.packbits(flips, axis=1)
    centres = rng.normal(size=(rows // 20, 16))
    noise = 0.25 * rng.normal(size=(rows, 16))
    return metric.prepare((centres[rng.integers(0, len(centres), rows)] + noise).astype(np.float32))


# About where the pairs of a cluster end.
EDGE = {
    Metric.COSINE: 0.93, Metric.INNER_PRODUCT: 22.0, Metric.EUCLIDEAN: 1.5,
    Metric.MANHATTAN: 5.0, Metric.HAMMING: 14.0,
}  # fmt: skip


@pytest.mark.parametrize("metric", METRICS)
class TestCells:
    def test_find_within_what_they_report(self, metric: Metric) -> None:
        parts = [Part(clustered(4_000, metric))]
        options = JoinOptions(exact=False, recall=0.9)
        found = pairs_within(parts, metric, EDGE[metric], options=options)
        report = found.report
        got = positions(found)
        every = positions(
            pairs_within(parts, metric, EDGE[metric], options=JoinOptions(exact=True))
        )
        assert not report.exact
        assert report.cells > 50
        assert report.visits < report.cells / 2
        assert got <= every
        assert len(every) > 5_000
        assert report.recall >= 0.88
        assert len(got) / len(every) >= report.recall - 0.02

    def test_find_neighbours_as_they_report(self, metric: Metric) -> None:
        parts = [Part(clustered(3_000, metric))]
        found = neighbour_pairs(parts, metric, 5, options=JoinOptions(exact=False, recall=0.9))
        report = found.report
        got = positions(found)
        every = positions(neighbour_pairs(parts, metric, 5, options=JoinOptions(exact=True)))
        assert not report.exact
        assert report.recall >= 0.88
        assert len(got & every) / len(every) >= report.recall - 0.02

    def test_miss_nothing_that_is_very_near(self, metric: Metric) -> None:
        near = {Metric.COSINE: 0.9999, Metric.HAMMING: 1.0}.get(metric, 0.02)
        if metric is Metric.INNER_PRODUCT:
            pytest.skip("an inner product says nothing of distance")
        rng = np.random.default_rng(1)
        base = clustered(2_000, metric)
        again = base.copy()
        if metric.binary:
            again[:, 0] ^= 1
        else:
            again = metric.prepare(again + rng.uniform(-1e-3, 1e-3, base.shape).astype("f4"))
        parts = [Part(np.concatenate([base, again]))]
        found = pairs_within(parts, metric, near, options=JoinOptions(exact=False))
        got = positions(found)
        assert (found.report.exact, found.report.recall, found.report.sampled) == (False, 1.0, 0)
        assert got == positions(pairs_within(parts, metric, near, options=JoinOptions(exact=True)))
        assert {(row, row + 2_000) for row in range(2_000)} <= got


class TestCopies:
    def test_a_large_group_is_streamed(self) -> None:
        rng = np.random.default_rng(0)
        vectors = rng.normal(size=(4_000, 8)).astype(np.float32)
        vectors[500:3_500] = vectors[500]
        found = pairs_within([Part(vectors)], "euclidean", 0.0, options=JoinOptions(memory=SMALL))
        assert (found.report.rows, found.report.distinct) == (4_000, 1_001)
        most, total, checksum = 0, 0, 0
        for some in found:
            most, total = max(most, len(some)), total + len(some)
            checksum += int(some.left.sum() + some.right.sum())
            assert not some.values.any()
        assert total == 3_000 * 2_999 // 2
        assert checksum == 2_999 * sum(range(500, 3_500))
        assert most <= 262_144

    @pytest.mark.parametrize("copied", [True, False])
    def test_millions_of_pairs_take_no_more_memory_than_allowed(self, copied: bool) -> None:
        vectors = np.random.default_rng(0).normal(size=(3_000, 8)).astype(np.float32)
        if copied:
            vectors[:] = vectors[0]
        tracemalloc.start()
        try:
            found = pairs_within(
                [Part(vectors)], "euclidean", 100.0, options=JoinOptions(memory=SMALL)
            )
            total = sum(len(some) for some in found)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert total == 3_000 * 2_999 // 2  # 90 MB at once
        assert peak < 1.25 * SMALL

    def test_two_large_groups_are_crossed_a_batch_at_a_time(self) -> None:
        vectors = np.repeat(np.float32([[0, 0], [0, 1], [9, 9]]), (1_500, 900, 1), axis=0)
        found = pairs_within([Part(vectors)], "euclidean", 1.0, options=JoinOptions(memory=SMALL))
        sizes = [len(some) for some in found]
        assert sum(sizes) == 2_400 * 2_399 // 2
        assert max(sizes) <= 262_144

    @pytest.mark.parametrize("metric", [Metric.COSINE, Metric.EUCLIDEAN, Metric.MANHATTAN])
    def test_are_as_near_as_can_be_far_from_the_origin(self, metric: Metric) -> None:
        rng = np.random.default_rng(2)
        vectors = metric.prepare(1e4 + rng.normal(size=(300, 50)).astype(np.float32))
        parts = [Part(vectors), Part(vectors.copy(), None, 300)]
        best = 1.0 if metric is Metric.COSINE else 0.0
        found = positions(pairs_within(parts, metric, best))
        assert {(row, row + 300) for row in range(300)} <= found
        assert metric is Metric.COSINE or len(found) == 300

    def test_of_zero_have_cosine_zero(self) -> None:
        parts = [Part(np.zeros((5, 3), np.float32))]
        assert positions(pairs_within(parts, "cosine", 0.5)) == set()
        assert len(positions(pairs_within(parts, "cosine", 0.0))) == 10

    def test_zero_and_minus_zero_are_duplicates(self) -> None:
        parts = [Part(np.float32([[0.0, 1.0], [-0.0, 1.0]]))]
        found = pairs_within(parts, "euclidean", 0.0)
        assert found.report.distinct == 1
        assert positions(found) == {(0, 1)}

    def test_count_as_neighbours(self) -> None:
        vectors = np.repeat(np.float32([[0.0], [5.0]]), (50, 1), axis=0)
        found = neighbour_pairs([Part(vectors)], "euclidean", 2)
        # The two copies that come first are everyone's neighbours; the third is theirs.
        assert positions(found) == {
            *((low, high) for high in range(2, 51) for low in (0, 1)), (0, 1),
        }  # fmt: skip

    def test_hashes_that_collide_part_by_their_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "simsearch.store.join.corpus._hashes", lambda words: np.zeros(len(words), np.uint64)
        )
        rng = np.random.default_rng(3)
        vectors = rng.integers(0, 3, (80, 2)).astype(np.float32)
        found = pairs_within([Part(vectors)], "euclidean", 0.0)
        assert found.report.distinct == len(np.unique(vectors, axis=0))
        alive = np.ones(80, bool)
        assert {(a + START, b + START) for a, b in positions(found)} == within(
            vectors, alive, Metric.EUCLIDEAN, 0.0
        )


def test_memory_maps_are_read(tmp_path: Any) -> None:
    vectors = clustered(500, Metric.COSINE)
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    found = pairs_within([Part(mapped)], "cosine", 0.9)
    assert positions(found) == positions(pairs_within([Part(vectors)], "cosine", 0.9))


def test_lists_of_neighbours_may_lie_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [Part(clustered(600, Metric.EUCLIDEAN))]
    expected = positions(neighbour_pairs(parts, "euclidean", 5))
    on_disk = []

    def array(shape: tuple[int, ...], dtype: Any, memory: int) -> Array:
        on_disk.append(nearest_lists(shape, dtype, 0))
        return on_disk[-1]

    monkeypatch.setattr("simsearch.store.join.nearest.array", array)
    assert positions(neighbour_pairs(parts, "euclidean", 5)) == expected
    assert [type(each) for each in on_disk] == [np.memmap, np.memmap]


def test_the_same_seed_gives_the_same_pairs() -> None:
    parts = [Part(clustered(2_000, Metric.EUCLIDEAN))]
    options = JoinOptions(exact=False, recall=0.8, seed=3)
    first, again = (positions(pairs_within(parts, "euclidean", 1.2, options=options)) for _ in "ab")
    assert first == again


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_rows_have_no_pairs(rows: int) -> None:
    parts = [
        Part(np.ones((rows, 4), np.float32)),
        Part(np.ones((3, 4), np.float32), np.zeros(3, bool), 1),
    ]
    for options in (JoinOptions(), JoinOptions(exact=False)):
        assert positions(pairs_within(parts, "cosine", 0.5, options=options)) == set()
        assert positions(neighbour_pairs(parts, "cosine", 3, options=options)) == set()
    assert positions(pairs_within([], "cosine", 0.5)) == set()


class TestRefusals:
    VECTORS = np.ones((3, 4), np.float32)

    @pytest.mark.parametrize("threshold", [float("nan"), float("inf")])
    def test_threshold(self, threshold: float) -> None:
        with pytest.raises(OptionError, match="finite"):
            pairs_within([Part(self.VECTORS)], "cosine", threshold)

    def test_k(self) -> None:
        with pytest.raises(OptionError, match="k is 0"):
            neighbour_pairs([Part(self.VECTORS)], "cosine", 0)

    @pytest.mark.parametrize("options", [{"recall": 0.0}, {"recall": 1.5}, {"memory": 1000}])
    def test_options(self, options: dict[str, Any]) -> None:
        with pytest.raises(OptionError, match=r"recall|memory"):
            JoinOptions(**options)

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            ([Part(VECTORS), Part(VECTORS[:, :2], None, 3)], "shapes"),
            ([Part(VECTORS.astype(np.float64))], "float64"),
            ([Part(VECTORS[0])], "1 axes"),
            ([Part(VECTORS, np.ones(2, bool))], "mask"),
            ([Part(VECTORS), Part(VECTORS, None, 2)], "position 2"),
        ],
    )
    def test_parts(self, parts: list[Part], words: str) -> None:
        with pytest.raises(OptionError, match=words):
            pairs_within(parts, "euclidean", 1.0)
