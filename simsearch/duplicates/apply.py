"""apply: do what a plan says, or undo it: copies go to a quarantine, or become hard links.

Nothing is deleted. Each file is looked at again just before: what changed since the plan, lies in a
protected folder, or is the last of its group that is left, stays. Before a file is touched, a line
is on disk in the log; a run that was stopped is repeated with the same plan, or undone.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.duplicates.plan import KEEP, REMOVE, PlanRow, read_plan
from simsearch.duplicates.undo_log import LINK, MOVE, Logged, LogWriter, read_log
from simsearch.errors import OptionError, OutputError, SourceError
from simsearch.files import SYSTEM
from simsearch.sources.file_items import content_hash
from simsearch.sources.file_names import written
from simsearch.sources.item_files import ItemFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Applied", "LeftAlone", "apply"]

# Behind the name of a plan: its log.
LOG_SUFFIX = ".undo.jsonl"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file that was to be touched, and was not.

    Attributes:
        path: of it.
        why: in words.
    """

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did, or would do.

    Attributes:
        done: of each file what was done, from where and to where; or what was undone.
        left: files that were left alone.
        size: bytes of the files of `done`.
        log: by which all can be undone; None where nothing was done.
        dry: nothing was done: this is what would be.
    """

    done: tuple[Logged, ...]
    left: tuple[LeftAlone, ...]
    size: int
    log: Path | None
    dry: bool


def apply(
    plan: str | os.PathLike[str] | None = None,
    *,
    to: str | os.PathLike[str] | None = None,
    hardlink: bool = False,
    protect: Sequence[str | os.PathLike[str]] = (),
    undo: str | os.PathLike[str] | None = None,
    yes: bool = False,
) -> Applied:
    """Do what a plan of `dedupe` says with the copies of pictures; or undo what was done.

    Args:
        plan: the file of the plan; its log is written beside it.
        to: a folder into which copies are moved, under the paths that they had.
        hardlink: instead make copies that are equal byte for byte links to the one that is kept.
        protect: folders in which nothing is touched.
        undo: a log; what it says was done is undone, last first.
        yes: do it; else only say what would be done.

    Returns:
        What was done and what was left alone, and why.

    Raises:
        SourceError: the plan or the log is none, or cannot be read.
        OptionError: not exactly one of plan and undo, or of `to` and `hardlink` where it is done.
        OutputError: a log or the folder cannot be written.
    """
    if (plan is None) == (undo is None):
        raise OptionError("give a plan to apply, or a log to undo by `undo`")
    if undo is not None:
        if to is not None or hardlink:
            raise OptionError(
                "`undo` puts files where they were; `to` and `hardlink` are for plans"
            )
        return _undone(Path(undo), yes)
    if to is not None and hardlink:
        raise OptionError("a copy is moved (`to`) or becomes a link (`hardlink`), not both")
    if yes and to is None and not hardlink:
        raise OptionError("give a folder to move copies to (`to`), or `hardlink`")
    rows = read_plan(os.fspath(plan or ""))
    _refuse_if_all_gone(os.fspath(plan or ""), rows)
    todo = _Todo(rows, None if to is None else Path(to), hardlink, [Path(each) for each in protect])
    log = Path(f"{os.fspath(plan or '')}{LOG_SUFFIX}")
    if not yes:
        done, left, size = todo.run(lambda _: None)
        return Applied(done, left, size, None, dry=True)
    with LogWriter(log) as writer:
        done, left, size = todo.run(writer.add)
    return Applied(done, left, size, log, dry=False)


def _refuse_if_all_gone(name: str, rows: Sequence[PlanRow]) -> None:
    if not any(os.path.lexists(row.path) for row in rows):
        raise SourceError(
            f"{name}: none of its {len(rows):,} files is there; was it made on another machine, or "
            f"the folder moved? The first is {written(rows[0].path)}"
        )


class _Todo:
    """What a plan says, checked file by file."""

    def __init__(
        self, rows: Sequence[PlanRow], to: Path | None, hardlink: bool, protect: Sequence[Path]
    ) -> None:
        self._rows = rows
        self._to = to
        self._hardlink = hardlink
        self._protected = [Path(os.path.realpath(each)) for each in protect]
        for each in protect:
            if not each.is_dir():
                raise OptionError(f"`protect`: there is no folder {each}")
        if to is not None and to.exists() and not to.is_dir():
            raise OutputError(f"{to} is no folder; copies are moved into one")
        folders = [os.path.dirname(os.path.abspath(row.path)) for row in rows]  # noqa: PTH100, PTH120
        self._root = Path(os.path.commonpath(folders))

    def run(
        self, log: Callable[[Logged], None]
    ) -> tuple[tuple[Logged, ...], tuple[LeftAlone, ...], int]:
        """Go through the plan; (done, left alone, bytes).

        Args:
            log: puts what is about to be done on disk; where it does nothing, nothing is done.
        """
        done, left, size = [], [], 0
        act = isinstance(getattr(log, "__self__", None), LogWriter)
        for row in self._rows:
            if row.action != REMOVE:
                continue
            kept, why = self._checked(row)
            if why or kept is None:
                left.append(LeftAlone(str(row.path), why))
                continue
            step = self._step(row, kept)
            try:
                if act:
                    log(step)
                    _do(step)
            except OSError as error:
                left.append(LeftAlone(str(row.path), error.strerror or str(error)))
                continue
            done.append(step)
            size += row.size
        return tuple(done), tuple(left), size

    def _checked(self, row: PlanRow) -> tuple[PlanRow | None, str]:
        """The row that is kept in place of one, or why that one is left alone."""
        why = _changed(row)
        if why:
            return None, why
        real = Path(os.path.realpath(row.path))
        if any(real.is_relative_to(folder) for folder in self._protected):
            return None, "it is in a protected folder"
        kept, missing = None, ""
        for other in self._rows:
            if other.group == row.group and other.action == KEEP:
                missing = _changed(other)
                if not missing:
                    kept = other
                    break
        if kept is None:
            return None, f"the one that is to be kept: {missing}"
        if self._hardlink and (row.sha256 != kept.sha256 or not row.sha256):
            return None, "its bytes are not those of the one that is kept, so it cannot be a link"
        if row.path.samefile(kept.path):
            return None, "it is the one that is kept, by another name"
        return kept, ""

    def _step(self, row: PlanRow, kept: PlanRow) -> Logged:
        if self._hardlink:
            return Logged(LINK, str(row.path), str(kept.path), row.modified)
        path = Path(os.path.abspath(row.path))  # noqa: PTH100  links are not followed
        below = path.relative_to(self._root)
        target = _free((self._to or Path("quarantine")).absolute() / below)
        return Logged(MOVE, str(path), str(target), row.modified)


def _changed(row: PlanRow) -> str:
    """How a file is not what the plan says; empty where it is."""
    try:
        found = os.lstat(row.path)
    except FileNotFoundError:
        return "it is gone"
    except OSError as error:
        return error.strerror or str(error)
    if not os.path.isfile(row.path) or os.path.islink(row.path):  # noqa: PTH113, PTH114
        return "it is no file any more"
    if found.st_size != row.size:
        return "it has changed since the plan was made"
    if found.st_mtime_ns != row.modified and _hash_of(row.path) != row.sha256:
        return "it has changed since the plan was made"
    return ""


def _hash_of(path: Path) -> str | None:
    return content_hash(ItemFile(str(path), "", path.read_bytes, path))


def _free(target: Path) -> Path:
    """A path that nothing has: with a number behind the name where that is taken."""
    return next(path for path in _names(target) if not os.path.lexists(path))


def _names(target: Path) -> Iterator[Path]:
    yield target
    number = 2
    while True:
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")
        number += 1


def _do(step: Logged) -> None:
    """Move a file, or make it a link."""
    path, other = Path(step.path), Path(step.other)
    if step.done == MOVE:
        _move(path, other)
        return
    beside = path.with_name(f".simsearch-{secrets.token_hex(6)}.tmp")
    os.link(other, beside)
    try:
        beside.replace(path)
    finally:
        # Both may be links to one file, of which a rename does nothing.
        beside.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Move a file to where nothing is; to another disk by a copy that appears when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "something is there now", str(target))
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".simsearch-{secrets.token_hex(6)}.tmp")
        try:
            shutil.copy2(source, beside)
            SYSTEM.sync(beside)
            beside.rename(target)
        finally:
            beside.unlink(missing_ok=True)
        source.unlink()
    SYSTEM.sync(target.parent)


def _undone(log: Path, yes: bool) -> Applied:
    """Undo what a log says, last first."""
    done, left, size = [], [], 0
    for entry in reversed(read_log(log)):
        why = _not_undoable(entry)
        if why is None:
            continue
        try:
            found = Path(entry.other if entry.done == MOVE else entry.path).stat().st_size
            if not why and yes:
                _undo(entry)
        except OSError as error:
            why = why or error.strerror or str(error)
        if why:
            left.append(LeftAlone(entry.path, why))
        else:
            done.append(entry)
            size += found
    return Applied(tuple(done), tuple(left), size, log if yes else None, dry=not yes)


def _not_undoable(entry: Logged) -> str | None:
    """Why something cannot be undone; empty where it can, None where it is not done (any more)."""
    there, moved = os.path.lexists(entry.path), os.path.lexists(entry.other)
    if entry.done == MOVE:
        if there:
            return "something is there now" if moved else None
        return "" if moved else f"{entry.other} is gone"
    if not there or not moved:
        return "it is gone"
    return "" if os.path.samefile(entry.path, entry.other) else None  # noqa: PTH121


def _undo(entry: Logged) -> None:
    if entry.done == MOVE:
        _move(Path(entry.other), Path(entry.path))
        return
    path = Path(entry.path)
    beside = path.with_name(f".simsearch-{secrets.token_hex(6)}.tmp")
    try:
        shutil.copyfile(entry.other, beside)
        os.utime(beside, ns=(entry.modified, entry.modified))
        SYSTEM.sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
