"""One version of an index as one file, and back.

The file is a ZIP archive without compression: the manifest first, then every file that it names,
then the small changes that make the version of it, all under the names that they have in the
folder of an index. The comment of the archive says which version it is and its checksum. Any ZIP
program can list it.

What comes from elsewhere is not trusted to lead nowhere else: an archive is unpacked only after
its list of contents is exactly what its manifest says, into a folder that has no meaning until
every byte has been compared with its hash. (The hashes are the archive's own, so they tell damage,
not who made it.)
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import struct
import time
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from simsearch.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexNotFoundError,
    OutputError,
    SourceError,
    VectorIndexError,
)
from simsearch.files import SYSTEM, replacing
from simsearch.store.format.changes import read_change
from simsearch.store.format.durable import FileRecord, HashedFile, check_size, record_of, sync_tree
from simsearch.store.format.history import History
from simsearch.store.format.layout import (
    IDS_FILE,
    LOCK,
    MANIFESTS,
    change_path,
    inside,
    manifest_path,
)
from simsearch.store.format.manifest import read_manifest
from simsearch.store.format.pins import Pin, pinned
from simsearch.store.upkeep.archive_members import (
    check_listed,
    comment_of,
    damaged,
    listed,
    version_of,
    wanted_changes,
)
from simsearch.store.writing.folder import explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from simsearch.files import Disk
    from simsearch.store.format.history import Generation
    from simsearch.store.format.manifest import Manifest

__all__ = ["export_archive", "import_archive", "refuse_target"]

CHUNK = 1 << 20
# Far more than the manifest of any index; it is read before anything is known.
MANIFEST_BYTES = 1 << 26
MANIFEST_NAME = re.compile(rf"{MANIFESTS}/\d{{10}}\.json")
# The same version makes the same bytes, whenever it is exported.
DATE = (1980, 1, 1, 0, 0, 0)
FILE_MODE = stat.S_IFREG | 0o644
STAGE = ".import-"
# A stage this old belongs to an import that was killed.
STAGE_SECONDS = 3_600
# What reading a damaged archive can end in.
DAMAGE = (BadZipFile, NotImplementedError, ValueError, EOFError, RuntimeError, struct.error)


def export_archive(
    folder: Path, generation: Generation, target: Path, disk: Disk = SYSTEM
) -> FileRecord:
    """Write one version of an index as one file: all of it is there, or nothing.

    Every byte is compared with its hash on the way.

    Args:
        folder: of the index.
        generation: the version, as `History` gives it.
        target: what is there is replaced.
        disk: where to write.

    Returns:
        Size and hash of the file.

    Raises:
        IndexCorruptError: a file of the index is missing or damaged.
        IndexNotFoundError: the version was given up in the meantime.
        OutputError: the file cannot be written.
    """
    refuse_target(folder, target)
    manifest = manifest_path(folder, generation.manifest.generation)
    try:
        pin = Pin(manifest)
    except FileNotFoundError:
        version = generation.number
        raise IndexNotFoundError(f"{folder} has no version {version} any more") from None
    try:
        with replacing(target, disk) as plain:
            file = HashedFile(plain)
            # ZipFile asks for less than a file can do: it never goes back.
            with ZipFile(cast("IO[bytes]", file), "w", ZIP_STORED) as archive:
                _fill(archive, folder, generation)
    except OSError as error:
        where, reason = error.filename or target, error.strerror or error
        raise OutputError(f"cannot write {target}: {where}: {reason}") from error
    finally:
        pin.close()
    return file.record


def import_archive(source: Path, folder: Path, disk: Disk = SYSTEM) -> Generation:
    """Make an index of what `export_archive` wrote: all of it is there, or nothing.

    Args:
        source: the archive.
        folder: of the index to make; it must not exist.
        disk: where to write.

    Returns:
        The version that was exported; it keeps its number.

    Raises:
        SourceError: there is no such file, or it may not be read.
        IndexExistsError: there is something at `folder`.
        IndexCorruptError: the archive is damaged, or holds anything but what its manifest says.
        VectorIndexError: the folder cannot be written, or a newer simsearch wrote the archive.
    """
    _refuse_existing(folder)
    with _opened(source) as archive, explained(folder), _stage(disk, folder) as stage:
        number, checksum = version_of(source, archive)
        members = listed(source, archive)
        manifest = _unpacked_manifest(source, archive, members, stage, disk)
        records = {**manifest.files, **wanted_changes(source, members, manifest, number)}
        check_listed(source, members, manifest, records)
        for name, record in records.items():
            _unpack(source, archive, members[name], stage, record, disk)
        found = _checked(source, stage, number)
        if found.checksum != checksum:
            raise damaged(source, "its comment names another version")
        sync_tree(disk, stage)
        _put_in_place(stage, folder, disk)
    return found


def refuse_target(folder: Path, target: Path) -> None:
    """Raise OutputError for a folder, and for a file within the index in `folder`."""
    if target.is_dir():
        raise OutputError(f"{target} is a folder; name a file in it")
    if target.resolve().is_relative_to(folder.resolve()):
        raise OutputError(f"{target} is within the index itself; choose another folder")


def _fill(archive: ZipFile, folder: Path, generation: Generation) -> None:
    """Write all members."""
    manifest = generation.manifest
    path = manifest_path(folder, manifest.generation)
    if read_manifest(path).checksum != manifest.checksum:
        raise IndexCorruptError(f"{path} is not the manifest that was opened")
    _add(archive, path, path.relative_to(folder), record_of(path))
    for name, record in manifest.files.items():
        path = inside(folder, name)
        check_size(path, record)
        _add(archive, path, PurePosixPath(name), record)
    for change in generation.changes:
        path = change_path(folder, change.generation)
        if read_change(path).checksum != change.checksum:
            raise IndexCorruptError(f"{path} is not the change that was opened")
        _add(archive, path, path.relative_to(folder), record_of(path))
    archive.comment = comment_of(generation.number, generation.checksum)


def _add(archive: ZipFile, path: Path, name: PurePosixPath | Path, record: FileRecord) -> None:
    info = ZipInfo(name.as_posix(), DATE)
    info.create_system = 3  # Unix: what the mode belongs to
    info.external_attr = FILE_MODE << 16
    info.file_size = record.size  # so that ZipFile knows whether it needs 64 bits
    digest = hashlib.sha256()
    with path.open("rb") as file, archive.open(info, "w") as member:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    if digest.hexdigest() != record.sha256:
        raise IndexCorruptError(f"{path} is damaged: its bytes are not those that were written")


def _refuse_existing(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise IndexExistsError(f"there is something at {folder} already; choose another name")


@contextmanager
def _opened(source: Path) -> Iterator[ZipFile]:
    """The archive, its list of contents read."""
    try:
        archive = ZipFile(source)
    except FileNotFoundError as error:
        raise SourceError(f"{source}: no such file; check the name and the folder") from error
    except OSError as error:
        raise SourceError(f"{source}: cannot be read ({error.strerror or error})") from error
    except DAMAGE as error:
        raise IndexCorruptError(
            f"{source} is not an exported index, or was cut short or damaged ({error}); "
            "export it again"
        ) from error
    with archive:
        yield archive


@contextmanager
def _stage(disk: Disk, folder: Path) -> Iterator[Path]:
    """A folder beside the target that is no index by any name; it goes, whatever happens."""
    parent = folder.parent
    if not parent.exists():
        disk.make_folder(parent)
        disk.sync(parent.parent)
    for rest in parent.glob(f"{STAGE}*"):
        with suppress(OSError):  # another import may be removing it
            if rest.stat().st_mtime < time.time() - STAGE_SECONDS and not pinned(rest / LOCK):
                disk.remove(rest)
    stage = parent / f"{STAGE}{secrets.token_hex(8)}"
    disk.make_folder(stage)
    try:
        disk.create(stage / LOCK).close()
        pin = Pin(stage / LOCK)
        try:
            # One level down, so that the names of indexes (`roots.names`) leave it out.
            yield stage / "index"
        finally:
            pin.close()
    finally:
        disk.remove(stage)


def _unpacked_manifest(
    source: Path, archive: ZipFile, members: Mapping[str, ZipInfo], stage: Path, disk: Disk
) -> Manifest:
    """The manifest, alone in the stage."""
    name = next(iter(members), "")
    if not MANIFEST_NAME.fullmatch(name):
        raise damaged(source, f"it begins with {name!r:.100}, not with a manifest")
    if members[name].file_size > MANIFEST_BYTES:
        raise damaged(source, f"the member {name!r} is no manifest: it is too large")
    _unpack(source, archive, members[name], stage, None, disk)
    with _as_of(source, stage):
        manifest = read_manifest(stage / name)
    if name != manifest_path(stage, manifest.generation).relative_to(stage).as_posix():
        raise damaged(source, f"the member {name!r} is the manifest of another version")
    return manifest


def _unpack(
    source: Path,
    archive: ZipFile,
    info: ZipInfo,
    stage: Path,
    record: FileRecord | None,
    disk: Disk,
) -> None:
    """Write one member into the stage, comparing it with its hash."""
    path = inside(stage, info.filename)
    disk.make_folder(path.parent)
    with HashedFile(disk.create(path)) as file:
        for chunk in _chunks(source, archive, info):
            file.write(chunk)
    if record is not None and file.record != record:
        raise damaged(source, f"the member {info.filename!r} is damaged")


def _chunks(source: Path, archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as member:
            while chunk := member.read(CHUNK):
                yield chunk
    except (*DAMAGE, OSError) as error:
        raise damaged(source, f"the member {info.filename!r} is damaged ({error})") from error


def _checked(source: Path, stage: Path, number: int) -> Generation:
    """Open the version, follow its changes, and look for ids that point out of their file."""
    import pyarrow as pa

    with _as_of(source, stage):
        found = History(stage).generation(number)
        for name in found.manifest.files:
            if name.endswith(f"/{IDS_FILE}"):
                with pa.memory_map(os.fsencode(stage / name)) as file:
                    pa.ipc.open_file(file).read_all().validate(full=True)
        for change in found.changes:
            for part in (change.removed, change.ids, change.metadata):
                part.validate(full=True)
    return found


@contextmanager
def _as_of(source: Path, stage: Path) -> Iterator[None]:
    """Turn what is said about files of the stage into what is said about the archive."""
    import pyarrow as pa

    try:
        yield
    except IndexCorruptError as error:
        raise damaged(source, str(error).replace(f"{stage}/", "")) from error
    except VectorIndexError as error:
        raise VectorIndexError(str(error).replace(str(stage), str(source))) from error
    except (pa.ArrowException, OSError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise damaged(source, f"its ids or changes cannot be read ({reason:.100})") from error


def _put_in_place(stage: Path, folder: Path, disk: Disk) -> None:
    _refuse_existing(folder)
    try:
        disk.rename(stage, folder)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            _refuse_existing(folder)
        raise
    disk.sync(folder.parent)
