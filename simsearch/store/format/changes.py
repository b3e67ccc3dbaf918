"""Small changes: a file each, holding what was removed and added since the generation before.

A change is a generation as much as a manifest is. It costs two syncs, whatever the size of the
index, and is folded into a segment when enough of them have come together (docs/design/store.md has
figures). Like every published file it is never changed. It names the generation it follows by
number and hash, so it can belong to no other history.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simsearch.errors import IndexCorruptError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.manifest import Settings

__all__ = ["Change", "read_change"]

MAGIC = b"simchg02"
# Lengths of the header, of the removed ids, of the added items and of their vectors.
LENGTHS = struct.Struct("<4Q")
DIGEST_BYTES = 32
ID = "id"


@dataclass(frozen=True, slots=True)
class Change:
    """What one generation has more, and less, than the one before.

    Attributes:
        generation: its number.
        parent: checksum of the generation before.
        published: ISO 8601 time, UTC.
        next_row: the number that the next row gets as its id where ids are row numbers.
        removed: ids of items that were there; they go before the added ones come.
        ids: of the n items added; string or int64.
        vectors: (n, width), prepared by the metric.
        metadata: n rows of stored columns.
        checksum: of the file, 64 hexadecimal digits; empty before it was written.
    """

    generation: int
    parent: str
    published: str
    next_row: int
    removed: pa.Array
    ids: pa.Array
    vectors: Vectors
    metadata: pa.RecordBatch
    checksum: str = ""

    def fits(self, settings: Settings) -> bool:
        """Whether its ids and vectors are what an index of these settings holds."""
        dtype, width = settings.metric.storage(settings.dimension)
        if self.vectors.dtype != dtype or self.vectors.shape[1] != width:
            return False
        return {self.ids.type, self.removed.type} == {settings.arrow_id_type}

    def sealed(self) -> tuple[Change, bytes]:
        """The same with its checksum, and the content of the file.

        The last 32 bytes of the file are the SHA-256 of all before.
        """
        header = json.dumps(
            {
                "generation": self.generation,
                "parent": self.parent,
                "published": self.published,
                "next_row": self.next_row,
                "rows": len(self.ids),
                "width": self.vectors.shape[1],
                "dtype": self.vectors.dtype.str,
            }
        ).encode()
        parts = [header, _ipc(self.removed), _ipc(self.ids, self.metadata), self.vectors.tobytes()]
        body = MAGIC + LENGTHS.pack(*map(len, parts)) + b"".join(parts)
        digest = hashlib.sha256(body).digest()
        return replace(self, checksum=digest.hex()), body + digest


def read_change(path: Path) -> Change:
    """The change in a file.

    Raises:
        IndexCorruptError: it is missing, or not what was written.
    """
    import pyarrow as pa

    try:
        content = path.read_bytes()
        return _change(content)
    except FileNotFoundError:
        raise IndexCorruptError(f"{path} is missing") from None
    except (
        ValueError,
        KeyError,
        TypeError,
        StopIteration,
        struct.error,
        pa.ArrowException,
    ) as error:
        raise IndexCorruptError(f"{path} is damaged ({error})") from error


def _change(content: bytes) -> Change:
    import numpy as np

    body, digest = content[:-DIGEST_BYTES], content[-DIGEST_BYTES:]
    if body[: len(MAGIC)] != MAGIC or hashlib.sha256(body).digest() != digest:
        raise ValueError("its checksum is wrong")
    start = len(MAGIC) + LENGTHS.size
    parts = []
    for length in LENGTHS.unpack(body[len(MAGIC) : start]):
        parts.append(body[start : start + length])
        start += length
    header: dict[str, Any] = json.loads(parts[0])
    removed = _batch(parts[1]).column(0)
    items = _batch(parts[2])
    vectors = np.frombuffer(parts[3], header["dtype"]).reshape(header["rows"], header["width"])
    if items.num_rows != len(vectors):
        raise ValueError("its parts are of different lengths")
    return Change(
        generation=header["generation"],
        parent=header["parent"],
        published=header["published"],
        next_row=header["next_row"],
        removed=removed,
        ids=items.column(0),
        vectors=vectors,
        metadata=items.select(range(1, items.num_columns)),
        checksum=digest.hex(),
    )


def _ipc(ids: pa.Array, metadata: pa.RecordBatch | None = None) -> bytes:
    """Ids, and what goes with them, as an Arrow stream; the ids are the first column."""
    import pyarrow as pa

    fields = [pa.field(ID, ids.type)]
    columns = [ids]
    if metadata is not None:
        fields += list(metadata.schema)
        columns += metadata.columns
    batch = pa.record_batch(columns, schema=pa.schema(fields))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def _batch(content: bytes) -> pa.RecordBatch:
    import pyarrow as pa

    with pa.ipc.open_stream(content) as reader:
        return reader.read_next_batch()
