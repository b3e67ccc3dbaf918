"""Vectors that the user brings (`.npy`, Parquet, NumPy)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simsearch.errors import OptionError, SourceError
from simsearch.sources.arrays import ARRAY_SUFFIXES, ArrayVectors, only_array
from simsearch.sources.arrays import MAGIC as NPY
from simsearch.sources.inputs import Input
from simsearch.sources.parquet import MAGIC as PARQUET
from simsearch.sources.vector_columns import ParquetVectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Array = npt.NDArray[Any]
    Batch = tuple[pa.Array, Array, pa.RecordBatch]

__all__ = ["VectorOptions", "VectorSource", "is_array", "open_vectors"]

BATCH_ROWS = 16_384
STANDARD_INPUT = "-"
# Files that people mistake for vectors, by how they begin.
OTHER_KINDS = {
    b"PK\x03\x04": "is a zip archive; unpack it",
    b"ARROW1": "is an Arrow or Feather file; save it as Parquet",
    b"\x89HDF": "is an HDF5 file; save its vectors with numpy.save",
}


@dataclass(frozen=True, slots=True)
class VectorOptions:
    """What to take from a file of vectors.

    Attributes:
        vector_column: holds them, in Parquet; None: the only column that holds lists of numbers.
        id_column: names each row, in Parquet; None for 0-based row numbers.
        ids: a text file with an id a line, for an array; None for 0-based row numbers.
        binary: vectors are bits, packed eight to a byte (as numpy.packbits does).
    """

    vector_column: str | None = None
    id_column: str | None = None
    ids: str | os.PathLike[str] | None = None
    binary: bool = False


class VectorReader(Protocol):
    """A file or array that is known to hold vectors.

    Attributes:
        name: what to call it in messages.
        rows: vectors, at least one.
        width: numbers in a vector.
        schema: of the metadata.
        id_column: the column with the ids; None when there is none.
    """

    name: str
    rows: int
    width: int
    schema: pa.Schema

    @property
    def id_column(self) -> str | None: ...

    def ids(self) -> pa.Array:
        """(rows,) int64 or string, none missing, none twice; ColumnError otherwise."""

    def batches(self, rows: int) -> Iterator[tuple[Array, pa.RecordBatch]]:
        """Numbers of whatever type, (n, width), and as many rows of metadata."""


def open_vectors(
    source: str | os.PathLike[str] | Array, options: VectorOptions = VectorOptions()
) -> VectorSource:
    """Find out what holds the vectors, check that it does, and read the ids.

    Args:
        source: path of a `.npy` file, which is mapped into memory, of a `.npz` file with one
            array of them, or a Parquet file; `-` for one on standard input; a NumPy array. What a
            file is, is told by its content. An array is (n, d), of floats of up to 64 bits or
            integers.
        options: columns, ids, and whether vectors are bits.

    Raises:
        SourceError: the source cannot be read or holds something else.
        EmptySourceError: it has no vector.
        ColumnError: a column is missing or unusable, an id missing or there twice.
        OptionError: options that do not go with the source.
    """
    reader = _reader(source, options)
    numbered = options.ids is None and reader.id_column is None
    return VectorSource(reader, reader.ids(), numbered, options.binary)


def is_array(source: object) -> bool:
    """Whether a source is a NumPy array or a file of one, by its content or else its name.

    It is not opened if it is a pipe: that could be read only once.
    """
    if not isinstance(source, (str, os.PathLike)):
        return type(source).__module__ == "numpy" and hasattr(source, "shape")
    path = Path(source)
    try:
        if path.is_file():
            with path.open("rb") as file:
                if file.read(len(NPY)) == NPY:
                    return True
    except (OSError, ValueError):  # whoever reads it says what is wrong
        pass
    return path.suffix.lower() in ARRAY_SUFFIXES


class VectorSource:
    """Vectors that can be read from the beginning any number of times.

    Attributes:
        name: what to call the source in messages.
        rows: how many vectors.
        dimension: numbers in a vector; bits, where vectors are bits.
        id_column: the column with the ids; None when there is none.
        ids: (rows,) int64 or string.
        numbered: whether the ids are row numbers, since there are no others.
        binary: whether vectors are bits.
        schema: of the metadata: every column but those of ids and vectors.
    """

    def __init__(self, reader: VectorReader, ids: pa.Array, numbered: bool, binary: bool) -> None:
        self.name = reader.name
        self.rows = reader.rows
        self.dimension = reader.width * 8 if binary else reader.width
        self.id_column = reader.id_column
        self.schema = reader.schema
        self._reader = reader
        self.ids = ids
        self.numbered = numbered
        self.binary = binary

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Every row in order, at most `rows` at a time.

        Yields:
            ids: (n,) string or int64.
            vectors: (n, dimension) float32; uint8 (n, dimension / 8) where vectors are bits.
            metadata: n rows of `schema`.

        Raises:
            SourceError: a vector is missing, of another length, or holds NaN, infinity or a
                number that float32 cannot hold; or the source cannot be read to its end.
            OptionError: `rows` is less than 1.
        """
        if rows < 1:
            raise OptionError(f"a batch needs at least 1 row, not {rows}")
        start = 0
        for numbers, metadata in self._reader.batches(rows):
            vectors = numbers if self.binary else self._floats(numbers, start)
            yield self.ids.slice(start, len(vectors)), vectors, metadata
            start += len(vectors)
        if start != self.rows:
            raise SourceError(
                f"{self.name} has {start} rows and promised {self.rows}; get it again"
            )

    def _floats(self, numbers: Array, start: int) -> npt.NDArray[np.float32]:
        """The numbers as float32, all of them finite."""
        import numpy as np

        with np.errstate(over="ignore", invalid="ignore"):
            vectors = np.ascontiguousarray(numbers, dtype=np.float32)
        finite = np.isfinite(vectors)
        if not finite.all():
            row, place = np.unravel_index(int(np.argmin(finite)), finite.shape)
            number = numbers[row, place]
            text = f"{self.name}: the vector of row {start + row + 1} holds {number}"
            if np.isfinite(number):
                raise SourceError(f"{text}, which float32 cannot hold; scale the vectors down")
            raise SourceError(f"{text}; leave such rows out, or mend what made them")
        return vectors


def _reader(source: Any, options: VectorOptions) -> VectorReader:
    """The engine that fits the source."""
    ids = None if options.ids is None else Path(options.ids)
    if _is_archive(source):
        source = only_array(Path(source))
    if not isinstance(source, (str, os.PathLike)):
        import numpy as np

        if not isinstance(source, np.ndarray):
            raise OptionError(
                "a source of vectors is the path of a .npy or Parquet file or a NumPy array, "
                f"not {type(source).__name__}"
            )
        _refuse_columns(options)
        return ArrayVectors.from_array(source, ids, options.binary)
    piped = source == STANDARD_INPUT
    file = Input.from_standard_input() if piped else Input.from_path(Path(source))
    if _is_npy(file):
        _refuse_columns(options)
        return ArrayVectors.from_file(file, ids, options.binary)
    if ids is not None:
        raise OptionError("a file of ids goes with an array; in Parquet, name the id column")
    return ParquetVectors.from_file(file, options.vector_column, options.id_column, options.binary)


def _is_archive(source: Any) -> bool:
    """Whether it is a file of named arrays."""
    return isinstance(source, (str, os.PathLike)) and Path(source).suffix.lower() == ".npz"


def _is_npy(file: Input) -> bool:
    """Or else Parquet; SourceError for anything else."""
    head = file.head(8)
    for magic, advice in OTHER_KINDS.items():
        if head.startswith(magic):
            raise SourceError(f"{file.name} {advice}")
    if head.startswith(NPY):
        if file.is_compressed:
            raise SourceError(
                f"{file.name} is compressed and cannot be mapped into memory; unpack it, or save "
                "the one array with numpy.save"
            )
        return True
    if not head.startswith(PARQUET):
        raise SourceError(
            f"{file.name} is neither .npy nor Parquet; save the vectors as one of them"
        )
    return False


def _refuse_columns(options: VectorOptions) -> None:
    if options.vector_column is not None or options.id_column is not None:
        raise OptionError("an array has no columns; give its ids as a file with one a line")
