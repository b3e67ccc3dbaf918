"""link: which rows of two tables, or items of two sources, are the same thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simsearch.duplicates.given import refuse_given
from simsearch.duplicates.item_options import ItemOptions
from simsearch.duplicates.kind_tiers import KIND_TIERS
from simsearch.duplicates.linked_items import link_by_encoder, link_by_tiers
from simsearch.duplicates.prose import prose_column
from simsearch.errors import OptionError
from simsearch.kinds import RECORD, kind_for
from simsearch.kinds.source_options import user_name
from simsearch.kinds.text import TEXT
from simsearch.records.choices import ColumnChoices
from simsearch.records.labels import open_labels
from simsearch.records.link import link_records
from simsearch.records.options import match_options
from simsearch.records.stages import Stages
from simsearch.sources.records import RecordOptions, open_records

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from simsearch.duplicates.linked_items import ItemLinkage
    from simsearch.encoders.encoder import Encoder
    from simsearch.kinds.detect import Source
    from simsearch.kinds.kind import Kind
    from simsearch.records.linkage import Linkage
    from simsearch.records.options import Progress, Table
    from simsearch.schema import ItemSource, Records

__all__ = ["link"]


def link(  # noqa: PLR0913  the options of the command, by the same names
    left: Source,
    right: Source,
    *,
    kind: str | None = None,
    id: str | None = None,  # noqa: A002
    left_id: str | None = None,
    right_id: str | None = None,
    columns: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    column: str | None = None,
    table: str | None = None,
    sql: str | None = None,
    threshold: float | str | None = None,
    precision: float | None = None,
    tier: Sequence[str] | None = None,
    one_to_one: bool | None = None,
    labels: Table | None = None,
    encoder: Encoder | str | os.PathLike[str] | None = None,
    mode: str | None = None,
    seed: int = 0,
    roles: Mapping[str, str] | None = None,
    must_agree: Sequence[str] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    skip_rows: int | None = None,
    no_header: bool = False,
    progress: Progress | None = None,
) -> Linkage | ItemLinkage:
    """Find the rows of two tables, or the items of two sources, that are the same thing.

    No labels and no rules are needed. Of pictures and texts the pairs of one of each source are
    found, as `dedupe` finds them in one: what of a test set stands in the training set.

    Args:
        left: a CSV, TSV, Parquet or JSONL file, `-` for standard input, a SQLAlchemy URL (with
            table or sql), a DataFrame or an Arrow table.
            Or a folder of images, a file of texts, a list of either.
        right: the same. Columns may have other names; they are paired by name and content.
        kind: `record`, `image` or `text`; None: as the sources look. Two tables that have nothing
            but a column of prose are compared as texts, unless `record` is said.
        id: column that names each row, in both tables; None for row numbers from 0.
        left_id: the same for the left table alone.
        right_id: the same for the right table alone.
        columns: compare these only, of either table; None for all.
        ignore: compare all but these, of either table.
        column: of texts in a table: the column that holds them.
        table: the table to read, where the sources are databases.
        sql: the query to read, where the sources are databases.
        threshold: probability from which two count as the same thing; None for .5 of records and
            texts, .95 of images. With an encoder of items a score from which two are the same, or
            the name of a calibrated one; None for one that is found in the items.
        precision: in the place of a threshold: share of the pairs found that are to be right. Of
            records a threshold of that expected precision is chosen, and `statistics.told` says
            what it loses.
        tier: of images, and of texts without an encoder: the tiers by which they are compared;
            None for the usual ones.
        one_to_one: of records: whether a row has one partner at most; None decides it from the
            data.
        labels: pairs that you have labelled, a table with left_id, right_id and same (1 or 0).
        encoder: one of records, or the folder of one; None fits one to the data. Of items one
            that compares their embeddings, as `dedupe` does: of images it is the tier of edited
            copies beside the others, unless a threshold of its scores is given.
        mode: of texts: how many of them a transformer sees, `fast`, `balanced` or `exact`, see
            `dedupe`.
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
    stages = Stages(progress)
    stages.start("reading")
    of_records = {
        "columns": columns, "ignore": ignore, "labels": labels, "encoder": encoder,
        "roles": roles, "must_agree": must_agree, "one_to_one": one_to_one,
    }  # fmt: skip
    reading = RecordOptions(
        columns, ignore, None, table, sql, delimiter, encoding, skip_rows, no_header
    )
    given = {"column": column, "table": table, "sql": sql}
    sides = [
        _Side.of(source, kind, replace(reading, id_column=own), given)
        for source, own in ((left, left_id or id), (right, right_id or id))
    ]
    of_texts = mode is not None or all(each is None for each in of_records.values())
    if kind is None and of_texts:
        texts = [side.as_texts() for side in sides]
        sides = [text for text in texts if text is not None] if all(texts) else sides
    a, b = sides
    if a.kind is not b.kind:
        raise OptionError(
            f"one source holds {a.kind.name}s and the other {b.kind.name}s; `kind` says what both "
            "hold"
        )
    if a.records is None or b.records is None:
        for of_items in ("encoder", "labels"):
            of_records.pop(of_items)
        refuse_given(f"{a.kind.name}s", **of_records)
        told = None if labels is None else open_labels(labels)
        options = ItemOptions(encoder, threshold, None, seed, precision, tier, None, mode)
        found = _link_items(a, b, options, stages)
        return found if told is None else found.with_labels(told)
    refuse_given("records", column=column, tier=tier, mode=mode)
    choices = ColumnChoices.of(columns, roles, must_agree)
    matching = match_options(threshold, labels, encoder, seed, choices, precision)
    return link_records(a.records, b.records, matching, stages, one_to_one)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two sources.

    Attributes:
        source: as it was given, or a table.
        kind: of its items.
        given: options of the source.
        records: all of it, where it holds records.
        name: what to call it in messages; empty for what it calls itself.
    """

    source: Any
    kind: Kind
    given: Mapping[str, Any]
    records: Records | None = None
    name: str = ""

    @classmethod
    def of(
        cls, source: Any, kind: str | None, reading: RecordOptions, given: Mapping[str, Any]
    ) -> _Side:
        found = kind_for(source, kind)
        records = open_records(source, options=reading).read() if found is RECORD else None
        return cls(source, found, {**given, "id_column": reading.id_column}, records)

    def as_texts(self) -> _Side | None:
        """The same as texts, if it is a file of them or a table of nothing but prose."""
        if self.records is None:
            return self if self.kind is TEXT else None
        prose = prose_column(self.records)
        if prose is None:
            return None
        asked = {"column": prose, "id_column": self.records.id_column}
        return _Side(self.records.table, TEXT, asked, name=self.records.name)

    def opened(self, reading: Mapping[str, Any]) -> ItemSource:
        """Ready to be read, items whole.

        Raises:
            OptionError: such a source has no such option.
        """
        asked = {name: value for name, value in self.given.items() if value is not None}
        for name, value in asked.items():
            if not self.kind.opening.takes(name):
                refuse_given(f"{self.kind.name}s", **{user_name(name): value})
        opened = self.kind.open(
            self.source, reading, {**self.kind.whole, **self.kind.untouched, **asked}
        )
        opened.name = self.name or opened.name
        return opened


def _link_items(left: _Side, right: _Side, options: ItemOptions, stages: Stages) -> ItemLinkage:
    """The pairs of two sources of one kind.

    Raises:
        OptionError: such items are not linked, or options do not go together.
        EncoderError: the encoder cannot be loaded.
    """
    kind = left.kind
    if kind.name not in KIND_TIERS:
        known = ", ".join([RECORD.name, *KIND_TIERS])
        raise OptionError(f"sources of {kind.name}s are not linked; those of {known} are")
    options = options.by_mode(kind.name)
    tiers = options.tiers(kind.name)
    if tiers is None:
        return link_by_encoder(left.opened, right.opened, kind, options, stages)
    reading = tiers.reading or kind.any_reading
    opened = left.opened(reading), right.opened(reading)
    return link_by_tiers(*opened, tiers, options.asked, stages)
