"""A generation with a manifest of its own, in the making."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from simsearch.files import replace_file
from simsearch.store.engines.engine import SearchTarget
from simsearch.store.format.deletions import deletions_bytes
from simsearch.store.format.durable import HashedFile, record_of, sync_tree
from simsearch.store.format.history import Generation, History
from simsearch.store.format.layout import (
    DELETIONS,
    ENCODERS,
    MANIFESTS,
    SEGMENTS,
    UNFINISHED,
    generations,
    manifest_path,
)
from simsearch.store.format.manifest import Manifest
from simsearch.store.format.segment_files import StoredItems
from simsearch.store.format.sweep import sweep
from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing.merge import common_schema, living, to_merge
from simsearch.store.writing.segment_writer import SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from simsearch.files import Disk
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import SegmentRecord, Settings
    from simsearch.store.reading.segment import Segment
    from simsearch.store.writing.validation import Batch

__all__ = ["Publication", "Savable", "is_compact"]

# A segment holds at most so many numbers (512 MB), so building one needs bounded memory.
SEGMENT_NUMBERS = 1 << 27
# What is merged on the way, when items are added, stays below this (256 MB).
MERGE_NUMBERS = 1 << 26


class Savable(Protocol):
    """What writes itself into a folder: an encoder, with all that belongs to it."""

    def save(self, folder: Path) -> None:
        """Write the folder."""


class Publication:
    """Writes segments, and the manifest last. Only for the writer, who holds the lock.

    Args:
        disk: where.
        folder: of the index.
        reader: of the generation that changes; None to begin anew.
    """

    def __init__(self, disk: Disk, folder: Path, reader: IndexReader | None) -> None:
        self.folder = folder
        self._disk = disk
        self._reader = reader
        self._made: list[Path] = []
        self._files: dict[str, FileRecord] = {}
        self._writing: tuple[SegmentWriter, pa.Schema] | None = None
        self._finished: list[SegmentRecord] = []
        if (folder / UNFINISHED).exists():
            sweep(disk, folder, generations(folder))
            disk.remove(folder / UNFINISHED)

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return bool(self._made)

    def close(self) -> None:
        """Remove what was written and not published."""
        if self._writing:
            self._writing[0].abandon()
        for path in self._made:
            self._disk.remove(path)
        if self._made:
            self._disk.remove(self.folder / UNFINISHED)
        self._made = []

    def keep_encoder(self, encoder: Savable) -> str:
        """Store an encoder; gives its folder, relative to the index."""
        path = self._new(ENCODERS)
        encoder.save(path)
        for file in sorted(path.rglob("*")):
            if file.is_file():
                self._files[self._name(file)] = record_of(file)
        return self._name(path)

    def write(self, settings: Settings, batch: Batch) -> None:
        """Append items to a new segment; another begins when it is full."""
        most = _most_rows(settings, SEGMENT_NUMBERS)
        ids, vectors, metadata = batch
        while len(ids):
            segment = self._segment(settings, metadata.schema)
            step = min(most - segment.rows, len(ids))
            segment.write(ids[:step], vectors[:step], metadata[:step])
            ids, vectors, metadata = ids[step:], vectors[step:], metadata[step:]
            if segment.rows == most:
                self._finish(settings)

    def fold(self, settings: Settings, removed: pa.Array, next_row: int, time: str) -> IndexReader:
        """Publish what was written, and fold the small changes before it into a segment.

        Segments of about the same size are merged on the way.

        Args:
            settings: of the index.
            removed: ids to delete from what was there before.
            next_row: the next row number.
            time: ISO 8601, UTC.
        """
        self._finish(settings)
        added, self._finished = self._finished, []
        before = self._reader.segments if self._reader else []
        now = [segment for each in before if len(segment := _without(each, removed))]
        stored = [segment for segment in now if isinstance(segment.items, StoredItems)]
        taken = to_merge([len(each) for each in now], _most_rows(settings, MERGE_NUMBERS))
        # What small changes added has no files yet, so it is written in any case.
        kept = stored[: len(now) - taken]
        runs = _alike(now[len(kept) :])
        # What is of other columns than all that is merged stays as it is.
        kept += [run[0] for run in runs if len(run) == 1 and run[0] in stored]
        records = [self._kept(segment) for segment in kept]
        self._rewrite(settings, [each for run in runs for each in run if each not in kept])
        return self._publish(settings, [*records, *self._finished, *added], next_row, time)

    def compact(
        self, settings: Settings, time: str, align: Callable[[Vectors], Vectors] | None = None
    ) -> IndexReader:
        """Publish all living items in as few segments as can be.

        Args:
            settings: of the index from now on.
            time: ISO 8601, UTC.
            align: gives other vectors for (n, width) vectors, as the metric of the settings
                prepares them; None to leave them.
        """
        if self._reader is None:
            raise ValueError("there is nothing to compact")
        living = [segment for segment in self._reader.segments if len(segment)]
        self._rewrite(settings, living, align)
        return self._publish(settings, self._finished, self._reader.generation.next_row, time)

    def _rewrite(
        self,
        settings: Settings,
        segments: Sequence[Segment],
        align: Callable[[Vectors], Vectors] | None = None,
    ) -> None:
        """Copy living items into new segments, those of the same columns into one."""
        from simsearch.store.writing.validation import Batch

        for run in _alike(segments):
            schema = common_schema(run)
            for ids, vectors, metadata in living(run, schema):
                taken = vectors if align is None else align(vectors)
                self.write(settings, Batch(ids, taken, metadata))
            self._finish(settings)

    def _publish(
        self, settings: Settings, records: Iterable[SegmentRecord], next_row: int, time: str
    ) -> IndexReader:
        numbers = History(self.folder).numbers
        manifest = Manifest(
            generation=max(numbers, default=0) + 1,
            published=time,
            next_row=next_row,
            settings=settings,
            segments=tuple(records),
            files=dict(sorted({**self._encoder_files(settings), **self._files}.items())),
        ).sealed()
        for path in self._made:
            sync_tree(self._disk, path)
        self._disk.make_folder(self.folder / MANIFESTS)
        for parent in {*(path.parent for path in self._made), self.folder, self.folder.parent}:
            self._disk.sync(parent)
        path = manifest_path(self.folder, manifest.generation)
        try:
            replace_file(path, manifest.to_json(), self._disk)
        except BaseException:
            if path.exists():  # published, though it is not sure to last: its files stay
                self._made = []
            raise
        marked, self._made = bool(self._made), []
        if marked:
            self._disk.remove(self.folder / UNFINISHED)
        return IndexReader(self.folder, Generation(manifest), self._reader)

    def _encoder_files(self, settings: Settings) -> Mapping[str, FileRecord]:
        """The files of the encoder that the index has already."""
        if self._reader is None or not settings.encoder_folder:
            return {}
        files = self._reader.manifest.files
        return {n: f for n, f in files.items() if n.startswith(f"{settings.encoder_folder}/")}

    def _kept(self, segment: Segment) -> SegmentRecord:
        """The record of a segment that stays, with the rows that are deleted by now."""
        if self._reader is None or not isinstance(segment.items, StoredItems):
            raise TypeError("only what has files is kept")
        # The items are shared with other generations, which may have other rows deleted.
        folder, manifest = segment.items.record.folder, self._reader.manifest
        record = next(each for each in manifest.segments if each.folder == folder)
        files = manifest.files
        self._files |= {n: f for n, f in files.items() if n.startswith(f"{record.folder}/")}
        if segment.alive is None:
            return record
        if record.deleted and files[record.deleted].size == 8 * (segment.rows - len(segment)):
            self._files[record.deleted] = files[record.deleted]
            return record
        path = self._new(DELETIONS)
        with HashedFile(self._disk.create(path)) as file:
            file.write(deletions_bytes(segment.alive))
        self._files[self._name(path)] = file.record
        return replace(record, deleted=self._name(path))

    def _segment(self, settings: Settings, schema: pa.Schema) -> SegmentWriter:
        """The segment being written, if it is of these columns; else a new one."""
        if self._writing is not None and not self._writing[1].equals(schema):
            self._finish(settings)
        if self._writing is None:
            writer = SegmentWriter(self._disk, self._new(SEGMENTS), settings)
            self._writing = writer, schema
        return self._writing[0]

    def _finish(self, settings: Settings) -> None:
        if self._writing is None:
            return
        writer, _ = self._writing
        name = self._name(writer.folder)
        self._finished.append(writer.finish(name, self._target(settings, writer.rows)))
        self._files |= {f"{name}/{file}": record for file, record in writer.files.items()}
        self._writing = None

    def _target(self, settings: Settings, rows: int) -> SearchTarget:
        """What searching a segment is to reach: its share of the memory."""
        if settings.memory is None:
            return SearchTarget(settings.recall)
        before = len(self._reader) if self._reader else 0
        return SearchTarget(settings.recall, settings.memory * rows / max(rows, before))

    def _new(self, parent: str) -> Path:
        """A name that nothing had before, under `parent`; removed unless it is published."""
        if not self._made:
            with suppress(FileExistsError):
                self._disk.create(self.folder / UNFINISHED).close()
        self._disk.make_folder(self.folder / parent)
        path = self.folder / parent / secrets.token_hex(8)
        self._made.append(path)
        return path

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def is_compact(reader: IndexReader) -> bool:
    """Whether there are as few segments as can be, with nothing deleted."""
    segments, most = reader.segments, _most_rows(reader.settings, SEGMENT_NUMBERS)
    if any(s.alive is not None or not isinstance(s.items, StoredItems) for s in segments):
        return False
    return all(
        one.rows >= most or common_schema([one, other]) is None
        for one, other in combinations(segments, 2)
    )


def _most_rows(settings: Settings, numbers: int) -> int:
    return max(1, numbers // settings.metric.storage(settings.dimension)[1])


def _without(segment: Segment, removed: pa.Array) -> Segment:
    if not len(removed):
        return segment
    rows = segment.find(removed)
    return segment.without(rows[rows >= 0])


def _alike(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments whose columns can stand in one table, each where the first such one is.

    A column that holds texts in some and numbers in others parts them, wherever they stand: there
    are as many in the end as sorts of columns, however often these alternate.
    """
    runs: list[list[Segment]] = []
    for segment in segments:
        fitting = (run for run in runs if common_schema([*run, segment]) is not None)
        run = next(fitting, None)
        if run is None:
            runs.append([segment])
        else:
            run.append(segment)
    return runs
