"""Whether .99 means .99: the curve of probabilities against what is true, and its mean error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["EDGES", "Bin", "curve", "expected_error"]

# Finer at both ends, where decisions are made and where most pairs are.
EDGES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


@dataclass(frozen=True)
class Bin:
    """Pairs of about one probability.

    Attributes:
        low: least probability, inclusive.
        high: greatest, exclusive but for the last.
        pairs: how many.
        said: their mean probability.
        true: share of them that are the same thing.
    """

    low: float
    high: float
    pairs: int
    said: float
    true: float


def curve(probability: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]) -> list[Bin]:
    """Bins that hold any pair."""
    place = np.clip(np.searchsorted(EDGES, probability, side="right") - 1, 0, len(EDGES) - 2)
    out = []
    for number in np.unique(place).tolist():
        here = place == number
        said, true = float(probability[here].mean()), float(same[here].mean())
        out.append(Bin(EDGES[number], EDGES[number + 1], int(here.sum()), said, true))
    return out


def expected_error(bins: list[Bin]) -> float:
    """Expected calibration error: |said - true|, each bin as heavy as its pairs (Naeini et al.,
    AAAI 2015)."""
    total = sum(one.pairs for one in bins)
    return sum(one.pairs * abs(one.said - one.true) for one in bins) / max(total, 1)
