"""Does closeness follow a graded truth? Spearman's rank correlation, as STS is measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.figures import Figure

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["spearman"]


def spearman(closeness: npt.ArrayLike, truth: npt.ArrayLike) -> Figure:
    """Rank correlation, with the interval of D. Bonett, T. Wright, Psychometrika 65(1), 2000.

    Args:
        closeness: (p,) larger is closer.
        truth: (p,) larger is more alike.

    Raises:
        OptionError: fewer than four pairs, or one side never varies.
    """
    from scipy.stats import spearmanr

    found, true = np.asarray(closeness, np.float64), np.asarray(truth, np.float64)
    if len(found) < 4:
        raise OptionError(f"a correlation needs four different pairs, not {len(found)}")
    if np.ptp(found) == 0 or np.ptp(true) == 0:
        raise OptionError("a correlation needs scores that vary")
    value = float(spearmanr(found, true).statistic)
    spread = 1.96 * np.sqrt((1 + value**2 / 2) / (len(found) - 3))
    middle = np.arctanh(np.clip(value, -0.999999, 0.999999))
    low, high = np.tanh(middle - spread), np.tanh(middle + spread)
    return Figure("Spearman", value, float(low), float(high), len(found))
