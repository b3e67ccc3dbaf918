"""Corrupted copies: a second version of each record, as another clerk would have typed it.

Label-free positives for contrastive training. The kinds of slips and their shares follow
the Febrl generator (Christen, "Probabilistic Data Generation for Deduplication and Data
Linkage", IDEAL 2005): keyboard slips, OCR confusions, swapped and missing fields, words
dropped, reordered and shortened, nicknames.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Objects = npt.NDArray[np.object_]

__all__ = ["Corruption", "corrupt"]

# Letters beside each other on a QWERTY keyboard.
_BESIDE = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
    "o": "ipl", "p": "ol", "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb",
    "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop", "z": "ax", "x": "zsc", "c": "xdv",
    "v": "cfb", "b": "vgn", "n": "bhm", "m": "njk", "1": "2", "2": "13", "3": "24", "4": "35",
    "5": "46", "6": "57", "7": "68", "8": "79", "9": "80", "0": "9",
}  # fmt: skip
# What a scanner or a reader of handwriting takes for what.
_LOOKALIKES = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("o", "0"), ("0", "o"),
    ("l", "1"), ("1", "l"), ("i", "l"), ("s", "5"), ("5", "s"), ("b", "8"), ("8", "b"),
    ("g", "9"), ("z", "2"), ("2", "z"), ("u", "v"), ("e", "c"), ("h", "b"), ("q", "g"),
)  # fmt: skip
# Short forms and the words they stand for; either may be written for the other.
_FORMS = (
    "william bill", "robert bob", "richard dick", "elizabeth liz", "margaret maggie",
    "katherine kate", "james jim", "john jack", "joseph joe", "michael mike", "thomas tom",
    "edward ted", "charles charlie", "alexander alex", "christopher chris", "daniel dan",
    "matthew matt", "nicholas nick", "samuel sam", "benjamin ben", "jennifer jenny",
    "patricia pat", "susan sue", "victoria vicky", "anthony tony", "andrew andy",
    "stephen steve", "gregory greg", "timothy tim", "rebecca becky", "jessica jess",
    "street st", "avenue ave", "road rd", "drive dr", "place pl", "court ct", "crescent cres",
    "circuit cct", "boulevard blvd", "lane ln", "highway hwy", "square sq", "saint st",
    "mount mt", "north n", "south s", "east e", "west w", "apartment apt", "suite ste",
    "incorporated inc", "corporation corp", "limited ltd", "company co", "international intl",
    "association assoc", "department dept", "university univ", "institute inst",
    "conference conf", "proceedings proc", "journal j", "transactions trans", "edition ed",
    "version v", "volume vol", "number no", "professional pro", "standard std", "deluxe dlx",
    "upgrade upg", "windows win", "macintosh mac", "black blk", "white wht", "silver slv",
    "and &",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Corruption:
    """How often each sort of error happens, each a share from 0 to 1.

    Attributes:
        slip: a value gets a keyboard slip, an OCR confusion or a short form.
        words: a value of several words loses, moves or shortens one.
        missing: a value is left out (a row keeps at least one).
        swapped: a row has two neighbouring columns exchanged.
    """

    slip: float = 0.25
    words: float = 0.2
    missing: float = 0.1
    swapped: float = 0.03

    def __post_init__(self) -> None:
        for name in ("slip", "words", "missing", "swapped"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise OptionError(
                    f"corruption: {name} is a share, 0 to 1, not {getattr(self, name)}"
                )


def corrupt(table: pa.Table, *, corruption: Corruption | None = None, seed: int = 0) -> pa.Table:
    """A corrupted copy of every row.

    Args:
        table: columns of text (normalised, or at least text); other types are left alone.
        corruption: how much; the default changes about half of the values of a record.
        seed: the same seed makes the same errors.

    Returns:
        A table of the same columns and rows, row i the second version of row i.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.types as kinds

    rng = np.random.default_rng(seed)
    much = corruption or Corruption()
    names = [n for n in table.column_names if kinds.is_string(table.schema.field(n).type)]
    columns = [np.array(table.column(name).to_pylist(), dtype=object) for name in names]
    for values in columns:
        _some(values, much.slip, rng, _slip)
        _some(values, much.words, rng, _change_words)
    _swap_columns(columns, much.swapped, rng)
    _drop_values(columns, much.missing, rng)
    out = table
    for name, values in zip(names, columns, strict=True):
        place = table.schema.get_field_index(name)
        out = out.set_column(place, name, pa.array(values, pa.string()))
    return out


def _some(
    values: Objects,
    share: float,
    rng: np.random.Generator,
    change: Callable[[str, np.random.Generator], str],
) -> None:
    """Change that share of the values in place (Python runs for those alone)."""
    import numpy as np

    for row in np.flatnonzero(rng.random(len(values)) < share):
        if values[row]:
            values[row] = change(values[row], rng) or values[row]


def _pick(rng: np.random.Generator, count: int) -> int:
    """A whole number below count."""
    return int(rng.random() * count)


def _slip(value: str, rng: np.random.Generator) -> str:
    """One keyboard slip (three in five), OCR confusion or short form."""
    kind = rng.random()
    if kind < 0.2:
        return _lookalike(value, rng)
    if kind < 0.4:
        return _other_form(value, rng)
    return _keyboard_slip(value, rng)


def _keyboard_slip(value: str, rng: np.random.Generator) -> str:
    """A character doubled, lost, exchanged with the next or hit beside."""
    place = _pick(rng, len(value))
    letter = value[place]
    kind = _pick(rng, 4)
    if kind == 0:
        return value[:place] + value[place + 1 :]
    if kind == 1 and place + 1 < len(value):
        return value[:place] + value[place + 1] + letter + value[place + 2 :]
    beside = _BESIDE.get(letter, letter)
    other = beside[_pick(rng, len(beside))]
    return value[:place] + other + value[place + (kind == 2) :]


def _lookalike(value: str, rng: np.random.Generator) -> str:
    """One run of characters read as another, if any can be."""
    found = [pair for pair in _LOOKALIKES if pair[0] in value]
    if not found:
        return _keyboard_slip(value, rng)
    seen, taken_for = found[_pick(rng, len(found))]
    return value.replace(seen, taken_for, 1)


def _other_form(value: str, rng: np.random.Generator) -> str:
    """A word as its short form, or the other way about; else an abbreviated word."""
    words = value.split()
    known = [i for i, word in enumerate(words) if word in _other_forms()]
    if known:
        place = known[_pick(rng, len(known))]
        words[place] = _other_forms()[words[place]]
        return " ".join(words)
    return _shorten(words, rng)


def _shorten(words: list[str], rng: np.random.Generator) -> str:
    """One word cut to its initial or its first three or four letters."""
    long = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if long:
        place = long[_pick(rng, len(long))]
        words[place] = words[place][: (1, 3, 4)[_pick(rng, 3)]]
    return " ".join(words)


def _change_words(value: str, rng: np.random.Generator) -> str:
    """One word lost, moved to another place, joined to the next, or shortened."""
    words = value.split()
    if len(words) < 2:
        return value
    kind, place = _pick(rng, 4), _pick(rng, len(words))
    if kind == 0:
        # Long text loses a run of words: another source describes at another length.
        del words[place : place + 1 + _pick(rng, max(1, len(words) // 2))]
        return " ".join(words) or value
    if kind == 1:
        words.insert(_pick(rng, len(words)), words.pop(place))
    elif kind == 2 and place + 1 < len(words):
        words[place : place + 2] = [words[place] + words[place + 1]]
    else:
        return _shorten(words, rng)
    return " ".join(words)


def _swap_columns(columns: list[Objects], share: float, rng: np.random.Generator) -> None:
    """Exchange two neighbouring columns in that share of the rows."""
    import numpy as np

    if len(columns) < 2:
        return
    rows = np.flatnonzero(rng.random(len(columns[0])) < share)
    places = rng.integers(0, len(columns) - 1, len(rows))
    for place in range(len(columns) - 1):
        here = rows[places == place]
        left, right = columns[place], columns[place + 1]
        left[here], right[here] = right[here].copy(), left[here].copy()


def _drop_values(columns: list[Objects], share: float, rng: np.random.Generator) -> None:
    """Leave out that share of the values, but never a row's last."""
    import numpy as np

    if not columns:
        return
    filled = np.array([[bool(value) for value in values] for values in columns], dtype=np.bool_)
    dropped = (rng.random(filled.shape) < share) & filled
    dropped[:, (filled & ~dropped).sum(axis=0) == 0] = False
    for values, gone in zip(columns, dropped, strict=True):
        values[gone] = None


@cache
def _other_forms() -> dict[str, str]:
    """Each word with the form it may be exchanged for."""
    forms: dict[str, str] = {}
    for pair in _FORMS:
        long, short = pair.split()
        forms.setdefault(long, short)
        forms.setdefault(short, long)
    return forms
