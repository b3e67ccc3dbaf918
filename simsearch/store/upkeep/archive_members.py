"""Check the members of an archive before anything is unpacked."""

from __future__ import annotations

import re
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED

from simsearch.errors import IndexCorruptError
from simsearch.store.format.layout import CHANGES, DELETIONS, ENCODERS, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import Manifest

__all__ = [
    "check_listed",
    "comment_of",
    "damaged",
    "listed",
    "version_of",
    "wanted_changes",
]

CHANGE_NAME = re.compile(rf"{CHANGES}/\d{{10}}\.change")
COMMENT = re.compile(rb"simsearch index, version ([1-9]\d{0,9}), checksum ([0-9a-f]{64})")
ENCRYPTED = 0x1 | 0x40
DOS_FOLDER = 0x10


def comment_of(number: int, checksum: str) -> bytes:
    """What the comment of an archive says: the version and its checksum."""
    return f"simsearch index, version {number}, checksum {checksum}".encode()


def version_of(source: Path, archive: ZipFile) -> tuple[int, str]:
    """Number and checksum of the version."""
    found = COMMENT.fullmatch(archive.comment)
    if found is None:
        raise damaged(source, "it is not an exported index, or was cut short (its comment)")
    return int(found[1]), found[2].decode()


def listed(source: Path, archive: ZipFile) -> dict[str, ZipInfo]:
    """What is in the archive, by name: plain, uncompressed files."""
    members: dict[str, ZipInfo] = {}
    for info in archive.infolist():
        shown = f"the member {info.orig_filename!r:.100}"
        if info.filename in members:
            raise damaged(source, f"{shown} is there twice")
        if reason := _unusable(info):
            raise damaged(source, f"{shown} {reason}")
        members[info.filename] = info
    if sum(info.file_size for info in members.values()) > source.stat().st_size:
        raise damaged(source, "its members are larger than the archive")
    return members


def _unusable(info: ZipInfo) -> str | None:
    """Why a member cannot be one that was exported."""
    file_type = stat.S_IFMT(info.external_attr >> 16)
    plain = file_type in {0, stat.S_IFREG} and not info.external_attr & DOS_FOLDER
    if not plain or info.is_dir():
        return "is a link or a folder, not a file"
    if info.orig_filename != info.filename:
        return "has a name that means another"
    if info.flag_bits & ENCRYPTED:
        return "is encrypted"
    if info.compress_type != ZIP_STORED or info.compress_size != info.file_size:
        return "is compressed"
    return None


def wanted_changes(
    source: Path, members: Mapping[str, ZipInfo], manifest: Manifest, number: int
) -> dict[str, FileRecord | None]:
    """The changes that lead from the manifest to the version; they hold their own hashes."""
    there = sorted(name for name in members if CHANGE_NAME.fullmatch(name))
    first = manifest.generation + 1
    wanted = [f"{CHANGES}/{n:010d}.change" for n in range(first, first + len(there))]
    if there != wanted or number != manifest.generation + len(there):
        raise damaged(
            source,
            f"version {number} needs the changes from {first} on, and there are {len(there)}",
        )
    return dict.fromkeys(wanted)


def check_listed(
    source: Path,
    members: Mapping[str, ZipInfo],
    manifest: Manifest,
    records: Mapping[str, FileRecord | None],
) -> None:
    """Refuse members that the manifest does not name, the other way round, and bad names."""
    first = next(iter(members))
    for name in (*manifest.files, *(segment.folder for segment in manifest.segments)):
        _check_name(source, name, manifest)
    for name in members:
        if name != first and name not in records:
            raise damaged(source, f"the member {name!r:.100} is not in the manifest")
    for name, record in records.items():
        if name not in members:
            raise damaged(source, f"the member {name!r:.100} is missing")
        if record is not None and members[name].file_size != record.size:
            raise damaged(
                source,
                f"the member {name!r:.100} has {members[name].file_size} bytes "
                f"instead of {record.size}",
            )


def _check_name(source: Path, name: str, manifest: Manifest) -> None:
    """Refuse a name that leads out, or to where only simsearch itself puts files."""
    path = PurePosixPath(name)
    plain = str(path) == name and not path.is_absolute() and ".." not in path.parts
    known = path.parts[:1] in {(SEGMENTS,), (ENCODERS,), (DELETIONS,)} and len(path.parts) > 1
    # A file cannot be a folder as well.
    clash = any(str(parent) in manifest.files for parent in path.parents)
    if not plain or not known or clash or set(name) & set("\\:\0"):
        raise damaged(source, f"the manifest names {name!r:.100}, which no index has")


def damaged(source: Path, reason: str) -> IndexCorruptError:
    """The error that says what is wrong with an archive."""
    return IndexCorruptError(f"{source}: {reason}; nothing was imported, export it again")
