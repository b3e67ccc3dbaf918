"""Check that every byte of an index is what was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError, IndexNotFoundError, VectorIndexError
from simsearch.store.format.durable import check_content
from simsearch.store.format.history import History
from simsearch.store.format.layout import generations, inside, manifest_path
from simsearch.store.format.manifest import read_manifest
from simsearch.store.format.segment_files import StoredItems
from simsearch.store.reading.reader import IndexReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simsearch.store.reading.segment import Segment

__all__ = ["CheckResult", "check"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    Attributes:
        versions: how many were looked at.
        files: how many were read.
        bytes: how many were compared with their hash.
        problems: a line each, naming the file; empty when all is well.
        newest: whether the newest version is without a problem.
    """

    versions: int
    files: int
    bytes: int
    problems: tuple[str, ...]
    newest: bool


def check(folder: Path) -> CheckResult:
    """Read everything that any version of an index names.

    Compared are the hashes of all files, the checksums of manifests and changes and that
    they follow each other, and for the newest version that ids are unique, vectors finite and
    that FAISS can read its files.

    Raises:
        IndexNotFoundError: there never was an index.
    """
    history = History(folder)
    if not history.numbers:
        raise IndexNotFoundError(f"{folder} holds no index")
    damaged: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for number in generations(folder):
        try:
            manifest = read_manifest(manifest_path(folder, number))
        except VectorIndexError as error:
            damaged[str(number)] = str(error)
            continue
        for name, record in manifest.files.items():
            if name not in sizes:
                sizes[name] = record.size
                try:
                    check_content(inside(folder, name), record)
                except IndexCorruptError as error:
                    damaged[name] = str(error)
    problems = [*damaged.values(), *_broken(history)]
    if not problems:
        problems += _inconsistent(IndexReader.open(folder))
    newest = not problems or _newest_is_well(history, damaged)
    unique = tuple(dict.fromkeys(problems))
    read = len(sizes) + len(history.numbers)
    return CheckResult(len(history.numbers), read, sum(sizes.values()), unique, newest)


def _broken(history: History) -> Iterator[str]:
    """What keeps generations from being followed to their manifest."""
    for number in history.numbers:
        try:
            history.generation(number)
        except IndexCorruptError as error:
            yield str(error)


def _newest_is_well(history: History, damaged: dict[str, str]) -> bool:
    try:
        newest = history.generation(history.numbers[-1])
    except IndexCorruptError:
        return False
    return not set(damaged) & set(newest.manifest.files)


def _inconsistent(reader: IndexReader) -> Iterator[str]:
    """What contradicts itself in files that are as they were written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = []
    for segment in reader.segments:
        alive = segment.items.ids
        ids.append(alive if segment.alive is None else alive.filter(pa.array(segment.alive)))
        yield from _contradictions(segment, reader.folder)
    together = pa.chunked_array(ids, reader.settings.arrow_id_type)
    if pc.count_distinct(together).as_py() < len(together):
        yield f"{reader.folder}: an id is there twice"


def _contradictions(segment: Segment, folder: Path) -> Iterator[str]:
    import numpy as np

    items = segment.items
    name = items.record.folder if isinstance(items, StoredItems) else "small changes"
    if not np.isfinite(items.vectors).all():
        yield f"{folder / name}: a vector is not finite"
    try:
        _ = items.searcher
    except (RuntimeError, VectorIndexError) as error:
        yield f"{folder / name}: FAISS cannot read its file ({str(error).splitlines()[0]:.200})"
