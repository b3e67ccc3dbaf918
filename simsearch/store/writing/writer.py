"""The one writer of an index: adds, replaces and removes items, and publishes a generation.

Few items become a change file; many become a segment, and so do the changes when enough have
come together. Nothing that readers see changes before the new file is renamed into place. What
was begun and not published is removed on leaving, or by the next writer if this one was killed.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simsearch.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexNotFoundError,
    SimsearchWarning,
    VectorIndexError,
)
from simsearch.files import SYSTEM, replace_file
from simsearch.store.format.history import History, has_newer
from simsearch.store.format.layout import CHANGES, MANIFESTS, change_path, generations
from simsearch.store.format.manifest import now
from simsearch.store.format.sweep import prune
from simsearch.store.options import IndexOptions
from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing.folder import explained, locked, refuse_foreign
from simsearch.store.writing.pending import Pending
from simsearch.store.writing.publication import Publication, is_compact
from simsearch.store.writing.validation import as_ids, valid_batch, with_id_type
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Self

    import pyarrow as pa

    from simsearch.files import Disk
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.manifest import Settings
    from simsearch.store.writing.publication import Savable
    from simsearch.store.writing.validation import Batch

__all__ = ["IndexWriter"]

# More items than this are written as a segment; so are changes that come to as many.
SMALL_ROWS = 2_048
# Changes that a reader has to read on top of a manifest.
SMALL_CHANGES = 256


class IndexWriter:
    """Changes to an index, published together. A context manager.

    Entering it raises IndexLockedError when another process is writing, VectorIndexError when
    the folder cannot be written or holds something else, IndexCorruptError when the newest
    generation is damaged and the index is not to be overwritten or mended.

    Args:
        folder: of the index; made if it is not there.
        overwrite: begin anew where there is an index. Versions before are given up, but for
            those that readers have open.
        reader: of a generation that may be the newest; its files need not be opened again.
        mend: the newest generation may be damaged: `rescue` is called next.
        disk: where to write.

    Attributes:
        reader: the generation that changes; None for a new index.
    """

    def __init__(
        self,
        folder: Path,
        *,
        overwrite: bool = False,
        reader: IndexReader | None = None,
        mend: bool = False,
        disk: Disk = SYSTEM,
    ) -> None:
        self.folder = folder
        self.reader: IndexReader | None = reader
        self._overwrite = overwrite
        self._mend = mend
        self._disk = disk
        self._settings: Settings | None = None
        self._pending = Pending()
        self._again = False

    def __enter__(self) -> Self:
        apply_threads()
        with explained(self.folder), ExitStack() as undo:
            self._new_folder = not self.folder.exists()
            refuse_foreign(self.folder)
            self._disk.make_folder(self.folder)
            self._lock = locked(self.folder)
            undo.callback(self._lock.release)
            self.reader = self._newest()
            before = None if self._overwrite else self.reader
            self._publication = Publication(self._disk, self.folder, before)
            undo.pop_all()
        if self.reader is not None and not self._overwrite:
            self._settings = self.reader.settings
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._publication.close()
            if self._new_folder and not generations(self.folder):
                self._disk.remove(self.folder)
        finally:
            self._lock.release()

    def _newest(self) -> IndexReader | None:
        reader = self.reader
        if self._mend:  # what is left of the index is found out by `salvage`
            return None
        if (
            reader is not None
            and not reader.generation.problems
            and not has_newer(self.folder, reader.generation.number)
        ):
            return reader
        history = History(self.folder)
        if not history.numbers:
            return None
        try:
            newest = history.newest()
        except IndexCorruptError:
            if self._overwrite:
                return None
            raise
        if newest.problems and not self._overwrite:
            raise IndexCorruptError(
                f"{newest.problems[0]}; the index takes no changes before it is mended: "
                f"`check({self.folder.name!r}, repair=True)`"
            )
        return IndexReader(self.folder, newest, reader)

    @property
    def settings(self) -> Settings:
        """What the index is; may be set, but for what its vectors follow from.

        Raises:
            IndexNotFoundError: it was not started.
        """
        if self._settings is None:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def next_row(self) -> int:
        """The id of the next item, where ids are row numbers."""
        before = 0 if self._anew or self.reader is None else self.reader.generation.next_row
        return before + self._pending.new_items

    @property
    def _anew(self) -> bool:
        return self.reader is None or self._overwrite or self._again

    def begin_again(self) -> IndexReader:
        """Leave out all that is there from the next version on; `start` says what is to come.

        Versions before stay, unlike where an index is overwritten.

        Returns:
            A reader of what is left out.
        """
        before = self.opened
        self._again = True
        self._publication = Publication(self._disk, self.folder, None)
        return before

    def start(self, settings: Settings) -> None:
        """Say what a new index is.

        Raises:
            IndexExistsError: there is one, and it is not to be overwritten.
            OptionError: the engine cannot serve the metric.
        """
        if not self._anew:
            raise IndexExistsError(f"there is an index in {self.folder} already; overwrite it")
        IndexOptions(settings.engine, settings.recall, settings.memory).check(settings.metric)
        self._settings = settings

    def keep_encoder(self, encoder: Savable) -> str:
        """Store an encoder in the index; gives its folder, relative to the index."""
        with explained(self.folder):
            return self._publication.keep_encoder(encoder)

    def add(self, ids: Iterable[Any], vectors: Any, metadata: Any = None) -> None:
        """Add items; see `validation.valid_batch`.

        Raises:
            VectorIndexError: an id is in the index already or there twice; vectors that are
                not finite or not of the index's dimension, columns that cannot be stored, or
                a full disk.
        """
        self._take(valid_batch(self.settings, ids, vectors, metadata), over=False)

    def upsert(self, ids: Iterable[Any], vectors: Any, metadata: Any = None) -> None:
        """Add items, in the place of those that have the same ids; else as `add`."""
        self._take(valid_batch(self.settings, ids, vectors, metadata), over=True)

    def check_new(self, ids: pa.Array) -> None:
        """Raise VectorIndexError when one of the ids is in the index already."""
        self._pending.check_new(self._known(ids))

    def remove(self, ids: Iterable[Any]) -> int:
        """Delete items that were published; gives how many were there.

        It goes before all that is added: what the same change adds stays.
        """
        import pyarrow.compute as pc

        if self.reader is None:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        known = self._known(pc.unique(as_ids(ids, self.settings.id_type)))
        self._pending.remove(known)
        return len(known)

    def publish(self) -> IndexReader:
        """Make all that was added and removed visible at once, for good.

        Returns:
            A reader of the new generation; of the one before when nothing changed.

        Raises:
            VectorIndexError: an id is there twice, or the disk is full.
        """
        with explained(self.folder):
            self._pending.check_different()
            if self._is_small():
                self._publish_change()
            else:
                self._fold(self._pending.removed)
        return self.opened

    def compact(self, settings: Settings | None = None) -> IndexReader:
        """Write all items anew, without the deleted ones, in as few segments as can be.

        Args:
            settings: to search by from now on; None for those that the index has.

        Returns:
            A reader of the new generation; of the one before when there was nothing to do.
        """
        reader = self.opened
        if settings is None and is_compact(reader):
            return reader
        with explained(self.folder):
            self._settings = settings or self.settings
            self.reader = self._publication.compact(self._settings, now())
            self._begin_next()
        return self.opened

    def transform(self, settings: Settings, align: Callable[[Vectors], Vectors]) -> IndexReader:
        """Write all items anew with other vectors, and their segments tuned for these.

        Args:
            settings: from now on: another encoder, metric or dimension.
            align: gives the new vectors of (n, width) old ones, prepared by the metric.

        Returns:
            A reader of the new generation.
        """
        with explained(self.folder):
            self._settings = settings
            self.reader = self._publication.compact(settings, now(), align)
            self._begin_next()
        return self.opened

    def rescue(self, reader: IndexReader) -> IndexReader:
        """Write anew what is left of a damaged index, as its newest generation."""
        with explained(self.folder):
            self._publication = Publication(self._disk, self.folder, reader)
            self.reader = self._publication.compact(reader.settings, now())
        return self.reader

    def prune(self) -> int:
        """Give up older versions; gives how many stay because readers have them open."""
        with explained(self.folder):
            return prune(self._disk, self.folder, self.opened.manifest.generation)

    @property
    def opened(self) -> IndexReader:
        """The generation that changes.

        Raises:
            IndexNotFoundError: the index is new.
        """
        if self.reader is None:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        return self.reader

    def _take(self, batch: Batch, *, over: bool) -> None:
        if not len(batch.ids):  # nor do they say of what type ids are
            return
        known = self._known(batch.ids)
        if not over:
            self._pending.check_new(known)
        if self.settings.id_type is None:
            self._settings = with_id_type(self.settings, batch.ids)
        types = {} if self._anew else self.opened.types
        if not self._pending.add(batch, known, SMALL_ROWS, types):
            self._spill()

    def _spill(self) -> None:
        """Hand pending items to a segment: they are too many for a change."""
        with explained(self.folder):
            for batch in self._pending.batches:
                self._publication.write(self.settings, batch)
        self._pending.batches = []

    def _known(self, ids: pa.Array) -> pa.Array:
        """Those of some ids that are in the index."""
        import pyarrow as pa

        if self._anew or not len(ids) or self.settings.id_type is None:
            return ids.slice(0, 0)
        return ids.filter(pa.array(self.opened.positions_of(ids) >= 0))

    def _is_small(self) -> bool:
        """Whether a change file will do."""
        if self._anew or self._publication.begun or self.opened.settings != self.settings:
            return False
        columns = {batch.metadata.schema for batch in self._pending.batches}
        removed = self._pending.removed
        return len(columns) <= 1 and (removed is None or len(removed) <= SMALL_ROWS)

    def _publish_change(self) -> None:
        """Write a change, if there is any; fold the changes into a segment if they are many."""
        before = self.opened
        change = self._pending.change(before.generation, self.settings)
        if change is None:
            return
        dated = replace(change, published=now(), next_row=self.next_row)
        change, content = dated.sealed()
        if not before.generation.changes:
            self._make_sure_of_manifest()
        replace_file(change_path(self.folder, change.generation), content, self._disk)
        self.reader = IndexReader(self.folder, before.generation.followed_by(change), before)
        self._begin_next()
        if _foldable(self.reader):
            self._fold_changes()

    def _make_sure_of_manifest(self) -> None:
        """Let a manifest last before a change follows it: who wrote it may have been killed."""
        self._disk.make_folder(self.folder / CHANGES)
        for folder in (self.folder / MANIFESTS, self.folder):
            self._disk.sync(folder)

    def _fold_changes(self) -> None:
        """Make a segment of the changes. They stand already, so a failure is no more than that."""
        try:
            self._fold(None)
        except (OSError, VectorIndexError) as error:
            with suppress(OSError):  # what is left goes with the next writer
                self._publication.close()
            self._begin_next()
            text = f"{error}; the change was made, but small changes could not be merged"
            warnings.warn(text, SimsearchWarning, stacklevel=2)

    def _fold(self, removed: pa.Array | None) -> None:
        import pyarrow as pa

        self._spill()
        gone = pa.array([], pa.string()) if removed is None else removed
        self.reader = self._publication.fold(self.settings, gone, self.next_row, now())
        overwritten = self._overwrite
        self._begin_next()
        if overwritten:
            prune(self._disk, self.folder, self.reader.manifest.generation)

    def _begin_next(self) -> None:
        """Whatever comes now is a change to the generation that was published."""
        self._pending = Pending()
        self._overwrite = self._again = False
        # The one before keeps its reader, and that its version, from being given up.
        self._publication = Publication(self._disk, self.folder, self.reader)


def _foldable(reader: IndexReader) -> bool:
    """Whether the small changes have come to as much as a segment."""
    changes = reader.generation.changes
    items = sum(len(change.ids) + len(change.removed) for change in changes)
    return len(changes) >= SMALL_CHANGES or items > SMALL_ROWS
