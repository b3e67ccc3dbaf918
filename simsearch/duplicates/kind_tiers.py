"""Which tiers there are for each kind of item, and those of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.duplicates.edited_copies import EditedCopyFinder
from simsearch.duplicates.identical_pixels import IdenticalPixelsFinder
from simsearch.duplicates.lexical import LexicalFinder
from simsearch.duplicates.pictures import PictureFinder
from simsearch.duplicates.tiers import Tiers
from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simsearch.duplicates.tiers import TierFinder

__all__ = ["KIND_TIERS", "KindTiers", "tiers_for"]


@dataclass(frozen=True, slots=True)
class KindTiers:
    """The tiers of a kind.

    Attributes:
        exact: the name of the tier of equal contents.
        finders: by tier, what makes its finder; the strictest first.
        threshold: probability from which two are the same where the user says nothing.
        among_hubs: see `Tiers`.
        asked_for: tiers that are compared only where the user names them.
    """

    exact: str
    finders: dict[str, Callable[[], TierFinder]]
    threshold: float
    among_hubs: bool = False
    asked_for: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        """Of all tiers, the strictest first."""
        return [self.exact, *self.finders]


KIND_TIERS = {
    # To delete a photo is worse than to keep two of it.
    "image": KindTiers(
        "identical bytes",
        {
            IdenticalPixelsFinder.tier: IdenticalPixelsFinder,
            PictureFinder.tier: PictureFinder,
            EditedCopyFinder.tier: EditedCopyFinder,
        },
        0.95,
    ),
    "text": KindTiers("identical", {LexicalFinder.tier: LexicalFinder}, 0.5, among_hubs=True),
}


def tiers_for(kind: str, asked: Sequence[str] | None = None) -> Tiers:
    """The tiers by which items of a kind are compared.

    Args:
        kind: that has tiers.
        asked: the names of tiers; None for the usual ones. Equal contents always count.

    Raises:
        OptionError: there is no such tier.
    """
    known = KIND_TIERS[kind]
    names = [n for n in known.names if n not in known.asked_for] if asked is None else list(asked)
    for name in names:
        if name not in known.names:
            shown = ", ".join(map(repr, known.names))
            raise OptionError(f"`tier` {name!r} is none of {kind}s; there are {shown}")
    finders = tuple(make() for name, make in known.finders.items() if name in names)
    return Tiers(kind, known.exact, finders, known.threshold, known.among_hubs)
