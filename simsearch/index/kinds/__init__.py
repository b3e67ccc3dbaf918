"""Ways to search vectors: a file for each, one contract, chosen by what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.index.kinds.binary import Binary
from simsearch.index.kinds.flat import Flat
from simsearch.index.kinds.hnsw import Hnsw
from simsearch.index.kinds.ivf import Ivf
from simsearch.index.kinds.ivfpq import IvfPq
from simsearch.index.kinds.pq import Pq
from simsearch.index.kinds.rabitq import RaBitQ
from simsearch.index.kinds.scalar import Scalar

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.index.kinds.kind import Kind

__all__ = ["AUTO", "KINDS", "check_kind"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Flat(),
        Ivf(),
        IvfPq(),
        Pq(),
        Scalar("sq8"),
        Scalar("fp16"),
        RaBitQ(),
        Hnsw(),
        Binary(),
    )
}
AUTO = "auto"


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
