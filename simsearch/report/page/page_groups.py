"""Groups and pairs of a page as JSON holds them: rows of short lists, not of named values."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from simsearch.duplicates.item_linkage import ItemLinkage
from simsearch.duplicates.tiered_deduplication import TieredDeduplication
from simsearch.records.linkage import Linkage
from simsearch.report.page.found_pairs import numbers
from simsearch.report.page.page_head import EVIDENCE
from simsearch.report.page.page_items import text_place
from simsearch.report.page.rewritten import rewritten
from simsearch.report.page.word_marks import WordMarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.report.page.found_pairs import ReportPairs, Result
    from simsearch.report.page.page_items import Column, PageItems
    from simsearch.report.page.shown_groups import ShownGroup, ShownPair

__all__ = ["MOST_ITEMS", "grouped"]

# Groups are shown until the page holds so many items: a browser lays out no more with ease.
MOST_ITEMS = 60_000


def grouped(
    found: Result,
    pairs: ReportPairs,
    groups: Sequence[ShownGroup],
    columns: Sequence[Column],
    items: PageItems,
) -> dict[str, Any]:
    """The groups of a page, and how many were left out.

    A group is [number or null, item to keep, size, confidence, pairs]; a pair is [left item, right
    item, probability, score, tier, what differs, note, evidence, words that differ on the left, on
    the right, columns that hold one value in two spellings]; null stands for what is not known.
    `goes` says why items are not kept.

    Args:
        found: a run.
        pairs: of it.
        groups: to show, the most needed first.
        columns: that are shown.
        items: takes the items of the groups.
    """
    facts = _Facts(found, pairs, columns)
    facts.learn(groups)
    shown: list[list[Any]] = []
    for group in groups:
        if len(items) >= MOST_ITEMS:
            break
        kept = items.number(0, group.kept)
        numbered = [
            [items.number(0, pair.left), items.number(1, pair.right), *facts.of(pair)]
            for pair in group.pairs
        ]
        shown.append([group.number, kept, group.size, _rounded(group.confidence, 4), numbered])
    return {
        "groups": shown,
        "evidence": facts.evidence,
        "groupsLeftOut": len(groups) - len(shown),
        "goes": _goes(found, groups[: len(shown)], items),
    }


def _goes(found: Result, groups: Sequence[ShownGroup], items: PageItems) -> dict[int, str]:
    """Why items go that are shown, by their numbers, where a rule says which is kept."""
    if not isinstance(found, TieredDeduplication):
        return {}
    lost = {row: reason for each in found.kept for row, reason in each.lost.items()}
    rows = {pair.right for group in groups if group.number is not None for pair in group.pairs}
    return {items.number(0, row): lost[row] for row in sorted(rows & lost.keys())}


class _Facts:
    """What is known of each pair.

    Args:
        found: a run.
        pairs: of it.
        columns: that are shown.

    Attributes:
        evidence: names of what speaks for or against a pair: columns, and what is beside them.
    """

    def __init__(self, found: Result, pairs: ReportPairs, columns: Sequence[Column]) -> None:
        self._found, self._columns = found, columns
        self._rewritten: dict[tuple[int, int], list[int]] = {}
        table = pairs.facts
        names = table.column_names
        own = [name for name in names if name.startswith(EVIDENCE)]
        self.evidence = [name.removeprefix(EVIDENCE) for name in own]
        self._evidence = [numbers(table, name) for name in own]
        self._numbers = {
            name: numbers(table, name) for name in ("probability", "score") if name in names
        }
        self._words = {
            name: table[name].to_pylist() for name in ("tier", "differs") if name in names
        }
        self._marks: WordMarks | None = None
        self._texts: list[str | None] = []
        # Of two sources the right one's texts stand behind the left one's.
        self._right = len(found.left) if isinstance(found, ItemLinkage) else 0
        place = text_place(found, columns)
        if place is not None and not isinstance(found, Linkage):
            if columns[place].redacted:  # what differs is in words of the texts
                self._words.pop("differs", None)
            else:
                items = found.items if isinstance(found, ItemLinkage) else found
                texts = items.records.table[columns[place].left or ""]
                self._marks, self._texts = WordMarks(texts, items.exact), texts.to_pylist()

    def learn(self, groups: Sequence[ShownGroup]) -> None:
        """Prepare for groups that will be shown."""
        shown = [(pair.left, pair.right) for group in groups for pair in group.pairs]
        self._rewritten = rewritten(self._found, shown, self._columns)
        if self._marks is not None:
            pairs = [pair for group in groups for pair in group.pairs]
            rows = {row for pair in pairs for row in (pair.left, pair.right + self._right)}
            self._marks.learn(self._texts[row] or "" for row in rows)

    def of(self, pair: ShownPair) -> list[Any]:
        """The values of a pair behind its two items; those at the end that are null left out."""
        spelled = self._rewritten.get((pair.left, pair.right))
        values = [*self._known(pair.place), pair.note or None, *self._said(pair), spelled]
        while values and values[-1] is None:
            values.pop()
        return values

    def _known(self, place: int) -> list[Any]:
        """Probability, score, tier, what differs."""
        if place < 0:
            return [None] * 4
        figures = [
            _rounded(float(self._numbers[name][place]), 6) if name in self._numbers else None
            for name in ("probability", "score")
        ]
        words = [
            self._words[name][place] or None if name in self._words else None
            for name in ("tier", "differs")
        ]
        return [*figures, *words]

    def _said(self, pair: ShownPair) -> list[Any]:
        """Evidence, and words that differ in either text."""
        evidence: list[float | None] | None = None
        if self._evidence and pair.place >= 0:
            evidence = [_rounded(float(values[pair.place]), 3) for values in self._evidence]
            if all(value is None for value in evidence):  # equal in all that is compared
                evidence = None
        if self._marks is None:
            return [evidence, None, None]
        right = pair.right + self._right
        shown = (self._texts[pair.left] or "", self._texts[right] or "")
        return [evidence, *self._marks.of(pair.left, right, shown)]


def _rounded(value: float, digits: int) -> float | None:
    return round(value, digits) if isfinite(value) else None
