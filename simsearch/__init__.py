"""simsearch: what is like this one, and which of these are the same thing?

    import simsearch

    result = simsearch.dedupe("customers.csv")
    result.frame()          # every row, with its group
    simsearch.link("ours.csv", "theirs.csv").pairs
    simsearch.Index.open("customers").query("Jon Smiht, Leeds")
    simsearch.train("photos/", "photo-encoder")

The names load on first use, so that importing simsearch costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch import errors
    from simsearch.duplicates.dedupe import dedupe
    from simsearch.index.index import Index
    from simsearch.kinds.loading import load_encoder
    from simsearch.records.deduplication import Deduplication
    from simsearch.records.link import link
    from simsearch.records.linkage import Linkage
    from simsearch.schema import Match, Records
    from simsearch.store.options import IndexOptions
    from simsearch.store.vector_index import VectorIndex
    from simsearch.threads import set_threads
    from simsearch.training.options import TrainOptions
    from simsearch.training.train import TrainingResult, train

__version__ = "0.1.0"

__all__ = [
    "Deduplication",
    "Index",
    "IndexOptions",
    "Linkage",
    "Match",
    "Records",
    "TrainOptions",
    "TrainingResult",
    "VectorIndex",
    "__version__",
    "dedupe",
    "errors",
    "link",
    "load_encoder",
    "set_threads",
    "train",
]

# Where each public name lives (PEP 562: module __getattr__).
_HOMES = {
    "Deduplication": "simsearch.records.deduplication",
    "Index": "simsearch.index.index",
    "IndexOptions": "simsearch.store.options",
    "Linkage": "simsearch.records.linkage",
    "Match": "simsearch.schema",
    "Records": "simsearch.schema",
    "TrainOptions": "simsearch.training.options",
    "TrainingResult": "simsearch.training.train",
    "VectorIndex": "simsearch.store.vector_index",
    "dedupe": "simsearch.duplicates.dedupe",
    "link": "simsearch.records.link",
    "load_encoder": "simsearch.kinds.loading",
    "set_threads": "simsearch.threads",
    "train": "simsearch.training.train",
}


def __getattr__(name: str) -> object:
    if name == "errors":
        return import_module("simsearch.errors")
    if name not in _HOMES:
        raise AttributeError(f"module 'simsearch' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
