"""Replace the encoder of an index by a linear map: only a sample is embedded.

The map is fitted to a sample that both encoders have embedded. New queries against vectors of the
old encoder would find nothing, as two encoders agree on no direction; aligned by a linear map they
find nearly as much as before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.errors import OptionError, VectorIndexError
from simsearch.index.alignment import (
    LEAST_ITEMS,
    AlignmentQuality,
    alignment_quality,
    fit_alignment,
)
from simsearch.index.classify import LABEL
from simsearch.index.items import opened_as
from simsearch.index.kept_encoder import saved_with, stored_encoder
from simsearch.kinds.encoding import Encoding
from simsearch.kinds.loading import loaded_encoder
from simsearch.kinds.pipeline import Pipeline, report
from simsearch.kinds.registry import kind_named
from simsearch.store.format.manifest import AlignmentRecord

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from simsearch.distance import Metric
    from simsearch.encoders.encoder import Encoder
    from simsearch.kinds.pipeline import EncodedBatch, Progress
    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.format.manifest import Settings
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["SAMPLE", "Migration", "migrate", "refuse_replaced_encoder", "too_little"]

# Items that are read to fit a map.
SAMPLE = 4_000
# Where fewer items are found, asked for by themselves, most of what is in the index is lost. How
# many neighbours stay the same is no rule: two good encoders disagree on many of them.
LEAST_FOUND = 0.5
# The same of what is known better, where the classes of items are stored.
LEAST_RECALL = 0.9


class Migration(NamedTuple):
    """To which encoder an index is to be taken.

    Attributes:
        encoder: the new one, the folder of one, or the name of an installed one.
        metric: how its embeddings are compared; None: as it was trained for, else as before.
        dimension: to how many numbers they are cut; None for all.
        label: stored column with the class of an item, to measure recall; None for `class`.
        force: also when the map keeps too little.
    """

    encoder: Encoder | str | os.PathLike[str]
    metric: Metric | None = None
    dimension: int | None = None
    label: str | None = None
    force: bool = False


class _Sample(NamedTuple):
    """Items that both encoders have embedded: ids, (n, d) old, (n, e) new, classes or None; and the
    new encoder, fitted to the items if it is one that is.
    """

    encoder: Encoder
    ids: pa.Array
    old: Vectors
    new: Vectors
    labels: Rows | None


def migrate(
    reader: IndexReader,
    source: Any,
    asked: Migration,
    given: Mapping[str, Any],
    progress: Progress | None = None,
) -> tuple[Encoder, AlignmentQuality | None, Callable[[IndexWriter], None]]:
    """Fit a map to a sample of a source, measure it, and tell how to align an index by it.

    An encoder that was trained to be compatible with the index's needs no map: the vectors stay.

    Args:
        reader: of the index.
        source: items of its kind, of which a sample is read; those that the index holds as they
            are serve with their stored vectors, else the encoder in the index embeds the sample.
        asked: the new encoder.
        given: options of the source.
        progress: called with the name of a stage and the share done.

    Returns:
        The new encoder; what the map is worth, None where none is needed; and what changes the
        index that a writer has open.

    Raises:
        OptionError: the encoder is of another kind or the one that the index has, there are too
            few items, or the map keeps too little and is not forced.
        VectorIndexError: the vectors of the index are the user's.
        EncoderError, SourceError: encoder or source cannot be read.
    """
    settings = reader.settings
    new = loaded_encoder(asked.encoder)
    _check(reader, new)
    encoding = Encoding.by(new, asked.metric, asked.dimension)
    metric, dimension = encoding.metric, encoding.dimension
    if _is_compatible(new, settings, metric, dimension):
        return new, None, _adopting(new, settings)
    drawn = _sample(reader, source, (new, encoding), asked.label, given, progress)
    new = drawn.encoder
    _check_number(drawn.ids)
    quality = alignment_quality(drawn.old, drawn.new, (settings.metric, metric), drawn.labels)
    if (why := too_little(quality)) and not asked.force:
        raise OptionError(
            f"{why}: the two encoders see too little in common; embed the index anew "
            "(`Index.re_embed`), or take the map as it is (`force=True`)"
        )
    alignment = fit_alignment(drawn.old, drawn.new, metric)

    def make(writer: IndexWriter) -> None:
        refuse_replaced_encoder(writer, settings.encoder)
        note = AlignmentRecord(
            encoder=settings.encoder,
            items=len(writer.opened),
            sample=quality.items,
            cosine=round(max(0.0, quality.cosine), 4),
            neighbours=round(quality.neighbours, 4),
            recall_kept=None if quality.recall_kept is None else round(quality.recall_kept, 4),
        )
        kept = writer.keep_encoder(saved_with(new))
        # What else changed since the sample was drawn stays as it is.
        then = replace(
            writer.settings, metric=metric, dimension=dimension, encoder=new.fingerprint,
            encoder_folder=kept, alignment=note,
        )  # fmt: skip
        report(progress, "aligning", 0.0)
        writer.transform(then, alignment)
        report(progress, "aligning", 1.0)

    return new, quality, make


def refuse_replaced_encoder(writer: IndexWriter, encoder: str) -> None:
    """Refuse to change an index whose encoder was replaced since it was opened.

    Raises:
        VectorIndexError: the encoder of the index is not of that fingerprint.
    """
    if writer.settings.encoder != encoder:
        raise VectorIndexError(
            f"{writer.folder} has another encoder since it was opened; open it again"
        )


def too_little(quality: AlignmentQuality) -> str:
    """Why a map is refused: by recall where classes are known, else by items found again; empty
    where it is taken."""
    kept = quality.recall_kept
    if kept is not None:
        if kept >= LEAST_RECALL:
            return ""
        return f"{kept:.0%} of the recall@1 of before would be left, under {LEAST_RECALL:.0%}"
    if quality.found >= LEAST_FOUND:
        return ""
    return (
        f"of {quality.items:,} items that ask for themselves {quality.found:.0%} would be among "
        f"the 10 nearest, under {LEAST_FOUND:.0%}"
    )


def _is_compatible(new: Encoder, settings: Settings, metric: Metric, dimension: int) -> bool:
    """Whether queries by an encoder can be answered by the vectors as they are."""
    alike = metric is settings.metric and dimension == settings.dimension
    return alike and settings.encoder in new.compatible_with


def _adopting(new: Encoder, settings: Settings) -> Callable[[IndexWriter], None]:
    """What gives an index another encoder and leaves its vectors."""

    def make(writer: IndexWriter) -> None:
        refuse_replaced_encoder(writer, settings.encoder)
        kept = writer.keep_encoder(saved_with(new))
        writer.settings = replace(writer.settings, encoder=new.fingerprint, encoder_folder=kept)

    return make


def _check(reader: IndexReader, new: Encoder) -> None:
    """Refuse what cannot be aligned."""
    settings, folder = reader.settings, reader.folder
    if not settings.encoder:
        raise VectorIndexError(f"{folder} has no encoder: its vectors are the user's own")
    if new.kind != settings.item_kind:
        raise OptionError(
            f"the encoder is for {new.kind}s, and {folder} is of {settings.item_kind}s"
        )
    if new.fingerprint == settings.encoder:
        raise OptionError(f"{folder} has that encoder already")


def _check_number(ids: pa.Array) -> None:
    if len(ids) < LEAST_ITEMS:
        raise OptionError(
            f"a map needs {LEAST_ITEMS} items that have something to compare, and the source has "
            f"{len(ids)}; embed the index anew (`Index.re_embed`)"
        )


def _sample(
    reader: IndexReader,
    source: Any,
    asked: tuple[Encoder, Encoding],
    label: str | None,
    given: Mapping[str, Any],
    progress: Progress | None,
) -> _Sample:
    """Draw items from a source and embed them by both encoders."""
    import numpy as np
    import pyarrow as pa

    encoder, encoding = asked
    pipeline = _pipeline(source, encoding, reader.settings, given)
    ids, columns, vectors = [pa.array([], pa.string())], [], []
    done = 0
    for batch, rows in _drawn(pipeline):
        taken = pa.array(rows)
        ids.append(batch.ids.take(taken).cast(pa.string()))
        columns.append(None if batch.stored is None else batch.stored.take(taken))
        vectors.append(batch.vectors(rows))
        done += len(batch.ids)
        report(progress, "embedding a sample", pipeline.share_done(done))
    found = np.concatenate([np.empty((0, encoding.dimension), np.float32), *vectors])
    names = pa.concat_arrays(ids)
    table = None if not columns or None in columns else pa.concat_tables(columns)
    _check_number(names)
    old, known = _stored(reader, names, table)
    if int(known.sum()) < max(LEAST_ITEMS, len(names) // 2):
        old, known = _by_old_encoder(reader, source, names, given, progress)
    kept = np.flatnonzero(known & old.any(axis=1) & found.any(axis=1))
    classes = None if table is None else _numbered(table, label or LABEL)
    return _Sample(
        pipeline.encoding.encoder or encoder,
        names.take(pa.array(kept)),
        old[kept],
        found[kept],
        None if classes is None else classes[kept],
    )


def _pipeline(
    source: Any, encoding: Encoding, settings: Settings, given: Mapping[str, Any]
) -> Pipeline:
    """A source as an encoder sees it; of files only as many as a sample takes."""
    items = opened_as(settings, encoding, source, given)
    if encoding.encoder is not None:
        kind_named(items.kind).compared(encoding.encoder, items)
    return Pipeline(items.at_most(SAMPLE), encoding.fitted_to(items))


def _drawn(pipeline: Pipeline) -> Iterator[tuple[EncodedBatch, Rows]]:
    """Batches, and which of their rows are in the sample: always the same."""
    import numpy as np

    total = max(len(pipeline), 1)
    chosen = np.zeros(total, bool)
    chosen[np.random.default_rng(0).permutation(total)[:SAMPLE]] = True
    done = 0
    for batch in pipeline.batches():
        rows = np.flatnonzero(chosen[done : done + len(batch.ids)])
        done += len(batch.ids)
        if len(rows):
            yield batch, rows


def _stored(reader: IndexReader, ids: pa.Array, columns: pa.Table | None) -> tuple[Vectors, Mask]:
    """The stored vectors of some items, and which of these the index holds as they are now."""
    import numpy as np

    wanted = _as_stored(ids, reader)
    positions = np.full(len(ids), -1) if wanted is None else reader.positions_of(wanted)
    vectors = np.zeros((len(ids), reader.settings.dimension), np.float32)
    known: Mask = positions >= 0
    places = np.flatnonzero(known)
    if columns is None:  # nothing would tell that an item is another one by now
        return vectors, np.zeros(len(ids), bool)
    before, now = reader.metadata(positions[places]), columns.take(places).to_pylist()
    for place, old, new in zip(places, before, now, strict=True):
        shared = old.keys() & new.keys()
        known[place] = bool(shared) and all(old[name] == new[name] for name in shared)
    vectors[known] = reader.vectors(positions[known])
    return vectors, known


def _as_stored(ids: pa.Array, reader: IndexReader) -> pa.Array | None:
    import pyarrow as pa

    try:
        return ids.cast(reader.settings.arrow_id_type)
    except pa.ArrowInvalid:  # texts, and the index has numbers
        return None


def _by_old_encoder(
    reader: IndexReader,
    source: Any,
    ids: pa.Array,
    given: Mapping[str, Any],
    progress: Progress | None,
) -> tuple[Vectors, Mask]:
    """The same items as the encoder of the index embeds them, read as it reads them."""
    import numpy as np

    settings = reader.settings
    if settings.alignment is not None:
        raise OptionError(
            f"{reader.folder} was aligned before, so its encoder cannot stand in for what is "
            f"stored; give the source of the index, or embed it anew (`Index.re_embed`)"
        )
    old = stored_encoder(reader.folder, settings)
    place = {identifier: number for number, identifier in enumerate(ids.to_pylist())}
    vectors = np.zeros((len(ids), settings.dimension), np.float32)
    known = np.zeros(len(ids), bool)
    encoding = Encoding(old, settings.metric, settings.dimension)
    pipeline = _pipeline(source, encoding, settings, given)
    done = 0
    for batch in pipeline.batches():
        names = map(str, batch.ids.to_pylist())
        rows = np.array([row for row, name in enumerate(names) if name in place], np.int64)
        if len(rows):
            places = [place[str(batch.ids[row].as_py())] for row in rows.tolist()]
            vectors[places] = settings.metric.prepare(batch.vectors(rows))
            known[places] = True
        done += len(batch.ids)
        report(progress, "embedding it by the old encoder", pipeline.share_done(done))
    return vectors, known


def _numbered(table: pa.Table, label: str) -> Rows | None:
    """(n,) int64 class numbers, -1 for none; None where there is no such column."""
    import numpy as np

    if label not in table.column_names:
        return None
    codes = table[label].combine_chunks().dictionary_encode().indices.fill_null(-1)
    return np.asarray(codes, np.int64)
