"""Made persons with planted duplicates: small, seeded, and the truth beside them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

FIRST = """
anna ben clara david emma frank grace henry isla jack karen liam maria noah olivia peter
quentin rosa simon tessa ursula victor wendy xavier yara zoe alice bruno carla dennis
""".split()  # noqa: SIM905 - thirty quotes would drown the names
SYLLABLES = "bar ken lim mon nur ras sit tov val zed gor pel dun fay hob".split()  # noqa: SIM905 - as above
CITIES = ["leeds", "york", "bath", "derby", "truro", "ely", "ripon", "wells", "durham", "exeter"]
ROADS = ["street", "road", "lane", "avenue", "close"]

Truth = npt.NDArray[np.int64]


def persons(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Different people; no two share a phone number."""

    def word(parts: int) -> list[str]:
        return ["".join(row).title() for row in rng.choice(SYLLABLES, size=(count, parts))]

    roads = zip(rng.integers(1, 200, count), word(2), rng.choice(ROADS, count), strict=True)
    years, days = rng.integers(1930, 2005, count), rng.integers(1, 29, count)
    months = rng.integers(1, 13, count)
    born = [f"{y}-{m:02}-{d:02}" for y, m, d in zip(years, months, days, strict=True)]
    return pd.DataFrame(
        {
            "first_name": [str(name).title() for name in rng.choice(FIRST, count)],
            "last_name": word(3),
            "street": [f"{number} {name} {kind.title()}" for number, name, kind in roads],
            "city": [str(city).title() for city in rng.choice(CITIES, count)],
            "born": born,
            "phone": [f"0{n}" for n in rng.permutation(8_999_999)[:count] + 1_000_000_000],
        }
    )


def typo(value: str, rng: np.random.Generator) -> str:
    """One letter left out, doubled, or changed."""
    at = int(rng.integers(len(value)))
    new = ("", value[at] * 2, str(rng.choice(list("aeinrst"))))[int(rng.integers(3))]
    return value[:at] + new + value[at + 1 :]


def damaged(frame: pd.DataFrame, rng: np.random.Generator, missing: float = 0.1) -> pd.DataFrame:
    """A copy in which a fifth of the values have a typo and some are empty."""
    columns = {}
    for name in frame.columns:
        values = [typo(v, rng) if rng.random() < 0.2 else v for v in frame[name]]
        columns[name] = ["" if rng.random() < missing else v for v in values]
    return pd.DataFrame(columns)


def customers(
    seed: int = 0, *, alone: int = 140, twice: int = 50, thrice: int = 20
) -> pd.DataFrame:
    """Rows in random order; the column `person`, to take off, says who each is."""
    rng = np.random.default_rng(seed)
    people = persons(alone + twice + thrice, rng).assign(person=np.arange(alone + twice + thrice))
    again = pd.concat([people[: twice + thrice], people[:thrice]])
    copies = damaged(again.drop(columns="person"), rng).assign(person=again["person"].to_numpy())
    both = pd.concat([people, copies])
    return both.iloc[rng.permutation(len(both))].reset_index(drop=True)


def split(frame: pd.DataFrame) -> tuple[pd.DataFrame, Truth]:
    """What the engine sees, and the person of each row."""
    return frame.drop(columns="person"), frame["person"].to_numpy().astype(np.int64)


def arrow(frame: pd.DataFrame) -> pa.Table:
    """The frame as an Arrow table."""
    return pa.Table.from_pandas(frame, preserve_index=False)
