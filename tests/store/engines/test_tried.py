"""One deep search tells what the points that measure an index are to find, and what less finds."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.store.engines.cells import CellSearcher
from simsearch.store.engines.ivfpq import IvfPq
from simsearch.store.engines.measure import NEIGHBOURS, held_out, recall_of
from simsearch.store.engines.tried import NEVER, CellRanks, KnownPoints, Tried, known

Vectors = npt.NDArray[Any]
L2 = Metric.EUCLIDEAN
ROWS, WIDTH, CELLS, COUNT = 20_000, 24, 40, 960


@cache
def vectors() -> Vectors:
    """Clusters of unequal size and width."""
    rng = np.random.default_rng(5)
    homes = (1_000 * rng.random(ROWS) ** 2).astype(int)
    width = 0.2 + rng.random(1_000) * 2
    drawn = rng.normal(size=(1_000, WIDTH))[homes] * 3
    return (drawn + rng.normal(size=(ROWS, WIDTH)) * width[homes, None]).astype(np.float32)


def searcher_over(some: Vectors, numbers: int = WIDTH) -> CellSearcher:
    """CellRanks of codes; of less than all numbers they tell next to nothing."""
    import faiss

    index = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatL2(WIDTH), WIDTH, CELLS, WIDTH // 2, 4, faiss.METRIC_L2
    )
    seen = some.copy()
    seen[:, numbers:] = 0
    index.train(seen[::4])
    index.add(seen)
    return CellSearcher(index, some, L2, IvfPq())


@cache
def told() -> tuple[CellSearcher, KnownPoints]:
    searcher = searcher_over(vectors())
    return searcher, known(searcher, vectors(), L2, 0.95, COUNT)


def test_what_a_deep_search_finds_is_the_truth() -> None:
    points, truth = told()[1].points, held_out(vectors(), L2)
    np.testing.assert_array_equal(points.own, truth.own)
    assert (points.rows == truth.rows).mean() > 0.999
    assert np.isclose(points.values, truth.values, rtol=1e-5).mean() > 0.999


@pytest.mark.parametrize(("visited", "depth"), [(1, 1), (3, 4), (8, 8), (20, 16)])
def test_less_is_known_without_asking_again(visited: int, depth: int) -> None:
    searcher, truth = told()
    assert truth.alone
    assert truth.tried
    assert truth.tried.covers(visited, depth)
    searcher.visited, searcher.depth = visited, depth
    expected = recall_of(searcher, truth.points, L2)
    assert truth.tried.recall(visited, depth) == pytest.approx(expected, abs=0.001)


def test_the_least_depth_is_the_least() -> None:
    tried = told()[1].tried
    assert tried
    depth = tried.least_depth(12, 0.9)
    assert depth
    assert tried.recall(12, depth) >= 0.9 > tried.recall(12, depth - 1)
    assert tried.least_depth(1, 0.999) is None
    assert not tried.covers(CELLS + 1, 1)
    assert not tried.covers(1, COUNT)


def test_where_codes_mislead_exact_search_tells() -> None:
    truth = known(searcher_over(vectors(), numbers=2), vectors(), L2, 0.95, COUNT)
    assert truth.tried is None
    np.testing.assert_array_equal(truth.points.rows, held_out(vectors(), L2).rows)


@pytest.mark.parametrize(("rows", "recall", "count"), [(9_000, 0.95, COUNT), (ROWS, 1.0, COUNT),
                                                       (ROWS, 0.95, 0)])  # fmt: skip
def test_exact_search_tells_of_few_rows_of_all_and_of_slow_codes(
    rows: int, recall: float, count: int
) -> None:
    some = vectors()[:rows]
    truth = known(searcher_over(some), some, L2, recall, count)
    assert truth.tried is None
    np.testing.assert_array_equal(truth.points.rows, held_out(some, L2).rows)


def test_duplicates_are_not_told_apart() -> None:
    many = np.repeat(vectors()[: ROWS // 50], 50, axis=0)
    truth = known(searcher_over(many), many, L2, 0.95, COUNT)
    assert not truth.alone
    assert (truth.points.values == 0).all()


def test_candidates_of_fewer_cells_are_those_that_lie_in_them() -> None:
    """By hand: four rows in two cells, found in the order 2, 0, 3, 1."""

    class Asked:
        def candidates(self, queries: Vectors, count: int, visited: int) -> tuple[Any, Any]:
            return None, np.array([[2, 0, 3, 1]])

    lie = CellRanks(np.array([0, 1, 1, 0]), np.array([[2, 1]]))
    tried = Tried(Asked(), np.zeros((1, 2)), lie, 2, 4)  # type: ignore[arg-type]  # asked once
    assert lie.cells == 2
    assert lie.ranks(np.array([[0, 1]])).tolist() == [[2, 1]]
    points = told()[1].points
    aimed = type(points)(np.zeros((1, 2)), np.array([9]), np.array([[0, 1]]), np.zeros((1, 2)),
                         np.zeros((4, 2)), None)  # fmt: skip
    tried.aim(aimed)
    assert tried.places.tolist() == [[1, 3]]
    assert tried.needed(2).tolist() == [2, 4]
    assert tried.needed(1).tolist() == [NEVER, 2]  # row 0 is not met; row 1 comes after row 2
    assert tried.recall(1, 1) == 0.5
    assert NEIGHBOURS == 10
