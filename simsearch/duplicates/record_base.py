"""A base: records with their groups on disk, which new records join without all being compared.

base = simsearch.RecordBase.make("customers", "customers.csv", id="customer_no")
base = simsearch.RecordBase.open("customers")
base.match({"name": "Jon Smiht", "city": "Leeds"}).group
base.add("new.csv", id="customer_no").table
base.undo(2)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, Unpack

import numpy as np

from simsearch.duplicates.base_added import Added, grouped_rows
from simsearch.duplicates.base_change import GroupChange, log_table, regrouped
from simsearch.duplicates.base_compaction import compacted
from simsearch.duplicates.base_comparisons import BaseComparisons
from simsearch.duplicates.base_files import (
    BaseManifest,
    base_folder,
    is_base,
    locked,
    read_manifest,
    remove_others,
    write_manifest,
    write_run,
)
from simsearch.duplicates.base_first import KEPT, values_table, write_first
from simsearch.duplicates.base_match import BaseMatch, explained, matches
from simsearch.duplicates.base_removal import removal_of
from simsearch.duplicates.base_run import BaseEntries, edge_arrays, group_arrays, postings_arrays
from simsearch.duplicates.keywords import BaseKeywords
from simsearch.errors import IndexExistsError, OptionError
from simsearch.files import SYSTEM
from simsearch.keywords import takes
from simsearch.records.dedupe import dedupe_records
from simsearch.records.deduplication import refuse_added_columns
from simsearch.records.options import MatchOptions
from simsearch.records.stages import Stages
from simsearch.sources.keywords import TableKeywords
from simsearch.sources.records import RecordOptions, open_records

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.files import Disk
    from simsearch.records.explain import Explanation
    from simsearch.records.options import Progress, Table
    from simsearch.records.postings import InvertedLists
    from simsearch.records.record_deduplication import RecordDeduplication
    from simsearch.schema import Records

    Rows = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["RecordBase"]


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
    @takes(BaseKeywords)
    def make(
        cls,
        name: str,
        source: Table,
        *,
        indexes: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
        disk: Disk | None = None,
        **options: Unpack[BaseKeywords],
    ) -> Self:
        """Find the duplicates of a table, and keep the result for what comes.

        What is said of columns, and what labels teach of this table, counts for what comes.

        Args:
            name: what to call it: letters, digits, spaces and `_.@+-`.
            source: path of a table, `-`, a SQLAlchemy URL, a DataFrame, an Arrow table.
            indexes: the folder that holds it; None for $SIMSEARCH_INDEXES or ./indexes.
            progress: called with a stage's name and the share of it done, 0 to 1.
            disk: where it is written; None: the file system.
            **options: see `BaseKeywords`.

        Raises:
            IndexExistsError: there is a base of that name.
            IndexLockedError: another process is writing to it.
            SourceError, ColumnError: the source cannot be read.
            OptionError: an option out of range, or not for records.
            OutputError: it cannot be written.
        """
        folder = base_folder(name, indexes)
        matching, reading = MatchOptions.of(options), RecordOptions.of(options)
        with locked(folder):
            if is_base(folder):
                raise IndexExistsError(f"there is a base {name!r} in {folder.parent} already")
            stages = Stages(progress)
            stages.start("reading")
            records = open_records(source, options=reading).read()
            found = dedupe_records(records, matching, stages)
            stages.start("writing")
            write_first(folder, found, SYSTEM if disk is None else disk, matching.choices)
            stages.finish()
        base = cls(folder, disk)
        base.made_from = found
        return base

    @property
    def runs(self) -> tuple[int, ...]:
        """Numbers of the runs that count, in their order."""
        return self.manifest.runs

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are compared."""
        return tuple(field["name"] for field in self.manifest.matcher["fields"])

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

    @takes(TableKeywords)
    def match_all(
        self, source: Table, **reading: Unpack[TableKeywords]
    ) -> Iterator[tuple[str, BaseMatch]]:
        """The group that each record of a table belongs to; nothing is written.

        Records are not compared with each other; `add` does that.

        Args:
            source: as for `make`.
            **reading: see `TableKeywords`.

        Yields:
            The id of each record and its match, in order.

        Raises:
            SourceError, ColumnError: the source cannot be read, or has no column compared.
        """
        records = self._read(source, reading)
        found = self._matches(records.table, records.name)
        return zip(records.ids.to_pylist(), found, strict=True)

    def _read(self, source: Table, reading: TableKeywords) -> Records:
        """A table whose ids are in the same column as those of the base, where none is named."""
        own = reading["id"] or self.manifest.id_column
        return open_records(source, options=RecordOptions.of({**reading, "id": own})).read()

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
        return explained(self.folder.stem, self._known, self._comparisons, (left, right))

    @takes(TableKeywords)
    def add(
        self, source: Table, *, progress: Progress | None = None, **reading: Unpack[TableKeywords]
    ) -> Added:
        """Let new records join the groups; only they are compared.

        Args:
            source: as for `make`.
            progress: called with a stage's name and the share of it done, 0 to 1.
            **reading: see `TableKeywords`; the id is as it was where none is given.

        Raises:
            SourceError, ColumnError: the source cannot be read, or has no column compared.
            IndexLockedError: another process is writing to the base.
            OutputError: it cannot be written; the base is as before.
        """
        with locked(self.folder):
            self._show(read_manifest(self.folder))
            stages = Stages(progress)
            stages.start("reading")
            records = self._read(source, reading)
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
        return Added(self.runs[-1], grouped_rows(records, pairs, change), log, len(pairs[0]))

    def undo(self, run: int) -> None:
        """Take back the last run: its rows are gone, and groups are as before it.

        Args:
            run: its number.

        Raises:
            OptionError: it is not the last one, or the one that made or compacted the base.
            IndexLockedError, OutputError: the base cannot be written.
        """
        with locked(self.folder):
            manifest = read_manifest(self.folder).without(run, self.folder)
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
        runs, group = (*manifest.runs, run), change.next_group
        manifest = replace(manifest, runs=runs, next_run=run + 1, next_group=group)
        write_manifest(self.folder, manifest, self._disk)
        self._show(manifest)
        return log
