"""What link gives back for pictures and texts: pairs of items of two sources, by tiers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.duplicates.cross_encoded import cross_encoded, texts_of
from simsearch.duplicates.encoded_tiers import EMBEDDED, least_odds, loose_tier_pairs
from simsearch.duplicates.items import dedupe_encoded
from simsearch.duplicates.joined import LEFT, RIGHT, joined
from simsearch.duplicates.labelled import labelled_tiers
from simsearch.duplicates.read_contents import read_contents
from simsearch.duplicates.read_items import ReadItems
from simsearch.duplicates.tiers import (
    ROUNDING,
    TierPairs,
    Tiers,
    asked_threshold,
    check_asked,
    log_odds_of,
)
from simsearch.records.exact import EXACT_PROBABILITY
from simsearch.records.found_pairs import pair_table
from simsearch.records.labels import KnownPairs, read_labels
from simsearch.records.stages import Statistics, peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.duplicates.item_deduplication import ItemDeduplication
    from simsearch.duplicates.item_options import ItemOptions
    from simsearch.duplicates.tiers import Asked
    from simsearch.encoders.text.cross_encoder import PairModel
    from simsearch.kinds.kind import Kind
    from simsearch.records.look_alikes import LookAlikes
    from simsearch.records.stages import Stages
    from simsearch.schema import ItemSource, Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Opening = Callable[[Mapping[str, Any]], ItemSource]

__all__ = ["ItemLinkage", "link_by_encoder", "link_by_tiers"]

# The probability that no pair is below that an encoder found: its own threshold has decided.
_ANY = 1e-12


@dataclass(frozen=True)
class ItemLinkage:
    """Items of two sources with the pairs of one of each that are the same.

    Attributes:
        names: of the left and the right source.
        sizes: how many items of each could be read.
        kind: of the items.
        threshold: probability from which two items count as the same thing.
        statistics: what the run did.
        items: of both sources, read as one.
        found: the pairs of contents that were compared.
        tiers: by which they were compared.
        compared: what was compared, in words; empty for what the tiers say.
    """

    names: tuple[str, str]
    sizes: tuple[int, int]
    kind: str
    threshold: float
    statistics: Statistics
    items: ReadItems = field(repr=False)
    found: TierPairs = field(repr=False)
    tiers: Tiers
    compared: str = ""

    @property
    def sources(self) -> tuple[Records, ...]:
        """What was read: the items of both sources as one table."""
        return (self.items.records,)

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs of an item of each source, surest first: left_id, right_id, probability, score,
        tier, and what differs. The probability is null where the encoder does not know it.

        Where several items of a source are equal, each is there once at least, and not with each
        equal one of the other.
        """
        import pyarrow as pa

        left, right, place = self._rows
        likely = 1.0 / (1.0 + np.exp(-self.found.log_odds))
        sure: Floats = np.append(likely, EXACT_PROBABILITY)[place]
        scores = np.append(self.found.score, 1.0)[place]
        order = np.lexsort((right, left, -scores, -np.nan_to_num(sure), place >= 0))
        left, right, place, sure = left[order], right[order], place[order], sure[order]
        ids = self.items.records.ids
        table = pair_table(
            _without_side(ids.take(left)),
            _without_side(ids.take(right)),
            {"probability": sure, "score": scores[order]},
        )
        tier = np.append(self.found.tier.astype(object), self.tiers.exact)[place]
        differs = np.append(self.found.differs.astype(object), "")[place]
        return table.append_column("tier", pa.array(tier.tolist(), pa.string())).append_column(
            "differs", pa.array(differs.tolist(), pa.string())
        )

    @cached_property
    def left(self) -> Records:
        """The items of the left source, a row each, and what of both was skipped or is to know."""
        return self._side(LEFT)

    @cached_property
    def right(self) -> Records:
        """The items of the right source."""
        return replace(self._side(RIGHT), skipped=(), notes=())

    @property
    def column_pairs(self) -> tuple[tuple[str, str], ...]:
        """(left column, right column) that are shown beside each other: the same of both."""
        return tuple((name, name) for name in self.items.records.columns)

    @property
    def look_alikes(self) -> tuple[LookAlikes, ...]:
        """Kinds of look-alikes are of records."""
        return ()

    @property
    def probability(self) -> Floats:
        """(pairs,) how probable it is that each of `found` is the same; NaN: unknown."""
        likely: Floats = 1.0 / (1.0 + np.exp(-self.found.log_odds))
        return likely

    @property
    def rows(self) -> tuple[Rows, Rows]:
        """Rows of `left` and of `right` that each pair is of, in no particular order."""
        left, right, _ = self._rows
        return left, right - len(self.left)

    def _side(self, side: str) -> Records:
        """The items of one side under their own ids; they stand together, the left ones first."""
        import pyarrow as pa

        records, on_left = self.items.records, self.sizes[0]
        start, count = (0, on_left) if side == LEFT else (on_left, self.sizes[1])
        table, ids = records.table.slice(start, count), records.ids.slice(start, count)
        ids = _without_side(pa.concat_arrays([ids]))
        if records.id_column is not None:
            at = table.schema.get_field_index(records.id_column)
            table = table.set_column(at, records.id_column, ids)
        return replace(records, name=self.names[side == RIGHT], table=table, ids=ids)

    def frame(self) -> pd.DataFrame:
        """`pairs` as pandas."""
        frame: pd.DataFrame = self.pairs.to_pandas()
        return frame

    def rethreshold(self, threshold: float) -> ItemLinkage:
        """The same pairs cut at another probability; nothing is read or compared again.

        Raises:
            OptionError: not between 0 and 1.
        """
        log_odds_of(threshold)
        return replace(self, threshold=threshold)

    def cross_encoded(self, model: PairModel) -> ItemLinkage:
        """The same pairs as a cross-encoder decides those that are open.

        Args:
            model: see `cross_encoded`.

        Raises:
            EncoderError: it cannot be loaded, or gives more than one number for a pair.
        """
        texts = texts_of(self.items.records, self.items.exact)
        found, told = cross_encoded(self.found, texts, log_odds_of(self.threshold), model)
        statistics = replace(self.statistics, told=(*self.statistics.told, told))
        return replace(self, found=found, statistics=statistics)

    def with_labels(self, labels: Records) -> ItemLinkage:
        """The same pairs as labels say; nothing is read or compared again.

        Args:
            labels: see `open_labels`.

        Raises:
            SourceError: an id is unknown, or a pair is labelled both ways.
        """
        told = read_labels(labels, self.left.ids, self.right.ids)
        known = KnownPairs(told.left, told.right + len(self.left), told.same)
        kept = known.of_kept(self.items.exact)
        return self if kept is None else replace(self, found=labelled_tiers(self.found, kept))

    @property
    def how(self) -> str:
        """What was compared, and how many pairs each tier found."""
        names, counts = np.unique(self.pairs["tier"].to_numpy(), return_counts=True)
        counted = ", ".join(f"{count:,} {name}" for name, count in zip(names, counts, strict=True))
        return f"{self.compared or self.tiers.compared}; pairs found: {counted or 'none'}"

    def told(self, pair: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The ids of the two items of a pair, and the texts that they are; empty for others."""
        ids = [pair["left_id"], pair["right_id"]]
        table = self.items.records.table
        if self.kind not in table.column_names:
            return ids, ["", ""]
        rows = [self._row[side + each] for side, each in zip((LEFT, RIGHT), ids, strict=True)]
        return ids, [str(table[self.kind][row].as_py()) for row in rows]

    @cached_property
    def _row(self) -> dict[str, int]:
        """The row of each id."""
        return {each: row for row, each in enumerate(self.items.records.ids.to_pylist())}

    @cached_property
    def _rows(self) -> tuple[Rows, Rows, Rows]:
        """Rows of the two items of each pair, and its place in `found`: -1, the last, if exact."""
        sides = _Sides(self.items)
        # Of unknown probability are pairs that a score decided.
        below = self.found.log_odds <= log_odds_of(self.threshold) - ROUNDING
        above = np.flatnonzero(~below)
        pairs = self.found.pairs
        parts = [
            *((pair, -1) for content in sides.on_both for pair in sides.across(content, content)),
            *(
                (pair, int(place))
                for place in above
                for a, b in ((pairs.left[place], pairs.right[place]),)
                for one, other in ((int(a), int(b)), (int(b), int(a)))
                for pair in sides.across(one, other)
            ),
        ]
        rows = np.array([pair for pair, _ in parts], np.int64).reshape(-1, 2)
        return rows[:, 0], rows[:, 1], np.array([place for _, place in parts], np.int64)


class _Sides:
    """The rows of each content, by the side that they are of."""

    def __init__(self, items: ReadItems) -> None:
        import pyarrow.compute as pc

        place = items.exact.place
        of_left = pc.starts_with(items.records.ids, LEFT).to_numpy(zero_copy_only=False)
        contents = len(items.exact.kept)
        self._left = _rows_of(place, np.flatnonzero(of_left), contents)
        self._right = _rows_of(place, np.flatnonzero(~of_left), contents)
        self.on_both = [
            content for content in range(contents) if self._left[content] and self._right[content]
        ]

    def across(self, one: int, other: int) -> Iterator[tuple[int, int]]:
        """Rows of one content on the left with rows of another on the right, each once at least."""
        left, right = self._left[one], self._right[other]
        if left and right:
            yield from ((left[0], row) for row in right)
            yield from ((row, right[0]) for row in left[1:])


def _rows_of(place: Rows, rows: Rows, contents: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(contents)]
    for row in rows.tolist():
        found[place[row]].append(row)
    return found


def link_by_tiers(
    left: ItemSource,
    right: ItemSource,
    tiers: Tiers,
    asked: Asked,
    stages: Stages,
    cache: bool = False,
) -> ItemLinkage:
    """Find the items of two sources that are the same thing, one of each.

    Args:
        left: open, as `Tiers.reading` asks.
        right: the same, of the same kind.
        tiers: by which they are compared.
        asked: see `asked_threshold`.
        stages: of the run, reading begun.
        cache: see `read_contents`.

    Raises:
        OptionError: the threshold is no probability, or the precision no share.
        EmptySourceError, SourceError: nothing can be read, or not to its end.
    """
    check_asked(asked)
    items = read_contents(joined(left, right), tiers, stages, cache)
    stages.start("finding pairs")
    found = tiers.pairs(items)
    chosen = asked_threshold(asked, tiers, found)
    stages.finish()
    return _linkage(left, right, items, found, tiers, chosen, stages)


def link_by_encoder(
    left: Opening, right: Opening, kind: Kind, options: ItemOptions, stages: Stages
) -> ItemLinkage:
    """Find the items of two sources that an encoder takes for the same, one of each.

    Args:
        left: opens a source, read as the encoder asks.
        right: the same, of the same kind.
        kind: of the items.
        options: with an encoder, or the mode `fast`.
        stages: of the run, reading begun.

    Raises:
        EncoderError: the encoder cannot be loaded.
        OptionError: options that do not go together.
        EmptySourceError, SourceError: nothing can be read, or not to its end.
    """
    opened: list[ItemSource] = []

    def both(reading: Mapping[str, Any]) -> ItemSource:
        opened[:] = [left(reading), right(reading)]
        return joined(*opened)

    encoded = dedupe_encoded(both, kind, options, stages)
    decision = encoded.decision
    open_ones = options.cross_encoder is not None
    found = loose_tier_pairs(encoded) if open_ones else _found_pairs(encoded)
    least = 1.0 / (1.0 + np.exp(-least_odds(encoded))) if open_ones else _ANY
    source, kept = joined(*opened), encoded.exact.kept
    items = ReadItems(
        encoded.records,
        encoded.exact,
        lambda numbers, least=None: source.whole(kept[list(numbers)].tolist(), least),
    )
    tiers = Tiers(kind.name, "identical", (), _ANY)
    made = _linkage(opened[0], opened[1], items, found, tiers, least, stages)
    told = encoded.how if decision is None else f"{encoded.items.compared}, {decision.words}"
    return replace(made, compared=told)


def _found_pairs(encoded: ItemDeduplication) -> TierPairs:
    """The pairs as close as the threshold."""
    near, decision = encoded.near, encoded.decision
    near = near.only(np.arange(len(near.pairs)) < near.found, np.nan)
    likely = np.full(len(near.pairs), np.nan) if decision is None else encoded.probability
    likely = np.clip(likely[: len(near.pairs)], ROUNDING, 1 - ROUNDING)
    words = np.full(len(near.pairs), "")
    return TierPairs(
        near.pairs, np.log(likely / (1 - likely)), near.scores, words + EMBEDDED, words
    )


def _linkage(
    left: ItemSource,
    right: ItemSource,
    items: ReadItems,
    found: TierPairs,
    tiers: Tiers,
    threshold: float,
    stages: Stages,
) -> ItemLinkage:
    on_left = sum(each.startswith(LEFT) for each in items.records.ids.to_pylist())
    statistics = Statistics(
        rows=len(items.records),
        candidates=len(found.pairs),
        recall_lost=0.0,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
    )
    return ItemLinkage(
        names=(left.name, right.name),
        sizes=(on_left, len(items.records) - on_left),
        kind=left.kind,
        threshold=threshold,
        statistics=statistics,
        items=replace(items, records=_told_apart(items.records, (left.name, right.name))),
        found=found,
        tiers=tiers,
    )


def _told_apart(records: Records, names: tuple[str, str]) -> Records:
    """With the name of the source, and not the mark of its side, before what was skipped."""
    skipped = list(records.skipped)
    for side, name in zip((LEFT, RIGHT), names, strict=True):
        skipped = [
            replace(row, reason=f"{name}: {row.reason.removeprefix(side)}")
            if row.reason.startswith(side)
            else row
            for row in skipped
        ]
    return replace(records, skipped=tuple(skipped))


def _without_side(ids: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.utf8_slice_codeunits(ids, len(LEFT))
