"""Ways to search vectors: a file for each, one contract, chosen by size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.index.kinds.flat import Flat
from simsearch.index.kinds.ivf import Ivf
from simsearch.index.kinds.pq import Pq

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.index.kinds.kind import Kind, Target, Vectors

__all__ = ["AUTO", "KINDS", "check_kind", "choose"]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (Flat(), Ivf(), Pq())}

AUTO = "auto"
# Flat up to so many numbers (200 MB): one query then takes some 30 ms on one core.
FLAT_NUMBERS = 50_000_000


def choose(
    name: str,
    vectors: Vectors,
    metric: Metric,
    target: Target,  # noqa: ARG001  still to come
) -> Kind:
    """The kind of that name; for `auto`, flat while that is quick enough.

    Raises:
        OptionError: there is none, or it cannot serve the metric.
    """
    check_kind(name, metric)
    if name != AUTO:
        return KINDS[name]
    if vectors.size <= FLAT_NUMBERS:
        return KINDS["flat"]
    return KINDS["ivf" if KINDS["pq"].refusal(metric) else "pq"]


def check_kind(name: str, metric: Metric) -> None:
    """Raise OptionError unless the kind exists and serves the metric."""
    if name == AUTO:
        return
    if name not in KINDS:
        known = ", ".join([AUTO, *KINDS])
        raise OptionError(f"unknown kind of index {name!r}; choose one of: {known}")
    reason = KINDS[name].refusal(metric)
    if reason:
        raise OptionError(f"an index of kind {name} cannot use the metric {metric}: {reason}")
