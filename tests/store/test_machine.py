"""The life of an index, at random, compared with a dict."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from simsearch.errors import QueryError
from simsearch.store.options import IndexOptions
from simsearch.store.upkeep.check import check
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing import writer as writing

DIMENSION = 4
Truth = dict[Any, tuple[tuple[float, ...], int]]

keys = st.integers(0, 25)
# Few different numbers, so that copies and ties are common.
vector = st.tuples(*[st.integers(-2, 2)] * DIMENSION)
some = st.dictionaries(keys, st.tuples(vector, st.integers(0, 9)), min_size=1, max_size=8)


class Life(RuleBasedStateMachine):
    """Changes an index and a dict alike."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = Path(tempfile.mkdtemp())
        self.usual = writing.SMALL_ROWS, writing.SMALL_CHANGES
        writing.SMALL_ROWS, writing.SMALL_CHANGES = 7, 5
        self.truth: Truth = {}
        self.kept: list[tuple[VectorIndex, Truth]] = []
        self.versions: dict[int, Truth] = {}

    def teardown(self) -> None:
        writing.SMALL_ROWS, writing.SMALL_CHANGES = self.usual
        shutil.rmtree(self.parent)

    @initialize(
        texts=st.booleans(), engine=st.sampled_from(["auto", "flat", "ivf", "ivfpq", "hnsw"])
    )
    def create(self, texts: bool, engine: str) -> None:
        self.texts = texts
        options = IndexOptions(engine=engine, recall=1.0)
        self.index = VectorIndex.create(
            self.parent / "made", DIMENSION, metric="euclidean", options=options
        )
        self.note()

    def name(self, key: int) -> Any:
        return f"key {key}" if self.texts else key

    def note(self) -> None:
        self.versions[self.index.version] = dict(self.truth)

    def given(self, content: dict[int, tuple[Any, int]]) -> dict[str, Any]:
        return {
            "ids": [self.name(key) for key in content],
            "vectors": np.array([v for v, _ in content.values()], np.float32),
            "metadata": {"n": [n for _, n in content.values()]},
        }

    def put(self, content: dict[int, tuple[Any, int]]) -> None:
        self.truth |= {self.name(key): (tuple(map(float, v)), n) for key, (v, n) in content.items()}
        self.note()

    @rule(content=some)
    def add(self, content: dict[int, tuple[Any, int]]) -> None:
        new = {k: v for k, v in content.items() if self.name(k) not in self.truth}
        if new:
            self.index.add(**self.given(new))
            self.put(new)

    @rule(content=some)
    def upsert(self, content: dict[int, tuple[Any, int]]) -> None:
        self.index.upsert(**self.given(content))
        self.put(content)

    @precondition(lambda self: self.truth)
    @rule(gone=st.sets(keys, max_size=5))
    def remove(self, gone: set[int]) -> None:
        named = {self.name(key) for key in gone}
        names = named & self.truth.keys()
        if named != names:
            with pytest.raises(QueryError, match="has no item with the id"):
                self.index.remove(named)
        assert self.index.remove(names) == len(names)
        self.truth = {key: v for key, v in self.truth.items() if key not in names}
        self.note()

    @precondition(lambda self: self.truth)
    @rule(n=st.integers(0, 9))
    def remove_where(self, n: int) -> None:
        self.index.remove(where=f"n = {n}")
        self.truth = {key: v for key, v in self.truth.items() if v[1] != n}
        self.note()

    @rule(prune=st.booleans())
    def compact(self, prune: bool) -> None:
        self.index.compact(prune=prune)
        if prune:
            there = {v.number for v in self.index.versions()}
            self.versions = {n: t for n, t in self.versions.items() if n in there}
        self.note()

    @rule()
    def reopen(self) -> None:
        self.index = VectorIndex.open(self.parent / "made")

    @precondition(lambda self: len(self.kept) < 3)
    @rule()
    def keep(self) -> None:
        self.kept.append((VectorIndex.open(self.parent / "made"), dict(self.truth)))

    @rule(data=st.data())
    def open_version(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.versions)))
        agree(VectorIndex.open(self.parent / "made", number), self.versions[number])

    @invariant()
    def it_holds_what_the_dict_holds(self) -> None:
        if hasattr(self, "index"):
            agree(self.index, self.truth)

    @invariant()
    def what_is_open_stays_as_it_was(self) -> None:
        for index, truth in self.kept:
            agree(index, truth)

    @rule()
    def every_byte_is_as_written(self) -> None:
        assert not check(self.parent / "made").problems


def agree(index: VectorIndex, truth: Truth) -> None:
    query = np.array([[1, 0, 0, -1]], np.float32)
    assert len(index) == len(truth)
    for where, kept in (
        (None, truth),
        ("n % 2 = 0", {key: v for key, v in truth.items() if v[1] % 2 == 0}),
    ):
        if where and not truth:
            continue
        distances = {key: float(np.linalg.norm(query - v)) for key, (v, _) in kept.items()}
        best = sorted(distances.values())[:5]
        found = index.search(query, 5, where=where)
        ids = [key for key, score in zip(found.ids[0], found.scores[0], strict=True) if score >= 0]
        assert len(set(ids)) == len(ids) == len(best)
        np.testing.assert_allclose([distances[key] for key in ids], best, atol=1e-3)
        close = index.search_within(query, 2.01, where=where)
        assert set(close.ids) == {key for key, d in distances.items() if d <= 2.01}
        assert [row["n"] for row in index.metadata(ids)] == [truth[key][1] for key in ids]


Life.TestCase.settings = example_settings(max_examples=25, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
