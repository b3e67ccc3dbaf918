"""What can still be read of a damaged index, and a new generation made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError, IndexNotFoundError
from simsearch.files import SYSTEM
from simsearch.store.format.changes import read_change
from simsearch.store.format.deletions import read_deletions
from simsearch.store.format.durable import check_content
from simsearch.store.format.history import Generation, History
from simsearch.store.format.layout import (
    IDS_FILE,
    METADATA_FILE,
    VECTORS_FILE,
    change_path,
    changes,
    generations,
    inside,
    manifest_path,
)
from simsearch.store.format.manifest import read_manifest
from simsearch.store.format.sweep import sweep
from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing.writer import IndexWriter

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.files import Disk
    from simsearch.store.format.changes import Change
    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import Manifest, SegmentRecord

__all__ = ["Salvage", "repair", "salvage"]


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is left of an index.

    Attributes:
        reader: of the items that can still be read.
        lost: what cannot, a line each; empty when all of it can.
    """

    reader: IndexReader
    lost: tuple[str, ...]


def salvage(folder: Path) -> Salvage:
    """Everything of the newest readable manifest, and the changes after it, that is intact.

    Every byte is compared with its hash. A segment whose vectors or ids are damaged is left
    out; one whose stored columns are damaged is read without them.

    Raises:
        IndexNotFoundError: there never was an index.
        IndexCorruptError: no manifest can be read.
    """
    lost: list[str] = []
    manifest = _newest_manifest(folder, lost)
    files, segments = dict(manifest.files), []
    for record in manifest.segments:
        kept = _intact(folder, record, files, lost)
        if kept is not None:
            segments.append(kept)
    found = replace(manifest, segments=tuple(segments), files=files)
    following = _following(folder, manifest, lost)
    return Salvage(IndexReader(folder, Generation(found, tuple(following))), tuple(lost))


def repair(folder: Path, disk: Disk = SYSTEM) -> Salvage:
    """Publish a new generation of what can be read, and give up the versions that are damaged.

    Returns:
        A reader of the new generation, and what was lost.

    Raises:
        IndexLockedError, VectorIndexError: it cannot be written.
        IndexCorruptError: no manifest can be read.
    """
    with IndexWriter(folder, mend=True, disk=disk) as writer:
        left = salvage(folder)
        reader = writer.rescue(left.reader)
        _give_up_damaged(folder, disk)
    return Salvage(reader, left.lost)


def _newest_manifest(folder: Path, lost: list[str]) -> Manifest:
    numbers = generations(folder)
    for number in reversed(numbers):
        try:
            return read_manifest(manifest_path(folder, number))
        except IndexCorruptError as error:
            lost.append(f"what came with version {number} ({error})")
    if not numbers:
        raise IndexNotFoundError(f"{folder} holds no index")
    raise IndexCorruptError(f"{folder}: no manifest can be read; index the source again")


def _following(folder: Path, manifest: Manifest, lost: list[str]) -> list[Change]:
    """The changes after a manifest, up to the first that cannot be read."""
    found: list[Change] = []
    parent = manifest.checksum
    later = [number for number in changes(folder) if number > manifest.generation]
    for expected in range(manifest.generation + 1, manifest.generation + 1 + len(later)):
        path = change_path(folder, expected)
        try:
            change = read_change(path)
            if change.parent != parent:
                raise IndexCorruptError(f"{path} does not follow the version before")
        except IndexCorruptError as error:
            lost.append(f"the changes from version {expected} to {later[-1]} ({error})")
            break
        parent = change.checksum
        found.append(change)
    return found


def _intact(
    folder: Path, record: SegmentRecord, files: dict[str, FileRecord], lost: list[str]
) -> SegmentRecord | None:
    """The record of a segment without what is damaged of it; None when nothing can be used."""

    def damage(name: str) -> str | None:
        try:
            check_content(inside(folder, name), files[name])
        except (IndexCorruptError, KeyError) as error:
            return str(error)
        return None

    for file in (VECTORS_FILE, IDS_FILE):
        if reason := damage(f"{record.folder}/{file}"):
            lost.append(f"{record.rows} items of {record.folder} ({reason})")
            return None
    columns = f"{record.folder}/{METADATA_FILE}"
    if columns in files and (reason := damage(columns)):
        lost.append(f"the stored columns of {record.rows} items ({reason})")
        del files[columns]
    try:
        read_deletions(folder, record, files)
    except IndexCorruptError as error:
        lost.append(f"which items of {record.folder} were deleted: they are back ({error})")
        return replace(record, deleted=None)
    return record


def _give_up_damaged(folder: Path, disk: Disk) -> None:
    """Remove the manifests and changes of versions that are not whole, and their files."""
    history = History(folder)
    manifests, sound = set(generations(folder)), _Sound(folder)
    for number in history.numbers:
        try:
            whole = sound.holds(history.generation(number).manifest)
        except IndexCorruptError:
            whole = False
        if not whole:
            at = manifest_path if number in manifests else change_path
            disk.remove(at(folder, number))
    sweep(disk, folder, generations(folder))


class _Sound:
    """Which files are as they were written; each is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bool] = {}

    def holds(self, manifest: Manifest) -> bool:
        """Whether all files of a manifest are."""
        return all(self._is_sound(name, file) for name, file in manifest.files.items())

    def _is_sound(self, name: str, file: FileRecord) -> bool:
        if name not in self._known:
            try:
                check_content(inside(self._folder, name), file)
            except IndexCorruptError:
                self._known[name] = False
            else:
                self._known[name] = True
        return self._known[name]
