"""The words of a language: names, streets, goods, and how each is written in another form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError

if TYPE_CHECKING:
    import numpy.typing as npt

    Objects = npt.NDArray[np.object_]

__all__ = ["LANGUAGES", "Language", "language", "objects", "vocabulary", "without"]

LANGUAGES = ("en", "de", "fr", "es", "pl", "tr", "ru", "el", "ar", "zh", "ja", "hi")
FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Language:
    """What `words/<name>.txt` holds.

    Attributes:
        name: two letters, as in ISO 639-1.
        lists: name of a list -> its entries.
    """

    name: str
    lists: dict[str, tuple[str, ...]]

    def words(self, what: str) -> tuple[str, ...]:
        """The entries of a list; none where the language has no such list."""
        return self.lists.get(what, ())

    def line(self, what: str) -> str:
        """A setting: a whole line as it was written."""
        return " ".join(self.words(what))

    def forms(self, what: str) -> dict[str, tuple[str, ...]]:
        """A list of `long=short` entries as long -> its other forms."""
        return _forms(self, what)

    @property
    def joined(self) -> bool:
        """Whether words stand together without a blank, and names are of a few characters."""
        return bool(self.words("joined"))

    @property
    def is_latin(self) -> bool:
        """Whether it is written in the Latin script."""
        return not self.words("latin")

    def latin(self, value: str) -> str:
        """The value in Latin letters, as a passport or a foreign clerk writes it."""
        known = self.forms("latin")
        words = [_latin_word(word, known) for word in value.lower().split()]
        return " ".join(word[:1].upper() + word[1:] for word in words)

    def __hash__(self) -> int:
        return hash(self.name)


def _latin_word(word: str, known: dict[str, tuple[str, ...]]) -> str:
    """One word, longest known run of characters first."""
    out, place = [], 0
    while place < len(word):
        for length in (len(word) - place, 3, 2, 1):
            run = word[place : place + length]
            if run in known:
                out.append(known[run][0])
                break
        place += len(run)
        if run not in known:
            out.append(run)
    latin = "".join(out)
    # A word that is known in part would be in two scripts; nobody writes that.
    return latin if latin.isascii() else word


@cache
def _forms(of: Language, what: str) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for entry in of.words(what):
        long, _, short = entry.partition("=")
        out[long] = (*out.get(long, ()), short)
    return out


@cache
def language(name: str) -> Language:
    """The words of a language.

    Raises:
        OptionError: there are no words for it.
    """
    if name not in LANGUAGES:
        raise OptionError(f"no words for language {name!r}; there are: {', '.join(LANGUAGES)}")
    lists = {}
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        what, _, entries = line.partition(": ")
        if not line.startswith("#"):
            lists[what] = tuple(entry.replace("_", " ") for entry in entries.split())
    return Language(name, lists)


def objects(values: list[str | None] | list[str] | tuple[str, ...]) -> Objects:
    """Values as an array of Python objects, one place each."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def without(values: Objects, gone: npt.NDArray[np.bool_]) -> Objects:
    """The values with None where they are gone."""
    out = values.copy()
    out[gone] = None
    return out


@cache
def vocabulary(of: Language, what: str) -> Objects:
    """Common words of a list, then rare ones composed of the language's own syllables.

    Names of persons and families, streets and cities have a long tail in every country; a list
    typed in has none.
    """
    common = of.words(what)
    rare = _composed(of, what)
    order = np.random.default_rng(len(common)).permutation(len(rare))
    # Not `set`: its order changes from run to run.
    words = dict.fromkeys([*common, *(rare[place] for place in order)])
    return objects(list(words))


def _composed(of: Language, what: str) -> list[str]:
    """All combinations of first and last syllables."""
    if what == "family":
        return [a + b for a, b in product(of.words("start"), of.words("end"))] + _long(of)
    if what in ("woman", "man") and of.words("given_start"):
        return [a + b for a, b in product(of.words("given_start"), of.words("given_end"))]
    if what == "street" and not of.joined:
        return list(of.words("family"))
    if what == "city" and not of.joined:
        return [a + b for a, b in product(of.words("start"), _city_ends(of))]
    return []


def _long(of: Language) -> list[str]:
    """Names of three parts, the rarest; not all, lest they outnumber the rest."""
    parts = product(of.words("start")[::3], of.words("start")[1::3], of.words("end"))
    return [] if of.joined else [a + b.lower() + c for a, b, c in parts]


def _city_ends(of: Language) -> tuple[str, ...]:
    return of.words("city_end") or of.words("end")
