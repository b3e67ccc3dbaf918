"""Made tables that try what is known to break a matcher. The same seed gives the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from benchmarks.corrupt import blank, typos
from benchmarks.persons import corrupted, make_persons, originals

if TYPE_CHECKING:
    import numpy.typing as npt

    Text = npt.NDArray[np.str_]
    Columns = dict[str, Text]
    # A table without id, and which thing each row is.
    Made: TypeAlias = tuple[pd.DataFrame, npt.NDArray[np.int64]]

__all__ = ["different_persons", "large_groups", "one_person", "persons"]

# Columns of the large-groups set: names three times over, and no key such as phone or e-mail.
GROUP_COLUMNS = (
    "full_name",
    "given_name",
    "surname",
    "date_of_birth",
    "street",
    "city",
    "postcode",
)


def persons(rows: int, *, seed: int = 0, copies: float = 0.2) -> Made:
    """The person file of `persons.py` without its ids."""
    made = make_persons(rows, seed=seed, copies=copies)
    return made.table.drop(columns="id"), made.person


def different_persons() -> Made:
    """5,000 persons in households, none of them twice."""
    return persons(5_000, seed=1, copies=0.0)


def one_person() -> Made:
    """One person 200 times, every cell with a chance of a typo or of being empty."""
    rng = np.random.default_rng(2)
    rows = 200
    columns = {name: np.repeat(column, rows) for name, column in originals(1, rng).items()}
    columns = {name: blank(typos(column, 0.3, rng), 0.05, rng) for name, column in columns.items()}
    return _table(columns), np.zeros(rows, dtype=np.int64)


def large_groups() -> Made:
    """About 5,000 rows in groups of 2 to 20 and 300 single rows; a quarter of the cells missing.

    `full_name` repeats `given_name` and `surname`, typos included, as tables do that keep both.
    """
    rng = np.random.default_rng(3)
    sizes = np.concatenate([rng.integers(2, 21, 430), np.ones(300, dtype=np.int64)])
    person = np.repeat(np.arange(len(sizes)), sizes)
    columns = originals(len(sizes), rng, households=False)
    columns = corrupted({name: column[person] for name, column in columns.items()}, rng)
    both = np.char.add(np.char.add(columns["given_name"], " "), columns["surname"])
    columns["full_name"] = np.char.strip(both)
    columns = {name: typos(columns[name], 0.05, rng) for name in GROUP_COLUMNS}
    columns = {name: _missing(column, 0.25, rng) for name, column in columns.items()}
    order = rng.permutation(len(person))
    return _table({name: column[order] for name, column in columns.items()}), person[order]


def _missing(column: Text, share: float, rng: np.random.Generator) -> Text:
    """The column with more values made empty, so that that share of all is."""
    have = np.mean(column == "")
    return blank(column, (share - have) / (1.0 - have), rng)


def _table(columns: Columns) -> pd.DataFrame:
    """As a table, empty values missing."""
    table = pd.DataFrame(columns, dtype="str")
    return table.mask(table == "")
