"""The threshold at which so many items remain: the surest copies go first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.kinds.registry import kind_named

if TYPE_CHECKING:
    from typing import TypeVar

    from simsearch.records.deduplication import Deduplication

    Found = TypeVar("Found", bound=Deduplication)

__all__ = ["at_target_size", "check_target_size"]


def check_target_size(
    size: int | None, threshold: float | str | None, precision: float | None
) -> None:
    """Refuse what goes with no target size.

    Raises:
        OptionError: it is below 1, or a threshold or a precision is given as well.
    """
    if size is None:
        return
    if size < 1:
        raise OptionError(f"`target_size` is how many items remain, at least 1, not {size}")
    for name, value in (("threshold", threshold), ("precision", precision)):
        if value is not None:
            raise OptionError(f"`target_size` and `{name}` exclude each other; leave one out")


def at_target_size(found: Found, size: int) -> Found:
    """The same items grouped by the loosest threshold at which no fewer than so many remain.

    Each group keeps one. The answer is found by bisection over the thresholds by which groups
    differ; nothing is read or encoded again. A note says what it is.

    Args:
        found: a run.
        size: how many items are to remain.

    Raises:
        OptionError: more remain even where all pairs that may be the same are; or only exact
            duplicates were looked for.
    """
    cuts = found.cuts
    noun = f"{kind_named(found.kind).noun}s"
    strict, loose = -1, len(cuts) - 1
    best = found.at_cut(float(cuts[loose])) if len(cuts) else found
    if _remaining(best) > size:
        raise OptionError(
            f"`target_size` {size:,}: {_remaining(best):,} {noun} remain even where all pairs that "
            "may be the same are taken for it; ask for that many at least"
        )
    # Looser than `strict` too few may remain; at `loose` they do, or just enough.
    while len(cuts) and _remaining(best) < size and loose - strict > 1:
        middle = (strict + loose) // 2
        tried = found.at_cut(float(cuts[middle]))
        if _remaining(tried) >= size:
            strict = middle
        else:
            loose = middle
    if len(cuts) and _remaining(best) < size:
        best = found.at_cut(float(cuts[max(strict, 0)]))
    return _noted(best, found, size, noun)


def _remaining(found: Deduplication) -> int:
    return len(found.group) - found.surplus_rows


def _noted(best: Found, usual: Deduplication, size: int, noun: str) -> Found:
    """With a note of what remains by which threshold."""
    told = f"{_remaining(best):,} {noun} remain, of {size:,} asked for, by a threshold of "
    told += f"{best.threshold:.4g}"
    if best.surplus_rows > usual.surplus_rows:
        told += (
            f": looser than the usual one ({usual.threshold:.4g}), so that what goes may differ "
            "from what stays"
        )
    elif _remaining(best) < size:
        told += ": the others equal one of them"
    records = replace(best.records, notes=(*best.records.notes, told))
    return replace(best, records=records)  # type: ignore[type-var]
