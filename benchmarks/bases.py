"""What a base costs and gets right: one record, 1,000 new rows, a removal, a compaction.

    python benchmarks/bases.py                       # 200,000 and 1,000,000 made persons
    python benchmarks/bases.py --rows 20000

Writes results/bases.md. The last 1,000 rows are held back when the base is made. Each is first
asked about alone (`RecordBase.match`), then all of them join (`add`), and the groups of all rows
are compared with those of a run over everything. Times are of the wall, in one process.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import made
from benchmarks.machine import facts
from simsearch import RecordBase

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Groups = npt.NDArray[np.int64]

ROWS = (200_000, 1_000_000)
NEW = 1_000
RESULTS = Path(__file__).resolve().parent / "results" / "bases.md"
COLUMNS = (
    "rows", "make, s", "match p50, ms", "match p95, ms", "right group", "1,000 join, s",
    "processor, s", "rows in equal groups", "remove 1,000, s", "compact, s",
)  # fmt: skip
HEAD = f"""# A base of groups

Made persons; {NEW:,} rows are held back, asked about one by one, then let join. *Right group*: of
the rows held back, those that `match` puts into the group that they have in a run over everything
with the rest, or into none where they are alone there. *Equal groups*: of all rows, those whose
group after the rows have joined has the same rows as in that run.
"""


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default=",".join(map(str, ROWS)), help="comma-separated")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    for rows in map(int, chosen.rows.split(",")):
        lines.append(f"| {' | '.join(measured(rows))} |")
        print(lines[-1], flush=True)
    told = facts()
    about = f"{told['date']}; {told['machine']}; {told['versions']}."
    chosen.out.write_text("\n".join([HEAD, *lines, "", about, ""]), "utf-8")


def measured(rows: int) -> list[str]:
    """The cells of one line."""
    table, _ = made.persons(rows)
    table.insert(0, "no", [f"r{row}" for row in range(rows)])
    known, new = table.iloc[:-NEW], table.iloc[-NEW:]
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        base = RecordBase.make("persons", known, id="no", indexes=folder)
        cells = [f"{rows:,}", f"{perf_counter() - started:.0f}"]
        whole = simsearch.dedupe(table, id="no", kind="record").group
        base = RecordBase.open("persons", folder)  # as a service finds it
        cells += asked(base, new, whole)
        before, started = os.times(), perf_counter()
        base.add(new, id="no")
        after = os.times()
        spent = after.user + after.system - before.user - before.system
        cells += [f"{perf_counter() - started:.1f}", f"{spent:.1f}"]
        groups = base.groups()
        cells.append(f"{equal_share(np.array([groups[id_] for id_ in table['no']]), whole):.2%}")
        for work in (lambda: base.remove(new["no"]), base.compact):
            started = perf_counter()
            work()
            cells.append(f"{perf_counter() - started:.1f}")
    return cells


def asked(base: RecordBase, new: pd.DataFrame, whole: Groups) -> list[str]:
    """Milliseconds of a question, and the share that is answered as a run over everything does."""
    rows_of: dict[int, set[int]] = {}
    for row, group in enumerate(whole[:-NEW].tolist()):
        rows_of.setdefault(group, set()).add(row)
    took, right = [], 0
    for row, record in enumerate(new.to_dict("records"), len(whole) - NEW):
        del record["no"]
        started = perf_counter()
        found = base.match(record)
        took.append(1_000 * (perf_counter() - started))
        partners = rows_of.get(int(whole[row]), set())
        named = {int(id_[1:]) for id_ in found.ids} if found.group is not None else set()
        right += bool(named & partners) if partners else found.group is None
    p50, p95 = np.percentile(took, [50, 95])
    return [f"{p50:.1f}", f"{p95:.1f}", f"{right / len(new):.1%}"]


def equal_share(found: Groups, whole: Groups) -> float:
    """Share of rows whose group has the same rows in both."""
    _, place, sizes = np.unique(found, return_inverse=True, return_counts=True)
    _, other, others = np.unique(whole, return_inverse=True, return_counts=True)
    both = np.stack([place, other], axis=1)
    _, at, shared = np.unique(both, axis=0, return_inverse=True, return_counts=True)
    return float(np.mean((shared[at] == sizes[place]) & (shared[at] == others[other])))


if __name__ == "__main__":
    main()
