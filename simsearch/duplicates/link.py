"""link: which rows of two tables are the same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from simsearch.duplicates.options import LinkOptions, options_from
from simsearch.duplicates.result import Linkage, Statistics
from simsearch.duplicates.stages import Stages, peak_memory
from simsearch.normalise import normalise
from simsearch.records.column_pairing import pair_columns
from simsearch.records.embeddings import embed
from simsearch.records.fields import make_fields
from simsearch.records.labels import read_labels
from simsearch.records.scoring import score_pairs
from simsearch.sources import open_records

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa

    from simsearch.records.scoring import ScoredPairs
    from simsearch.schema import Records

    Source: TypeAlias = str | os.PathLike[str] | pd.DataFrame | pa.Table

__all__ = ["link"]

# With partners for fewer of the smaller table's rows than this, and with matches that agree
# in less than this share of their information, likeness is easily taken for sameness.
_FEW = 0.5
_UNLIKE = 0.5


def link(left: Source, right: Source, **keywords: Any) -> Linkage:
    """Find the rows of two tables that are the same thing, without labels or rules.

    Args:
        left: as `dedupe`'s source.
        right: the same. Columns may have other names; they are paired by name and content.
        keywords: any attribute of LinkOptions. `columns` and `ignore` name columns of
            either table.

    Returns:
        Pairs and evidence; `.frame()` is the table of pairs.

    Raises:
        SourceError: a source or the labels cannot be read.
        ColumnError: a named column does not exist, or no columns pair.
        OptionError: an unknown option, or one out of range.
    """
    options = options_from(LinkOptions, keywords)
    stages = Stages(options.progress)
    stages.start("reading")
    a = open_records(left, options=options.record_options(options.left_id)).read()
    b = open_records(right, options=options.record_options(options.right_id)).read()
    known = None if options.labels is None else read_labels(options.labels, a.ids, b.ids)
    stages.start("preparing")
    columns = pair_columns(a, b)
    fields = make_fields(a.table, [x for x, _ in columns], b.table, [y for _, y in columns])
    stages.start("embedding")
    embeddings = embed(_stacked(a, b, columns), options.encoder, options.seed)
    scored = score_pairs(
        fields.informative(),
        stages,
        embeddings=embeddings,
        known=known,
        one_to_one=options.one_to_one,
        seed=options.seed,
    )
    stages.finish()
    found = Linkage(a, b, options.threshold, columns, _statistics(a, b, scored, stages), scored)
    return replace(found, statistics=replace(found.statistics, warnings=_warnings(found)))


def _stacked(left: Records, right: Records, columns: Sequence[tuple[str, str]]) -> pa.Table:
    """Both tables as text, the right one below under the names of the left."""
    import pyarrow as pa

    return pa.table(
        {
            a: pa.concat_arrays([normalise(left.table.column(a)), normalise(right.table.column(b))])
            for a, b in columns
        }
    )


def _warnings(found: Linkage) -> tuple[str, ...]:
    """What to know before trusting the pairs."""
    warnings = []
    smaller = min(len(found.left), len(found.right))
    share = found.pairs.num_rows / max(smaller, 1)
    if share < _FEW:
        warnings.append(
            f"only {share:.0%} of the smaller table's rows have a match; among the others' "
            "look-alikes some may pass for one: look at a sample, or raise --threshold"
        )
    sameness = found.scored.model.match_likeness
    if sameness < _UNLIKE:
        warnings.append(
            f"the matches agree in only {sameness:.0%} of what the columns say (usual is half or "
            "more), so some may be no more than alike: look at a sample, or raise --threshold"
        )
    return tuple(warnings)


def _statistics(left: Records, right: Records, scored: ScoredPairs, stages: Stages) -> Statistics:
    """What the run did."""
    return Statistics(
        rows=len(left) + len(right),
        candidates=len(scored.pairs),
        recall_lost=scored.recall_lost,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
    )
