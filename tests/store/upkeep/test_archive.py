"""An index as one file: what comes back is what went out, and nothing else gets in."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexNotFoundError,
    OutputError,
    SimsearchError,
    SourceError,
    VectorIndexError,
)
from simsearch.files import SYSTEM
from simsearch.store.format.history import History
from simsearch.store.format.layout import change_path, manifest_path
from simsearch.store.format.pins import Pin
from simsearch.store.roots import names
from simsearch.store.upkeep.archive import export_archive, import_archive
from simsearch.store.upkeep.check import check
from simsearch.store.vector_index import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMAT1 = Path(__file__).parent.parent / "format1" / "people"
DIMENSION = 8
Members = list[tuple[zipfile.ZipInfo, bytes]]


class QuickDisk:
    """Does not wait for the machine; counts what is asked of it."""

    create = staticmethod(SYSTEM.create)
    make_folder = staticmethod(SYSTEM.make_folder)
    remove = staticmethod(SYSTEM.remove)

    def __init__(self) -> None:
        self.done: list[tuple[str, Path]] = []

    def sync(self, path: Path) -> None:
        self.done.append(("sync", path))

    def rename(self, source: Path, target: Path) -> None:
        self.done.append(("rename", target))
        SYSTEM.rename(source, target)


def vectors(rows: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions back: a segment; then two small changes, one of which deletes."""
    folder = tmp_path_factory.mktemp("made") / "people"
    made = VectorIndex.create(folder, DIMENSION)
    made.add([f"a{n}" for n in range(30)], vectors(30), {"name": [f"näme {n}" for n in range(30)]})
    made.compact()
    made.add(["b"], vectors(1, 1), {"name": ["b"]})
    made.remove(["a3"])
    return folder


@pytest.fixture(scope="module")
def archive(index: Path) -> Path:
    path = index.parent / "people.zip"
    export_archive(index, History(index).newest(), path)
    return path


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def everything(folder: Path) -> list[Any]:
    """Ids, vectors and metadata, through the search."""
    opened = VectorIndex.open(folder)
    found = opened.search(vectors(1, 9), len(opened)).ids[0].tolist()
    ordered = sorted(found)
    return [ordered, opened.vectors(ordered).tolist(), opened.metadata(ordered)]


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return [(info, archive.read(info)) for info in archive.infolist()]


def rebuilt(path: Path, members: Members, target: Path, compress: int = 0) -> Path:
    """An archive with the comment of another and any members at all."""
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w") as after:
        for info, content in members:
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.external_attr = info.external_attr
            after.writestr(copy, content, compress)
        after.comment = before.comment
    return target


def test_round_trip(index: Path, archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "copy"
    disk = QuickDisk()
    generation = import_archive(archive, folder, disk)
    assert generation.number == History(index).newest().number
    assert generation.checksum == History(index).newest().checksum
    assert everything(folder) == everything(index)
    assert check(folder).problems == ()
    assert listed(folder.parent) == ["copy"]
    # All files, and their folders, are synced before the one rename, and the name after it.
    renames = [at for at, (what, _) in enumerate(disk.done) if what == "rename"]
    assert [disk.done[at] for at in renames] == [("rename", folder)]
    synced = {path.name for what, path in disk.done[: renames[0]] if what == "sync"}
    assert synced >= {Path(name).name for name in content_of(folder)} | {"manifests", "index"}
    assert disk.done[renames[0] + 1 :] == [("sync", folder.parent)]


def test_an_imported_index_can_be_changed_and_exported_again(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    import_archive(archive, folder)
    again = tmp_path / "again.zip"
    export_archive(folder, History(folder).newest(), again)
    assert again.read_bytes() == archive.read_bytes()
    opened = VectorIndex.open(folder)
    opened.add(["new"], vectors(1, 2), {"name": ["new"]})
    assert "new" in VectorIndex.open(folder)
    assert len(opened) == 31
    opened.compact(prune=True)
    assert check(folder).problems == ()


def test_any_version_can_be_exported(index: Path, tmp_path: Path) -> None:
    for number in History(index).numbers:
        path, folder = tmp_path / f"{number}.zip", tmp_path / str(number)
        export_archive(index, History(index).generation(number), path, QuickDisk())
        assert import_archive(path, folder, QuickDisk()).number == number
        assert [v.number for v in VectorIndex.open(folder).versions()][-1] == number
        assert len(VectorIndex.open(folder)) == len(VectorIndex.open(index, number))


def test_an_index_of_the_first_format(tmp_path: Path) -> None:
    for number in History(FORMAT1).numbers:
        path, folder = tmp_path / f"{number}.zip", tmp_path / str(number)
        export_archive(FORMAT1, History(FORMAT1).generation(number), path, QuickDisk())
        import_archive(path, folder, QuickDisk())
        assert everything_of_format1(folder) == everything_of_format1(FORMAT1, number)


def everything_of_format1(folder: Path, version: int | None = None) -> list[Any]:
    opened = VectorIndex.open(folder, version)
    query = np.ones((1, opened.settings.dimension), np.float32)
    found = opened.search(query, len(opened))
    return [sorted(found.ids[0].tolist()), np.sort(found.scores[0]).tolist()]


@pytest.mark.parametrize("kind", ["euclidean", "hamming"])
def test_other_metrics(kind: str, tmp_path: Path) -> None:
    made = VectorIndex.create(tmp_path / "a", 16, metric=kind)
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 256, (9, 2), np.uint8) if kind == "hamming" else rng.normal(size=(9, 16))
    made.add(range(9), rows)
    export_archive(made.folder, made.reader.generation, tmp_path / "a.zip", QuickDisk())
    import_archive(tmp_path / "a.zip", tmp_path / "b", QuickDisk())
    copy = VectorIndex.open(tmp_path / "b")
    assert np.array_equal(copy.vectors(range(9)), made.vectors(range(9)))


def test_an_empty_index(tmp_path: Path) -> None:
    made = VectorIndex.create(tmp_path / "a", 4)
    export_archive(made.folder, made.reader.generation, tmp_path / "a.zip")
    import_archive(tmp_path / "a.zip", tmp_path / "b")
    assert len(VectorIndex.open(tmp_path / "b")) == 0


def test_the_archive_is_a_plain_zip(index: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        infos = opened.infolist()
        newest = History(index).newest()
        assert infos[0].filename == f"manifests/{newest.manifest.generation:010d}.json"
        assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
        assert [info.filename for info in infos[1:-2]] == list(newest.manifest.files)
        for info in infos:
            assert opened.read(info) == (index / info.filename).read_bytes()


def test_sizes_that_need_64_bits(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    path = tmp_path / "large.zip"
    export_archive(index, History(index).newest(), path, QuickDisk())
    monkeypatch.undo()
    with zipfile.ZipFile(path) as opened:
        assert opened.infolist()[0].extract_version == zipfile.ZIP64_VERSION
    import_archive(path, tmp_path / "copy", QuickDisk())
    assert everything(tmp_path / "copy") == everything(index)


# What the file system refuses, and what is there already.


def test_an_existing_target_is_not_touched(archive: Path, index: Path, tmp_path: Path) -> None:
    before = content_of(index)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for folder in (index, tmp_path / "file", tmp_path / "empty", tmp_path / "link"):
        with pytest.raises(IndexExistsError, match=r"there is something at .* already; choose"):
            import_archive(archive, folder)
    assert content_of(index) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_a_target_that_appears_meanwhile(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"

    class Racing(QuickDisk):
        def rename(self, source: Path, target: Path) -> None:
            folder.mkdir()
            (folder / "LOCK").touch()
            super().rename(source, target)

    with pytest.raises(IndexExistsError):
        import_archive(archive, folder, Racing())
    assert listed(tmp_path) == ["copy"]
    assert listed(folder) == ["LOCK"]


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_disk_that_fails_leaves_nothing(at: int, archive: Path, tmp_path: Path) -> None:
    left = [at]

    def maybe(call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(28, "No space left on device", str(arguments[0]))
            return call(*arguments)

        return failing

    class Failing(QuickDisk):
        create = staticmethod(maybe(SYSTEM.create))
        make_folder = staticmethod(maybe(SYSTEM.make_folder))
        sync = staticmethod(maybe(lambda path: None))  # type: ignore[assignment]  # counts only
        rename = staticmethod(maybe(SYSTEM.rename))  # type: ignore[assignment]  # counts only

    folder = tmp_path / "copy"
    message = "No space left on device"
    try:
        import_archive(archive, folder, Failing())
    except VectorIndexError as error:
        message = str(error)
    assert "No space left on device" in message
    # After the rename all of it is there; before it, nothing.
    assert set(listed(tmp_path)) <= {"copy"}
    if folder.exists():
        assert check(folder).problems == ()


def test_export_replaces_a_file_only_when_all_is_written(index: Path, tmp_path: Path) -> None:
    target = tmp_path / "people.zip"
    target.write_bytes(b"before")

    class Failing(QuickDisk):
        def sync(self, path: Path) -> None:
            raise OSError(28, "No space left on device")

    newest = History(index).newest()
    with pytest.raises(OutputError, match=r"cannot write .*people\.zip: No space left"):
        export_archive(index, newest, target, Failing())
    assert target.read_bytes() == b"before"
    export_archive(index, newest, target)
    assert listed(tmp_path) == ["people.zip"]
    assert zipfile.is_zipfile(target)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (".", "is a folder; name a file in it"),
        ("no/people.zip", "No such file or directory"),
        ("people/archive.zip", "is within the index itself"),
    ],
)
def test_where_nothing_can_be_written(target: str, message: str, index: Path) -> None:
    before = content_of(index)
    with pytest.raises(OutputError, match=message):
        export_archive(index, History(index).newest(), index.parent / target)
    assert content_of(index) == before


def test_a_damaged_index_is_not_exported(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    generation = import_archive(archive, folder)
    paths = [
        manifest_path(folder, generation.manifest.generation),
        *(folder / name for name in generation.manifest.files),
        *(change_path(folder, change.generation) for change in generation.changes),
    ]
    for path in paths:
        good = path.read_bytes()
        for bad in (good[:-1] + bytes([good[-1] ^ 1]), good[:-1], None):
            if bad is None:
                path.unlink()
            else:
                path.write_bytes(bad)
            # Without its manifest the version is not there.
            message = f"{path.name}|has no version"
            with pytest.raises((IndexCorruptError, IndexNotFoundError), match=message):
                export_archive(folder, generation, tmp_path / "out.zip", QuickDisk())
            path.write_bytes(good)
    assert listed(tmp_path) == ["copy"]


def test_a_version_is_kept_while_it_is_exported(index: Path, tmp_path: Path) -> None:
    from simsearch.store.format.pins import pinned

    seen: list[bool] = []
    newest = History(index).newest()

    class Looking(QuickDisk):
        def create(self, path: Path) -> BinaryIO:  # type: ignore[override]  # a method for once
            seen.append(pinned(manifest_path(index, newest.manifest.generation)))
            return SYSTEM.create(path)

    export_archive(index, newest, tmp_path / "a.zip", Looking())
    assert seen == [True]
    assert not pinned(manifest_path(index, newest.manifest.generation))


def test_sources_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "empty.zip").write_bytes(b"")
    with pytest.raises(SourceError, match=r"no\.zip: no such file"):
        import_archive(tmp_path / "no.zip", tmp_path / "copy")
    with pytest.raises(SourceError, match="cannot be read"):
        import_archive(tmp_path, tmp_path / "copy")
    for name in ("text.zip", "empty.zip"):
        with pytest.raises(IndexCorruptError, match=f"{name} is not an exported index, or was"):
            import_archive(tmp_path / name, tmp_path / "copy")
    assert listed(tmp_path) == ["empty.zip", "text.zip"]


def test_what_a_killed_import_left_goes_with_the_next(archive: Path, tmp_path: Path) -> None:
    stages = {name: tmp_path / f".import-{name}" for name in ("killed", "young", "running")}
    for stage in stages.values():
        (stage / "index" / "manifests").mkdir(parents=True)
        (stage / "index" / "manifests" / "0000000001.json").write_text("{}")
        (stage / "LOCK").touch()
    old = time.time() - 7_200
    for name in ("killed", "running"):
        os.utime(stages[name], (old, old))
    pin = Pin(stages["running"] / "LOCK")
    import_archive(archive, tmp_path / "copy", QuickDisk())
    pin.close()
    assert listed(tmp_path) == [".import-running", ".import-young", "copy"]
    assert names(tmp_path) == ["copy"]


# Archives made to do harm, or damaged.


def refused(path: Path, folder: Path, message: str) -> None:
    """The import fails so, and leaves no trace."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(IndexCorruptError, match=message) as caught:
        import_archive(path, folder, QuickDisk())
    assert str(caught.value).startswith(str(path))
    assert ".import-" not in str(caught.value)
    assert sorted(path.parent.rglob("*")) == before
    assert not folder.exists()


def vectors_member(members: Members) -> int:
    return next(at for at, (info, _) in enumerate(members) if info.filename.endswith(".f32"))


def named(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


EVIL = [
    "../evil",
    "/etc/evil",
    "segments/../../evil",
    "segments/x/../y",
    "./evil",
    "segments//evil",
    "C:\\evil",
    "segments\\evil",
    "evil",
    "LOCK",
    "manifests/0000000099.json",
    "changes/0000000001.change",
    "changes/0000000099.change",
    "segments/evil/",
    "näme",
]


@pytest.mark.parametrize("name", EVIL)
def test_extra_members(name: str, archive: Path, tmp_path: Path) -> None:
    members = [*members_of(archive), (named(name), b"evil")]
    refused(rebuilt(archive, members, tmp_path / "evil.zip"), tmp_path / "copy", "evil.zip")


def with_manifest(members: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """The manifest changed, with a checksum that is right; so is that of the archive's comment."""
    info, content = members[0]
    manifest = json.loads(content)
    change(manifest)
    manifest.pop("checksum")
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    manifest["checksum"] = hashlib.sha256(canonical.encode()).hexdigest()
    return [(info, json.dumps(manifest, indent=1, ensure_ascii=False).encode()), *members[1:]]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """An archive of a version with a manifest of its own, so that the comment names it."""
    folder = tmp_path / "made" / "plain"
    made = VectorIndex.create(folder, DIMENSION)
    made.add(["a", "b"], vectors(2))
    made.compact()
    path = tmp_path / "made" / "plain.zip"
    export_archive(folder, made.reader.generation, path, QuickDisk())
    return path


def crafted(plain: Path, members: Members, target: Path) -> Path:
    """An archive whose manifest, hashes and comment are all in agreement."""
    rebuilt(plain, members, target)
    manifest = json.loads(members[0][1])
    with zipfile.ZipFile(target, "a") as opened:
        version, checksum = manifest["generation"], manifest["checksum"]
        opened.comment = f"simsearch index, version {version}, checksum {checksum}".encode()
    return target


@pytest.mark.parametrize("name", [*EVIL, "segments", "deletions/", "segments/a:b", "segments/a\0b"])
def test_manifests_that_name_what_no_index_has(name: str, plain: Path, tmp_path: Path) -> None:
    record = {"size": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}
    members = with_manifest(members_of(plain), lambda m: m["files"].update({name: record}))
    # zipfile writes no NUL and no trailing slash as they are, so the member may differ.
    path = crafted(plain, [*members, (named(name), b"evil")], tmp_path / "evil.zip")
    refused(path, tmp_path / "copy", "evil.zip: (the m|version 2 needs)")


def test_a_file_that_is_a_folder_as_well(plain: Path, tmp_path: Path) -> None:
    record = {"size": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}
    files = {"segments/a": record, "segments/a/b": record}
    members = with_manifest(members_of(plain), lambda m: m["files"].update(files))
    members += [(named(name), b"evil") for name in files]
    path = crafted(plain, members, tmp_path / "evil.zip")
    refused(path, tmp_path / "copy", "names 'segments/a/b', which no index has")


def test_a_segment_elsewhere(plain: Path, tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["segments"][0]["folder"] = "../plain/segments/x"

    path = crafted(plain, with_manifest(members_of(plain), change), tmp_path / "evil.zip")
    refused(path, tmp_path / "copy", "names '../plain/segments/x', which no index has")


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755, stat.S_IFIFO | 0o644])
def test_links_and_folders(mode: int, archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    at = vectors_member(members)
    name = members[at][0].filename
    members[at] = (named(name, mode), members[at][1])
    path = rebuilt(archive, members, tmp_path / "evil.zip")
    refused(path, tmp_path / "copy", f"member '{name}' is a link or a folder")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    for at in (0, vectors_member(members), len(members) - 1):
        twice = [*members, members[at]]
        path = rebuilt(archive, twice, tmp_path / "evil.zip")
        refused(path, tmp_path / "copy", f"'{members[at][0].filename}' is there twice")


def test_a_member_that_is_missing(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    for at, (info, _) in enumerate(members):
        path = rebuilt(archive, members[:at] + members[at + 1 :], tmp_path / "evil.zip")
        is_file = not info.filename.startswith(("manifests", "changes"))
        message = f"'{info.filename}' is missing" if is_file else r"changes from|not with a manif"
        refused(path, tmp_path / "copy", message)
    refused(rebuilt(archive, [], tmp_path / "none.zip"), tmp_path / "copy", "not with a manifest")


def test_the_manifest_comes_first(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    path = rebuilt(archive, [*members[1:], members[0]], tmp_path / "evil.zip")
    refused(path, tmp_path / "copy", "it begins with 'segments/.*, not with a manifest")


@pytest.mark.parametrize("compress", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressed_members(compress: int, archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    path = rebuilt(archive, members, tmp_path / "evil.zip", compress)
    refused(path, tmp_path / "copy", "is compressed")


def test_a_bomb(archive: Path, tmp_path: Path) -> None:
    """A member that would unpack to far more than the archive has."""
    members = members_of(archive)
    at = vectors_member(members)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w") as opened, zipfile.ZipFile(archive) as before:
        for number, (info, content) in enumerate(members):
            how = zipfile.ZIP_DEFLATED if number == at else zipfile.ZIP_STORED
            opened.writestr(named(info.filename), bytes(1 << 24) if number == at else content, how)
        opened.comment = before.comment
    refused(path, tmp_path / "copy", f"'{members[at][0].filename}' is compressed")


def central(content: bytes) -> Iterator[int]:
    """Where the entries of the list of contents begin."""
    end = content.rindex(b"PK\x05\x06")
    at = struct.unpack_from("<L", content, end + 16)[0]
    while content[at : at + 4] == b"PK\x01\x02":
        yield at
        at += 46 + sum(struct.unpack_from("<3H", content, at + 28))


def test_sizes_that_are_not_those_of_the_bytes(archive: Path, tmp_path: Path) -> None:
    good = archive.read_bytes()
    path = tmp_path / "evil.zip"
    for at in central(good):
        for size in (0, 1, 1 << 30, 0xFFFFFFFE):
            bad = bytearray(good)
            struct.pack_into("<2L", bad, at + 20, size, size)
            path.write_bytes(bad)
            refused(path, tmp_path / "copy", "evil.zip")
        bad = bytearray(good)
        struct.pack_into("<L", bad, at + 24, 1 << 30)  # unpacked size alone
        path.write_bytes(bad)
        refused(path, tmp_path / "copy", "is compressed")


def test_members_that_share_their_bytes(plain: Path, tmp_path: Path) -> None:
    """Many names for the same megabyte: small to send, large to unpack."""
    content = bytes(1 << 20)
    record = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    files = {f"segments/x/{n:03}": record for n in range(50)}
    members = with_manifest(members_of(plain), lambda m: m["files"].update(files))
    members += [(named(name), content if name.endswith("000") else b"") for name in files]
    path = crafted(plain, members, tmp_path / "evil.zip")
    bad = bytearray(path.read_bytes())
    found = {bytes(bad[at + 46 :][:14]): at for at in central(bytes(bad))}
    first = found[b"segments/x/000"]
    for at in (found[name.encode()] for name in files):
        bad[at + 16 : at + 28] = bad[first + 16 : first + 28]  # CRC and sizes
        bad[at + 42 : at + 46] = bad[first + 42 : first + 46]  # where it begins
    path.write_bytes(bad)
    refused(path, tmp_path / "copy", "its members are larger than the archive")


def test_encrypted_members(archive: Path, tmp_path: Path) -> None:
    good = archive.read_bytes()
    path = tmp_path / "evil.zip"
    for flag in (0x1, 0x40):
        bad = bytearray(good)
        bad[next(central(good)) + 8] |= flag
        path.write_bytes(bad)
        refused(path, tmp_path / "copy", "is encrypted")


def test_a_name_with_a_nul(archive: Path, tmp_path: Path) -> None:
    """zipfile cuts a name there."""
    good = archive.read_bytes()
    name = members_of(archive)[-1][0].filename.encode()
    path = tmp_path / "evil.zip"
    path.write_bytes(good.replace(name, name[:-3] + b"\0ge"))
    refused(path, tmp_path / "copy", "evil.zip")


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, 0.999])
def test_cut_short(kept: float, archive: Path, tmp_path: Path) -> None:
    good = archive.read_bytes()
    path = tmp_path / "evil.zip"
    path.write_bytes(good[: int(len(good) * kept)])
    refused(path, tmp_path / "copy", r"evil\.zip.* an exported index, or was cut short")


@pytest.mark.parametrize(
    "comment",
    [
        b"",
        b"simsearch index, version 0, checksum " + b"0" * 64,
        b"simsearch index, version 99999999999, checksum " + b"0" * 64,
        b"simsearch index, version 1, checksum " + b"0" * 64,
        b"simsearch index, version 2, checksum " + b"0" * 64,
    ],
)
def test_other_comments(comment: bytes, archive: Path, tmp_path: Path) -> None:
    path = rebuilt(archive, members_of(archive), tmp_path / "evil.zip")
    with zipfile.ZipFile(path, "a") as opened:
        opened.comment = comment
    refused(path, tmp_path / "copy", r"evil\.zip")


def test_a_newer_format(plain: Path, tmp_path: Path) -> None:
    members = with_manifest(members_of(plain), lambda m: m.update(version=99))
    path = crafted(plain, members, tmp_path / "new.zip")
    with pytest.raises(VectorIndexError, match=r"new\.zip/manifests.* has format version 99.*upd"):
        import_archive(path, tmp_path / "copy")


def test_changes_of_another_index(archive: Path, tmp_path: Path) -> None:
    """The changes hold hashes of their own: they follow one history alone."""
    folder = tmp_path / "made" / "other"
    other = VectorIndex.create(folder, DIMENSION)
    for identifier in "xy":  # the first makes a segment
        other.add([identifier], vectors(1), {"name": ["x"]})
    members = members_of(archive)
    changed = [at for at, (info, _) in enumerate(members) if info.filename.startswith("changes")]
    content = next((folder / "changes").iterdir()).read_bytes()
    for at in changed:
        evil = [*members[:at], (members[at][0], content), *members[at + 1 :]]
        path = rebuilt(archive, evil, tmp_path / "evil.zip")
        refused(path, tmp_path / "copy", "does not follow version|is damaged")


@settings(max_examples=400)
@given(st.data())
def test_any_flipped_byte_is_refused_or_does_not_matter(data: st.DataObject) -> None:
    """Only bytes that carry nothing (dates, padding, what ZIP says twice) may differ."""
    good, expected = small_archive()
    at = data.draw(st.integers(0, len(good) - 1))
    flipped = bytearray(good)
    flipped[at] ^= data.draw(st.integers(1, 255))
    survives(bytes(flipped), expected)


def test_every_byte_of_the_list_of_contents() -> None:
    """The same for each byte of the headers and the list, where a flip could redirect."""
    good, expected = small_archive()
    start = next(central(good))
    headers = {at + n for at in found(good, b"PK\x03\x04") for n in range(30)}
    for at in sorted(headers | set(range(start, len(good)))):
        flipped = bytearray(good)
        flipped[at] ^= 0xFF
        survives(bytes(flipped), expected)


@given(st.binary(max_size=400), st.data())
def test_any_bytes(noise: bytes, data: st.DataObject) -> None:
    good, expected = small_archive()
    at = data.draw(st.integers(0, len(good)))
    survives(good[:at] + noise + good[at + len(noise) :], expected)
    survives(noise, expected)


def found(content: bytes, part: bytes) -> Iterator[int]:
    at = content.find(part)
    while at >= 0:
        yield at
        at = content.find(part, at + 1)


def survives(content: bytes, expected: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path, folder = Path(name) / "a.zip", Path(name) / "copy"
        path.write_bytes(content)
        message = str(path)
        try:
            import_archive(path, folder, QuickDisk())
        except SimsearchError as error:
            message = str(error)
        assert message.startswith(str(path))
        assert listed(path.parent) == (["a.zip", "copy"] if folder.exists() else ["a.zip"])
        if folder.exists():
            assert content_of(folder) == expected


SMALL: list[tuple[bytes, dict[str, bytes]]] = []
MAKING = threading.Lock()


def small_archive() -> tuple[bytes, dict[str, bytes]]:
    """The bytes of an archive, and of the files of the index in it."""
    with MAKING:
        if not SMALL:
            with tempfile.TemporaryDirectory() as name:
                folder, path = Path(name) / "a", Path(name) / "a.zip"
                made = VectorIndex.create(folder, 2)
                made.add([7, 8], np.eye(2))
                made.compact()
                made.remove([7])
                export_archive(folder, made.reader.generation, path, QuickDisk())
                import_archive(path, Path(name) / "b", QuickDisk())
                SMALL.append((path.read_bytes(), content_of(Path(name) / "b")))
    return SMALL[0]
