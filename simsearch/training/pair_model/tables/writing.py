"""Rows as a source writes them: in its forms, with its slips and gaps."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.augmentations.records import Corruption, corrupt
from simsearch.training.pair_model.tables.forms import WRITERS
from simsearch.training.pair_model.tables.words import objects, without

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simsearch.training.pair_model.tables.source import Care, Source
    from simsearch.training.pair_model.tables.world import Columns, Objects, Rows, World

__all__ = ["CODES", "TELLING", "Manner", "write"]

# Columns of figures: a slip there is rarer, and no word of theirs moves.
CODES = frozenset({
    "birth", "birth_year", "postcode", "phone", "email", "year", "pages", "number", "length",
    "area", "runtime", "plate", "doi", "website", "ssn",
})  # fmt: skip
# Where one figure tells two things apart, figures are copied with care: else nobody could decide.
TELLING = frozenset({
    "product", "edition_title", "model", "asset", "flat", "street", "address", "title", "album",
    "place", "car",
})  # fmt: skip
# Copied by machine, or chosen from a list.
EXACT = frozenset({
    "sex", "category", "colour", "status", "serial", "vin", "tax", "ean", "isbn", "price", "amount",
    "quantity", "ordered", "visited", "created", "modified", "bought", "listed", "key", "source",
    "latitude", "longitude", "floor", "rooms", "kind", "genre", "language", "country", "mileage",
    "employees", "track", "size",
})  # fmt: skip
SHORTEST = 3
# What old systems keep in fields of a fixed width (not a street: its number would be lost).
CUT = frozenset({"name", "company", "city", "description", "author", "spouse", "place"})


@dataclass(frozen=True)
class Manner:
    """What holds for a table whatever source writes it.

    Attributes:
        headers: its columns, in order -> the header of each, "" where it may be any.
        gaps: column -> how much of a source's `gaps` it has, 0 to 3.
    """

    headers: dict[str, str]
    gaps: dict[str, float]


def write(atoms: Columns, manner: Manner, source: Source, world: World) -> Columns:
    """A row of the table for each row of the parts.

    Args:
        atoms: the parts of each thing, (n,) each.
        manner: the columns wanted.
        source: who writes.
        world: the language and the chance.
    """
    out: Columns = {}
    for column in manner.headers:
        writer = WRITERS.get(column)
        values = atoms[column].copy() if writer is None else writer(atoms, source, world)
        values = with_slips(values, column, source.care, world)
        out[column] = _cut(_in_letters(values, column, source, world), column, source.widest)
    _exchange_names(out, source.care, world)
    _leave_gaps(out, manner, source.care, world)
    return out


def with_slips(values: Objects, column: str, care: Care, world: World) -> Objects:
    """The values of a column with the slips that its kind of value meets."""
    if column in EXACT or (care.slips == 0.0 and care.words == 0.0):
        return values
    if column in CODES:
        return slipped(values, Corruption(care.slips * 0.25, 0.0, 0.0, 0.0), world)
    corruption = Corruption(care.slips, care.words, 0.0, 0.0)
    if column in TELLING:
        return _around_figures(values, corruption, world)
    return slipped(values, corruption, world)


def slipped(values: Objects, corruption: Corruption, world: World) -> Objects:
    """The values with slips; those of one or two characters stay, they would be lost."""
    import pyarrow as pa

    fit = np.array([bool(value) and len(value) >= SHORTEST for value in values], dtype=np.bool_)
    if not fit.any():
        return values
    table = pa.table({"value": pa.array(values[fit].tolist(), pa.string())})
    seed = int(world.rng.integers(0, 2**31))
    out = values.copy()
    out[fit] = objects(corrupt(table, corruption=corruption, seed=seed).column("value").to_pylist())
    return out


def _around_figures(values: Objects, corruption: Corruption, world: World) -> Objects:
    """Slips in words without figures; words with figures keep their form and about their place."""
    words = [(value or "").split() for value in values]
    plain = objects([" ".join(w for w in row if not _has_figure(w)) for row in words])
    after = slipped(plain, corruption, world)
    out = []
    for value, row, text in zip(values, words, after, strict=True):
        kept = (text or "").split()
        for place, word in enumerate(row):
            if _has_figure(word):
                kept.insert(min(place, len(kept)), word)
        out.append(None if value is None else " ".join(kept))
    return objects(out)


def _cut(values: Objects, column: str, widest: int) -> Objects:
    """As much of a value as an old system's field holds."""
    if not widest or column not in CUT:
        return values
    return _each(values, lambda value: value[:widest].rstrip())


def _exchange_names(columns: Columns, care: Care, world: World) -> None:
    """In a few rows the first name stands where the surname belongs."""
    if not {"given", "family"} <= columns.keys():
        return
    rows = world.some(len(columns["given"]), care.slips * 0.1)
    first, last = columns["given"], columns["family"]
    first[rows], last[rows] = last[rows], first[rows].copy()


def _has_figure(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _in_letters(values: Objects, column: str, source: Source, world: World) -> Objects:
    """In the script, the accents and the case of the source."""
    if column in EXACT or column in ("email", "website"):
        return values
    if source.latin:
        values = _each(values, world.language.latin)
    if source.plain:
        values = _each(values, without_accents)
    if source.letters == "as is" or column in ("model", "plate", "doi"):
        return values
    return _each(values, str.upper if source.letters == "upper" else str.lower)


def _each(values: Objects, change: Callable[[str], str]) -> Objects:
    return objects([None if value is None else change(value) for value in values])


def without_accents(value: str) -> str:
    """The value in letters without marks, as an old system keeps it."""
    plain = value.replace("ß", "ss").replace("ł", "l").replace("Ł", "L").replace("ı", "i")
    parts = unicodedata.normalize("NFKD", plain)
    kept = "".join(sign for sign in parts if not ("\u0300" <= sign <= "\u036f"))
    return unicodedata.normalize("NFC", kept)


def _leave_gaps(columns: Columns, manner: Manner, care: Care, world: World) -> None:
    """Leave out values, but never a row's first column and one more."""
    names = list(columns)
    for name in names[1:]:
        share = min(0.9, care.gaps * manner.gaps.get(name, 0.0))
        columns[name] = without(columns[name], world.some(len(columns[name]), share))


def pieces(columns: Sequence[Columns], rows: Sequence[Rows], count: int) -> Columns:
    """Columns written by several sources, each for its own rows, as one."""
    out = {name: np.full(count, None, dtype=object) for name in columns[0]}
    for written, places in zip(columns, rows, strict=True):
        for name, values in written.items():
            out[name][places] = values
    return out
