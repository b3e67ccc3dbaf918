"""A disk that remembers what was asked of it, and what a power cut could leave of that.

Nothing is taken for granted that a file system does not promise: the content of a file lasts
after it was synced, its name after its folder was; whatever else was done since may be there,
missing or torn, each independently of the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, cast

from simsearch.files import SYSTEM

FOLDER = -1
Operation = tuple[str, Path, Any]


class Recorder:
    """The disk of this machine; `journal` holds every call, and the marks put between them."""

    def __init__(self) -> None:
        self.journal: list[Operation] = []
        self._created: set[Path] = set()

    def mark(self, truth: Any) -> None:
        """From here on this is acknowledged."""
        self.journal.append(("mark", Path(), truth))

    def create(self, path: Path) -> BinaryIO:
        file = SYSTEM.create(path)
        self._created.add(path)
        self.journal.append(("create", path, None))
        return cast("BinaryIO", _RecordedFile(file, path, self.journal))

    def make_folder(self, path: Path) -> None:
        SYSTEM.make_folder(path)
        self.journal.append(("make_folder", path, None))

    def sync(self, path: Path) -> None:
        SYSTEM.sync(path)
        # An encoder writes by itself: its files and folders are first heard of here.
        foreign: Any = None
        if path.is_dir():
            foreign = [each for each in path.iterdir() if each.is_dir()]
        elif path not in self._created:
            foreign = path.read_bytes()
        self.journal.append(("sync", path, foreign))

    def rename(self, source: Path, target: Path) -> None:
        SYSTEM.rename(source, target)
        self.journal.append(("rename", source, target))

    def remove(self, path: Path) -> None:
        there = path.exists()
        SYSTEM.remove(path)
        if there:
            self.journal.append(("remove", path, None))


class _RecordedFile:
    def __init__(self, file: BinaryIO, path: Path, journal: list[Operation]) -> None:
        self._file, self._path, self._journal = file, path, journal

    def write(self, content: bytes) -> int:
        self._journal.append(("write", self._path, bytes(content)))
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@dataclass
class _Content:
    now: bytes = b""
    lasting: bytes = b""


@dataclass
class Platter:
    """What is on the disk, and what of it would survive.

    Names map a path to the number of its content, or to FOLDER.
    """

    root: Path
    now: dict[Path, int] = field(default_factory=dict)
    lasting: dict[Path, int] = field(default_factory=dict)
    contents: list[_Content] = field(default_factory=list)

    def do(self, operation: Operation) -> None:
        """Follow one call."""
        getattr(self, f"_{operation[0]}")(operation[1], operation[2])

    def moved(self, root: Path) -> "Platter":
        """The same disk under another name; what happens to it is not seen here."""

        def there(names: dict[Path, int]) -> dict[Path, int]:
            return {root / path.relative_to(self.root): number for path, number in names.items()}

        contents = [replace(content) for content in self.contents]
        return Platter(root, there(self.now), there(self.lasting), contents)

    def _mark(self, path: Path, truth: Any) -> None:
        """Nothing happens to the disk."""

    def _create(self, path: Path, _: Any) -> None:
        self.now[path] = len(self.contents)
        self.contents.append(_Content())

    def _write(self, path: Path, content: bytes) -> None:
        self.contents[self.now[path]].now += content

    def _make_folder(self, path: Path, _: Any) -> None:
        for each in (path, *path.parents):
            if each.is_relative_to(self.root) and each != self.root:
                self.now.setdefault(each, FOLDER)

    def _sync(self, path: Path, foreign: Any) -> None:
        if isinstance(foreign, list):
            for each in {*self.now, *self.lasting, *foreign}:
                if each.parent == path:
                    self._settle(each, foreign)
            return
        if path not in self.now:
            self._create(path, None)
            self._write(path, foreign)
        content = self.contents[self.now[path]]
        content.lasting = content.now

    def _settle(self, path: Path, folders: list[Path]) -> None:
        if path in folders:
            self.now[path] = FOLDER
        if path in self.now:
            self.lasting[path] = self.now[path]
        else:
            self.lasting.pop(path, None)

    def _rename(self, source: Path, target: Path) -> None:
        self.now[target] = self.now.pop(source)

    def _remove(self, path: Path, _: Any) -> None:
        for each in [each for each in self.now if each.is_relative_to(path)]:
            del self.now[each]

    def as_it_is(self, target: Path) -> Path:
        """Make a folder as it is after the writer was killed now: all that was done is there."""
        return self._made(target, {path: (number, None) for path, number in self.now.items()})

    def left(self, random: Random, target: Path) -> Path:
        """Make a folder as it could be after the power was lost now."""
        names: dict[Path, tuple[int, Random | None]] = {}
        for path in sorted({*self.now, *self.lasting}):
            versions = [names_of[path] for names_of in (self.now, self.lasting) if path in names_of]
            sure = path in self.now and path in self.lasting
            if sure or random.random() < 0.5:
                names[path] = random.choice(versions), random
        return self._made(target, names)

    def _made(self, target: Path, names: dict[Path, tuple[int, Random | None]]) -> Path:
        target.mkdir(exist_ok=True)
        for path, (number, random) in sorted(names.items()):  # a folder before what is in it
            place = target / path.relative_to(self.root)
            if not place.parent.is_dir():
                continue
            if number == FOLDER:
                place.mkdir(exist_ok=True)
            else:
                content = self.contents[number]
                place.write_bytes(self._torn(content, random) if random else content.now)
        return target

    def _torn(self, content: _Content, random: Random) -> bytes:
        now, lasting = content.now, content.lasting
        if now == lasting:
            return now
        cut = random.randrange(len(now) + 1)
        zeroed = now[:cut] + bytes(len(now) - cut)
        return random.choice([now, lasting, now[:cut], zeroed])


def cuts(journal: list[Operation], root: Path) -> Iterator[tuple[int, Platter, list[Any]]]:
    """Every moment at which the power can be lost.

    Yields:
        The number of the call before which it is lost, the disk, and what may be found then:
        what was acknowledged last, and what is being written.
    """
    truths = [operation[2] for operation in journal if operation[0] == "mark"]
    platter, acknowledged = Platter(root), 0
    for number, operation in enumerate(journal):
        platter.do(operation)
        if operation[0] == "mark":
            acknowledged += 1
        yield number, platter, truths[max(acknowledged - 1, 0) : acknowledged + 1]
