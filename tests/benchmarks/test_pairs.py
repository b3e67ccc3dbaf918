"""The joiners of the benchmark of all pairs, on vectors with known pairs."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.pairs import Outcome, _line
from benchmarks.pairs_joiners import JOINERS

VECTORS = np.float32([[1, 0], [0.8, 0.6], [1, 0], [0, 1], [0.6, 0.8]])


@pytest.mark.parametrize("name", ["simsearch", "simsearch, exact", "faiss brute force"])
def test_joiners_find_each_pair_once(name: str) -> None:
    left, right, _ = JOINERS[name](VECTORS, 0.9)
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2), (1, 4)]


def test_a_line_counts_what_is_missed_beyond_and_rounded() -> None:
    facts = {"seconds": 2.0, "joining": 1.0, "cpu": 1.5, "peak_bytes": 2**20, "told": "so"}
    found = Outcome("some", np.array([2, 8]), facts)  # 0-2 and 1-3
    line = _line(found, np.array([1, 2, 9]), VECTORS, 0.8)  # 0-1, 0-2 and 1-4
    assert line == "| some | 2 | 0.3333 | 2 | 1 | 1 | 2.0 | 1.0 | 1.5 | 1 | so |"
