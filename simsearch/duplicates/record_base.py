"""A base: records with their groups on disk, which new records join without all being compared.

base = simsearch.RecordBase.make("customers", "customers.csv", id="customer_no")
base = simsearch.RecordBase.open("customers")
base.match({"name": "Jon Smiht", "city": "Leeds"}).group
base.add("new.csv", id="customer_no").table
base.undo(2)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, Unpack

import numpy as np

from simsearch.duplicates.base_change import GroupChange, log_table, regrouped
from simsearch.duplicates.base_compaction import compacted
from simsearch.duplicates.base_comparisons import BaseComparisons
from simsearch.duplicates.base_files import (
    BaseManifest,
    locked,
    read_manifest,
    remove_others,
    write_manifest,
    write_run,
)
from simsearch.duplicates.base_first import KEPT, values_table, write_first
from simsearch.duplicates.base_match import BaseMatch, matches
from simsearch.duplicates.base_removal import removal_of
from simsearch.duplicates.base_run import (
    BaseEntries,
    edge_arrays,
    group_arrays,
    postings_arrays,
)
from simsearch.errors import IndexExistsError, IndexNotFoundError, OptionError, SourceError
from simsearch.files import SYSTEM
from simsearch.kinds.source_options import as_fields
from simsearch.records.choices import ColumnChoices
from simsearch.records.dedupe import dedupe_records
from simsearch.records.deduplication import refuse_added_columns
from simsearch.records.exact import EXACT_PROBABILITY
from simsearch.records.explain import explanation_of
from simsearch.records.matcher import log_odds
from simsearch.records.options import MatchOptions
from simsearch.records.shares import sigmoid
from simsearch.records.stages import Stages
from simsearch.sources.records import RecordOptions, open_records
from simsearch.store.format.layout import check_name
from simsearch.store.roots import indexes_root

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder
    from simsearch.files import Disk
    from simsearch.kinds.source_options import ReadOptions
    from simsearch.records.explain import Explanation
    from simsearch.records.options import Progress, Table
    from simsearch.records.postings import InvertedLists
    from simsearch.records.record_deduplication import RecordDeduplication
    from simsearch.schema import Records

    Rows = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["Added", "RecordBase"]


@dataclass(frozen=True, slots=True)
class Added:
    """What a run did to a base.

    Attributes:
        run: its number, by which it can be undone.
        table: the new rows, untouched and in order, with `duplicate_group`, `is_known` (whether
            that group was there before) and `group_confidence`.
        log: what changed, see `RecordBase.log`.
        candidates: pairs compared.
    """

    run: int
    table: pa.Table
    log: pa.Table
    candidates: int


class RecordBase:
    """Records with their groups. Open one with `open`, or make one with `make`.

    Args:
        folder: that holds it.
        disk: where it is written; None: the file system.

    Attributes:
        made_from: the run over everything that made it, right after `make`; else None.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self.made_from: RecordDeduplication | None = None
        self._disk = SYSTEM if disk is None else disk
        self._show(read_manifest(folder))

    def _show(self, manifest: BaseManifest) -> None:
        """Read what counts now."""
        self.manifest = manifest
        self._known = BaseEntries(self.folder, manifest.runs, manifest.removals)
        self._comparisons = BaseComparisons(self._known, manifest.matcher, manifest.must_agree)

    @classmethod
    def open(cls, name: str, indexes: str | os.PathLike[str] | None = None) -> Self:
        """Open a base.

        Args:
            name: of the base.
            indexes: the folder that holds it; None for $SIMSEARCH_INDEXES or ./indexes.

        Raises:
            IndexNotFoundError: there is none of that name.
            IndexCorruptError: it cannot be read.
        """
        return cls(base_folder(name, indexes))

    @classmethod
    def make(  # noqa: PLR0913  the options of dedupe, by the same names
        cls,
        name: str,
        source: Table,
        *,
        threshold: float = 0.5,
        labels: Table | None = None,
        encoder: Encoder | str | os.PathLike[str] | None = None,
        seed: int = 0,
        roles: Mapping[str, str] | None = None,
        must_agree: Sequence[str] | None = None,
        indexes: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
        disk: Disk | None = None,
        **reading: Unpack[ReadOptions],
    ) -> Self:
        """Find the duplicates of a table, and keep the result for what comes.

        Args:
            name: what to call it: letters, digits, spaces and `_.@+-`.
            source: path of a table, `-`, a SQLAlchemy URL, a DataFrame, an Arrow table.
            threshold: probability from which two records are the same thing, from now on.
            labels: pairs of rows that you have labelled, see `dedupe`; what they teach of this
                table counts for what comes.
            encoder: finds what is compared in this table, see `dedupe`.
            seed: makes the run repeatable.
            roles: what columns are, see `dedupe`.
            must_agree: columns in which two rows of one thing never differ, from now on.
            indexes: the folder that holds it; None for $SIMSEARCH_INDEXES or ./indexes.
            progress: called with a stage's name and the share of it done, 0 to 1.
            disk: where it is written; None: the file system.
            reading: what to read of the source, see `dedupe`.

        Raises:
            IndexExistsError: there is a base of that name.
            IndexLockedError: another process is writing to it.
            SourceError, ColumnError: the source cannot be read.
            OptionError: an option out of range, or not for records.
            OutputError: it cannot be written.
        """
        folder = base_folder(name, indexes)
        choices = ColumnChoices.of(reading.get("columns"), roles, must_agree)
        options = MatchOptions(threshold, labels, encoder, seed, choices)
        with locked(folder):
            if is_base(folder):
                raise IndexExistsError(f"there is a base {name!r} in {folder.parent} already")
            stages = Stages(progress)
            stages.start("reading")
            records = open_records(source, options=_reading(reading)).read()
            found = dedupe_records(records, options, stages)
            stages.start("writing")
            write_first(folder, found, SYSTEM if disk is None else disk, choices)
            stages.finish()
        base = cls(folder, disk)
        base.made_from = found
        return base

    @property
    def runs(self) -> tuple[int, ...]:
        """Numbers of the runs that count, in their order."""
        return self.manifest.runs

    def made_table(self) -> pa.Table:
        """Right after `make`: every row, untouched and in order, with its group.

        Raises:
            OptionError: the base was opened, not made.
        """
        if self.made_from is None:
            raise OptionError("only a base that was just made has the table that it was made from")
        return self.made_from.table()

    def __len__(self) -> int:
        return self._known.rows

    def match(self, record: Mapping[str, Any]) -> BaseMatch:
        """The group that a record belongs to; nothing is written.

        Args:
            record: values by column; columns that it lacks are missing values.

        Raises:
            ColumnError: it has no column that is compared.
        """
        import pyarrow as pa

        table = pa.table({key: [value] for key, value in record.items()})
        return next(self._matches(table, "the record"))

    def match_all(
        self, source: Table, **reading: Unpack[ReadOptions]
    ) -> Iterator[tuple[str, BaseMatch]]:
        """The group that each record of a table belongs to; nothing is written.

        Records are not compared with each other; `add` does that.

        Args:
            source, reading: as for `add`.

        Yields:
            The id of each record and its match, in order.

        Raises:
            SourceError, ColumnError: the source cannot be read, or has no column compared.
        """
        if self.manifest.id_column is not None:
            reading.setdefault("id", self.manifest.id_column)
        records = open_records(source, options=_reading(reading)).read()
        found = self._matches(records.table, records.name)
        return zip(records.ids.to_pylist(), found, strict=True)

    def _matches(self, table: pa.Table, name: str) -> Iterator[BaseMatch]:
        """The match of each row of a table."""
        values = self._comparisons.values(table, name)
        rows, threshold = table.num_rows, self.manifest.threshold
        return matches(self._known, self._comparisons, values, rows, threshold)

    def explain(self, left: str, right: str) -> Explanation:
        """What each column says for and against two rows being the same thing.

        By what the first run found and froze, as new rows are compared.

        Args:
            left: the id of one.
            right: the id of the other.

        Raises:
            SourceError: there is no such row.
        """
        entries = []
        for id_ in (left, right):
            entry = self._known.entry_of(id_)
            if entry is None:
                raise SourceError(f"{self.folder.stem} has no row with the id {id_!r:.80}")
            entries.append(np.array([entry], np.int64))
        groups = [int(self._known.groups_of(entry)[0]) for entry in entries]
        facts = {"group": " and ".join(map(str, dict.fromkeys(groups)))}
        if entries[0] == entries[1]:
            nothing = dict.fromkeys(self._comparisons.names, float("nan"))
            odds = float(log_odds(np.array([EXACT_PROBABILITY]))[0])
            return explanation_of((left, right), nothing, odds, facts)
        odds_of, said = self._comparisons.among(*entries)
        told = dict(zip(self._comparisons.names, said[0].tolist(), strict=True))
        return explanation_of((left, right), told, float(odds_of[0]), facts)

    def add(
        self, source: Table, *, progress: Progress | None = None, **reading: Unpack[ReadOptions]
    ) -> Added:
        """Let new records join the groups; only they are compared.

        Args:
            source: as for `make`.
            progress: called with a stage's name and the share of it done, 0 to 1.
            reading: what to read of the source; `id` is as it was where it is not given.

        Raises:
            SourceError, ColumnError: the source cannot be read, or has no column compared.
            IndexLockedError: another process is writing to the base.
            OutputError: it cannot be written; the base is as before.
        """
        if self.manifest.id_column is not None:
            reading.setdefault("id", self.manifest.id_column)
        with locked(self.folder):
            self._show(read_manifest(self.folder))
            stages = Stages(progress)
            stages.start("reading")
            records = open_records(source, options=_reading(reading)).read()
            refuse_added_columns(records.name, records.table.column_names)
            stages.start("comparing")
            values = self._comparisons.values(records.table, records.name)
            own, pairs = self._comparisons.with_all(values, len(records))
            stages.start("grouping")
            comparisons = self._comparisons
            change = regrouped(
                self._known, pairs[:3], len(records), self.manifest.threshold,
                self.manifest.next_group, lambda entries: comparisons.must_agree(entries, values),
            )  # fmt: skip
            stages.start("writing")
            log = self._write(records, values, own, pairs[:3], change)
            stages.finish()
        return Added(self.runs[-1], _table_of(records, pairs, change), log, len(pairs[0]))

    def undo(self, run: int) -> None:
        """Take back the last run: its rows are gone, and groups are as before it.

        Args:
            run: its number.

        Raises:
            OptionError: it is not the last one, or the one that made or compacted the base.
            IndexLockedError, OutputError: the base cannot be written.
        """
        with locked(self.folder):
            manifest = read_manifest(self.folder)
            if run not in manifest.runs:
                known = ", ".join(map(str, manifest.runs))
                raise OptionError(f"there is no run {run} to undo; there are {known}")
            if run != manifest.runs[-1]:
                later = manifest.runs[manifest.runs.index(run) + 1 :]
                raise OptionError(
                    f"runs came after run {run}; undo {', '.join(map(str, later[::-1]))} first"
                )
            if len(manifest.runs) == 1:
                raise OptionError(
                    f"run {run} holds the whole base; remove the folder {self.folder} to give it up"
                )
            manifest = manifest.without_last()
            write_manifest(self.folder, manifest, self._disk)
            remove_others(self.folder, manifest.runs, self._disk)
        self._show(manifest)

    def remove(self, ids: Iterable[str] | str) -> int:
        """Remove rows; all others keep their groups, and the groups their numbers.

        A group that a removed row held together stays one. The values stay in the files until
        `compact`.

        Args:
            ids: of the rows, or one id; where several rows have it, all of them go.

        Returns:
            The number of the run, by which it can be undone.

        Raises:
            SourceError: there is no row of such an id; nothing is removed then.
            IndexLockedError, OutputError: the base cannot be written.
        """
        wanted = {ids} if isinstance(ids, str) else set(map(str, ids))
        with locked(self.folder):
            self._show(read_manifest(self.folder))
            manifest, run = self.manifest, self.manifest.next_run
            columns = len(manifest.matcher["fields"])
            removal = removal_of(self._known, wanted, run, columns, self.folder.stem)
            write_run(self.folder, run, *removal, self._disk)
            manifest = replace(
                manifest,
                runs=(*manifest.runs, run),
                removals=(*manifest.removals, run),
                next_run=run + 1,
            )
            write_manifest(self.folder, manifest, self._disk)
        self._show(manifest)
        return run

    def compact(self) -> int:
        """Make one run of all: rows, groups and answers stay, what was removed is gone for good.

        No run before can be undone then. Who has the base open goes on with what there was.

        Returns:
            The number of the run.

        Raises:
            IndexLockedError, OutputError: the base cannot be written.
        """
        with locked(self.folder):
            self._show(read_manifest(self.folder))
            run = self.manifest.next_run
            columns = len(self.manifest.matcher["fields"])
            write_run(self.folder, run, *compacted(self._known, columns), self._disk)
            manifest = replace(self.manifest, runs=(run,), removals=(), next_run=run + 1)
            write_manifest(self.folder, manifest, self._disk)
            remove_others(self.folder, manifest.runs, self._disk)
        self._show(manifest)
        return run

    def refresh(self) -> Self:
        """Show what others have written since it was opened; gives the base itself.

        Raises:
            IndexCorruptError: it cannot be read.
        """
        manifest = read_manifest(self.folder)
        if manifest != self.manifest:
            self._show(manifest)
        return self

    def log(self) -> pa.Table:
        """What runs changed: run, action, id, group, before.

        Actions are `attach`, `new`, `merge`, `split` and `remove`.
        """
        import pyarrow as pa

        return pa.concat_tables([files.table("log") for files in self._known.files])

    def groups(self) -> dict[str, int]:
        """The group of each row by its id, the latest of rows that share one."""
        out: dict[str, int] = {}
        for rows, _ in self._known.row_tables():
            entries = rows.column("entry").to_numpy().astype(np.int64)
            numbers = self._known.groups_of(entries).tolist()
            out |= dict(zip(rows.column("id").to_pylist(), numbers, strict=True))
        return out

    def _write(
        self,
        records: Records,
        values: Sequence[pa.StringArray],
        own: tuple[InvertedLists, ...],
        pairs: tuple[Rows, Rows, Floats],
        change: GroupChange,
    ) -> pa.Table:
        """Write a run and let it count; gives its log."""
        import pyarrow as pa

        manifest, start = self.manifest, self._known.entries
        run, entries = manifest.next_run, start + np.arange(len(records))
        moved_ids = self._known.ids_of(change.moved[:, 0])
        log = log_table(run, records.ids.to_pylist(), change, moved_ids)
        kept = pairs[2] > KEPT
        arrays = {
            **group_arrays(change.group),
            **edge_arrays(pairs[0][kept], pairs[1][kept], pairs[2][kept]),
            **postings_arrays("token", own[0]),
            **postings_arrays("word", own[1]),
            "moved": change.moved,
        }
        tables = {
            "values": values_table(values),
            "rows": pa.table({"id": records.ids, "entry": pa.array(entries)}),
            "log": log,
        }
        write_run(self.folder, run, arrays, tables, self._disk)
        manifest = replace(
            manifest,
            runs=(*manifest.runs, run),
            next_run=run + 1,
            next_group=change.next_group,
        )
        write_manifest(self.folder, manifest, self._disk)
        self._show(manifest)
        return log


def base_folder(name: str, indexes: str | os.PathLike[str] | None) -> Path:
    """Where a base of that name is."""
    return indexes_root(indexes) / f"{check_name(name)}.groups"


def is_base(folder: Path) -> bool:
    """Whether there is a base."""
    try:
        read_manifest(folder)
    except IndexNotFoundError:
        return False
    return True


def _table_of(
    records: Records, pairs: tuple[Rows, Rows, Floats, Floats], change: GroupChange
) -> pa.Table:
    """The new rows with their groups."""
    import pyarrow as pa

    start = change.start
    best = np.zeros(len(records))
    probability = sigmoid(pairs[2])
    np.maximum.at(best, pairs[1] - start, probability)
    among = pairs[0] >= start
    np.maximum.at(best, pairs[0][among] - start, probability[among])
    sizes = np.unique(change.group, return_inverse=True, return_counts=True)
    joined = change.known | (sizes[2][sizes[1]] > 1)
    table = records.table.append_column("duplicate_group", pa.array(change.group))
    table = table.append_column("is_known", pa.array(change.known))
    return table.append_column("group_confidence", pa.array(np.where(joined, best, 1.0 - best)))


def _reading(options: ReadOptions) -> RecordOptions:
    """What to read of a table.

    Raises:
        OptionError: an option is not for records.
    """
    given = {name: value for name, value in as_fields(options).items() if value is not None}
    strange = sorted(given.keys() - RecordOptions.__dataclass_fields__.keys())
    if strange:
        raise OptionError(f"`{strange[0]}` is not for records")
    return RecordOptions(**given)
