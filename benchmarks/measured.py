"""Tables of nothing but measured numbers: what `dedupe` groups where nothing is the same, and
of copies that were measured anew, with its defaults and as records.

    python benchmarks/measured.py    # write results/measured.md

The tables come with scikit-learn. Each is taken as it is (equal rows are the only ones that are
the same), then with 25 of its rows once more, each reading a little off: by one part in a hundred,
or by one where they are whole numbers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np
import pandas as pd

import simsearch
from benchmarks import machine
from simsearch.evaluation import grouping_metrics

if TYPE_CHECKING:
    import numpy.typing as npt

    Truth = npt.NDArray[np.int64]

RESULTS = Path(__file__).resolve().parent / "results" / "measured.md"
TABLES = ("iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud")
COPIES, ERROR = 25, 0.01


def main() -> None:
    lines = [
        "| table | rows | readings | grouped | as records | copies: precision, recall |"
        " as records |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in TABLES:
        table = _table(name)
        plain = [_surplus(table, kind) for kind in (None, "record")]
        again, truth = _with_copies(table)
        copies = [_found(again, truth, kind) for kind in (None, "record")]
        lines.append(
            f"| {name} | {len(table):,} | {table.shape[1] - 1} | {plain[0]} | {plain[1]} |"
            f" {copies[0]} | {copies[1]} |"
        )
        print(lines[-1], flush=True)
    told = (__doc__ or "").split("\n\n")[2].rstrip()
    page = [
        "# Tables of nothing but measured numbers", "", told, "",
        "`grouped` is the share of the rows that are in a group with rows they do not equal.", "",
        *lines, "", "; ".join(machine.facts().values()) + ".",
    ]  # fmt: skip
    RESULTS.write_text("\n".join(page) + "\n", "utf-8")


def _table(name: str) -> pd.DataFrame:
    from sklearn import datasets

    frame: pd.DataFrame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    return frame.drop_duplicates(ignore_index=True)


def _with_copies(table: pd.DataFrame) -> tuple[pd.DataFrame, Truth]:
    """The table with some of its rows measured anew, in any order; the thing that each row is."""
    generator = np.random.default_rng(980_000)
    rows = generator.choice(len(table), min(COPIES, len(table)), replace=False)
    again = table.iloc[rows].copy()
    for column in table.columns.drop("target", errors="ignore"):
        values = table[column].iloc[rows].to_numpy()
        if table[column].nunique() <= 2:  # a class: it is not measured
            continue
        whole = bool((values == np.round(values)).all())
        off = generator.integers(-1, 2, len(rows)) if whole else values * ERROR
        noise = off if whole else off * generator.normal(size=len(rows))
        again[column] = np.round(values + noise, 0 if whole else 5)
    order = generator.permutation(len(table) + len(rows))
    truth = np.concatenate([np.arange(len(table)), rows])[order]
    return pd.concat([table, again]).iloc[order].reset_index(drop=True), truth


def _surplus(table: pd.DataFrame, kind: str | None) -> str:
    group = simsearch.dedupe(table, kind=kind).group
    return f"{np.mean(np.bincount(group)[group] > 1):.1%}"


def _found(table: pd.DataFrame, truth: Truth, kind: str | None) -> str:
    found = grouping_metrics(simsearch.dedupe(table, kind=kind).group, truth)
    return f"{found.precision:.3f}, {found.recall:.3f}"


if __name__ == "__main__":
    main()
