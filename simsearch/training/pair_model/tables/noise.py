"""Columns that say nothing about which rows are the same thing, though a table has them."""

# ruff: noqa: ARG001  every kind of noise has the same door
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables.words import language, objects, without
from simsearch.training.pair_model.tables.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from simsearch.training.pair_model.tables.world import Columns, Objects

    Noise = Callable[[Columns, int, World], Objects]

__all__ = ["NOISE", "noise_column", "with_noise"]


def random_key(_: Columns, rows: int, world: World) -> Objects:
    """Keys without order, as a database gives them."""
    pattern = ("********-****-****", "#######", "C######", "@@-######")[int(world.rng.random() * 4)]
    return world.codes(pattern, rows)


def source_reference(_: Columns, rows: int, world: World) -> Objects:
    """From which of a few systems a row came."""
    names = ("crm", "shop", "import", "fair", "legacy", "web", "partner")
    return world.skewed(names[: int(world.rng.integers(2, 8))], rows)


def running_number(_: Columns, rows: int, world: World) -> Objects:
    """1, 2, 3 … or 1001, 1002 …"""
    start = int(world.rng.choice([0, 1, 1000, 50000]))
    return objects([str(start + row) for row in range(rows)])


def random_label(_: Columns, rows: int, world: World) -> Objects:
    """A few dozen labels by chance."""
    labels = world.codes("@#", max(2, min(60, rows // 10)))
    return world.pick(labels.tolist(), rows)


def timestamp(_: Columns, rows: int, world: World) -> Objects:
    """When a row was written, to the second."""
    start = np.datetime64("2021-01-01T00:00:00")
    made = start + world.rng.integers(0, 150_000_000, rows).astype("timedelta64[s]")
    blank = " " if world.rng.random() < 0.6 else "T"
    return objects([str(value).replace("T", blank) for value in made])


def constant(_: Columns, rows: int, world: World) -> Objects:
    """The same in every row."""
    value = ("EUR", "active", "0", "north", "v1")[int(world.rng.random() * 5)]
    return objects([value] * rows)


def empty(_: Columns, rows: int, world: World) -> Objects:
    """Nothing in any row."""
    return np.full(rows, None, dtype=object)


def notes(_: Columns, rows: int, world: World) -> Objects:
    """Remarks that belong to the day, not to the thing; most rows have none."""
    words = world.language.words("note")
    made = world.rng.integers(0, len(words), (rows, 6))
    length = world.rng.integers(2, 7, rows)
    given = world.some(rows, float(world.rng.choice([0.15, 0.5, 1.0])))
    text = [
        " ".join(words[place] for place in row[:n]) for row, n in zip(made, length, strict=True)
    ]
    return without(objects(text), ~given)


def flag(_: Columns, rows: int, world: World) -> Objects:
    """Yes or no."""
    yes, no = (("yes", "no"), ("1", "0"), ("true", "false"))[int(world.rng.random() * 3)]
    share = float(world.rng.choice([0.05, 0.5, 0.9]))
    return np.where(world.some(rows, share), yes, no).astype(object)


def amount(_: Columns, rows: int, world: World) -> Objects:
    """Sums of money with a long tail."""
    return objects([f"{value:.2f}" for value in world.rng.lognormal(4, 1, rows)])


def score(_: Columns, rows: int, world: World) -> Objects:
    """Small whole numbers."""
    return world.numbers(0, int(world.rng.choice([5, 100, 1000])), rows)


def doubled(columns: Columns, rows: int, world: World) -> Objects:
    """Another column once more."""
    names = [name for name in columns if any(columns[name])]
    return columns[names[int(world.rng.random() * len(names))]].copy()


def joined(columns: Columns, rows: int, world: World) -> Objects:
    """Two or three neighbouring columns in one."""
    names = list(columns)
    start = int(world.rng.random() * max(1, len(names) - 1))
    chosen = [columns[name] for name in names[start : start + 2 + int(world.rng.random() * 2)]]
    text = [" ".join(filter(None, row)) for row in zip(*chosen, strict=True)]
    return objects([value or None for value in text])


NOISE: dict[str, Noise] = {
    "key": random_key, "source": source_reference, "running": running_number,
    "label": random_label, "created": timestamp, "constant": constant, "empty": empty,
    "note": notes, "flag": flag, "amount": amount, "score": score, "copy": doubled,
    "joined": joined,
}  # fmt: skip


def noise_column(kind: str, columns: Columns, rows: int, world: World) -> Objects:
    """A column of a kind of noise.

    Raises:
        OptionError: there is no such kind.
    """
    if kind not in NOISE:
        raise OptionError(f"no noise {kind!r}; there are: {', '.join(NOISE)}")
    return NOISE[kind](columns, rows, world)


def with_noise(table: pa.Table, kind: str, seed: int) -> pa.Table:
    """A table with one more column that says nothing, at a place by chance.

    Args:
        table: any; its columns stay.
        kind: a key of NOISE.
        seed: the same seed adds the same.

    Raises:
        OptionError: there is no such kind.
    """
    import pyarrow as pa

    world = World(language("en"), np.random.default_rng(seed))
    columns = {name: objects(_text(table.column(name))) for name in table.column_names}
    values = noise_column(kind, columns, table.num_rows, world)
    name = f"{kind}_{seed}"
    place = int(world.rng.integers(0, table.num_columns + 1))
    return table.add_column(place, name, pa.array(values.tolist(), pa.string()))


def _text(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]
