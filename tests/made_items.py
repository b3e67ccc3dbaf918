"""Items without files, and an encoder for them, for tests of what does not care where they lie."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simsearch.encoders.encoder import Encoder
from simsearch.schema import ItemBatch, ItemSource, SkippedRow


class LetterEncoder(Encoder):
    """Texts by their letters: each letter adds one to a dimension."""

    kind = "text"

    def __init__(self, dimension: int = 26, dims: Sequence[int] = ()) -> None:
        self.dimension = dimension
        self.dims = tuple(dims)
        self.encoded = 0

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"letters {self.dimension}".encode()).hexdigest()

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        texts = items["text"].to_pylist()
        self.encoded += len(texts)
        out = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                if letter.isalpha():
                    out[row, (ord(letter) - ord("a")) % self.dimension] += 1
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        unit: npt.NDArray[np.float32] = out / np.where(lengths == 0, 1, lengths)
        return unit

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "encoder.json").write_text(json.dumps(self.dimension))


class Texts(ItemSource):
    """A source of texts; one that is None cannot be read.

    Args:
        texts: in order; ids count from 1.
        columns: stored beside them.
        ids: in their place.
    """

    kind = "text"
    skipped: list[SkippedRow]

    def __init__(
        self,
        texts: Sequence[str | None],
        columns: dict[str, list[object]] | None = None,
        ids: Sequence[str] | None = None,
    ) -> None:
        self.name = "some texts"
        self.skipped = []
        self._texts = list(texts)
        self._ids = list(ids or map(str, range(1, len(texts) + 1)))
        self._table = pa.table({"text": pa.array(texts, pa.string()), **(columns or {})})

    @property
    def schema(self) -> pa.Schema:
        return self._table.schema

    def __len__(self) -> int:
        return len(self._texts)

    def batches(self, rows: int) -> Iterator[ItemBatch]:
        self.skipped = []
        for start in range(0, len(self), rows):
            kept = []
            for row in range(start, min(start + rows, len(self))):
                if self._texts[row] is None:
                    self.skipped.append(SkippedRow(row + 1, "no text"))
                else:
                    kept.append(row)
            table = self._table.take(pa.array(kept, pa.int64()))
            ids = pa.array([self._ids[row] for row in kept], pa.string())
            yield ItemBatch(ids, table, table.select(["text"]))
