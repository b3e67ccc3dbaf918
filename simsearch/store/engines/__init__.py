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
    from simsearch.store.engines.engine import Engine

__all__ = ["AUTO", "ENGINES", "check_engine"]

ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
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


def check_engine(name: str, metric: Metric) -> None:
    """Raise OptionError unless the engine exists and serves the metric."""
    if name == AUTO:
        return
    if name not in ENGINES:
        known = ", ".join([AUTO, *ENGINES])
        raise OptionError(f"unknown engine {name!r}; choose one of: {known}")
    reason = ENGINES[name].refusal(metric)
    if reason:
        raise OptionError(f"the engine {name} cannot use the metric {metric}: {reason}")
