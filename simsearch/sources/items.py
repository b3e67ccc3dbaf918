"""Items of any kind from any source, opened by the name of the kind, and read as a whole."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

from simsearch.errors import EmptySourceError, OptionError
from simsearch.schema import ItemBatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simsearch.schema import ItemSource

__all__ = ["ITEM_KINDS", "open_items", "read_items"]

# kind -> (module, options, function that opens)
_OPENERS = {
    "image": ("images", "ImageOptions", "open_images"),
    "text": ("texts", "TextOptions", "open_texts"),
    "vector": ("features", "FeatureOptions", "open_features"),
    "signal": ("signals", "SignalOptions", "open_signals"),
}
ITEM_KINDS = tuple(_OPENERS)

_READ_ROWS = 1_024


def open_items(
    source: Any, kind: str, reading: Mapping[str, Any] | None = None, **options: Any
) -> ItemSource:
    """A source of items.

    Args:
        source: what the source of that kind takes, see `open_images`, `open_texts`,
            `open_features`, `open_signals`.
        kind: image, text, vector or signal.
        reading: how the encoder wants them read, see `Encoder.reading`.
        options: of the source of that kind; they go before `reading`. None is not given.

    Raises:
        OptionError: there is no such kind, or the kind has no such option.
        SourceError: it cannot be read.
    """
    if kind not in _OPENERS:
        raise OptionError(f"there is no source of {kind!r}; there are {', '.join(_OPENERS)}")
    module, options_name, opener = _OPENERS[kind]
    found = import_module(f"simsearch.sources.{module}")
    cls = getattr(found, options_name)
    known = [field.name for field in fields(cls)]
    # An array has no one truth value, so () is told by its type.
    given = {name: value for name, value in options.items() if not _is_absent(value)}
    for name in given:
        if name not in known:
            raise OptionError(f"{name!r} is no option for {kind}s; there are {', '.join(known)}")
    wanted = {name: value for name, value in (reading or {}).items() if name in known}
    opened: ItemSource = getattr(found, opener)(source, cls(**{**wanted, **given}))
    return opened


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, tuple) and not value)


def read_items(source: ItemSource) -> ItemBatch:
    """All items of a source in memory.

    Raises:
        EmptySourceError: none can be read.
    """
    import pyarrow as pa

    batches = list(source.batches(_READ_ROWS))
    if not sum(map(len, batches)):
        why = f" ({source.skipped[0].reason})" if source.skipped else ""
        raise EmptySourceError(f"{source.name} has no {source.kind} that can be read{why}")
    return ItemBatch(
        pa.concat_arrays([batch.ids for batch in batches]),
        pa.concat_tables([batch.stored for batch in batches]),
        pa.concat_tables([batch.items for batch in batches]),
    )
