"""What a base costs and gets right: one record, 1,000 new rows, a removal, a compaction.

    python benchmarks/bases.py                       # 200,000 and 1,000,000 made persons
    python benchmarks/bases.py --rows 20000

Writes results/bases.md, after each size. The last 1,000 rows are held back when the base is made.
Each is first asked about alone (`RecordBase.match`), then all of them join (`add`), and the groups
of all rows are compared with those of a run over everything. All in one process. Exit code 1 where
a mark is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import made
from benchmarks.machine import facts
from simsearch import RecordBase

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    from simsearch import BaseMatch

    Groups = npt.NDArray[np.int64]

ROWS = (200_000, 1_000_000)
NEW = 1_000
# Seconds in which the new rows join, share of rows in equal groups, milliseconds of a question.
JOINED, EQUAL, ASKED = 10.0, 0.99, 20.0
RESULTS = Path(__file__).resolve().parent / "results" / "bases.md"
COLUMNS = (
    "rows", "make, s", "match p50, ms", "match p95, ms", "right group", "1,000 join, s",
    "rows in equal groups", "remove 1,000, s", "compact, s",
)  # fmt: skip
HEAD = f"""# A base of groups

Made persons; {NEW:,} rows are held back, asked about one by one, then let join. *Right group*: of
the rows held back, those that `match` puts into the group that they have in a run over everything
with the rest, or into none where they are alone there. *Equal groups*: of all rows, those whose
group after the rows have joined has the same rows as in that run. Times are of the wall, and in
brackets of the processor: where other work shares the machine, these tell more.

Marks: {NEW:,} rows join in {JOINED:.0f} s at most, {EQUAL:.0%} of the rows are in equal groups at
least, and half of the questions take {ASKED:.0f} ms at most.
"""


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took, in seconds.

    Attributes:
        wall: by the clock.
        processor: of all threads.
    """

    wall: float
    processor: float

    @classmethod
    def of(cls, work: Callable[[], object]) -> Took:
        """Do it."""
        wall, processor = perf_counter(), process_time()
        work()
        return cls(perf_counter() - wall, process_time() - processor)

    def shown(self, digits: int = 1) -> str:
        """Both, for a cell."""
        return f"{self.wall:.{digits}f} ({self.processor:.{digits}f})"


def main() -> int:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default=",".join(map(str, ROWS)), help="comma-separated")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    missed = 0
    for rows in map(int, chosen.rows.split(",")):
        cells, reached = measured(rows)
        missed += not reached
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
        told = facts()
        about = f"{told['date']}; {told['machine']}; {told['versions']}."
        chosen.out.write_text("\n".join([HEAD, *lines, "", about, ""]), "utf-8")
    return 1 if missed else 0


def measured(rows: int) -> tuple[list[str], bool]:
    """The cells of one line, and whether all marks are reached."""
    table, _ = made.persons(rows)
    table.insert(0, "no", [f"r{row}" for row in range(rows)])
    known, new = table.iloc[:-NEW], table.iloc[-NEW:]
    with tempfile.TemporaryDirectory() as folder:
        make = Took.of(lambda: RecordBase.make("persons", known, id="no", indexes=folder))
        whole = simsearch.dedupe(table, id="no", kind="record").group
        base = RecordBase.open("persons", folder)  # as a service finds it
        each, right = asked(base, new, whole)
        join = Took.of(lambda: base.add(new, id="no"))
        groups = base.groups()
        equal = equal_share(np.array([groups[id_] for id_ in table["no"]]), whole)
        remove, compact = Took.of(lambda: base.remove(new["no"])), Took.of(base.compact)
    p50, p95 = percentile(each, 50), percentile(each, 95)
    cells = [
        f"{rows:,}", make.shown(0), p50.shown(), p95.shown(), f"{right:.1%}", join.shown(),
        f"{equal:.2%}", remove.shown(), compact.shown(),
    ]  # fmt: skip
    return cells, join.wall <= JOINED and equal >= EQUAL and p50.wall <= ASKED


def asked(base: RecordBase, new: pd.DataFrame, whole: Groups) -> tuple[list[Took], float]:
    """What questions take, and the share that is answered as a run over everything does."""
    rows_of: dict[int, set[int]] = {}
    for row, group in enumerate(whole[:-NEW].tolist()):
        rows_of.setdefault(group, set()).add(row)
    took, right = [], 0
    for row, record in enumerate(new.to_dict("records"), len(whole) - NEW):
        del record["no"]
        found: list[BaseMatch] = []
        took.append(Took.of(lambda: found.append(base.match(record))))  # noqa: B023  done at once
        partners = rows_of.get(int(whole[row]), set())
        grouped = found[0].group is not None
        named = {int(id_[1:]) for id_ in found[0].ids} if grouped else set()
        right += bool(named & partners) if partners else not grouped
    return took, right / len(new)


def percentile(took: list[Took], share: float) -> Took:
    """In milliseconds, of the wall and of the processor each by itself."""
    both = np.percentile([(each.wall, each.processor) for each in took], share, axis=0)
    return Took(*(1_000.0 * both).tolist())


def equal_share(found: Groups, whole: Groups) -> float:
    """Share of rows whose group has the same rows in both."""
    _, place, sizes = np.unique(found, return_inverse=True, return_counts=True)
    _, other, others = np.unique(whole, return_inverse=True, return_counts=True)
    both = np.stack([place, other], axis=1)
    _, at, shared = np.unique(both, axis=0, return_inverse=True, return_counts=True)
    return float(np.mean((shared[at] == sizes[place]) & (shared[at] == others[other])))


if __name__ == "__main__":
    sys.exit(main())
