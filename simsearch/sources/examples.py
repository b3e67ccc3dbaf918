"""What an encoder learns from: items in memory, and what is known of them.

Columns of files are found by name, never by their order. Pairs that are the same thing join items
to entities; an entity, a class or a writer is a group, which a split keeps together.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.errors import ColumnError, OptionError, SourceError, TrainingError
from simsearch.evaluation.clusters import closure
from simsearch.sources.items import open_items, read_items
from simsearch.sources.labels import is_table_of_labels, labels_of
from simsearch.sources.named_columns import PAIR_COLUMNS, judgements, named_column
from simsearch.sources.records import RecordOptions, open_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.schema import ItemBatch, ItemSource, SkippedRow

    Rows = npt.NDArray[np.int64]
    # Columns of items, and a value for each row.
    Told = tuple[list[list[str]], npt.NDArray[np.float32]]

__all__ = [
    "Examples",
    "Known",
    "Pairs",
    "first_items",
    "read_examples",
    "side_by_side",
    "source_options",
]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of items.

    Attributes:
        left: (p,) int64 rows.
        right: (p,) int64 rows.
        same: (p,) float32: 1 the same thing, 0 not; or how alike they are, 0 to 1.
        scored: the latter.
    """

    left: Rows
    right: Rows
    same: npt.NDArray[np.float32]
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Files that say what is known of items; one of them at most.

    Attributes:
        pairs: a CSV with left, right and same (1 or 0).
        triplets: a CSV with anchor, positive and negative.
        scores: a CSV with left, right (or sentence1, sentence2) and score.
        group: a stored column that a split keeps together, such as the writer.
    """

    pairs: str | Path | None = None
    triplets: str | Path | None = None
    scores: str | Path | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.pairs, self.triplets, self.scores)) > 1:
            raise OptionError("pairs, triplets and scores exclude each other; give one of them")

    @property
    def file(self) -> Path | None:
        """The file that is given."""
        given = self.pairs or self.triplets or self.scores
        return None if given is None else Path(given)


@dataclass(frozen=True, slots=True)
class Examples:
    """Items in memory, and what is known of them.

    Attributes:
        name: of the source, for messages.
        kind: of the items.
        ids: (n,) string.
        items: n rows as the encoder of the kind takes them, see `ItemBatch`.
        labels: (n,) int64 class numbers, -1 where unknown; None when no classes are known.
        class_names: by class number.
        groups: (n,) int64: what a split keeps together.
        group_names: by group number.
        pairs: None when none are given.
        triplets: (t, 3) int64 rows: anchor, positive, negative; None when none are given.
        skipped: what of the source could not be read.
    """

    name: str
    kind: str
    ids: pa.StringArray
    items: pa.Table
    labels: Rows | None
    class_names: tuple[str, ...]
    groups: Rows
    group_names: tuple[str, ...]
    pairs: Pairs | None = None
    triplets: Rows | None = None
    skipped: tuple[SkippedRow, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def from_batch(
        cls, batch: ItemBatch, source: ItemSource, known: Known | None = None
    ) -> Examples:
        """Items of a source that was read, with the classes and groups that it stores.

        Raises:
            ColumnError: it stores no such group.
        """
        names = batch.stored.column_names
        group = None if known is None else known.group
        if group is not None and group not in names:
            raise ColumnError(f"{source.name} has no column {group!r}; it has {', '.join(names)}")
        labels, classes = _numbered(batch, "class")
        # A class is what must not be seen before, where nothing else is said.
        groups, group_names = _numbered(batch, group or "class")
        if groups is None:
            groups, group_names = _numbered(batch, "document")  # of which texts are passages
        if groups is None or (groups < 0).any():
            groups, group_names = np.arange(len(batch)), tuple(batch.ids.to_pylist())
        return cls(
            name=source.name,
            kind=source.kind,
            ids=batch.ids,
            items=batch.items,
            labels=labels,
            class_names=classes,
            groups=groups,
            group_names=group_names,
            skipped=tuple(source.skipped),
        )

    @property
    def told(self) -> int:
        """How many pairs or triplets are given."""
        if self.triplets is not None:
            return len(self.triplets)
        return 0 if self.pairs is None else len(self.pairs.left)

    @property
    def joined(self) -> Rows:
        """(n,) int64: one number for all items that any pair or triplet names together."""
        left, right = np.empty(0, np.int64), np.empty(0, np.int64)
        if self.pairs is not None:
            left, right = self.pairs.left, self.pairs.right
        if self.triplets is not None:
            left, right = np.repeat(self.triplets[:, 0], 2), self.triplets[:, 1:].reshape(-1)
        return closure((left, right), len(self))

    def take_told(self, chosen: Rows) -> Examples:
        """Some of the pairs or triplets, with the items that they name."""
        ends = [np.empty(0, np.int64)]
        pairs, triplets = self.pairs, self.triplets
        if pairs is not None:
            pairs = Pairs(pairs.left[chosen], pairs.right[chosen], pairs.same[chosen], pairs.scored)
            ends += [pairs.left, pairs.right]
        if triplets is not None:
            triplets = triplets[chosen]
            ends.append(triplets.reshape(-1))
        named = replace(self, pairs=pairs, triplets=triplets)
        return named.take(np.unique(np.concatenate(ends)))

    def take(self, rows: Rows) -> Examples:
        """Some of the items, in that order; of pairs and triplets those that lie among them."""
        place = np.full(len(self), -1)
        place[rows] = np.arange(len(rows))
        return replace(
            self,
            ids=self.ids.take(rows),
            items=self.items.take(rows),
            labels=None if self.labels is None else self.labels[rows],
            groups=self.groups[rows],
            pairs=None if self.pairs is None else _renumbered(self.pairs, place),
            triplets=None if self.triplets is None else _inside(place[self.triplets]),
        )


def read_examples(
    source: Any,
    kind: str,
    reading: Mapping[str, Any],
    known: Known,
    options: Mapping[str, Any],
) -> Examples:
    """Read what an encoder is to learn from.

    Args:
        source: see `open_items`; None when the file of pairs, triplets or scores holds the items
            themselves: texts, or paths of files beside it.
        kind: image, text, vector or signal.
        reading: how they are read, see `Encoder.reading`.
        known: what is known of them.
        options: of the source of the kind.

    Raises:
        SourceError: something cannot be read.
        ColumnError: a column is missing; the text says which there are.
        TrainingError: a file names an item that there is not.
    """
    if source is None:
        if known.file is None:
            raise OptionError("there is nothing to train on: give a source, or pairs")
        return _self_contained(known, kind, reading, options)
    if kind == "text" and known.file is not None:
        options = {"window": 0, **options}  # what the file names is the whole text
    told, options = options.get("labels"), source_options(options)
    if kind == "record":
        examples = _records(source, options)
    else:
        opened = open_items(source, kind, reading, **options)
        examples = Examples.from_batch(read_items(opened), opened, known)
    if is_table_of_labels(told):
        told_of = labels_of(examples.ids.to_pylist(), Path(told), options.get("id_column"))
        examples = _labelled(examples, *told_of, known)
    if known.file is None:
        return examples
    ids = {name: row for row, name in enumerate(examples.ids.to_pylist())}
    return _with_known(examples, known, _told(known), ids)


def source_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are the source's own: classes in a table of their own are read apart."""
    own = {name: value for name, value in options.items() if value is not None}
    if is_table_of_labels(own.get("labels")):
        del own["labels"]
    return own


def _labelled(examples: Examples, labels: Rows, names: tuple[str, ...], known: Known) -> Examples:
    """Examples with the classes that a table names."""
    examples = replace(examples, labels=labels, class_names=names)
    # A class is what must not be seen before, where nothing else is said.
    if known.group is None and (labels >= 0).all():
        examples = replace(examples, groups=labels, group_names=names)
    return examples


def _records(source: Any, options: Mapping[str, Any]) -> Examples:
    """The rows of a table."""
    known = {field.name for field in fields(RecordOptions)}
    for name in options:
        if name not in known:
            raise OptionError(f"{name!r} is no option for records; there are {', '.join(known)}")
    records = open_records(source, options=RecordOptions(**options)).read()
    names = tuple(records.ids.to_pylist())
    return Examples(
        name=records.name,
        kind="record",
        ids=records.ids,
        items=records.table.select(records.columns),
        labels=None,
        class_names=(),
        groups=np.arange(len(names)),
        group_names=names,
        skipped=records.skipped,
    )


def side_by_side(first: Examples, second: Examples) -> tuple[Examples, Examples]:
    """Two sets of examples over one set of items, those of the first before those of the second."""
    import pyarrow as pa

    ids = pa.concat_arrays([first.ids, second.ids])
    items = pa.concat_tables([first.items, second.items])
    shift = len(first)
    groups = np.concatenate([first.groups, second.groups + len(first.group_names)])
    names = (*first.group_names, *second.group_names)
    pairs = second.pairs
    if pairs is not None:
        pairs = replace(pairs, left=pairs.left + shift, right=pairs.right + shift)
    both = {"ids": ids, "items": items, "groups": groups, "group_names": names, "labels": None}
    return replace(first, **both), replace(second, **both, pairs=pairs)


def first_items(known: Known, count: int) -> list[Path]:
    """The first files that a file of pairs, triplets or scores names."""
    folder = Path(known.file or "").parent
    values = dict.fromkeys(value for column in _told(known)[0] for value in column)
    return [folder / value for value in list(values)[:count]]


def _self_contained(
    known: Known, kind: str, reading: Mapping[str, Any], options: Mapping[str, Any]
) -> Examples:
    """Items that the file itself holds, each once."""
    file = Path(known.file or "")
    told = _told(known)
    if kind == "text":
        told = [[value.strip() for value in column] for column in told[0]], told[1]
    values = list(dict.fromkeys(value for column in told[0] for value in column))
    given: Sequence[Any] = values
    if kind != "text":
        given = [file.parent / value for value in values]
    source = open_items(
        given, kind, reading, **({"window": 0} if kind == "text" else {}), **options
    )
    batch = read_items(source)
    examples = replace(Examples.from_batch(batch, source), name=str(file))
    if kind == "text":
        # Texts are named by themselves, so that a split does not depend on where they stand.
        examples = replace(examples, ids=batch.items.column("text").combine_chunks())
        ids = {value: row for row, value in enumerate(examples.ids.to_pylist())}
    else:
        paths = {Path(given[row]).as_posix(): value for row, value in enumerate(values)}
        ids = {paths[name]: row for row, name in enumerate(batch.ids.to_pylist())}
    return _with_known(examples, known, told, ids)


def _with_known(examples: Examples, known: Known, told: Told, ids: Mapping[str, int]) -> Examples:
    """Examples with what a file says of them."""
    columns, values = told
    unreadable = {row.reason.split(":")[0] for row in examples.skipped}
    places = [_places(column, ids, known.file, unreadable) for column in columns]
    kept = np.all([place >= 0 for place in places], axis=0)
    places = [place[kept] for place in places]
    if not kept.any():
        raise TrainingError(f"{known.file}: none of its items can be read")
    if known.triplets is not None:
        examples = replace(examples, triplets=np.stack(places, axis=1))
        return _grouped(examples, places[0], places[1])
    pairs = Pairs(places[0], places[1], values[kept], scored=known.scores is not None)
    examples = replace(examples, pairs=pairs)
    alike = np.ones(len(pairs.left), bool) if pairs.scored else pairs.same > 0.5
    return _grouped(examples, pairs.left[alike], pairs.right[alike])


def _grouped(examples: Examples, left: Rows, right: Rows) -> Examples:
    """Groups are what the pairs join (connected components), where there are no classes."""
    if examples.labels is not None and (examples.labels >= 0).all():
        return examples
    groups = closure((left, right), len(examples))
    first = np.unique(groups, return_index=True)[1]
    names = tuple(examples.ids.take(first).to_pylist())
    return replace(examples, groups=groups, group_names=names)


def _told(known: Known) -> Told:
    """Columns of items, and a value for each row (of triplets all 1)."""
    file = known.file
    table = open_records(str(file)).read().table
    if known.triplets is not None:
        wanted = [(name,) for name in ("anchor", "positive", "negative")]
        return [named_column(table, each, file) for each in wanted], np.ones(len(table), "f4")
    columns = [named_column(table, each, file) for each in PAIR_COLUMNS]
    if known.scores is not None:
        return columns, _scores(named_column(table, ("score",), file), file)
    return columns, judgements(named_column(table, ("same", "label"), file), file)


def _scores(values: list[str], file: Any) -> npt.NDArray[np.float32]:
    """Scaled to 0 to 1 by the least and the greatest of 0, 1, 5 and what there is."""
    found = np.empty(len(values), np.float32)
    for row, value in enumerate(values):
        try:
            found[row] = float(value)
        except ValueError:
            raise SourceError(f"{file}, line {row + 2}: {value!r:.40} is no score") from None
    if not np.isfinite(found).all() or found.min() < 0:
        raise SourceError(f"{file}: scores are numbers from 0 on")
    return found / max(1.0, float(found.max()))


def _places(values: list[str], ids: Mapping[str, int], file: Any, unreadable: set[str]) -> Rows:
    """Rows of items by id; -1 for those that could not be read."""
    found = np.array([ids.get(value, -1) for value in values], np.int64)
    for line in np.flatnonzero(found < 0):
        value = values[line]
        if value.strip() and not any(value in each or each.endswith(value) for each in unreadable):
            raise TrainingError(f"{file}, line {line + 2}: there is no item {value!r:.80}")
    return found


def _numbered(batch: ItemBatch, column: str) -> tuple[Rows | None, tuple[str, ...]]:
    """Numbers of the values of a stored column, -1 for none or an empty one; and the values."""
    if column not in batch.stored.column_names:
        return None, ()
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.utf8_trim_whitespace(batch.stored.column(column).cast(pa.string()))
    values = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
    encoded = values.combine_chunks().dictionary_encode()
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers, tuple(str(each) for each in encoded.dictionary.to_pylist())


def _renumbered(pairs: Pairs, place: Rows) -> Pairs:
    left, right = place[pairs.left], place[pairs.right]
    kept = (left >= 0) & (right >= 0)
    return Pairs(left[kept], right[kept], pairs.same[kept], pairs.scored)


def _inside(triplets: Rows) -> Rows:
    kept: Rows = triplets[(triplets >= 0).all(axis=1)]
    return kept
