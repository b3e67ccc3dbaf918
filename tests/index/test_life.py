"""The life of an index, compared with a dict."""

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.index.reader import IndexReader
from simsearch.index.writer import IndexWriter
from tests.index.test_writer import DIMENSION
from tests.index.test_writer import settings as settings_of

Truth = dict[str, tuple[npt.NDArray[np.float32], int]]

# Few different numbers, so that copies and ties are common.
vectors = st.lists(st.integers(-2, 2), min_size=DIMENSION, max_size=DIMENSION)
added = st.tuples(st.just("add"), st.lists(vectors, min_size=1, max_size=8))
removed = st.tuples(st.just("remove"), st.lists(st.integers(0, 30), max_size=6))
lives = st.lists(st.one_of(added, removed), min_size=1, max_size=6)


@settings(max_examples=25)
@given(lives, st.sampled_from(["auto", "ivf", "pq"]), st.integers(1, 6))
def test_it_finds_what_a_dict_holds(life: list[tuple[str, list]], kind: str, k: int) -> None:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as parent:
        folder, truth = Path(parent) / "made", Truth()
        with IndexWriter(folder, kind) as writer:
            writer.start(settings_of(metric=Metric.EUCLIDEAN))
            add(writer, truth, [[0] * DIMENSION])
            writer.publish()
        for step, content in life:
            reader, before = IndexReader.open(folder), dict(truth)
            with IndexWriter(folder, kind) as writer:
                if step == "add":
                    add(writer, truth, content)
                else:
                    gone = {f"key-{n}" for n in content}
                    assert writer.remove(gone) == len(gone & truth.keys())
                    truth = {key: value for key, value in truth.items() if key not in gone}
                writer.publish()
            check(reader, before, k)
            check(IndexReader.open(folder), truth, k)


def add(writer: IndexWriter, truth: Truth, content: list[list[int]]) -> None:
    first = writer.next_row
    numbers = range(first, first + len(content))
    made = np.array(content, np.float32)
    ids = [f"key-{n}" for n in numbers]
    metadata = pa.record_batch({"n": pa.array(list(numbers), pa.int64())})
    writer.add(pa.array(ids), made, metadata)
    truth.update(zip(ids, zip(made, numbers, strict=True), strict=True))


def check(reader: IndexReader, truth: Truth, k: int) -> None:
    query = np.array([[1, 0, 0, -1, 0, 2]], np.float32)
    assert len(reader) == len(truth)
    for where, kept in [
        (None, truth),
        ("n % 2 = 0", {i: v for i, v in truth.items() if v[1] % 2 == 0}),
    ]:
        values, positions = reader.search(query, k, reader.matching(where))
        found = positions[0][positions[0] >= 0]
        ids = reader.ids(found)
        distances = {i: float(np.linalg.norm(query - v)) for i, (v, _) in kept.items()}
        assert len(set(ids)) == len(ids) == min(k, len(kept))
        best = sorted(distances.values())[:k]
        np.testing.assert_allclose(values[0][: len(ids)], best, atol=1e-3)
        np.testing.assert_allclose([distances[i] for i in ids], best, atol=1e-3)
        assert [row["n"] for row in reader.metadata(found)] == [truth[i][1] for i in ids]
