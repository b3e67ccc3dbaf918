"""Read the contents of a source, each once, for all finders of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simsearch.distance import Metric
from simsearch.duplicates.exact import ExactDuplicateFinder
from simsearch.duplicates.gathered import GatheredItems, items_as_records
from simsearch.kinds.encoding import Encoding
from simsearch.kinds.kind import kind_named
from simsearch.kinds.pipeline import Pipeline
from simsearch.records.exact import ExactDuplicates
from simsearch.sources.file_items import FileItems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from simsearch.duplicates.tiers import Tiers
    from simsearch.records.stages import Stages
    from simsearch.schema import ItemSource, Records
    from simsearch.sources.item_files import ItemFile

    Rows = npt.NDArray[np.int64]

__all__ = ["ReadItems", "Whole", "nothing_more", "read_contents"]


class Whole(Protocol):
    """Gives the contents of some numbers in full, see `ItemSource.whole`."""

    def __call__(self, rows: Sequence[int], least: int | None = None, /) -> Iterator[Any]:
        """In the order of the numbers."""


@dataclass(frozen=True, slots=True)
class ReadItems:
    """The items of a source, read.

    Attributes:
        records: `id` and the stored columns of each item, in order; what was skipped.
        exact: exact duplicates among them; the others are the contents, numbered.
        whole: gives contents in full.
        files: of the items; None where they are not a file each.
    """

    records: Records
    exact: ExactDuplicates
    whole: Whole
    files: Sequence[ItemFile] | None = None


def nothing_more(rows: Sequence[int], least: int | None = None) -> Iterator[Any]:  # noqa: ARG001
    """See `Whole`: of contents there is no more than was read."""
    yield from (None for _ in rows)


def read_contents(source: ItemSource, tiers: Tiers, stages: Stages) -> ReadItems:
    """Let every finder see each content of a source once.

    Args:
        source: that is open, as `Tiers.reading` asks.
        tiers: whose finders see the contents.
        stages: of the run, reading begun.

    Raises:
        EmptySourceError, SourceError: nothing can be read, or not to its end.
    """
    if isinstance(source, FileItems):
        return _read_files(source, tiers, stages)
    return _read_batches(source, tiers, stages)


def _read_batches(source: ItemSource, tiers: Tiers, stages: Stages) -> ReadItems:
    """Items that are known once they are read."""
    exact, gathered = ExactDuplicateFinder(), GatheredItems(source)
    pipeline = Pipeline(source, Encoding(None, Metric.COSINE, 0))
    for batch in pipeline.batches(rows=_batch_rows(source, tiers)):
        new = exact.add(batch.keys())
        if len(new):
            for finder in tiers.finders:
                finder.add(batch.items(new))
        stages.report(pipeline.share_done(gathered.add(batch)))
    if not gathered.count:
        raise pipeline.nothing_read()
    found = exact.found
    return ReadItems(
        gathered.records(),
        found,
        lambda numbers, least=None: source.whole(found.kept[list(numbers)].tolist(), least),
    )


def _read_files(source: FileItems, tiers: Tiers, stages: Stages) -> ReadItems:
    """Items in files: exact copies are found by the bytes, and one of each is read."""
    stages.start("comparing bytes")
    exact = ExactDuplicateFinder()
    keys = source.contents(stages.report)
    exact.add(keys)
    if not tiers.finders:
        return ReadItems(_listed(source, keys), exact.found, source.whole, source.files)
    stages.start("reading")
    distinct = source.take(exact.found.kept.tolist())
    gathered = GatheredItems(distinct)
    pipeline = Pipeline(distinct, Encoding(None, Metric.COSINE, 0))
    place = {file.id: row for row, file in enumerate(distinct.files)}
    read: list[int] = []
    for batch in pipeline.batches(rows=_batch_rows(source, tiers)):
        read += [place[each] for each in batch.ids.to_pylist()]
        for finder in tiers.finders:
            finder.add(batch.items(None))
        stages.report(pipeline.share_done(gathered.add(batch)))
    if not read:
        raise pipeline.nothing_read()
    rows, kept = _readable(exact.found, np.array(read, np.int64))
    records = _with_copies(source, gathered.records(), rows, kept)
    return ReadItems(
        records,
        kept,
        lambda numbers, least=None: distinct.whole([read[number] for number in numbers], least),
        [source.files[row] for row in rows.tolist()],
    )


def _batch_rows(source: ItemSource, tiers: Tiers) -> int:
    """How many items, read as the finders ask, take little memory."""
    kind = kind_named(source.kind)
    return kind.batch_rows(tiers.reading or kind.any_reading)


def _readable(exact: ExactDuplicates, read: Rows) -> tuple[Rows, ExactDuplicates]:
    """Rows whose content could be read, and which of these are exact duplicates of which.

    Args:
        exact: of all rows.
        read: contents that could be read, ascending.
    """
    number = np.full(len(exact.kept), -1, np.int64)
    number[read] = np.arange(len(read))
    rows = np.flatnonzero(number[exact.place] >= 0)
    place = number[exact.place[rows]]
    return rows, ExactDuplicates(np.unique(place, return_index=True)[1].astype(np.int64), place)


def _with_copies(
    source: FileItems, contents: Records, rows: Rows, exact: ExactDuplicates
) -> Records:
    """All items as a table, given the contents: a copy has what its content has, and its own place.

    Args:
        source: of the items.
        contents: each once, as they were read.
        rows: of the source, those whose content could be read.
        exact: of these rows.
    """
    import pyarrow as pa

    files = [source.files[row] for row in rows.tolist()]
    stored = contents.table.select([n for n in contents.table.column_names if n != "id"])
    table = stored.take(pa.array(exact.place))
    own = source.own_columns_of(rows.tolist())
    for name in own.column_names:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), own[name])
    ids = pa.array([file.id for file in files], pa.string())
    found = items_as_records(source.name, ids, table, contents.skipped)
    return replace(found, notes=contents.notes)


def _listed(source: FileItems, keys: list[str | None]) -> Records:
    """Items that were not read: their names and sizes, and hashes where these were needed."""
    import pyarrow as pa

    rows = range(len(source))
    table = pa.table(
        {
            "bytes": pa.array([file.size for file in source.files], pa.int64()),
            "sha256": pa.array([_hash_of(key) for key in keys], pa.string()),
        }
    )
    own = source.own_columns_of(rows)
    for name in own.column_names:
        table = table.append_column(name, own[name])
    ids = pa.array([file.id for file in source.files], pa.string())
    return replace(items_as_records(source.name, ids, table), notes=tuple(source.notes))


def _hash_of(key: str | None) -> str | None:
    """A key as `FileItems.contents` gives it, where it is a hash."""
    return key if key is not None and " " not in key else None
