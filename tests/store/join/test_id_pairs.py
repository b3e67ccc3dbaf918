"""All pairs of an index, by id, against comparing longhand."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from simsearch.errors import OptionError, OutputError
from simsearch.store.join.id_pairs import IdPairStream
from simsearch.store.vector_index import VectorIndex


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    """Points on a line, in a segment and in small changes, some of them deleted."""
    made = VectorIndex.create(tmp_path / "line", 2, metric="euclidean")
    points = np.zeros((40, 2), np.float32)
    points[:, 0] = np.arange(40) // 2  # each place twice
    made.add([f"p{i}" for i in range(20)], points[:20])
    made.add([f"p{i}" for i in range(20, 40)], points[20:])
    made.remove(["p7", "p30"])
    return made


def place(identifier: str) -> int:
    return int(identifier[1:]) // 2


def found(stream: IdPairStream) -> dict[frozenset[str], float]:
    pairs: dict[frozenset[str], float] = {}
    for batch in stream:
        for left, right, score in zip(batch.left, batch.right, batch.scores, strict=True):
            assert int(left[1:]) < int(right[1:])
            assert frozenset((left, right)) not in pairs
            pairs[frozenset((left, right))] = float(score)
    return pairs


LEFT = [f"p{i}" for i in range(40) if i not in (7, 30)]


def test_all_pairs_within_a_distance(index: VectorIndex) -> None:
    expected = {
        frozenset(pair): float(abs(place(pair[0]) - place(pair[1])))
        for pair in combinations(LEFT, 2)
        if abs(place(pair[0]) - place(pair[1])) <= 1
    }
    assert found(index.within(1.0)) == pytest.approx(expected)


def test_all_pairs_of_nearest_neighbours(index: VectorIndex) -> None:
    pairs = found(index.neighbours(1))
    # Each point that has a twin has it as its nearest.
    twins = {frozenset((f"p{i}", f"p{i + 1}")) for i in range(0, 40, 2)}
    assert {pair for pair in twins if pair <= set(LEFT)} <= pairs.keys()
    assert all(len(pair & {"p6", "p31"}) == 1 for pair in pairs.keys() - twins)


def test_pairs_go_to_a_file(index: VectorIndex, tmp_path: Path) -> None:
    path = tmp_path / "pairs.parquet"
    count = index.within(0.0).to_parquet(path)
    table = pq.read_table(path)
    assert table.column_names == ["left_id", "right_id", "score"]
    assert count == table.num_rows == 18
    assert set(table["score"].to_pylist()) == {0.0}


def test_a_file_that_cannot_be_written(index: VectorIndex, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no-folder"):
        index.within(0.0).to_parquet(tmp_path / "no-folder" / "pairs.parquet")


def test_pairs_are_of_the_version_that_was_asked(index: VectorIndex) -> None:
    stream = index.within(0.0)
    index.remove(LEFT)
    assert len(found(stream)) == 18
    assert not found(index.within(0.0))


def test_no_number(index: VectorIndex) -> None:
    with pytest.raises(OptionError):
        index.within(float("nan"))
    with pytest.raises(OptionError):
        index.neighbours(0)
