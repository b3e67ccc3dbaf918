"""Which images, texts, vectors or signals are the same thing, by exact copies and embeddings.

Exact copies are found first, by the bytes of a file or the normalised text, and encoded once.
Then come all pairs as close as a threshold, and the groups they make. What finds candidates
otherwise (perceptual hashes of images, minhashes of texts) adds pairs beside `find_near`; an
encoder that ships with the package goes into `_shipped`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.calibration.threshold import choose_threshold
from simsearch.distance import Metric
from simsearch.duplicates.item_result import ItemDeduplication
from simsearch.duplicates.near import find_near, nothing_near
from simsearch.duplicates.result import ADDED_COLUMNS, Statistics
from simsearch.duplicates.stages import Stages, peak_memory
from simsearch.errors import EmptySourceError, EncoderError, OptionError
from simsearch.index.encoded_items import opened_items
from simsearch.index.encoder import calibration_of, loaded_encoder, metric_of
from simsearch.index.feed import batch_rows, share_read, vector_hashes
from simsearch.records.exact import ExactDuplicates
from simsearch.schema import Records

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.calibration.calibration import Calibration
    from simsearch.calibration.threshold import DecisionThreshold
    from simsearch.schema import Encoder, ItemBatch, ItemSource

    Rows = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

__all__ = [
    "ExactDuplicateFinder",
    "Gathered",
    "ItemOptions",
    "content_keys",
    "dedupe_items",
    "grouped",
    "items_as_records",
]

ID = "id"
# How files are read where there is no encoder that says so: only their bytes are compared.
ANY_READING: Mapping[str, Mapping[str, Any]] = {
    "image": {"size": [32, 32], "channels": 1},
    "signal": {"sample_rate": None, "channels": 1},
}


@dataclass(frozen=True, slots=True)
class ItemOptions:
    """How two items are judged.

    Attributes:
        encoder: one, the folder of one, or the name of an installed one; None for exact copies.
        at: the calibrated threshold to take: accuracy, eer, far_0.01 or far_0.001; None for the
            strictest.
        threshold_score: a score or distance to take in its place.
        metric: how vectors without an encoder are compared.
        seed: makes a run repeatable.
        progress: called with a stage's name and the share of it done, 0 to 1.
        source: options of the source of that kind.
    """

    encoder: Encoder | str | os.PathLike[str] | None = None
    at: str | None = None
    threshold_score: float | None = None
    metric: str | Metric = Metric.COSINE
    seed: int = 0
    progress: Callable[[str, float], None] | None = None
    source: Mapping[str, Any] = field(default_factory=dict)


def dedupe_items(source: Any, kind: str, options: ItemOptions) -> ItemDeduplication:
    """Find the items that are the same thing.

    Args:
        source: see `open_items`.
        kind: image, text, vector or signal.
        options: how two are judged. Without an encoder only exact copies are found; vectors are
            compared as they are, with a threshold_score.

    Raises:
        SourceError: the source cannot be read.
        EncoderError: the encoder cannot be loaded, or is not calibrated and there is no
            threshold_score.
        OptionError: options that do not go together.
    """
    stages = Stages(options.progress)
    stages.start("reading")
    encode, judged = _judge(kind, options)
    items = opened_items(source, kind, encode.reading, options.source)
    gathered = _gather(items, encode, options.progress)
    stages.start("finding pairs")
    how = encode.how if judged is None else f"{encode.how}, pairs of {judged.words}"
    return grouped(gathered, kind, judged, how, stages, options.seed)


@dataclass(frozen=True, slots=True)
class _Encoding:
    """What makes vectors of items: an encoder, nothing, or the vectors themselves."""

    encoder: Encoder | None
    reading: Mapping[str, Any]
    compared: bool
    how: str

    def __call__(self, items: pa.Table) -> Vectors:
        """(n, d) float32; (n, 0) where items are not compared."""
        if not self.compared:
            return np.empty((items.num_rows, 0), np.float32)
        if self.encoder is not None:
            return self.encoder.encode(items)
        column = items.column("vector").combine_chunks()
        flat = column.flatten().to_numpy(zero_copy_only=False)
        return np.ascontiguousarray(flat.reshape(len(column), -1), np.float32)


def _judge(kind: str, options: ItemOptions) -> tuple[_Encoding, DecisionThreshold | None]:
    """What makes vectors of items, and from which score on two of them are the same."""
    given = options.encoder if options.encoder is not None else _shipped(kind)
    if given is None:
        return _without_encoder(kind, options)
    encoder = loaded_encoder(given)
    if encoder.kind != kind:
        raise OptionError(f"the encoder is for {encoder.kind}s, and the source is of {kind}s")
    metric = metric_of(encoder)
    judged = choose_threshold(
        metric, _usable(calibration_of(given, encoder.fingerprint), metric),
        options.at, options.threshold_score,
    )  # fmt: skip
    if judged is None:
        raise EncoderError(
            f"the encoder is not calibrated: nothing says from which score on two {kind}s are the "
            "same; give --threshold-score, or train it with pairs or classes to hold out"
        )
    reading = getattr(encoder, "reading", {})
    return _Encoding(encoder, reading, True, "exact copies and embeddings compared"), judged


def _usable(calibration: Calibration | None, metric: Metric) -> Calibration | None:
    return calibration if calibration is not None and calibration.metric is metric else None


def _shipped(kind: str) -> str | None:  # noqa: ARG001  the place for encoders to come
    """The encoder that comes with the package for a kind of items; there is none yet."""
    return None


def _without_encoder(kind: str, options: ItemOptions) -> tuple[_Encoding, DecisionThreshold | None]:
    reading = ANY_READING.get(kind, {})
    if kind == "vector" and options.threshold_score is not None:
        judged = choose_threshold(
            Metric.parse(options.metric), None, options.at, options.threshold_score
        )
        return _Encoding(None, reading, True, "exact copies and vectors compared"), judged
    if options.threshold_score is not None or options.at is not None:
        raise OptionError(f"a threshold is for embeddings; to compare {kind}s give --encoder")
    more = "--threshold-score" if kind == "vector" else "--encoder"
    how = f"exact copies only: to find {kind}s that are nearly the same, give {more}"
    return _Encoding(None, reading, False, how), None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Items that were read.

    Attributes:
        records: `id` and the stored columns.
        exact: which items are exact copies of which.
        vectors: (kept, d) float32 of the first of each set of copies.
    """

    records: Records
    exact: ExactDuplicates
    vectors: Vectors


def _gather(
    items: ItemSource, encode: _Encoding, progress: Callable[[str, float], None] | None
) -> Gathered:
    """Read all items; encode each content once."""
    import pyarrow as pa

    finding = ExactDuplicateFinder()
    vectors, ids, stored = [], [], []
    count = 0
    for batch in items.batches(batch_rows(items.kind, encode.reading)):
        new = finding.add(content_keys(items.kind, batch))
        count += len(batch)
        ids.append(batch.ids.cast(pa.string()))
        stored.append(batch.stored)
        if len(new):
            vectors.append(encode(batch.items.take(pa.array(new))))
        if progress is not None:
            progress("reading", share_read(items, count))
    if not count:
        why = f": {items.skipped[0].reason}" if items.skipped else ""
        raise EmptySourceError(f"{items.name} has no {items.kind} that can be read{why}")
    records = items_as_records(
        items.name, pa.concat_arrays(ids), pa.concat_tables(stored), tuple(items.skipped)
    )
    return Gathered(records, finding.exact, np.concatenate(vectors))


class ExactDuplicateFinder:
    """Tells what is new among contents that come in batches, and what are copies."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._kept: list[int] = []
        self._places: list[int] = []

    def add(self, keys: Sequence[str | None]) -> Rows:
        """Rows of a batch, (m,) int64, whose content was not there before.

        Args:
            keys: of each row; what has the same is a copy. None is like nothing, and new.
        """
        new = []
        for row, key in enumerate(keys):
            place = len(self._kept)
            if key is not None:
                place = self._seen.setdefault(key, place)
            if place == len(self._kept):
                self._kept.append(len(self._places))
                new.append(row)
            self._places.append(place)
        return np.array(new, np.int64)

    @property
    def exact(self) -> ExactDuplicates:
        """Of all batches."""
        return ExactDuplicates(np.array(self._kept, np.int64), np.array(self._places, np.int64))


def content_keys(kind: str, batch: ItemBatch) -> list[str | None]:
    """What two items have in common when they are exact copies; None for an empty one."""
    if kind == "text":
        from simsearch.normalise import normalise

        texts: list[str | None] = normalise(batch.items["text"]).to_pylist()
        return [text or None for text in texts]
    if kind == "vector":
        return list(vector_hashes(batch.items["vector"]))
    hashes: list[str | None] = batch.stored["sha256"].to_pylist()
    return hashes


def items_as_records(name: str, ids: pa.Array, stored: pa.Table, skipped: Any) -> Records:
    """Items as a table whose first column is `id`.

    A stored column of that name, or of one that dedupe writes, gets a `_` behind it.
    """
    import pyarrow as pa

    taken = {ID, *ADDED_COLUMNS}
    columns: dict[str, Any] = {ID: ids}
    for column in stored.column_names:
        if column == ID and stored[ID].combine_chunks().cast(pa.string()).equals(ids):
            continue
        new = column
        while new in taken or (new != column and new in stored.column_names):
            new += "_"
        columns[new] = stored[column]
    shown = tuple(column for column in columns if column not in (ID, "sha256"))
    return Records(name, pa.table(columns), ids, shown, ID, tuple(skipped))


def grouped(
    gathered: Gathered,
    kind: str,
    judged: DecisionThreshold | None,
    how: str,
    stages: Stages,
    seed: int = 0,
) -> ItemDeduplication:
    """Pairs and groups of items that were read."""
    kept = len(gathered.exact.kept)
    if judged is None:
        near = nothing_near(kept)
    else:
        near = find_near(gathered.vectors, judged.metric, judged.score, seed)
    stages.finish()
    statistics = Statistics(
        rows=len(gathered.records),
        candidates=0 if judged is None else kept * (kept - 1) // 2,
        recall_lost=1.0 - near.recall,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
        warnings=() if judged is None else judged.warnings(kept, near.found),
    )
    return ItemDeduplication(gathered.records, kind, judged, how, statistics, near, gathered.exact)
