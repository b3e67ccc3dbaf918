"""Options of a new index, and the settings made of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from operator import index
from typing import Any, SupportsIndex

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.store.engines import AUTO, check_engine
from simsearch.store.format.manifest import Settings, now

__all__ = ["IndexOptions", "new_settings", "parse_bytes", "with_options"]

UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How an index is to be searched.

    Attributes:
        engine: a name in `engines.ENGINES`, or `auto`: exact while that is quick, then the quickest
            engine that finds enough.
        recall: share of the 10 nearest that is to be found, on average.
        memory: bytes that may be kept in memory for searching; None for no limit. What is
            only looked up for the best candidates stays on disk and does not count.
    """

    engine: str = AUTO
    recall: float = 0.95
    memory: int | None = None

    def check(self, metric: Metric) -> None:
        """Refuse what cannot be had with that metric.

        Raises:
            OptionError: there is no such engine, none for the metric, or a number is outside its
                range.
        """
        check_engine(self.engine, metric)
        if type(self.recall) not in (int, float) or not 0.0 < self.recall <= 1.0:
            raise OptionError(f"recall is a share above 0 and up to 1, not {self.recall!r:.60}")
        if self.memory is not None and (type(self.memory) is not int or self.memory < 1):
            raise OptionError(f"memory is a whole number of bytes above 0, not {self.memory!r:.60}")


def new_settings(
    dimension: int, metric: str | Metric, options: IndexOptions | None, **more: Any
) -> Settings:
    """Settings of a new index; `more` are other fields of `Settings`.

    Raises:
        OptionError: they do not go together.
    """
    measure, chosen = Metric.parse(metric), options or IndexOptions()
    _checked(chosen, measure)
    length = _whole(dimension)
    if length is None or length < 1:
        given = " ".join(repr(dimension).split())
        raise OptionError(f"dimension is a whole number of at least 1, not {given:.60}")
    if measure.binary and length % 8:
        raise OptionError(f"for hamming the dimension is a multiple of 8 bits, not {length}")
    fields = {"item_kind": "vector", "created": now(), **more}
    return with_options(Settings(metric=measure, dimension=length, **fields), chosen)


def _checked(options: object, metric: Metric) -> None:
    if not isinstance(options, IndexOptions):
        raise OptionError(f"options are IndexOptions(...), not a {type(options).__name__}")
    options.check(metric)


def _whole(number: object) -> int | None:
    """A whole number of any type; None for anything else, also for arrays of several."""
    if isinstance(number, bool) or not isinstance(number, SupportsIndex):
        return None
    try:
        return index(number)
    except TypeError:
        return None


def with_options(settings: Settings, options: IndexOptions) -> Settings:
    """The settings with another engine, recall and memory.

    Raises:
        OptionError: they do not go with the metric.
    """
    _checked(options, settings.metric)
    return replace(settings, engine=options.engine, recall=options.recall, memory=options.memory)


def parse_bytes(text: str) -> int:
    """A size such as `2GiB`, `500 MB` or `1000000` as a number of bytes.

    Raises:
        OptionError: it is none.
    """
    match = SIZE.fullmatch(text)
    if match and match[2].upper() in UNITS:
        size = float(match[1]) * UNITS[match[2].upper()]
        if math.isfinite(size) and size >= 1:
            return int(size)
    raise OptionError(f"{text!r} is no size; write it as 2GiB, 500MB or a number of bytes")
