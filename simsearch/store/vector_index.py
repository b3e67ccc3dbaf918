"""VectorIndex: vectors with ids and stored columns, in a folder.

index = VectorIndex.create("words", dimension=100)
index.add(ids, vectors, {"language": languages})
index.search(queries, k=10, where="language = 'en'").ids

What a query has no need of is imported where it is used.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.errors import (
    IndexCorruptError,
    IndexDamagedWarning,
    IndexExistsError,
    OptionError,
    VectorIndexError,
)
from simsearch.store.format.history import History, has_newer
from simsearch.store.format.layout import generations
from simsearch.store.reading.reader import IndexReader
from simsearch.store.search.neighbours import Neighbours, Within
from simsearch.store.search.query import existing
from simsearch.store.vector_queries import VectorQueries
from simsearch.store.writing.validation import as_ids

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.history import Version
    from simsearch.store.format.manifest import Settings
    from simsearch.store.info import IndexInfo
    from simsearch.store.options import IndexOptions
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["Neighbours", "VectorIndex", "Within"]


class VectorIndex(VectorQueries):
    """An index of vectors that is open. Make one with `create`, open one with `open`.

    It shows one version of the index: what this object changes at once, what others change
    then, or after `refresh`. Any number of threads may ask it; changes take turns.

    Args:
        reader: of the version.
        lost: what of it could not be read, when it is damaged and what is intact was asked for.

    Attributes:
        folder: where the index is.
        lost: the same; while there is anything, the index takes no changes.
    """

    def __init__(self, reader: IndexReader, lost: Sequence[str] = ()) -> None:
        self.folder = reader.folder
        self.lost = tuple(lost)
        self._reader = reader
        self._changing = RLock()
        _warn(reader)

    @classmethod
    def create(
        cls,
        folder: str | os.PathLike[str],
        dimension: int,
        *,
        metric: str | Metric = Metric.COSINE,
        options: IndexOptions | None = None,
        overwrite: bool = False,
    ) -> VectorIndex:
        """Make an empty index.

        Args:
            folder: where; made if it is not there.
            dimension: numbers in a vector; bits for hamming, a multiple of 8.
            metric: cosine, inner_product, euclidean, manhattan or hamming.
            options: engine, recall and memory; None for the defaults.
            overwrite: begin anew if there is an index.

        Raises:
            IndexExistsError: there is an index.
            IndexLockedError: another process is writing to it.
            OptionError: a metric or engine that does not exist, or do not go together.
            VectorIndexError: the folder cannot be written, or holds something else.
        """
        from simsearch.store.options import new_settings
        from simsearch.store.writing.writer import IndexWriter

        path = Path(folder)
        if generations(path) and not overwrite:
            raise IndexExistsError(f"there is an index in {path} already; open it or overwrite it")
        settings = new_settings(dimension, metric, options)
        with IndexWriter(path, overwrite=overwrite) as writer:
            writer.start(settings)
            return cls(writer.publish())

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        version: int | None = None,
        *,
        salvage: bool = False,
    ) -> VectorIndex:
        """Open an index.

        Args:
            folder: of the index.
            version: one of `versions()`; None for the newest that is whole. When that is not
                the newest of all, an IndexDamagedWarning says why.
            salvage: read what is intact of a damaged index, every byte compared with its hash;
                an IndexDamagedWarning for each part that is lost.

        Raises:
            IndexNotFoundError: there is none, or not that version.
            IndexCorruptError: a file is missing or damaged.
            VectorIndexError: a newer simsearch wrote it.
            OptionError: a version is given together with salvage.
        """
        if not salvage:
            return cls(IndexReader.open(Path(folder), version))
        from simsearch.store.upkeep.salvage import salvage as salvaged

        if version is not None:
            raise OptionError("salvage reads the newest version that is left; give no version")
        left = salvaged(Path(folder))
        for lost in left.lost:
            warnings.warn(f"lost: {lost}", IndexDamagedWarning, stacklevel=2)
        return cls(left.reader, left.lost)

    @classmethod
    def import_archive(
        cls, source: str | os.PathLike[str], folder: str | os.PathLike[str]
    ) -> VectorIndex:
        """Make an index of a file that `export` wrote: all of it is there, or nothing.

        Args:
            source: the file.
            folder: of the index to make; it must not exist.

        Raises:
            SourceError: there is no such file, or it may not be read.
            IndexExistsError: there is something at `folder`.
            IndexCorruptError: the file is damaged, or is no exported index.
            VectorIndexError: the folder cannot be written, or a newer simsearch wrote the file.
        """
        from simsearch.store.upkeep.archive import import_archive

        import_archive(Path(source), Path(folder))
        return cls.open(folder)

    def export(self, path: str | os.PathLike[str], *, table: bool = False) -> int:
        """Write the version that is shown as one file, which `import_archive` takes.

        Of a damaged index that was opened with `salvage`, what is intact is written.

        Args:
            path: what is there is replaced.
            table: write ids, vectors and stored columns as a Parquet table instead; so is
                what is to end in `.parquet`.

        Returns:
            How many items were written.

        Raises:
            OutputError: the file cannot be written.
            IndexCorruptError: a file of the index is missing or damaged.
            IndexNotFoundError: the version was given up in the meantime.
        """
        from simsearch.store.upkeep.export import export_index, export_table

        target = Path(path)
        if table or target.suffix.lower() == ".parquet":
            return export_table(self._reader, target)
        export_index(self._reader, target, mend=bool(self.lost))
        return len(self)

    def refresh(self) -> VectorIndex:
        """Show the newest version that is whole (else an IndexDamagedWarning); gives itself."""
        with self._changing:
            if has_newer(self.folder, self.version):
                self._reader = IndexReader.open(self.folder, before=self._reader)
                self.lost = ()
                _warn(self._reader)
        return self

    @property
    def version(self) -> int:
        """The version that is shown: 1 for the first, one more with each change."""
        return self._reader.generation.number

    @property
    def reader(self) -> IndexReader:
        """The version that is shown, as it will stay."""
        return self._reader

    @property
    def settings(self) -> Settings:
        """What holds for the whole index."""
        return self._reader.settings

    def versions(self) -> list[Version]:
        """The versions that can be opened, with the time when each was published, oldest first."""
        return History(self.folder).versions()

    def info(self) -> IndexInfo:
        """What the index is: items, engines, what was measured, files, versions."""
        from simsearch.store.info import info_of

        return info_of(self._reader)

    def __len__(self) -> int:
        return len(self._reader)

    def __contains__(self, identifier: object) -> bool:
        try:
            sought = self._ids([identifier])
        except VectorIndexError:  # nothing that could be an id here
            return False
        return int(self._reader.positions_of(sought)[0]) >= 0

    def add(self, ids: Iterable[Any], vectors: Vectors, metadata: Any = None) -> VectorIndex:
        """Add items with new ids. When this returns they are on disk for good.

        Args:
            ids: n texts or n whole numbers, as the first that were added.
            vectors: (n, dimension) numbers; (n, dimension / 8) uint8 for hamming.
            metadata: columns to store: a mapping of columns, a table, a DataFrame, or a
                sequence of dicts; None for none.

        Raises:
            VectorIndexError: an id is there already or twice, a vector has another length or
                is not finite, a column cannot be stored, or the disk is full. Nothing changed.
            IndexLockedError: another process is writing.
        """
        return self.change(lambda writer: writer.add(ids, vectors, metadata))

    def upsert(self, ids: Iterable[Any], vectors: Vectors, metadata: Any = None) -> VectorIndex:
        """Add items; one whose id is there already is replaced. Gives the index itself.

        Args:
            ids: one for each vector, each once.
            vectors: (n, dimension).
            metadata: as for `add`.

        Raises:
            VectorIndexError, IndexLockedError: as for `add`.
        """
        return self.change(lambda writer: writer.upsert(ids, vectors, metadata))

    def remove(self, ids: Iterable[Any] = (), *, where: str | None = None) -> int:
        """Delete items by id, or by a condition in SQL on the stored columns.

        Args:
            ids: of the items.
            where: delete as well whatever fulfils this in the newest version.

        Returns:
            How many were there.

        Raises:
            QueryError: an id is not in the index, or the condition is refused; nothing is removed.
            VectorIndexError: an id is of another type than the index's; else as for `add`.
            IndexLockedError: as for `add`.
        """
        with self._changing, self._writer() as writer:
            known = as_ids(ids, writer.settings.id_type)
            existing(writer.opened, known)
            names = known.to_pylist()
            if where is not None:
                reader = writer.opened
                names += reader.ids(reader.positions(reader.matching(where))).to_pylist()
            removed = writer.remove(names)
            self._reader = writer.publish()
        return removed

    def change(self, make: Callable[[IndexWriter], object]) -> VectorIndex:
        """Several changes to the newest version at once: all become visible together, or none.

        What is removed goes first: an id that is removed may be added again here.

        Args:
            make: calls `add`, `upsert` and `remove` of the writer it is given.

        Raises:
            VectorIndexError, IndexLockedError: as for `add`; nothing changed then.
        """
        with self._changing, self._writer() as writer:
            make(writer)
            self._reader = writer.publish()
        return self

    def compact(self, options: IndexOptions | None = None, *, prune: bool = False) -> VectorIndex:
        """Merge segments and drop deleted rows. Readers go on meanwhile.

        Args:
            options: search by another engine, recall or memory from now on.
            prune: give up older versions, but for those that a reader has open.
        """
        from simsearch.store.options import with_options

        with self._changing, self._writer() as writer:
            settings = None if options is None else with_options(self.settings, options)
            self._reader = writer.compact(settings)
            if prune:
                writer.prune()
        return self

    def _writer(self) -> IndexWriter:
        from simsearch.store.writing.writer import IndexWriter

        if self.lost:
            raise IndexCorruptError(
                f"{self.folder} is damaged, and what is intact of it takes no changes; mend it "
                f"first: `check({self.folder.name!r}, repair=True)`"
            )
        return IndexWriter(self.folder, reader=self._reader)


def _warn(reader: IndexReader) -> None:
    """Say what is wrong with newer versions, on behalf of whoever called the caller's caller."""
    for problem in reader.generation.problems:
        text = f"{problem}; version {reader.generation.number} is read instead"
        warnings.warn(text, IndexDamagedWarning, stacklevel=4)
