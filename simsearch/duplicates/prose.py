"""A table whose one column is prose: its rows are texts, and are compared as texts.

Records are compared field by field, and one field says too little: titles that share their subject
would be taken for the same thing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.exact import ExactDuplicateFinder
from simsearch.duplicates.kind_tiers import tiers_for
from simsearch.duplicates.lexical import compare_texts
from simsearch.duplicates.tiered_deduplication import grouped_by_tiers

if TYPE_CHECKING:
    from simsearch.duplicates.tiered_deduplication import TieredDeduplication
    from simsearch.records.stages import Stages
    from simsearch.schema import Records

__all__ = ["dedupe_prose", "is_prose"]

# Words that half of the values have at least, where they are prose and not names or codes.
WORDS = 4
# Values that are looked at, spread evenly.
_SAMPLE = 10_000


def is_prose(records: Records) -> bool:
    """Whether the rows of a table are texts: one column is compared, of sentences or titles."""
    if len(records.columns) != 1 or not len(records):
        return False
    import pyarrow.compute as pc

    from simsearch.normalise import normalise

    rows = np.linspace(0, len(records) - 1, min(len(records), _SAMPLE)).astype(np.int64)
    values = normalise(records.table.column(records.columns[0]).take(rows)).drop_null()
    if not len(values):
        return False
    words = pc.count_substring(values, " ").to_numpy(zero_copy_only=False) + 1
    return bool(np.median(words) >= WORDS)


def dedupe_prose(
    records: Records, threshold: float | str | None, stages: Stages
) -> TieredDeduplication:
    """Find the rows of such a table that are near copies, see `LexicalFinder`.

    Args:
        records: see `is_prose`.
        threshold: probability from which two are the same; None for the finder's.
        stages: of the run.

    Raises:
        OptionError: the threshold is no probability.
    """
    from simsearch.normalise import normalise

    (column,) = records.columns
    stages.start("finding pairs")
    texts = normalise(records.table.column(column))
    exact = ExactDuplicateFinder()
    kept = exact.add([text or None for text in texts.to_pylist()])
    note = f"{column!r} is prose and alone: compared as texts, not as a field of records"
    noted = replace(records, notes=(*records.notes, note))
    return grouped_by_tiers(
        noted, exact.found, tiers_for("text"), compare_texts(texts.take(kept)), threshold, stages
    )
