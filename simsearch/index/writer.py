"""The one writer of an index: adds segments, marks deletions, publishes a generation.

Nothing that readers see changes before the new manifest is renamed into place. What was begun
and not published is removed on leaving, or by the next writer if this one was killed.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simsearch.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexLockedError,
    IndexNotFoundError,
    VectorIndexError,
)
from simsearch.index.files import record_of, sync, sync_folders, write_published
from simsearch.index.kinds import AUTO, check_kind
from simsearch.index.layout import (
    DELETIONS,
    ENCODERS,
    LOCK,
    MANIFESTS,
    SEGMENTS,
    generations,
    manifest_path,
)
from simsearch.index.manifest import Manifest, latest
from simsearch.index.reader import IndexReader
from simsearch.index.segment import DELETED_TYPE
from simsearch.index.segment_writer import SegmentWriter
from simsearch.index.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import pyarrow as pa
    from filelock import BaseFileLock

    from simsearch.index.kinds.kind import Rows, Vectors
    from simsearch.index.manifest import Settings
    from simsearch.schema import Encoder

__all__ = ["IndexWriter", "now"]

# A segment holds at most so many numbers (512 MB), so building one needs bounded memory.
SEGMENT_NUMBERS = 1 << 27


def now() -> str:
    """The time as ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class IndexWriter:
    """Changes to an index, published together. A context manager.

    Entering it raises IndexLockedError when another process is writing, VectorIndexError when
    the folder cannot be written or holds something else, IndexCorruptError when the manifest is
    damaged and the index is not to be overwritten.

    Args:
        folder: of the index; made if it is not there.
        kind: how new segments are searched: a name in `kinds.KINDS`, or `auto`.
        overwrite: begin anew where there is an index. The generation before stays until the
            next time, for readers that have it open.

    Attributes:
        before: the generation that changes; None for a new index.
    """

    def __init__(self, folder: Path, kind: str = AUTO, *, overwrite: bool = False) -> None:
        self.folder = folder
        self.before: Manifest | None = None
        self._kind = kind
        self._overwrite = overwrite
        self._made: list[Path] = []
        self._ids: list[pa.Array] = []
        self._writing: SegmentWriter | None = None

    def __enter__(self) -> Self:
        with _explained(self.folder):
            self._new_folder = not self.folder.exists()
            _refuse_foreign(self.folder)
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.folder)
            try:
                self.before = self._newest()
                sweep(self.folder, generations(self.folder))
            except BaseException:
                self._lock.release()
                raise
        before = self.before
        anew = before is None or self._overwrite
        self._segments = [] if anew or before is None else list(before.segments)
        self._files = {} if anew or before is None else dict(before.files)
        self._next_row = 0 if anew or before is None else before.next_row
        self._settings = None if anew or before is None else before.settings
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._writing:
                self._writing.abandon()
            for path in self._made:
                shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True) if path.is_file() else None
            if self._new_folder and not generations(self.folder):
                shutil.rmtree(self.folder, ignore_errors=True)
        finally:
            self._lock.release()

    @property
    def settings(self) -> Settings:
        """What the index is.

        Raises:
            IndexNotFoundError: it was not started.
        """
        if self._settings is None:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        return self._settings

    @property
    def next_row(self) -> int:
        """The id of the next item, where ids are row numbers."""
        return self._next_row + sum(map(len, self._ids))

    def start(self, settings: Settings) -> None:
        """Say what a new index is.

        Raises:
            IndexExistsError: there is one, and it is not to be overwritten.
            OptionError: the kind cannot serve the metric.
        """
        if self.before and not self._overwrite:
            raise IndexExistsError(f"there is an index in {self.folder} already; overwrite it")
        check_kind(self._kind, settings.metric)
        self._settings = settings

    def keep_encoder(self, encoder: Encoder) -> str:
        """Store an encoder in the index; gives its folder, relative to the index."""
        with _explained(self.folder):
            path = self._new(ENCODERS)
            path.parent.mkdir(exist_ok=True)
            encoder.save(path)
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    self._record(file)
        return path.relative_to(self.folder).as_posix()

    def check_new(self, ids: pa.StringArray) -> None:
        """Raise VectorIndexError when one of the ids is in the index already, or there twice."""
        import pyarrow.compute as pc

        if pc.count_distinct(ids).as_py() < len(ids):
            raise VectorIndexError("two of the items have the same id; ids must differ")
        if self.before is None or self._overwrite:
            return
        for segment in IndexReader(self.folder, self.before).segments:
            alive = segment.ids if segment.alive is None else segment.ids.filter(segment.alive)
            known = ids.filter(pc.is_in(ids, alive))
            if len(known):
                raise VectorIndexError(
                    f"{len(known)} of the items are in the index already, such as "
                    f"{known[0].as_py()!r}; remove them first"
                )

    def add(self, ids: pa.StringArray, vectors: Vectors, metadata: pa.RecordBatch) -> None:
        """Add items; they go into one or more new segments.

        Args:
            ids: n texts that are new; `publish` checks it.
            vectors: (n, dimension) float32, as the encoder gives them.
            metadata: n rows to store, of the same columns in every call.

        Raises:
            VectorIndexError: vectors that are not finite or not of the index's dimension,
                columns that cannot be stored, or a full disk.
        """
        _check_vectors(vectors, len(ids), self.settings.dimension)
        prepared = self.settings.metric.prepare(vectors)
        most = max(1, SEGMENT_NUMBERS // self.settings.dimension)
        with _explained(self.folder):
            while len(ids):
                segment = self._writing or self._begin_segment()
                step = min(most - segment.rows, len(ids))
                segment.write(ids[:step], prepared[:step], metadata[:step])
                self._ids.append(ids[:step])
                ids, prepared, metadata = ids[step:], prepared[step:], metadata[step:]
                if segment.rows == most:
                    self._finish_segment()

    def remove(self, ids: Collection[str]) -> int:
        """Delete items; gives how many were there. Their rows stay in the files."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.before is None:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        sought, removed = pa.array(list(ids), pa.string()), 0
        with _explained(self.folder):
            for number, segment in enumerate(IndexReader(self.folder, self.before).segments):
                hit = pc.is_in(segment.ids, sought).to_numpy(zero_copy_only=False)
                alive = np.ones(segment.rows, bool) if segment.alive is None else segment.alive
                if (hit & alive).any():
                    removed += int((hit & alive).sum())
                    self._mark(number, np.flatnonzero(hit | ~alive))
        return removed

    def publish(self) -> Manifest:
        """Make all that was added and removed visible at once, for good.

        Raises:
            VectorIndexError: an id is there twice, or the disk is full.
        """
        import pyarrow as pa

        with _explained(self.folder):
            if self._writing:
                self._finish_segment()
            if self._ids:
                self.check_new(pa.concat_arrays(self._ids))
            manifest = self._manifest()
            (self.folder / MANIFESTS).mkdir(exist_ok=True)
            sync(self._made)
            parents = [self.folder / name for name in (SEGMENTS, ENCODERS, DELETIONS)]
            sync_folders([*parents, self.folder, self.folder.parent])
            path = manifest_path(self.folder, manifest.generation)
            write_published(path, manifest.to_json())
            self._made = []
            if self._overwrite:
                before = [self.before.generation] if self.before else []
                sweep(self.folder, [*before, manifest.generation])
        return manifest

    def _manifest(self) -> Manifest:
        return Manifest(
            generation=max(generations(self.folder), default=0) + 1,
            published=now(),
            next_row=self.next_row,
            settings=self.settings,
            segments=tuple(self._segments),
            files=dict(sorted(self._files.items())),
        )

    def _newest(self) -> Manifest | None:
        try:
            return latest(self.folder)
        except IndexCorruptError:
            if not self._overwrite:
                raise
            return None

    def _begin_segment(self) -> SegmentWriter:
        self._writing = SegmentWriter(self._new(SEGMENTS), self.settings.dimension)
        return self._writing

    def _finish_segment(self) -> None:
        if self._writing is None:
            return
        path = self._writing.folder
        name = path.relative_to(self.folder).as_posix()
        self._segments.append(self._writing.finish(self._kind, self.settings.metric, name))
        self._writing = None
        for file in sorted(path.iterdir()):
            self._record(file)

    def _mark(self, number: int, rows: Rows) -> None:
        """Write the deleted rows of a segment, those deleted before included."""
        path = self._new(DELETIONS)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rows.astype(DELETED_TYPE).tobytes())
        segment = self._segments[number]
        if segment.deleted is not None:
            del self._files[segment.deleted]
        self._segments[number] = replace(segment, deleted=self._record(path))

    def _new(self, parent: str) -> Path:
        """A name that nothing had before, under `parent`; removed unless it is published."""
        path = self.folder / parent / secrets.token_hex(8)
        self._made.append(path)
        return path

    def _record(self, file: Path) -> str:
        name = file.relative_to(self.folder).as_posix()
        self._files[name] = record_of(file)
        return name


def _check_vectors(vectors: Vectors, rows: int, dimension: int) -> None:
    import numpy as np

    if vectors.shape != (rows, dimension):
        raise VectorIndexError(
            f"vectors have the shape {vectors.shape}; the index takes {(rows, dimension)}"
        )
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite)) + 1
        raise VectorIndexError(f"vector {row} of {rows} holds NaN or infinite numbers")


def _refuse_foreign(folder: Path) -> None:
    """Raise VectorIndexError if the folder has something in it, and no index."""
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()}  # NotADirectoryError for a file
    if names and not names & {LOCK, MANIFESTS}:
        raise VectorIndexError(f"{folder} has files in it and is no index; choose another name")


def _locked(folder: Path) -> BaseFileLock:
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise IndexLockedError(
            f"{folder}: another process is writing to this index; try again when it is done"
        ) from None
    return lock


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the system's refusal into one line that names the file."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        reason = error.strerror or str(error)
        raise VectorIndexError(f"cannot write the index: {where}: {reason}") from error
