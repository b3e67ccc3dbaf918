"""Replace the encoder of an index by embedding every item of its source anew.

What is embedded is kept in parts until the new version stands: a run that was stopped, at whatever
moment, goes on with the parts that it finished. Readers see the version before until the end.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.errors import VectorIndexError
from simsearch.files import SYSTEM, replace_file
from simsearch.index.add import add_all
from simsearch.index.create import CreateOptions, Creation
from simsearch.kinds.pipeline import EncodedBatch, Pipeline
from simsearch.kinds.registry import kind_named
from simsearch.store.format.layout import STAGING, inside
from simsearch.store.options import IndexOptions
from simsearch.store.writing.folder import explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder
    from simsearch.kinds.pipeline import Progress
    from simsearch.schema import SkippedRow
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.vector_index import VectorIndex
    from simsearch.store.writing.writer import IndexWriter


__all__ = ["Done", "ReEmbedded", "re_embed"]

# Items of a part: what a run that is stopped does twice at most.
PART_ROWS = 1_024
MAGIC = b"simpart1"
SIZES = struct.Struct("<QQ")
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class ReEmbedded:
    """What embedding an index anew did.

    Attributes:
        added: items that are new.
        embedded: items that were in the index before.
        removed: items that the source no longer has.
        resumed: of all items those that an earlier run had embedded.
    """

    added: int
    embedded: int
    removed: int
    resumed: int


class Done(NamedTuple):
    """The encoder that an index has now, what was done, and what could not be read."""

    encoder: Encoder | None
    counts: ReEmbedded
    skipped: tuple[SkippedRow, ...]


def re_embed(
    index: VectorIndex,
    source: Any,
    asked: CreateOptions,
    options: Mapping[str, Any],
    progress: Progress | None = None,
) -> Done:
    """Fill an index anew from its source, by another encoder or the same.

    Args:
        index: what is asked of its searching stays.
        source: of all its items.
        asked: encoder (None for the one that the index has), metric (None: as the encoder was
            trained for, else as before) and dimension.
        options: of the source; the columns of ids and texts are those of the index.
        progress: called with the name of a stage and the share done.

    Raises:
        OptionError: the encoder is of another kind than the index.
        EncoderError: it cannot be loaded.
        SourceError: the source cannot be read, or is not what it was when it was opened.
        VectorIndexError: no encoder is known, or the index cannot be written.
    """
    settings = index.settings
    own = {"id_column": settings.id_column}
    if settings.columns and kind_named(settings.item_kind).opening.takes("column"):
        own["column"] = settings.columns[0]
    given = {**{name: value for name, value in own.items() if value is not None}, **options}
    making = replace(
        asked,
        encoder=_encoder(index, asked.encoder),
        kind=settings.item_kind,
        search=IndexOptions(settings.engine, settings.recall, settings.memory),
    )
    creation = Creation.of(source, making, given)
    way = {"columns": creation.items.columns, **given}
    done: list[Done] = []
    index.change(lambda writer: done.append(_fill(writer, creation, way, progress)))
    with explained(index.folder):
        SYSTEM.remove(index.folder / STAGING)
    return done[0]


def _encoder(index: VectorIndex, asked: Any) -> Any:
    """What is asked for, or the folder of the one in the index."""
    settings = index.settings
    if asked is not None:
        return asked
    if not settings.encoder:
        raise VectorIndexError(f"{index.folder} has no encoder; name one (`encoder`)")
    return inside(index.folder, settings.encoder_folder)


def _fill(
    writer: IndexWriter, creation: Creation, way: Mapping[str, Any], progress: Progress | None
) -> Done:
    """Begin the index again and add what the source holds; `way` is how that was opened."""
    before = writer.begin_again()
    encoder, pipeline = creation.start(writer, progress)
    fingerprint = "" if encoder is None else encoder.fingerprint
    key = f"{fingerprint} {writer.settings.dimension} {sorted(way.items())!r}"
    name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    staged = _StagedPipeline(pipeline, before, writer.folder / STAGING / name)
    add_all(writer, staged, progress)
    counts = ReEmbedded(
        added=staged.total - staged.known,
        embedded=staged.known,
        removed=len(before) - staged.known,
        resumed=staged.resumed,
    )
    return Done(encoder, counts, tuple(staged.skipped))


class _StagedPipeline(Pipeline):
    """Items whose vectors are kept in parts, and taken from there. See `Pipeline`.

    Args:
        pipeline: the items.
        before: the index as it was, to count by.
        folder: of the parts.

    Attributes:
        total, known, resumed: items so far; of these in the index before, and embedded before.
    """

    def __init__(self, pipeline: Pipeline, before: IndexReader, folder: Path) -> None:
        super().__init__(pipeline.source, pipeline.encoding)
        self.total = self.known = self.resumed = 0
        self._before = before
        self._folder = folder

    def batches(self, first: int = 0, rows: int | None = None) -> Iterator[EncodedBatch]:
        """See `Pipeline`. Smaller ones, so that little is lost when a run is stopped."""
        for batch in super().batches(first, rows):
            self._count(batch.ids)
            for start in range(0, len(batch.ids), PART_ROWS):
                yield self._part(batch, start)

    def _count(self, ids: pa.Array) -> None:
        self.total += len(ids)
        if ids.type == self._before.settings.arrow_id_type:
            self.known += int((self._before.positions_of(ids) >= 0).sum())

    def _part(self, batch: EncodedBatch, start: int) -> EncodedBatch:
        import numpy as np

        ids = batch.ids.slice(start, PART_ROWS)
        stored = None if batch.stored is None else batch.stored.slice(start, PART_ROWS)
        path = self._folder / f"{_content_hash(ids, stored)}.part"
        rows = np.arange(start, start + len(ids))
        vectors = _read_part(path, len(ids))
        if vectors is None:
            vectors = batch.vectors(rows)
            with explained(path):
                SYSTEM.make_folder(self._folder.parent)
                SYSTEM.make_folder(self._folder)
                replace_file(path, _part_bytes(vectors))
        else:
            self.resumed += len(ids)
        found = vectors

        def some(wanted: Rows | None) -> Vectors:
            return found if wanted is None else found[wanted]

        def items(wanted: Rows | None) -> pa.Table:
            return batch.items(rows if wanted is None else rows[wanted])

        keys = slice(start, start + PART_ROWS)
        return EncodedBatch(ids, stored, some, items, lambda: batch.keys()[keys])


def _content_hash(ids: pa.Array, columns: pa.Table | None) -> str:
    """SHA-256 of what is stored of some items, hex; the hash of a file is part of that."""
    import pyarrow as pa

    table = pa.table({"": ids}) if columns is None else columns.append_column("", ids)
    digest = hashlib.sha256()
    plain = table.replace_schema_metadata(None).combine_chunks()
    with pa.PythonFile(_Hashed(digest), "w") as file, pa.ipc.new_stream(file, plain.schema) as out:
        out.write_table(plain)
    return digest.hexdigest()


class _Hashed:
    """A file whose bytes go into a hash and nowhere else."""

    closed = False

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def write(self, content: Any) -> int:
        self._digest.update(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""


def _part_bytes(vectors: Vectors) -> bytes:
    """Magic, rows and width, the numbers, and the SHA-256 of all before."""
    body = MAGIC + SIZES.pack(*vectors.shape) + vectors.astype("<f4", copy=False).tobytes()
    return body + hashlib.sha256(body).digest()


def _read_part(path: Path, rows: int) -> Vectors | None:
    """What a part holds; None where there is none, or not as it was written."""
    import numpy as np

    try:
        content = path.read_bytes()
    except OSError:
        return None
    body, stated = content[:-HASH_BYTES], content[-HASH_BYTES:]
    if not body.startswith(MAGIC) or hashlib.sha256(body).digest() != stated:
        return None
    count, width = SIZES.unpack_from(body, len(MAGIC))
    if count != rows:
        return None
    numbers = np.frombuffer(body, "<f4", offset=len(MAGIC) + SIZES.size)
    return numbers.reshape(count, width).astype(np.float32)
