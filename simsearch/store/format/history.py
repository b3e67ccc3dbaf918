"""The generations of an index: which there are, which one is whole, and what leads to it.

A generation is a manifest, or a change on the generation before. To open one is to follow the
changes back to the manifest that they begin at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError, IndexNotFoundError
from simsearch.store.engines import ENGINES
from simsearch.store.format.changes import read_change
from simsearch.store.format.durable import check_content, check_size
from simsearch.store.format.layout import (
    FAISS_FILE,
    IDS_FILE,
    VECTORS_FILE,
    change_path,
    changes,
    generations,
    inside,
    manifest_path,
)
from simsearch.store.format.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.store.format.changes import Change
    from simsearch.store.format.manifest import Manifest

__all__ = ["Generation", "History", "Version", "has_newer"]


@dataclass(frozen=True, slots=True)
class Generation:
    """What an index consists of at one time.

    Attributes:
        manifest: segments, settings and files.
        changes: that came after it, oldest first.
        problems: what is wrong with newer generations, so that this one had to be taken.
    """

    manifest: Manifest
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """1 for the first, one more with each change."""
        return self.changes[-1].generation if self.changes else self.manifest.generation

    @property
    def checksum(self) -> str:
        """What the next change names it by."""
        return self.changes[-1].checksum if self.changes else self.manifest.checksum

    @property
    def next_row(self) -> int:
        """The id of the next item, where ids are row numbers."""
        return self.changes[-1].next_row if self.changes else self.manifest.next_row

    @property
    def published(self) -> str:
        """ISO 8601 time, UTC."""
        return self.changes[-1].published if self.changes else self.manifest.published

    def followed_by(self, change: Change) -> Generation:
        """The generation that a change makes of this one."""
        return Generation(self.manifest, (*self.changes, change))


@dataclass(frozen=True, slots=True)
class Version:
    """A generation that can be opened.

    Attributes:
        number: what to open it by.
        published: ISO 8601 time, UTC; empty when it is damaged.
        whole: True for a manifest, False for a small change on the version before.
    """

    number: int
    published: str
    whole: bool


class History:
    """The generations in a folder. Reads what it is asked for, and nothing twice.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifests = set(generations(folder))
        self._changes = set(changes(folder))
        self._read: dict[int, Generation | IndexCorruptError] = {}

    @property
    def numbers(self) -> list[int]:
        """Every generation that has a file, oldest first."""
        return sorted(self._manifests | self._changes)

    def is_current(self) -> bool:
        """Whether the same generations have files as when this was made."""
        there = set(generations(self.folder)), set(changes(self.folder))
        return there == (self._manifests, self._changes)

    def versions(self) -> list[Version]:
        """Every generation that has a file, oldest first. Each of them is read."""
        found = []
        for number in self.numbers:
            try:
                published = self.generation(number).published
            except IndexCorruptError:
                published = ""
            found.append(Version(number, published, number in self._manifests))
        return found

    def newest(self) -> Generation:
        """The newest generation that is whole.

        Raises:
            IndexNotFoundError: nothing was ever published there.
            IndexCorruptError: none is whole.
            VectorIndexError: a newer simsearch wrote it.
        """
        problems: list[str] = []
        for number in reversed(self.numbers):
            try:
                found = self.generation(number)
            except IndexCorruptError as error:
                problems.append(str(error))
            else:
                return Generation(found.manifest, found.changes, tuple(dict.fromkeys(problems)))
        if not problems:
            raise IndexNotFoundError(f"{self.folder} holds no index")
        raise IndexCorruptError(
            f"{problems[0]}; no earlier version is whole: look (`check({self.folder.name!r})`), "
            "read what is left (`salvage=True`) or index the source again"
        )

    def generation(self, number: int) -> Generation:
        """A generation, with sizes of its files checked.

        Raises:
            IndexNotFoundError: there is none of that number.
            IndexCorruptError: it is not whole.
        """
        unread: list[int] = []
        while number not in self._read and number not in self._manifests:
            if number not in self._changes:
                raise self._missing(number, bool(unread))
            unread.append(number)
            number -= 1
        found = self._read.get(number) or self._from_manifest(number)
        for later in reversed(unread):
            found = self._read[later] = self._followed(found, later)
        if isinstance(found, IndexCorruptError):
            raise found
        return found

    def _from_manifest(self, number: int) -> Generation | IndexCorruptError:
        found: Generation | IndexCorruptError
        try:
            found = Generation(read_manifest(manifest_path(self.folder, number)))
            check_files(self.folder, found.manifest)
        except IndexCorruptError as error:
            found = error
        self._read[number] = found
        return found

    def _followed(
        self, before: Generation | IndexCorruptError, number: int
    ) -> Generation | IndexCorruptError:
        if isinstance(before, IndexCorruptError):
            return before
        path = change_path(self.folder, number)
        try:
            change = read_change(path)
        except IndexCorruptError as error:
            return error
        if change.generation != number or change.parent != before.checksum:
            return IndexCorruptError(f"{path} does not follow version {number - 1}")
        if not change.fits(before.manifest.settings):
            return IndexCorruptError(f"{path} holds other ids or vectors than the index")
        return before.followed_by(change)

    def _missing(self, number: int, followed: bool) -> IndexCorruptError | IndexNotFoundError:
        if followed:
            return IndexCorruptError(f"{change_path(self.folder, number)} is missing")
        known = self.numbers
        there = f"there are {known[0]} to {known[-1]}" if known else "there is none"
        return IndexNotFoundError(
            f"{self.folder} has no version {number!r:.60}; {there} (`Index.versions` lists them)"
        )


def has_newer(folder: Path, generation: int) -> bool:
    """Whether something was published after a generation.

    Where the next one was given up, a manifest after it is there. So one look-up and a list of
    the manifests tell, however many changes there are.
    """
    if change_path(folder, generation + 1).exists():
        return True
    return any(number > generation for number in generations(folder))


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexCorruptError unless what the manifest needs is there, and of its size.

    A FAISS file may be missing: it can be made again from the vectors.
    """
    for name, record in manifest.files.items():
        if not name.endswith(f"/{FAISS_FILE}"):
            check_size(inside(folder, name), record)
    for segment in manifest.segments:
        if segment.engine not in ENGINES:
            raise IndexCorruptError(f"{folder}: unknown engine {segment.engine!r}")
        needed = [f"{segment.folder}/{name}" for name in (VECTORS_FILE, IDS_FILE)]
        for name in [*needed, *([segment.deleted] if segment.deleted else [])]:
            if name not in manifest.files:
                raise IndexCorruptError(f"{folder}: the manifest has no entry for {name}")
        if segment.deleted:  # read by every reader, and short
            check_content(inside(folder, segment.deleted), manifest.files[segment.deleted])
