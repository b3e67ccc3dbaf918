"""dedupe: which rows of one table, or which images, texts, signals or vectors, are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.duplicates.given import refuse_given
from simsearch.duplicates.item_options import ItemOptions
from simsearch.duplicates.items import dedupe_items
from simsearch.duplicates.prose import dedupe_prose, prose_column
from simsearch.duplicates.target_size import at_target_size, check_target_size
from simsearch.kinds import RECORD, kind_for
from simsearch.records.choices import ColumnChoices
from simsearch.records.dedupe import dedupe_records
from simsearch.records.labels import open_labels, read_labels
from simsearch.records.options import match_options
from simsearch.records.stages import Stages
from simsearch.sources.records import RecordOptions, open_records

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.distance import Metric
    from simsearch.duplicates.item_deduplication import ItemDeduplication
    from simsearch.duplicates.tiered_deduplication import TieredDeduplication
    from simsearch.encoders.encoder import Encoder
    from simsearch.records.deduplication import Deduplication
    from simsearch.records.options import Progress, Table
    from simsearch.schema import ItemSource, Records

__all__ = ["dedupe"]


def dedupe(  # noqa: PLR0913  the options of the command, by the same names
    source: str | os.PathLike[str] | pd.DataFrame | pa.Table | ItemSource | npt.NDArray[Any]
    | Sequence[Any],
    *,
    kind: str | None = None,
    id: str | None = None,  # noqa: A002
    columns: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    column: str | None = None,
    label: str | None = None,
    time: str | None = None,
    table: str | None = None,
    sql: str | None = None,
    threshold: float | str | None = None,
    precision: float | None = None,
    target_size: int | None = None,
    labels: Table | None = None,
    encoder: Encoder | str | os.PathLike[str] | None = None,
    metric: str | Metric | None = None,
    tier: Sequence[str] | None = None,
    keep: Sequence[str] | None = None,
    mode: str | None = None,
    seed: int = 0,
    roles: Mapping[str, str] | None = None,
    must_agree: Sequence[str] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    skip_rows: int | None = None,
    no_header: bool = False,
    progress: Progress | None = None,
) -> Deduplication:  # fmt: skip
    """Find the rows of a table that are the same thing, without labels or rules; or the items.

    Args:
        source: a CSV, TSV, Parquet or JSONL file, `-` for standard input, a SQLAlchemy URL
            (with table or sql), a DataFrame or an Arrow table; a folder of images, texts or
            signals, a file of texts or vectors, a list of texts or paths, an array.
        kind: `record`, `image`, `text`, `vector` or `signal`; None: as the encoder takes, or the
            source looks. A table that has nothing but a column of prose is compared as texts,
            unless `record` is said.
        id: column that names each row; None for row numbers from 0.
        columns: compare these only. Of vectors and signals in a table: the columns of numbers.
        ignore: of records: compare all columns but these.
        column: of texts in a table: the column that holds them.
        label: of items other than records: the column of a table with their classes.
        time: of signals in a table: the column that puts their moments in order.
        table: the table to read, where the source is a database.
        sql: the query to read, where the source is a database.
        threshold: from where on two are the same. Of records a probability, .5 where none is
            given. Of other items a score or greatest distance, or the name of a threshold that
            the encoder was calibrated for, such as `far_0.01`; where none is given, one that is
            found in the items, see precision. Of images and texts that are compared by tiers it
            is a probability, .95 or .5.
        precision: in the place of a threshold: share of the pairs found that are to be right. Of
            records the threshold follows from the probabilities, and `statistics.told` says what
            it loses; so it does of images and texts that are compared by tiers. Of other items
            that an encoder embeds, and of vectors, it is found in the items, and None is .99.
        target_size: in the place of either: how many items are to remain when each group keeps
            one. The surest copies go first, and a note says by which threshold.
        labels: pairs that you have labelled, a table with left_id, right_id and same (1 or 0).
        encoder: one, the folder of one, or the name of an installed one. None fits one to
            records, takes one that comes along for images, and compares signals by their course
            and spectra. One of images is the tier of edited copies, beside the other tiers, unless
            a threshold of its scores is given.
        metric: how vectors are compared that have no encoder: cosine, euclidean …; None: cosine
            where a threshold is given, else euclidean.
        tier: of images, and of texts without an encoder: names of the tiers by which they are
            compared, such as `identical bytes` alone, for which no picture is decoded; None for
            the usual ones.
        keep: of images and texts without an encoder: what makes one of a group the one to keep,
            the first criterion first: of texts `longest`, `first`, `central`, and
            `highest:COLUMN` or `lowest:COLUMN` (numbers or dates); of images those columns, too,
            and such as `["folder:originals", "resolution", "exif", "oldest"]`. None for the usual
            ones: the original image rather than a framed or brightened copy, and the longest of
            the texts that all others are the same as.
        mode: of texts: `fast` compares them by a table of tokens alone; with a transformer as
            encoder and a threshold `balanced` shows it only those that a table adapted to them
            finds alike; `exact` shows it all, as usual. The expected recall is told.
        seed: makes a run repeatable.
        roles: of records: what columns are: `{"c": "serial"}`; it goes before
            what they look like, see `simsearch.columns`.
        must_agree: of records: columns in which two rows of one thing never differ.
        delimiter: what stands between the cells of a text file; None to find it.
        encoding: of a text file, such as cp437; None to find it, line by line.
        skip_rows: lines at the top of a text file that are no part of the table; None to find
            them.
        no_header: whether the first row of a text file is a record and no header.
        progress: called with a stage's name and the share of it done, 0 to 1.

    Returns:
        Groups, pairs and evidence; `.frame()` is the table with its groups.

    Raises:
        SourceError: the source or the labels cannot be read.
        ColumnError: a named column does not exist, or one has the name of a result column.
        OptionError: an option out of range, or not for such items.
        EncoderError: the encoder cannot be used.
    """
    check_target_size(target_size, threshold, precision)
    found, stages = kind_for(source, kind, encoder), Stages(progress)
    if found is RECORD:
        own = {"metric": metric, "tier": tier, "mode": mode}
        refuse_given("records", column=column, label=label, time=time, **own)
        reading = RecordOptions(
            columns, ignore, id, table, sql, delimiter, encoding, skip_rows, no_header
        )
        choices = ColumnChoices.of(columns, roles, must_agree)
        matching = match_options(threshold, labels, encoder, seed, choices, precision)
        stages.start("reading")
        records = open_records(source, options=reading).read()
        chosen = (kind, encoder, roles, must_agree, precision)
        prose = prose_column(records) if all(each is None for each in chosen) else None
        if prose is not None:
            texts = _labelled(dedupe_prose(records, prose, threshold, stages, keep), labels)
            return _sized(texts, target_size)
        refuse_given("records", keep=keep)
        return _sized(dedupe_records(records, matching, stages), target_size)
    refuse_given(f"{found.name}s", roles=roles, must_agree=must_agree)
    # What is wrong with them is said before the long work starts.
    told = None if labels is None else open_labels(labels)
    given = {
        "id_column": id, "columns": columns, "ignore": ignore, "column": column, "label": label,
        "time": time, "table": table, "sql": sql, "delimiter": delimiter, "encoding": encoding,
        "skip_rows": skip_rows, "no_header": no_header or None,
    }  # fmt: skip
    comparing = ItemOptions(encoder, threshold, metric, seed, precision, tier, keep, mode)
    stages.start("reading")
    items = _labelled(dedupe_items(source, found, comparing, given, stages), told)
    return _sized(items, target_size)


def _sized(found: Deduplication, size: int | None) -> Deduplication:
    """Items grouped so that so many remain, if that is asked for."""
    return found if size is None else at_target_size(found, size)


def _labelled(
    found: ItemDeduplication | TieredDeduplication, labels: Table | Records | None
) -> ItemDeduplication | TieredDeduplication:
    """Items grouped as labels say, if there are any."""
    if labels is None:
        return found
    return found.with_labels(read_labels(labels, found.records.ids))
