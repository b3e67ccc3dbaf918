"""What was tried for the index and what it is worth: queries a second at equal recall.

    python benchmarks/index_tried.py --data FOLDER         GloVe and 100,000 made vectors
    python benchmarks/index_tried.py --sets made --rows 1000000 --name index_tried_1M
    python benchmarks/index_tried.py --sets made --rows 1000000 --dimension 768 --name NAME
    python benchmarks/index_tried.py --sets made --rows 20000 --ways "query by query" --rounds 2

Each way (`index_variants.py`) and the index as it is are swept with the same queries: for each
depth of the second look the fewest cells that find enough, and of these settings the quickest.
Then they take turns. One thread throughout, and processor time, which a busy machine changes
less than the clock. Then what is of threads, by the clock: to be run where nothing else is. Writes
NAME.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from benchmarks import machine, vectors
from benchmarks.index_variants import WAYS, Way, as_it_is, queries_at_a_time, timed
from benchmarks.index_worker import recall_of
from simsearch.store.search.turns import in_turn
from simsearch.threads import set_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.vectors import Rows, Vectors

RESULTS = Path(__file__).resolve().parent / "results"
SETS = ("glove", "made")
MADE_ROWS = 100_000
TARGETS = (0.90, 0.95, 0.99)
DEPTHS = (2, 4, 6, 10, 16, 24, 36)
FIRST = 8
# Of the settings that find enough so many are timed again with the others.
CLOSE = 3
READERS, READ_SECONDS = (1, 2, 8), 1.0
LIVING = (1.0, 0.9, 0.5, 0.1)
OWN = "as it is"


@dataclass(frozen=True)
class Setting:
    """What finds enough, and microseconds of the processor a query in the sweep."""

    visited: int
    depth: int
    recall: float
    cost: float


def main() -> int:
    """Measure what the command line asks for."""
    args = _arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    set_threads(1)
    lines = _head()
    for name in args.sets.split(","):
        lines += _section(_set(name, args), args)
        args.out.mkdir(parents=True, exist_ok=True)
        page = args.out / f"{args.name}.md"
        page.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
        print(f"{page} written", flush=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with glove100_100k")
    parser.add_argument("--sets", default=",".join(SETS), help="comma-separated: glove, made")
    parser.add_argument("--rows", type=int, help=f"of made vectors; default: {MADE_ROWS:,}")
    parser.add_argument("--dimension", type=int, default=vectors.DIMENSION, help="of made ones")
    parser.add_argument("--ways", help="separated by semicolons; default: all")
    parser.add_argument("--queries", type=int, default=vectors.QUERIES, help="default: all 1,000")
    parser.add_argument("--rounds", type=int, default=5, help="of timing; default: 5")
    parser.add_argument("--cache", type=Path, default=vectors.default_cache())
    parser.add_argument("--name", default="index_tried", help="of the page")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the page")
    args = parser.parse_args()
    args.ways = args.ways.split(";") if args.ways else list(WAYS)
    if unknown := sorted(set(args.ways) - set(WAYS)):
        parser.error(f"unknown way {unknown[0]!r}; there are: {'; '.join(WAYS)}")
    return args


def _set(name: str, args: argparse.Namespace) -> vectors.VectorSet:
    if name == "glove":
        return vectors.glove(args.data, args.cache)
    return vectors.clustered(args.cache, args.rows or MADE_ROWS, dimension=args.dimension)


def _head() -> list[str]:
    facts = machine.facts()
    told = f"{facts['date']}; {facts['machine']}. {facts['versions']}."
    return [
        "# What was tried for the index",
        "",
        told,
        "",
        *(line.strip() for line in __doc__.split("\n\n")[2].splitlines()),
        "",
    ]


def _section(chosen: vectors.VectorSet, args: argparse.Namespace) -> list[str]:
    """Everything of one set."""
    base = np.load(chosen.base)
    queries, truth = (np.load(path)[: args.queries] for path in (chosen.queries, chosen.truth))
    own = timed(as_it_is, base)
    best = _swept(own, queries, truth)
    lines = [f"## {chosen.name}", "", f"{chosen.about}.", "", *_ways_head(), _own_row(own, best)]
    for name in args.ways:
        way = timed(WAYS[name], base)
        lines.append(_way_row(name, (own, best), way, (queries, truth, args.rounds)))
        print(lines[-1], flush=True)
        del way
    lines += ["", *_deleted(own, best[0.95][0], queries, base), ""]
    lines += [*_on_threads(own, best, queries, args.rounds), ""]
    return lines


def _ways_head() -> list[str]:
    told = [f"{target:.2f}: times as fast, settings" for target in TARGETS]
    head = ["way", "build, s of a processor", *told]
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]


def _own_row(own: Way, best: dict[float, list[Setting]]) -> str:
    told = [
        f"{1e6 / each[0].cost:,.0f} a second, {_told(own, each[0])}" if each else "–"
        for each in best.values()
    ]
    return f"| {OWN} | {own.seconds:.2f} | {' | '.join(told)} |"


def _way_row(
    name: str,
    own: tuple[Way, dict[float, list[Setting]]],
    way: Way,
    asked: tuple[Vectors, Rows, int],
) -> str:
    """How many times as fast as the index as it is a way answers, at each recall."""
    queries, truth, rounds = asked
    settings = _swept(way, queries, truth)
    cells = []
    for target in TARGETS:
        ours, theirs = own[1][target], settings[target]
        if not ours or not theirs:
            cells.append("finds too few")
            continue
        both = [*((own[0], each) for each in ours), *((way, each) for each in theirs)]
        costs = _in_turns(both, queries, rounds)
        least, (most, chosen) = min(costs[: len(ours)])[0], min(costs[len(ours) :])
        cells.append(f"{least / most:.2f}, {_told(way, theirs[chosen - len(ours)])}")
    return f"| {name} | {way.seconds:.2f} | {' | '.join(cells)} |"


def _told(way: Way, setting: Setting) -> str:
    return f"{setting.visited} of {way.cells:,} cells, depth {setting.depth}"


def _swept(way: Way, queries: Vectors, truth: Rows) -> dict[float, list[Setting]]:
    """For each recall the quickest settings that reach it."""
    found: dict[float, list[Setting]] = {target: [] for target in TARGETS}
    for depth in DEPTHS:
        recall = cache(_Recall(way, queries, truth, depth))
        for target in TARGETS:
            visited = fewest_cells(recall, target, max(1, way.cells // 2))
            if visited is not None:
                cost = _cost(way, visited, depth, queries)
                found[target].append(Setting(visited, depth, recall(visited), cost))
    return {
        target: sorted(each, key=lambda setting: setting.cost)[:CLOSE]
        for target, each in found.items()
    }


@dataclass(frozen=True, eq=False)
class _Recall:
    """What so many cells find with one depth."""

    way: Way
    queries: Vectors
    truth: Rows
    depth: int

    def __call__(self, visited: int) -> float:
        return recall_of(self.way.search(self.queries, visited, self.depth), self.truth)


def fewest_cells(recall: Callable[[int], float], target: float, most: int) -> int | None:
    """The fewest cells that find enough, within a twenty-fourth; None when all are too few."""
    low, high = 0, min(FIRST, most)
    while recall(high) < target:
        if high == most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > max(1, high // 24):
        middle = (low + high) // 2
        low, high = (low, middle) if recall(middle) >= target else (middle, high)
    return high


def _cost(way: Way, visited: int, depth: int, queries: Vectors) -> float:
    """Microseconds of the processor a query."""
    started = time.process_time()
    way.search(queries, visited, depth)
    return (time.process_time() - started) / len(queries) * 1e6


def _in_turns(
    settings: list[tuple[Way, Setting]], queries: Vectors, rounds: int
) -> list[tuple[float, int]]:
    """The median cost of each, which take turns; and its place."""
    taken: list[list[float]] = [[] for _ in settings]
    for _ in range(rounds):
        for costs, (way, each) in zip(taken, settings, strict=True):
            costs.append(_cost(way, each.visited, each.depth, queries))
    return [(median(costs), place) for place, costs in enumerate(taken)]


def _deleted(own: Way, setting: Setting, queries: Vectors, base: Vectors) -> list[str]:
    """Rows deleted: FAISS skips them by a selector, list by list and query by query."""
    from simsearch.store.search.exact import nearest

    lines = [
        "Rows deleted, at the setting for .95: microseconds of the processor a query, and recall.",
        "",
        "| living | list by list | query by query | recall |",
        "|---|---|---|---|",
    ]
    rng = np.random.default_rng(0)
    for share in LIVING:
        alive = None if share == 1 else rng.random(len(base)) < share
        truth = nearest(queries, base, 10, own.searcher.metric, alive)[1]
        own.searcher.visited, own.searcher.depth = setting.visited, setting.depth
        costs = []
        for order in (0, 11):
            own.index.implem = order
            taken = []
            for _ in range(3):
                started = time.process_time()
                rows = own.searcher.search(queries, 10, alive)[1]
                taken.append((time.process_time() - started) / len(queries) * 1e6)
            costs.append(f"{median(taken):.1f}")
        own.index.implem = 0
        lines.append(f"| {share:.0%} | {' | '.join(costs)} | {recall_of(rows, truth):.4f} |")
    return lines


def _on_threads(
    own: Way, best: dict[float, list[Setting]], queries: Vectors, rounds: int
) -> list[str]:
    """What is of threads: batches, and readers that ask one query each."""
    setting = best[0.95][0]
    step = queries_at_a_time(own.vectors, setting.depth)
    many = np.resize(queries, (10 * len(queries), queries.shape[1]))
    doors = {
        "one thread": (1, lambda: own.search(many, setting.visited, setting.depth)),
        "FAISS's threads": (2, lambda: own.search(many, setting.visited, setting.depth)),
        "Python's threads, a block each": (1, lambda: _side_by_side(own, setting, many, step)),
    }
    rates: dict[str, list[float]] = {name: [] for name in doors}
    for _ in range(rounds):
        for name, (threads, work) in doors.items():
            set_threads(threads)
            rates[name].append(len(many) / _seconds(work))
    set_threads(1)
    lines = ["Batches at .95, queries a second by the clock:", "", "| how | rate |", "|---|---|"]
    lines += [f"| {name} | {median(each):,.0f} |" for name, each in rates.items()]
    lines += ["", "Readers that ask one query after the other, queries a second together:", ""]
    lines += [f"| readers | {' | '.join(map(str, READERS))} |", "|" + "---|" * (1 + len(READERS))]
    for name, turn in (("as they come", _at_once), ("as many as cores", in_turn)):
        told = [f"{_read_rate(own, setting, queries, count, turn):,.0f}" for count in READERS]
        lines.append(f"| {name} | {' | '.join(told)} |")
    return lines


def _side_by_side(own: Way, setting: Setting, queries: Vectors, step: int) -> None:
    with ThreadPoolExecutor(machine.cores(), initializer=set_threads, initargs=(1,)) as pool:
        blocks = [queries[start : start + step] for start in range(0, len(queries), step)]
        list(pool.map(lambda some: own.search(some, setting.visited, setting.depth), blocks))


def _at_once(ask: Callable[[], object]) -> object:
    return ask()


def _read_rate(own: Way, setting: Setting, queries: Vectors, count: int, turn: Any) -> float:
    until = time.perf_counter() + READ_SECONDS

    def read(first: int) -> int:
        answered = 0
        while time.perf_counter() < until:
            query = queries[(first + answered) % len(queries), None]
            turn(partial(own.search, query, setting.visited, setting.depth))
            answered += 1
        return answered

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(read, range(0, 100 * count, 100))) / READ_SECONDS


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
