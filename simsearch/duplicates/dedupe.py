"""dedupe: which rows of one table are the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.duplicates.embeddings import embed
from simsearch.duplicates.exact import find_copies
from simsearch.duplicates.judge import judge
from simsearch.duplicates.labels import KnownPairs, read_labels
from simsearch.duplicates.options import MatchOptions, options_from
from simsearch.duplicates.result import ADDED_COLUMNS, Deduplication, Statistics
from simsearch.duplicates.stages import Stages, peak_memory
from simsearch.errors import ColumnError
from simsearch.matching.fields import make_fields
from simsearch.sources import open_records

if TYPE_CHECKING:
    import os

    import pandas as pd
    import pyarrow as pa

    from simsearch.duplicates.exact import Copies
    from simsearch.duplicates.judge import Judged
    from simsearch.schema import Records

__all__ = ["dedupe"]


def dedupe(
    source: str | os.PathLike[str] | pd.DataFrame | pa.Table, **keywords: Any
) -> Deduplication:
    """Find the rows of a table that are the same thing, without labels or rules.

    Args:
        source: a CSV, TSV, Parquet or JSONL file, `-` for standard input, a SQLAlchemy URL
            (with table or sql), a DataFrame or an Arrow table.
        keywords: any attribute of MatchOptions.

    Returns:
        Groups, pairs and evidence; `.frame()` is the table with its groups.

    Raises:
        SourceError: the source or the labels cannot be read.
        ColumnError: a named column does not exist, or one has the name of a result column.
        OptionError: an unknown option, or one out of range.
        EncoderError: the encoder folder cannot be used.
    """
    options = options_from(MatchOptions, keywords)
    stages = Stages(options.progress)
    stages.start("reading")
    records = open_records(source, options=options.record_options()).read()
    _refuse_result_columns(records)
    labels = None if options.labels is None else read_labels(options.labels, records.ids)
    stages.start("preparing")
    fields = make_fields(records.table, records.columns)
    copies = find_copies(fields)
    kept = fields.take(copies.kept).informative()
    stages.start("embedding")
    table = records.table.select(records.columns).take(copies.kept)
    embeddings = embed(table, options.encoder, options.seed)
    judged = judge(
        kept,
        stages,
        embeddings=embeddings,
        known=None if labels is None else _of_kept(labels, copies),
        seed=options.seed,
    )
    stages.start("grouping")
    # The groups are worked out here, so that their cost is in the statistics.
    found = Deduplication(
        records, options.threshold, _statistics(records, judged, stages), judged, copies
    )
    _ = found.group
    stages.finish()
    return Deduplication(
        records, options.threshold, _statistics(records, judged, stages), judged, copies
    )


def _refuse_result_columns(records: Records) -> None:
    """Columns of the input must not be taken for ours."""
    for name in ADDED_COLUMNS:
        if name in records.table.column_names:
            raise ColumnError(
                f"{records.name} already has a column {name}, which dedupe writes; rename it"
            )


def _of_kept(labels: KnownPairs, copies: Copies) -> KnownPairs | None:
    """Labels on the kept rows; a judgement on two copies of one row says nothing more."""
    a, b = copies.place[labels.left], copies.place[labels.right]
    differ = a != b
    if not differ.any():
        return None
    left, right = np.minimum(a, b)[differ], np.maximum(a, b)[differ]
    pairs, first = np.unique(np.stack([left, right], axis=1), axis=0, return_index=True)
    return KnownPairs(pairs[:, 0], pairs[:, 1], labels.same[differ][first])


def _statistics(records: Records, judged: Judged, stages: Stages) -> Statistics:
    """What the run did, and what to say about it."""
    warnings = []
    # The comparisons of whole records are always there, and count no information.
    if not any(comparison.information > 0.0 for comparison in judged.model.comparisons):
        warnings.append("no column carries evidence; only exact copies can be found")
    return Statistics(
        rows=len(records),
        candidates=len(judged.pairs),
        recall_lost=judged.recall_lost,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
        warnings=tuple(warnings),
    )
