"""Hashes within some bits, against counting them one by one."""

import numpy as np
import pytest

from simsearch.store.search import bits
from simsearch.store.search.bits import rows_within_bits


@pytest.mark.parametrize("most", [0, 3, 8, 16])
def test_all_that_are_close(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bits, "QUERIES", 7)
    random = np.random.default_rng(0)
    corpus = random.integers(0, 256, (60, 2)).astype(np.uint8)
    queries = random.integers(0, 256, (20, 2)).astype(np.uint8)
    differ = np.bitwise_count(queries[:, None] ^ corpus[None]).sum(axis=2)
    expected = {(q, c, int(differ[q, c])) for q, c in np.argwhere(differ <= most).tolist()}
    found = rows_within_bits(queries, corpus, most)
    assert {tuple(map(int, each)) for each in zip(*found, strict=True)} == expected
    assert (np.diff(found[0]) >= 0).all()


def test_nothing() -> None:
    nothing = np.empty((0, 4), np.uint8)
    assert [len(part) for part in rows_within_bits(nothing, nothing, 3)] == [0, 0, 0]
