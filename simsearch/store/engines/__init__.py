"""Ways to search vectors: a file for each, one contract, chosen by what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.store.engines.binary import Binary
from simsearch.store.engines.flat import Flat
from simsearch.store.engines.hnsw import Hnsw
from simsearch.store.engines.ivf import Ivf
from simsearch.store.engines.ivfpq import IvfPq
from simsearch.store.engines.pq import Pq
from simsearch.store.engines.rabitq import RaBitQ
from simsearch.store.engines.scalar import Scalar

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Kind

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
