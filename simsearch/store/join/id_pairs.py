"""All pairs of an index by the ids of its items, or in a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import OutputError
from simsearch.files import replacing
from simsearch.store.join import Part, neighbour_pairs, pairs_within

if TYPE_CHECKING:
    import os
    from typing import BinaryIO

    import numpy as np
    import numpy.typing as npt

    from simsearch.store.join import JoinOptions, JoinReport, PairStream
    from simsearch.store.reading.reader import IndexReader

__all__ = ["IdPairStream", "IdPairs", "all_neighbours", "all_within"]


@dataclass(frozen=True, slots=True)
class IdPairs:
    """A batch of pairs.

    Attributes:
        left: (n,) int64, or objects (str): ids; of the two, the item that was added first.
        right: (n,), likewise.
        scores: (n,) float32, scores or distances as the metric says.
    """

    left: npt.NDArray[Any]
    right: npt.NDArray[Any]
    scores: npt.NDArray[np.float32]


class IdPairStream(Iterator[IdPairs]):
    """Pairs of an index, a batch at a time, in no particular order; can be read once.

    Args:
        reader: of the version whose items they are; it is held until the pairs are read.
        pairs: by position.
    """

    def __init__(self, reader: IndexReader, pairs: PairStream) -> None:
        self._reader = reader
        self._pairs = pairs

    @property
    def report(self) -> JoinReport:
        """Whether everything is compared, and the share of the pairs that is found."""
        return self._pairs.report

    def __next__(self) -> IdPairs:
        found = next(self._pairs)
        left, right = (
            self._reader.ids(positions).to_numpy(zero_copy_only=False)
            for positions in (found.left, found.right)
        )
        return IdPairs(left, right, found.values)

    def to_parquet(self, path: str | os.PathLike[str]) -> int:
        """Write the pairs to a file, as they are found: `left_id`, `right_id`, `score`.

        Returns:
            How many.

        Raises:
            OutputError: the file cannot be written; there is none then.
        """
        target = Path(path)
        try:
            with replacing(target) as file:
                return self._write(file)
        except OSError as error:
            raise OutputError(f"cannot write {target}: {error.strerror or error}") from error

    def _write(self, file: BinaryIO) -> int:
        import pyarrow as pa
        import pyarrow.parquet as pq

        id_type = self._reader.settings.arrow_id_type
        fields = [("left_id", id_type), ("right_id", id_type), ("score", pa.float32())]
        schema, count = pa.schema(fields), 0
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for found in self._pairs:
                ids = [self._reader.ids(each) for each in (found.left, found.right)]
                writer.write_batch(pa.record_batch([*ids, pa.array(found.values)], schema=schema))
                count += len(found)
        return count


def all_within(
    reader: IndexReader, threshold: float, options: JoinOptions | None = None
) -> IdPairStream:
    """Every pair of items that is as close as a threshold; see `join.pairs_within`."""
    pairs = pairs_within(_parts(reader), reader.settings.metric, threshold, options=options)
    return IdPairStream(reader, pairs)


def all_neighbours(reader: IndexReader, k: int, options: JoinOptions | None = None) -> IdPairStream:
    """Every pair of which one is among the k nearest of the other; see `join.neighbour_pairs`."""
    pairs = neighbour_pairs(_parts(reader), reader.settings.metric, k, options=options)
    return IdPairStream(reader, pairs)


def _parts(reader: IndexReader) -> list[Part]:
    parts, start = [], 0
    for segment in reader.segments:
        parts.append(Part(segment.items.vectors, segment.alive, start))
        start += segment.rows
    return parts
