"""A deterministic encoder of records that needs no fitting: counts of letters."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simsearch.encoders.encoder import Encoder


class TinyEncoder(Encoder):
    """Each letter adds one to a dimension; the columns are those named."""

    kind: ClassVar[str] = "record"

    def __init__(self, columns: Sequence[str], dimension: int = 8) -> None:
        self.columns = tuple(columns)
        self.dimension = dimension

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"{self.columns}{self.dimension}".encode()).hexdigest()

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        names = [name for name in self.columns if name in items.column_names]
        rows = items.select(names).to_pylist()
        return self.encode_text(
            ["".join("" if v is None else str(v) for v in row.values()) for row in rows]
        )

    def encode_text(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        out = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                out[row, ord(letter) % self.dimension] += 1
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        unit: npt.NDArray[np.float32] = out / np.where(lengths == 0, 1, lengths)
        return unit

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "encoder.json").write_text(json.dumps(self.columns))
