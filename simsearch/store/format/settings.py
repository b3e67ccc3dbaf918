"""The settings of a new index, made of what the user asks for."""

from __future__ import annotations

from dataclasses import replace
from operator import index
from typing import Any, SupportsIndex

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.store.format.manifest import Settings, now
from simsearch.store.options import IndexOptions

__all__ = ["new_settings", "with_options"]


def new_settings(
    dimension: int, metric: str | Metric, options: IndexOptions | None, **more: Any
) -> Settings:
    """Settings of a new index; `more` are other fields of `Settings`.

    Raises:
        OptionError: they do not go together.
    """
    measure, chosen = Metric.parse(metric), options or IndexOptions()
    chosen.check(measure)
    if isinstance(dimension, bool) or not isinstance(dimension, SupportsIndex) or dimension < 1:
        raise OptionError(f"dimension is a whole number of at least 1, not {dimension!r}")
    if measure.binary and dimension % 8:
        raise OptionError(f"for hamming the dimension is a multiple of 8 bits, not {dimension}")
    fields = {"item_kind": "vector", "created": now(), **more}
    return with_options(Settings(metric=measure, dimension=index(dimension), **fields), chosen)


def with_options(settings: Settings, options: IndexOptions) -> Settings:
    """The settings with another engine, recall and memory.

    Raises:
        OptionError: they do not go with the metric.
    """
    options.check(settings.metric)
    return replace(settings, engine=options.engine, recall=options.recall, memory=options.memory)
