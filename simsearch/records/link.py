"""link: which rows of two tables are the same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simsearch.normalise import normalise
from simsearch.records.choices import ColumnChoices
from simsearch.records.column_pairing import agreeing_columns, pair_columns, unpaired
from simsearch.records.embeddings import embed
from simsearch.records.fields import make_fields
from simsearch.records.labels import read_labels
from simsearch.records.linkage import Linkage
from simsearch.records.must_agree import MustAgree
from simsearch.records.options import MatchOptions
from simsearch.records.scoring import score_pairs
from simsearch.records.stages import Stages, Statistics, peak_memory
from simsearch.sources.records import RecordOptions, open_records

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder
    from simsearch.records.fields import Fields
    from simsearch.records.options import Progress, Table
    from simsearch.records.scoring import ScoredCandidates
    from simsearch.schema import Records

__all__ = ["link", "link_records"]

# With partners for fewer of the smaller table's rows than this, and with matches that agree
# in less than this share of their information, what is alike is easily taken for the same.
_FEW = 0.5
_UNLIKE = 0.5


def link(  # noqa: PLR0913  the options of the command, by the same names
    left: Table,
    right: Table,
    *,
    id: str | None = None,  # noqa: A002
    left_id: str | None = None,
    right_id: str | None = None,
    columns: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    table: str | None = None,
    sql: str | None = None,
    threshold: float = 0.5,
    one_to_one: bool | None = None,
    labels: Table | None = None,
    encoder: Encoder | str | os.PathLike[str] | None = None,
    seed: int = 0,
    roles: Mapping[str, str] | None = None,
    must_agree: Sequence[str] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    skip_rows: int | None = None,
    no_header: bool = False,
    progress: Progress | None = None,
) -> Linkage:
    """Find the rows of two tables that are the same thing, without labels or rules.

    Args:
        left: a CSV, TSV, Parquet or JSONL file, `-` for standard input, a SQLAlchemy URL (with
            table or sql), a DataFrame or an Arrow table.
        right: the same. Columns may have other names; they are paired by name and content.
        id: column that names each row, in both tables; None for row numbers from 0.
        left_id: the same for the left table alone.
        right_id: the same for the right table alone.
        columns: compare these only, of either table; None for all.
        ignore: compare all but these, of either table.
        table: the table to read, where the sources are databases.
        sql: the query to read, where the sources are databases.
        threshold: probability from which two rows count as the same thing.
        one_to_one: whether a row has one partner at most; None decides it from the data.
        labels: pairs that you have labelled, a table with left_id, right_id and same (1 or 0).
        encoder: one of records, or the folder of one; None fits one to the data.
        seed: makes a run repeatable.
        roles: what columns are, by the name of either table: `{"c": "serial"}`; it goes before
            what they look like, see `simsearch.columns`.
        must_agree: columns in which two rows of one thing never differ.
        delimiter: what stands between the cells of a text file; None to find it.
        encoding: of a text file, such as cp437; None to find it, line by line.
        skip_rows: lines at the top of a text file that are no part of the table; None to find
            them.
        no_header: whether the first row of a text file is a record and no header.
        progress: called with a stage's name and the share of it done, 0 to 1.

    Returns:
        Pairs and evidence; `.frame()` is the table of pairs.

    Raises:
        SourceError: a source or the labels cannot be read.
        ColumnError: a named column does not exist, or no columns pair.
        OptionError: an option out of range, or options that contradict each other.
        EncoderError: the encoder folder cannot be used.
    """
    choices = ColumnChoices.of(columns, roles, must_agree)
    options = MatchOptions(threshold, labels, encoder, seed, choices)
    reading = RecordOptions(
        columns=None if columns is None else tuple(columns),
        ignore=tuple(ignore or ()),
        table=table,
        sql=sql,
        delimiter=delimiter,
        encoding=encoding,
        skip_rows=skip_rows,
        no_header=no_header,
    )
    stages = Stages(progress)
    stages.start("reading")
    a = open_records(left, options=replace(reading, id_column=left_id or id)).read()
    b = open_records(right, options=replace(reading, id_column=right_id or id)).read()
    return link_records(a, b, options, stages, one_to_one)


def link_records(
    left: Records,
    right: Records,
    options: MatchOptions,
    stages: Stages,
    one_to_one: bool | None = None,
) -> Linkage:
    """The same for records that were read.

    Args:
        left: all of one table.
        right: all of the other.
        options: how two are compared.
        stages: of the run; reports progress.
        one_to_one: whether a row has one partner at most; None decides it from the data.

    Raises:
        SourceError: the labels cannot be read.
        ColumnError: no columns pair.
        EncoderError: the encoder cannot be used.
    """
    labels = options.labels
    known = None if labels is None else read_labels(labels, left.ids, right.ids)
    stages.start("preparing")
    choices = options.choices
    choices.check(left.table.column_names, right.table.column_names)
    columns = pair_columns(left, right, choices)
    fields = _fields(left, right, columns, choices)
    agreeing = agreeing_columns(left, right, columns, choices.must_agree)
    must_agree = MustAgree.of(_fields(left, right, agreeing, ColumnChoices(named=True)))
    stages.start("embedding")
    embeddings = embed(_stacked(left, right, columns), options.encoder, options.seed)
    scored = score_pairs(
        fields.informative(),
        stages,
        embeddings=embeddings,
        known=known,
        one_to_one=one_to_one,
        seed=options.seed,
    )
    stages.finish()
    scored = must_agree.enforced(scored)
    statistics = replace(
        _statistics(len(left) + len(right), scored, stages),
        left_out=(*unpaired(left, right, columns, choices), *fields.left_out),
    )
    told = bool(must_agree.codes)
    found = Linkage(left, right, options.threshold, columns, statistics, scored, told)
    return replace(found, statistics=replace(statistics, warnings=_warnings(found)))


def _fields(
    left: Records, right: Records, columns: Sequence[tuple[str, str]], choices: ColumnChoices
) -> Fields:
    """Fields of both tables, of columns that are paired."""
    names = [a for a, _ in columns], [b for _, b in columns]
    return make_fields(left.table, names[0], right.table, names[1], choices)


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
    share = len(found.rows[0]) / max(smaller, 1)
    if share < _FEW:
        warnings.append(
            f"only {share:.0%} of the smaller table's rows have a match; among the others' "
            "look-alikes some may pass for one: look at a sample, or raise the threshold"
        )
    likeness = found.scored.model.match_likeness
    if likeness < _UNLIKE:
        warnings.append(
            f"the matches agree in only {likeness:.0%} of what the columns say (usual is half or "
            "more), so some may be no more than alike: look at a sample, or raise the threshold"
        )
    return tuple(warnings)


def _statistics(rows: int, scored: ScoredCandidates, stages: Stages) -> Statistics:
    """What the run did."""
    return Statistics(
        rows=rows,
        candidates=len(scored.pairs),
        recall_lost=scored.recall_lost,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
    )
