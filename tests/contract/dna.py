"""A kind of one's own: short DNA strings, in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simsearch.encoders.encoder import Encoder
from simsearch.errors import QueryError
from simsearch.kinds.kind import Asked, Kind, Opening
from simsearch.kinds.registry import register
from simsearch.schema import ItemBatch, ItemSource, SkippedRow

if TYPE_CHECKING:
    from collections.abc import Iterator

SEQUENCE = re.compile("[ACGT]+")


@dataclass(frozen=True)
class DnaOptions:
    """Sequences are read in one way."""


class Sequences(ItemSource):
    """Sequences in memory; what is none is left out."""

    kind = "dna"

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self._lines = lines

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([("dna", pa.string())])

    def __len__(self) -> int:
        return len(self._lines)

    def batches(self, rows: int) -> Iterator[ItemBatch]:
        skipped: list[SkippedRow] = []
        self.skipped = skipped
        for start in range(0, len(self), rows):
            part = list(enumerate(self._lines[start : start + rows], start + 1))
            skipped += [
                SkippedRow(row, "no sequence") for row, line in part if not SEQUENCE.fullmatch(line)
            ]
            kept = [(str(row), line) for row, line in part if SEQUENCE.fullmatch(line)]
            table = pa.table({"dna": pa.array([line for _, line in kept], pa.string())})
            yield ItemBatch(pa.array([name for name, _ in kept], pa.string()), table, table)


def open_sequences(source: Any, _: DnaOptions) -> ItemSource:
    """A list of sequences, or a file with one a line."""
    if isinstance(source, (list, tuple)):
        return Sequences("the list", list(source))
    return Sequences(str(source), Path(source).read_text("ascii").splitlines())


def _query(item: Any, _: Asked) -> pa.Table:
    if not isinstance(item, str) or not SEQUENCE.fullmatch(item):
        raise QueryError(f"a query is a sequence of A, C, G and T, not {item!r:.60}")
    return pa.table({"dna": [item]})


def _sequences(stored: pa.Table) -> list[str | None]:
    found: list[str | None] = stored["dna"].to_pylist()
    return found


class DnaEncoder(Encoder):
    """Shares of the sixteen pairs of letters that follow each other."""

    kind = "dna"
    dimension = 16
    fingerprint = "d" * 64  # type: ignore[assignment]  # it never changes

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        pairs = ["".join(pair) for pair in product("ACGT", repeat=2)]
        counts = [
            [sum(text[place : place + 2] == pair for place in range(len(text))) for pair in pairs]
            for text in items["dna"].to_pylist()
        ]
        vectors = np.asarray(counts, np.float32).reshape(-1, self.dimension)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "encoder.json").write_text("{}")


DNA = register(
    Kind(
        name="dna",
        opening=Opening(DnaOptions, open_sequences),
        query=_query,
        suffixes=frozenset({".dna"}),
        stored_keys=_sequences,
    )
)
