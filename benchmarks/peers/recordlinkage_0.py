"""recordlinkage 0.16, unattended: blocking, comparisons, and its ECM classifier.

The shape is that of its guide to deduplication (febrl): several keys to block on, names also by
sorted neighbourhood, strings compared by Jaro-Winkler at 0.85, the rest exactly, then the
unsupervised ECM classifier (Fellegi-Sunter by expectation/conditional maximisation). It needs
pandas < 3 and so an environment of its own: benchmarks/peers/setup.sh makes it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.job import ID_COLUMN, Job, answer, read_job

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Setting:
    """What its user writes down for one kind of table.

    Attributes:
        blocks: columns whose equality makes a candidate.
        neighbourhoods: columns whose nearness in sorted order makes a candidate.
        strings: columns compared by Jaro-Winkler, cut at 0.85.
        exact: columns compared for equality.
    """

    blocks: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    strings: tuple[str, ...]
    exact: tuple[str, ...]


NAMES = ("given_name", "surname")
SETTINGS = {
    "febrl": Setting(
        ("given_name", "surname", "date_of_birth", "postcode", "soc_sec_id"),
        ("surname",),
        (*NAMES, "address_1", "suburb"),
        ("date_of_birth", "postcode", "soc_sec_id", "street_number"),
    ),
    "fake": Setting(
        ("first_name", "surname", "dob", "email"),
        ("surname",),
        ("first_name", "surname", "email"),
        ("dob", "city"),
    ),
    "persons": Setting(
        ("date_of_birth", "phone", "email", "postcode"),
        ("surname",),
        (*NAMES, "street", "email"),
        ("date_of_birth", "phone", "postcode", "city"),
    ),
    "groups": Setting(
        ("full_name", "date_of_birth", "postcode"),
        ("surname",),
        (*NAMES, "street"),
        ("date_of_birth", "postcode", "city"),
    ),
    "bibliography": Setting(
        ("title", "authors"), ("title", "authors"), ("title", "authors"), ("year",)
    ),
    "products": Setting(("title",), ("title",), ("title",), ("price",)),
    "restaurants": Setting(
        ("name", "phone_number"), ("name",), ("name", "street"), ("phone_number",)
    ),
}


def read(path: str, family: str) -> pd.DataFrame:
    """The table as lower-case text, its index the row positions."""
    import pandas as pd

    table = pd.read_csv(path, dtype=str).set_index(ID_COLUMN)
    table.index = table.index.astype(np.int64)
    for name in table.columns:
        table[name] = table[name].str.lower()
    if family == "products":
        table = table.rename(columns={"name": "title"})
    if family == "bibliography":
        table["year"] = table["year"].str.slice(0, 4)
    if family == "restaurants":
        table["phone_number"] = table["phone_number"].str.replace(r"\D", "", regex=True)
    return table


def match(job: Job) -> None:
    """Index, compare, classify; groups by connected components for one table."""
    import recordlinkage

    setting = SETTINGS[job.family]
    tables = [read(path, job.family) for path in (job.left, job.right) if path is not None]
    indexer = recordlinkage.Index()
    for name in setting.blocks:
        indexer.block(name)
    for name in setting.neighbourhoods:
        indexer.sortedneighbourhood(name, window=9)
    pairs = indexer.index(*tables)
    compare = recordlinkage.Compare()
    for name in setting.strings:
        compare.string(name, name, method="jarowinkler", threshold=0.85, label=f"{name} like")
    for name in setting.exact:
        compare.exact(name, name, label=f"{name} same")
    features = compare.compute(pairs, *tables)
    matches = recordlinkage.ECMClassifier().fit_predict(features)
    left, right = positions(matches)
    version = f"recordlinkage {recordlinkage.__version__}"
    if job.right is None:
        labels = components(left, right, len(tables[0]))
        answer(job, labels=labels, candidates=lambda: positions(pairs), version=version)
    else:
        answer(job, pairs=(left, right), candidates=lambda: positions(pairs), version=version)


def positions(pairs: pd.MultiIndex) -> tuple[np.ndarray, np.ndarray]:
    """The two sides of an index of pairs."""
    left, right = (pairs.get_level_values(side).to_numpy(np.int64) for side in (0, 1))
    return left, right


def components(left: np.ndarray, right: np.ndarray, rows: int) -> np.ndarray:
    """Groups (rows,) that the pairs make."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left)), (left, right)), shape=(rows, rows))
    return connected_components(graph, directed=False)[1].astype(np.int64)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    match(read_job())
