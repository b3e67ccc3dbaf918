"""95 % confidence intervals of measured numbers.

Observations that share a class, a writer or an alphabet err together, so what is resampled are
groups, not observations; a group is drawn as a whole, several times or not at all.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.integer]

__all__ = ["RESAMPLES", "bootstrap", "mean_figure", "proportion", "resampled", "settled", "wilson"]

RESAMPLES = 200
# The 0.975 quantile of the normal distribution.
_Z = 1.959963984540054
_ENDS = (2.5, 97.5)


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The score interval of a proportion; (0, 1) when there were no trials.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22, 1927. It does not collapse where all or none succeed.

    Raises:
        OptionError: more successes than trials, or fewer than none.
    """
    if not 0 <= successes <= trials:
        raise OptionError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    centre = share + _Z**2 / (2 * trials)
    spread = _Z * math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    scale = 1 + _Z**2 / trials
    # Rounding must not push the ends past the share itself.
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return min(share, max(0.0, low)), max(share, min(1.0, high))


def proportion(name: str, hits: npt.NDArray[np.bool_], groups: Integers | None = None) -> Figure:
    """A share of hits, with Wilson's interval.

    Args:
        name: of the figure.
        hits: (n,) bool.
        groups: (n,) what errs together. The interval is then Wilson's for as many trials as
            would vary as much if they were independent (E. Korn, B. Graubard, Survey Methodology
            24, 1998), at least one for each group and at most n.

    Raises:
        OptionError: nothing was counted, or the lengths differ.
    """
    if not len(hits):
        raise OptionError(f"nothing to count for {name}")
    share = float(np.mean(hits))
    trials = float(len(hits))
    if groups is not None:
        trials = _independent(np.asarray(hits, np.float64), _codes(groups, len(hits)))
    return Figure(name, share, *wilson(min(share * trials, trials), trials), len(hits))


def mean_figure(name: str, values: Floats, groups: Integers | None = None, seed: int = 0) -> Figure:
    """The mean of numbers in [0, 1], with an interval from resampled groups.

    Args:
        name: of the figure.
        values: (n,) float64.
        groups: (n,) what is resampled together; None: each by itself.
        seed: of the resampling.

    Raises:
        OptionError: nothing was counted, or the lengths differ.
    """
    if not len(values):
        raise OptionError(f"nothing to count for {name}")
    codes = np.arange(len(values)) if groups is None else _codes(groups, len(values))
    sums, sizes = np.bincount(codes, values), np.bincount(codes)
    drawn = np.random.default_rng(seed)
    count = len(sums)
    means = np.empty(RESAMPLES)
    for at in range(RESAMPLES):
        rows = drawn.integers(count, size=count)
        means[at] = sums[rows].sum() / sizes[rows].sum()
    value = float(np.mean(values))
    low, high = (float(end) for end in np.percentile(means, _ENDS))
    return Figure(name, value, *settled(value, low, high, count), len(values))


def bootstrap(
    statistics: Callable[[Floats], Floats], groups: Integers, seed: int = 0
) -> tuple[Floats, Floats]:
    """Percentile intervals of statistics of weighted observations.

    B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.

    Args:
        statistics: weights (n,) of the observations to (m,) numbers; NaN where undefined.
        groups: (n,) the group of each observation; or (n, 2) the two groups of a pair's sides.
        seed: of the resampling.

    Returns:
        Lower and upper ends, each (m,) float64.
    """
    drawn = np.stack([statistics(weights) for weights in resampled(groups, seed)])
    known = drawn[~np.isnan(drawn).any(axis=1)]
    if not len(known):
        nothing = np.full(drawn.shape[1], np.nan)
        return nothing, nothing
    low, high = np.percentile(known, _ENDS, axis=0)
    return low, high


def resampled(groups: Integers, seed: int = 0, times: int = RESAMPLES) -> Iterator[Floats]:
    """Weights (n,) of the observations, one array for each draw of groups with replacement.

    A pair of two groups weighs the product of theirs, a pair inside a group what the group
    weighs: A. Owen, D. Eckles, Bootstrapping data arrays of arbitrary order, Annals of Applied
    Statistics 6(3), 2012; for biometric scores R. Bolle and others, Error analysis of pattern
    recognition systems, Computer Vision and Image Understanding 93(1), 2004.

    Args:
        groups: (n,) or (n, 2) integers.
        seed: of the draws.
        times: how many draws.
    """
    names, codes = np.unique(groups, return_inverse=True)
    codes = codes.reshape(np.shape(groups))
    drawn = np.random.default_rng(seed)
    for _ in range(times):
        rows = drawn.integers(len(names), size=len(names))
        weights = np.bincount(rows, minlength=len(names)).astype(np.float64)
        if codes.ndim == 1:
            yield weights[codes]
            continue
        left, right = codes[:, 0], codes[:, 1]
        yield weights[left] * np.where(left == right, 1.0, weights[right])


def settled(value: float, low: float, high: float, trials: float) -> tuple[float, float]:
    """The ends of a resampled interval of a rate, or Wilson's where resampling cannot vary.

    Where no error was seen no resample has one; that does not mean that there is none.
    """
    if math.isnan(low) or low == high:
        return wilson(min(value, 1.0) * trials, trials)
    return min(low, value), max(high, value)


def _independent(hits: Floats, codes: npt.NDArray[np.int64]) -> float:
    """How many independent trials would vary as the groups' share of hits does."""
    share = float(hits.mean())
    sums, sizes = np.bincount(codes, hits), np.bincount(codes)
    groups = len(sizes)
    plain = share * (1 - share)
    if groups < 2 or plain == 0:
        return float(max(groups, 1)) if plain else float(len(hits))
    residual = sums - share * sizes
    variance = groups / (groups - 1) * float(np.sum(residual**2)) / len(hits) ** 2
    return float(np.clip(plain / variance, groups, len(hits))) if variance else float(len(hits))


def _codes(groups: Integers, length: int) -> npt.NDArray[np.int64]:
    """Groups numbered from 0."""
    if np.shape(groups) != (length,):
        raise OptionError(f"groups of the shape {np.shape(groups)} for {length} observations")
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
