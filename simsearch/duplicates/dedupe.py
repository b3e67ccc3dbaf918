"""dedupe: which rows of one table, or which images, texts, signals or vectors, are the same."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.duplicates.options import MatchOptions, options_from
from simsearch.duplicates.result import ADDED_COLUMNS, Deduplication, Statistics
from simsearch.duplicates.stages import Stages, peak_memory
from simsearch.errors import ColumnError, OptionError
from simsearch.index.create import ITEM_KINDS
from simsearch.index.encoder import encoder_kind
from simsearch.records.embeddings import embed
from simsearch.records.exact import find_exact_duplicates
from simsearch.records.fields import make_fields
from simsearch.records.labels import KnownPairs, read_labels
from simsearch.records.scoring import score_pairs
from simsearch.sources import open_records
from simsearch.sources.records import TABLE_SUFFIXES

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.duplicates.item_result import ItemDeduplication
    from simsearch.records.exact import ExactDuplicates
    from simsearch.records.scoring import ScoredPairs
    from simsearch.schema import ItemSource, Records

__all__ = ["dedupe", "dedupe_records", "kind_to_dedupe"]

# How tables are named; whatever else there is is looked into.
TABLES = TABLE_SUFFIXES | {".json", ".db", ".sqlite"}


def dedupe(
    source: str | os.PathLike[str] | pd.DataFrame | pa.Table | ItemSource | npt.NDArray[Any],
    *,
    kind: str | None = None,
    **keywords: Any,
) -> Deduplication | ItemDeduplication:
    """Find the rows of a table that are the same thing, without labels or rules; or the items.

    Args:
        source: a CSV, TSV, Parquet or JSONL file, `-` for standard input, a SQLAlchemy URL
            (with table or sql), a DataFrame or an Arrow table. Of images, texts, vectors and
            signals: see `open_items`.
        kind: `record`, `image`, `text`, `vector` or `signal`; None: as the encoder takes, or the
            source looks.
        keywords: any attribute of MatchOptions; of items, of ItemOptions, and options of their
            source.

    Returns:
        Groups, pairs and evidence; `.frame()` is the table with its groups.

    Raises:
        SourceError: the source or the labels cannot be read.
        ColumnError: a named column does not exist, or one has the name of a result column.
        OptionError: an unknown option, or one out of range.
        EncoderError: the encoder folder cannot be used, or it is not calibrated and there is no
            threshold_score.
    """
    found = kind_to_dedupe(source, kind, keywords.get("encoder"))
    if found != "record":
        from simsearch.duplicates.items import ItemOptions, dedupe_items

        own = {field.name for field in fields(ItemOptions)} - {"source"}
        given = {name: keywords.pop(name) for name in own & keywords.keys()}
        return dedupe_items(source, found, ItemOptions(**given, source=keywords))
    options = options_from(MatchOptions, keywords)
    stages = Stages(options.progress)
    stages.start("reading")
    records = open_records(source, options=options.record_options()).read()
    return dedupe_records(records, options, stages)


def kind_to_dedupe(source: Any, kind: str | None, encoder: Any = None) -> str:
    """Of the items of a source: what is said, what the encoder takes, or what they look like.

    Raises:
        OptionError: there is no such kind.
        EncoderError: the encoder cannot be loaded.
    """
    if kind is not None:
        if kind not in ITEM_KINDS:
            raise OptionError(f"there is no kind {kind!r}; take {', '.join(ITEM_KINDS)}")
        return kind
    if hasattr(source, "batches") and hasattr(source, "kind"):
        return str(source.kind)
    in_memory = not isinstance(source, (str, os.PathLike))
    if in_memory and not hasattr(source, "dtype"):  # a table; a text encoder may take a column
        takes = encoder_kind(encoder) if encoder is not None else "record"
        return takes if takes in ("text", "vector") else "record"
    if encoder is not None:
        return encoder_kind(encoder)
    return "record" if not in_memory and _is_table(Path(source)) else _looks_like(source)


def _is_table(path: Path) -> bool:
    """Whether a source is nothing but a table: no file at all, or one that is named as such."""
    return not path.exists() or path.suffix.lower() in TABLES


def _looks_like(source: Any) -> str:
    from simsearch.sources.items import kind_of

    kind: str = kind_of(source)
    return kind


def dedupe_records(
    records: Records,
    options: MatchOptions,
    stages: Stages,
    vectors: npt.NDArray[np.float32] | None = None,
) -> Deduplication:
    """The same for records that were read.

    Args:
        records: all of them.
        options: how two are compared.
        stages: the run's.
        vectors: (n, d) unit rows of an encoder; None to encode them.

    Raises:
        SourceError, ColumnError, EncoderError: as for `dedupe`.
    """
    _refuse_result_columns(records)
    labels = None if options.labels is None else read_labels(options.labels, records.ids)
    stages.start("preparing")
    all_fields = make_fields(records.table, records.columns)
    exact = find_exact_duplicates(all_fields)
    kept = all_fields.take(exact.kept).informative()
    stages.start("embedding")
    if vectors is None:
        table = records.table.select(records.columns).take(exact.kept)
        embeddings = embed(table, options.encoder, options.seed)
    else:
        embeddings = np.ascontiguousarray(vectors[exact.kept])
    scored = score_pairs(
        kept,
        stages,
        embeddings=embeddings,
        known=None if labels is None else _of_kept(labels, exact),
        seed=options.seed,
    )
    stages.start("grouping")
    # The groups are worked out here, so that their cost is in the statistics.
    found = Deduplication(
        records, options.threshold, _statistics(records, scored, stages), scored, exact
    )
    _ = found.group
    stages.finish()
    return Deduplication(
        records, options.threshold, _statistics(records, scored, stages), scored, exact
    )


def _refuse_result_columns(records: Records) -> None:
    """Columns of the input must not be taken for ours."""
    for name in ADDED_COLUMNS:
        if name in records.table.column_names:
            raise ColumnError(
                f"{records.name} already has a column {name}, which dedupe writes; rename it"
            )


def _of_kept(labels: KnownPairs, exact: ExactDuplicates) -> KnownPairs | None:
    """Labels on the kept rows; a judgement on two copies of one row says nothing more."""
    a, b = exact.place[labels.left], exact.place[labels.right]
    differ = a != b
    if not differ.any():
        return None
    left, right = np.minimum(a, b)[differ], np.maximum(a, b)[differ]
    pairs, first = np.unique(np.stack([left, right], axis=1), axis=0, return_index=True)
    return KnownPairs(pairs[:, 0], pairs[:, 1], labels.same[differ][first])


def _statistics(records: Records, scored: ScoredPairs, stages: Stages) -> Statistics:
    """What the run did, and what to say about it."""
    warnings = []
    # The comparisons of whole records are always there, and count no information.
    if not any(comparison.information > 0.0 for comparison in scored.model.comparisons):
        warnings.append("no column carries evidence; only exact copies can be found")
    return Statistics(
        rows=len(records),
        candidates=len(scored.pairs),
        recall_lost=scored.recall_lost,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
        warnings=tuple(warnings),
    )
