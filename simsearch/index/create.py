"""What an index is to hold, by its source and its encoder; and what one that exists holds."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.index.encoded_items import EncodedItems, opened_items, start_items
from simsearch.index.encoder import calibration_of, loaded_encoder
from simsearch.index.ingest import opened
from simsearch.index.record_items import RecordItems, start_records
from simsearch.index.vector_items import (
    VectorItems,
    holds_vectors,
    opened_vectors,
    start_vectors,
)
from simsearch.sources import RecordOptions
from simsearch.sources.items import ITEM_KINDS as SOURCE_KINDS
from simsearch.sources.vectors import VectorOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simsearch.index.feed import Feed, Progress
    from simsearch.schema import Encoder
    from simsearch.store.options import IndexOptions
    from simsearch.store.vector_index import VectorIndex
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["ITEM_KINDS", "Making", "beginning", "items_in"]

ITEM_KINDS = ("record", *SOURCE_KINDS)


class Making(NamedTuple):
    """How an index is to be made.

    Attributes:
        encoder: one, the folder of one, or the name of an installed one; None for none.
        kind: what the source holds; None to find out.
        metric: how items are compared; None: as the encoder says, else by cosine.
        search: how it is to be searched; None for the defaults.
        dimension: to how many numbers embeddings are cut; None for all.
    """

    encoder: Encoder | str | os.PathLike[str] | None = None
    kind: str | None = None
    metric: Metric | None = None
    search: IndexOptions | None = None
    dimension: int | None = None


def beginning(
    source: Any, making: Making, keywords: dict[str, Any]
) -> Callable[[IndexWriter, Progress | None], tuple[Encoder | None, Feed]]:
    """Open a source; gives what begins an index of it, and tells encoder and items.

    Raises:
        OptionError: encoder, kind and source do not go together.
        EncoderError: the encoder cannot be loaded.
        SourceError: the source cannot be opened.
    """
    if making.kind not in (None, *ITEM_KINDS):
        raise OptionError(f"there is no kind {making.kind!r}; take {', '.join(ITEM_KINDS)}")
    given = making.encoder
    used = None if given is None else loaded_encoder(given)
    kind = _kind(source, making, used, keywords)
    if used is not None and kind != "record":
        return _of_items(source, making, used, keywords)
    options = (making.metric or Metric.COSINE, making.search)
    if making.dimension is not None:
        raise OptionError("only the embeddings of images, texts, vectors and signals can be cut")
    if kind == "vector":
        check_options(keywords, VectorOptions, "vectors without an encoder")
        vectors = opened_vectors(source, options[0].binary, keywords)
        return lambda writer, _: (None, start_vectors(writer, vectors, options))
    check_options(keywords, RecordOptions, "records")
    records = opened(source, keywords)
    return lambda writer, progress: start_records(writer, records, used, options, progress)


def check_options(keywords: Mapping[str, Any], options: type, what: str) -> None:
    """Refuse what is no option of a source.

    Raises:
        OptionError: a name is unknown.
    """
    known = [field.name for field in fields(options)]
    for name in keywords:
        if name not in known:
            raise OptionError(f"{name!r} is no option for {what}; there are {', '.join(known)}")


def items_in(
    vectors: VectorIndex, encoder: Encoder | None
) -> RecordItems | EncodedItems | VectorItems:
    """What the items of an index are.

    Raises:
        VectorIndexError: it was made by another encoder than the one given.
    """
    settings = vectors.settings
    if settings.item_kind == "record":
        return RecordItems(vectors, encoder)
    if settings.encoder or encoder is not None:
        return EncodedItems(vectors, encoder)
    return VectorItems(vectors)


def _of_items(
    source: Any, making: Making, used: Encoder, keywords: dict[str, Any]
) -> Callable[[IndexWriter, Progress | None], tuple[Encoder | None, Feed]]:
    calibration = None
    if making.encoder is not None:
        calibration = calibration_of(making.encoder, used.fingerprint)
    items = opened_items(source, used.kind, getattr(used, "reading", {}), keywords)
    options = (making.metric, making.search, making.dimension)
    return lambda writer, _: (
        used,
        start_items(writer, items, used, calibration, options, keywords),
    )


def _kind(source: Any, making: Making, used: Encoder | None, keywords: dict[str, Any]) -> str:
    """Of the items: what is said, what the encoder takes, or what the source looks like."""
    kind = making.kind
    if used is not None:
        if kind not in (None, used.kind):
            raise OptionError(f"the encoder is for {used.kind}s, and the source is of {kind}s")
        if used.kind in ("image", "signal") and hasattr(source, "columns"):
            raise OptionError(f"the encoder is for {used.kind}s; a table needs one for records")
        return used.kind
    if kind is None:
        kind = "vector" if holds_vectors(source, keywords) else _seen_kind(source)
    if kind not in ("record", "vector"):
        raise OptionError(
            f"an index of {kind}s needs an encoder (--encoder FOLDER); make one: "
            f"simsearch train SOURCE -o FOLDER"
        )
    return kind


def _seen_kind(source: Any) -> str:
    """Of a folder what is in it; anything else is a table, or whoever reads it says so."""
    if not isinstance(source, (str, os.PathLike)) or not Path(source).is_dir():
        return "record"
    from simsearch.sources.items import kind_of

    kind: str = kind_of(source)
    return kind
