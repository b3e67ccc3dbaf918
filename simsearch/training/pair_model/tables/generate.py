"""Tables made up for training and testing a pair model, with the truth beside each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables.everyday import EVERYDAY
from simsearch.training.pair_model.tables.families import FAMILIES
from simsearch.training.pair_model.tables.noise import NOISE, noise_column
from simsearch.training.pair_model.tables.ordinary import ORDINARY
from simsearch.training.pair_model.tables.shape import one_table, two_tables
from simsearch.training.pair_model.tables.source import some_source
from simsearch.training.pair_model.tables.strangers import STRANGERS
from simsearch.training.pair_model.tables.words import language
from simsearch.training.pair_model.tables.world import World
from simsearch.training.pair_model.tables.writing import Manner, pieces, write

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.training.pair_model.tables.family import Family
    from simsearch.training.pair_model.tables.shape import Shape
    from simsearch.training.pair_model.tables.world import Columns, Rows

__all__ = ["GeneratedTable", "Wanted", "generate"]

# One table in five is small; a person with fifty contacts has duplicates too.
SMALL_SHARE = 0.2
ALPHABET_SHARE = 0.55
# Without these nobody could tell what a row is of; they are hardly ever left out.
SOLE = frozenset({
    "flat", "serial", "vin", "tax", "product", "edition_title", "title", "model",
})  # fmt: skip
RARELY_MISSING = 0.15
# Tables of several sources that have a column which names them.
NAMES_SOURCE = 0.4
# Columns whose header is that of another.
SAME_HEADER = {
    "product": "title", "edition_title": "title", "called": "name", "street_bare": "street",
    "address": "street",
    "written_by": "source",
}  # fmt: skip


@dataclass(frozen=True)
class GeneratedTable:
    """One table, or two, and what is the same in them.

    Attributes:
        family: name of its family.
        left: the table; columns of text, None where a value is missing.
        left_entity: (n,) int64 number of the thing each row is of.
        right: the second table, or None.
        right_entity: (m,) int64 for the second table, in the same numbers, or None.
        form: `one table`, or how the two tables go together (one of shape.FORMS).
    """

    family: str
    left: pa.Table
    left_entity: npt.NDArray[np.int64]
    right: pa.Table | None = None
    right_entity: npt.NDArray[np.int64] | None = None
    form: str = "one table"

    @property
    def has_duplicates(self) -> bool:
        """Whether there is any pair to find: in the table, or between the two."""
        if self.right_entity is None:
            return len(np.unique(self.left_entity)) < len(self.left_entity)
        return bool(np.isin(self.right_entity, self.left_entity).any())


@dataclass(frozen=True)
class Wanted:
    """What a table shall be like, where chance shall not decide.

    Attributes:
        duplicates: whether anything is the same.
        tables: 1 or 2.
        form: how two tables go together, of shape.FORMS.
        rows: about how many.
        language: of the words, two letters.
        hidden: whether headers are c01, c02 …
    """

    duplicates: bool | None = None
    tables: int | None = None
    form: str | None = None
    rows: int | None = None
    language: str | None = None
    hidden: bool | None = None


def generate(family: str | Family, seed: int, wanted: Wanted | None = None) -> GeneratedTable:
    """A table of a family, the same for the same seed.

    Args:
        family: a key of FAMILIES, ORDINARY, EVERYDAY or STRANGERS, or a family of your own.
        seed: from 0.
        wanted: what chance shall not decide; None leaves all to it.

    Raises:
        OptionError: no such family, or it has no table as wanted.
    """
    chosen = _known(family) if isinstance(family, str) else family
    rng = np.random.default_rng([seed, crc32(chosen.name.encode())])
    return _made(chosen, _decided(chosen, wanted or Wanted(), rng), rng)


def _known(name: str) -> Family:
    """The family of that name."""
    known = FAMILIES | ORDINARY | EVERYDAY | STRANGERS
    if name not in known:
        raise OptionError(f"no family {name!r}; there are: {', '.join(known)}")
    return known[name]


def _decided(family: Family, wanted: Wanted, rng: np.random.Generator) -> Wanted:
    """Everything that was left to chance, decided."""
    duplicates = wanted.duplicates
    if duplicates is None:
        duplicates = bool(rng.random() < 0.65) if family.duplicates is None else family.duplicates
    elif family.duplicates not in (None, duplicates):
        raise OptionError(f"tables of {family.name} are never duplicates={duplicates}")
    tables = wanted.tables or int(rng.choice(family.tables))
    if tables not in family.tables:
        raise OptionError(f"there is no {family.name} in {tables} tables")
    form = wanted.form or (str(rng.choice(family.forms)) if duplicates else "no_partner")
    if duplicates and form == "no_partner":
        form = "one_to_one"
    low, high = family.rows
    if low >= 100 and rng.random() < SMALL_SHARE:
        low, high = 8, 200
    rows = wanted.rows or int(rng.integers(low, high))
    return replace(
        wanted,
        duplicates=duplicates,
        tables=tables,
        form=form,
        rows=rows,
        language=wanted.language or _some_language(family, rng),
        hidden=bool(rng.random() < 0.2) if wanted.hidden is None else wanted.hidden,
    )


def _some_language(family: Family, rng: np.random.Generator) -> str:
    """English as often as two others together, where the family has it."""
    if "en" in family.languages and rng.random() < 0.3:
        return "en"
    return str(rng.choice(family.languages))


@dataclass(frozen=True)
class Draft:
    """Rows that are decided, and not yet written.

    Attributes:
        family: of the table.
        plan: what it shall be like.
        world: its language and chance.
        layout: its columns.
        atoms: parts of the thing of each row, (n,) each.
        entity: (n,) number of the thing of each row.
    """

    family: Family
    plan: Wanted
    world: World
    layout: str
    atoms: Columns
    entity: Rows


def _made(family: Family, plan: Wanted, rng: np.random.Generator) -> GeneratedTable:
    """The table as decided."""
    world = World(language(plan.language or "en"), rng, tail=float(rng.choice([0.8, 1.0, 1.2])))
    shape = _shape(family, plan, rng)
    things = _distinct(family, shape.things, world)
    shape = shape.below(len(next(iter(things.values()))))
    atoms = {name: values[shape.entity] for name, values in things.items()}
    atoms = family.change(atoms, shape.again, world)
    layout = family.layouts[int(rng.integers(0, len(family.layouts)))]
    draft = Draft(family, plan, world, layout, atoms, shape.entity)
    left, left_entity = _written(draft, np.flatnonzero(~shape.right), "c")
    if plan.tables != 2:
        return GeneratedTable(family.name, left, left_entity)
    # c01 of the one table would not be c01 of the other.
    right, right_entity = _written(draft, np.flatnonzero(shape.right), "x")
    return GeneratedTable(family.name, left, left_entity, right, right_entity, plan.form or "")


def _some_manner(draft: Draft) -> Manner:
    """The columns of the layout, some of the optional ones left out, and what gaps they have."""
    rng = draft.world.rng
    keep = rng.random() * 0.6 + 0.3
    words = [w for w in draft.layout.split() if not w.endswith("?") or rng.random() < keep]
    headers = {w.rstrip("?").partition("=")[0]: w.rstrip("?").partition("=")[2] for w in words}
    scale = {name: RARELY_MISSING if name in SOLE else 1.0 for name in headers}
    gaps = {name: draft.family.gaps * scale[name] * rng.choice([0, 0.5, 1, 3]) for name in headers}
    return Manner(headers, gaps)


def _shape(family: Family, plan: Wanted, rng: np.random.Generator) -> Shape:
    """Which row is of which thing."""
    rows = max(2, plan.rows or 0)
    if plan.tables == 2:
        return two_tables(rows, plan.form or "one_to_one", rng)
    groups = str(rng.choice(family.groups)) if plan.duplicates else None
    return one_table(rows, groups, float(rng.choice(family.shares)), rng)


def _distinct(family: Family, count: int, world: World) -> Columns:
    """Things of which no two have the same key."""
    more = family.make(int(count * 1.35) + 6, world)
    if not family.key:
        return {name: values[:count] for name, values in more.items()}
    keys = list(zip(*(_folded(more[name]) for name in family.key), strict=True))
    first = list({key: row for row, key in reversed(list(enumerate(keys)))}.values())
    kept = np.sort(np.array(first))[:count]
    return {name: values[kept] for name, values in more.items()}


def _folded(values: npt.NDArray[np.object_]) -> list[str]:
    return [str(value).lower() for value in values]


def _written(draft: Draft, rows: Rows, hidden: str) -> tuple[pa.Table, Rows]:
    """One table: rows by one or more sources, noise, headers, in an order by chance."""
    world, rng = draft.world, draft.world.rng
    rows = rows[_order(rows, rng)]
    manner = _some_manner(draft)
    low, high = draft.family.sources
    cares = rng.choice(draft.family.care, int(rng.integers(low, high + 1))).tolist()
    sources = [some_source(world, care) for care in cares]
    by = _who_wrote(draft.entity[rows], len(sources), rng)
    places = [np.flatnonzero(by == number) for number in range(len(sources))]
    written = [
        write({name: v[rows[at]] for name, v in draft.atoms.items()}, manner, source, world)
        for source, at in zip(sources, places, strict=True)
    ]
    columns = _with_noise(pieces(written, places, len(rows)), len(rows), draft)
    if len(sources) > 1 and rng.random() < NAMES_SOURCE:
        columns = _with_source(columns, by, world)
    if draft.plan.hidden:
        return _table(columns, _hidden(columns, hidden)), draft.entity[rows]
    return _table(columns, _headers(columns, manner, world)), draft.entity[rows]


def _who_wrote(entity: Rows, sources: int, rng: np.random.Generator) -> Rows:
    """The source of each row: by chance, or (as often) each thing in turn by another one.

    A shop lists a product once: rows of one thing are then of different shops.
    """
    by = rng.integers(0, sources, len(entity))
    if rng.random() < 0.5:
        return by
    order = np.argsort(entity, kind="stable")
    ordered = entity[order]
    first = np.searchsorted(ordered, ordered)
    in_turn = np.empty(len(entity), np.int64)
    in_turn[order] = (by[order[first]] + np.arange(len(entity)) - first) % sources
    return in_turn


def _with_source(columns: Columns, by: Rows, world: World) -> Columns:
    """A column more, that names the source of each row."""
    rng = world.rng
    styles = (
        tuple("ABCDEFG"), ("1", "2", "3", "4", "5", "6"),
        ("crm", "webshop", "till", "legacy", "partner", "import"),
        ("north.example", "bargains.example", "mega-store.example", "kiosk.example"),
    )  # fmt: skip
    names = rng.permutation(np.array(styles[int(rng.integers(0, len(styles)))], dtype=object))
    items = list(columns.items())
    if "written_by" not in columns:
        place = int(rng.integers(0, len(items) + 1))
        items.insert(place, ("written_by", names[by % len(names)]))
    return dict(items)


def _order(rows: Rows, rng: np.random.Generator) -> Rows:
    """Rows by chance, or (one table in ten) as they came: the same things beside each other."""
    return np.arange(len(rows)) if rng.random() < 0.1 else rng.permutation(len(rows))


def _with_noise(columns: Columns, rows: int, draft: Draft) -> Columns:
    """Some columns more, between the others."""
    rng = draft.world.rng
    items = list(columns.items())
    count = int(rng.integers(0, draft.family.noise + 1)) if rng.random() < 0.7 else 0
    for kind in rng.choice(list(NOISE), size=count, replace=False).tolist():
        if kind not in columns:
            values = noise_column(kind, columns, rows, draft.world)
            items.insert(int(rng.integers(0, len(items) + 1)), (kind, values))
    if rng.random() < 0.15:
        items = [items[place] for place in rng.permutation(len(items))]
    return dict(items)


def _table(columns: Columns, names: list[str]) -> pa.Table:
    """The columns under those names."""
    import pyarrow as pa

    arrays = [pa.array(values.tolist(), pa.string()) for values in columns.values()]
    return pa.table(arrays, names=names)


def _hidden(columns: Columns, letter: str) -> list[str]:
    """Names that say nothing: c01, c02 …"""
    return [f"{letter}{place + 1:02d}" for place in range(len(columns))]


def _headers(columns: Columns, manner: Manner, world: World) -> list[str]:
    """The names that a table of this language has, each once."""
    english = language("en").forms("header")
    own = world.language.forms("header") if world.rng.random() < ALPHABET_SHARE else english
    styled = int(world.rng.integers(0, 4))
    names: list[str] = []
    for place, role in enumerate(columns):
        like = SAME_HEADER.get(role, role)
        known = own.get(like) or english.get(like) or (role,)
        name = manner.headers.get(role) or known[int(world.rng.random() ** 2 * len(known))]
        name = _styled(name, styled)
        names.append(name if name not in names else f"{name}_{place}")
    return names


def _styled(name: str, style: int) -> str:
    """As it is, with blanks, in capitals, or as a title."""
    spaced = name.replace("_", " ")
    return (name.replace(" ", "_"), spaced, name.replace(" ", "_").upper(), spaced.title())[style]
