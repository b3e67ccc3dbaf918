"""The phases of the index benchmark on one set: build, open, sweep, time in turns, change."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import machine
from benchmarks.index_recipes import (
    OURS,
    TARGETS,
    Recipe,
    Trial,
    faster,
    recipes,
    recipes_within,
    tries,
    twin,
)
from benchmarks.index_worker import Child, FailedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.vectors import VectorSet

__all__ = ["READERS", "THREADS", "Outcome", "Plan", "batch_size", "paired", "run"]

THREADS = (1, 2)
# Threads of one process that ask at the same time, each a query after the other.
READERS = (1, 2, 8)
# What builds in less than this is built three times.
QUICK_BUILD, BUILDS = 8.0, 3
BATCH, LEAST_BATCH = 10_000, 1_000
# Families in which more than one configuration of the sweep may turn out to be the best.
CLOSE_FAMILIES = ("faiss IVF-PQ", "faiss IVF-PQ, SQ8")
CHANGED_AT = 0.95
# So many of a family at each recall are timed again before the quickest are chosen.
LOOKED_AT_AGAIN, CLOSER_LOOKS = 6, 2


@dataclass(frozen=True)
class Plan:
    """How a set is measured.

    Attributes:
        folder: where indexes are built; emptied afterwards.
        kept: where graphs are kept from run to run.
        rounds: how often each configuration is timed.
        batch_seconds: a batch that would take longer has fewer queries, 1,000 at least.
        single_seconds: for single queries, in each round.
        limit: seconds that one step of an engine may take.
        families: left out are all others; None for all.
        memory: bytes that searching may hold; None for no limit.
    """

    folder: Path
    kept: Path
    rounds: int = 3
    batch_seconds: float = 2.0
    single_seconds: float = 0.3
    limit: float = 900.0
    families: frozenset[str] | None = None
    memory: int | None = None

    def takes(self, recipe: Recipe) -> bool:
        """Whether it is measured."""
        return self.families is None or recipe.family in self.families


@dataclass
class Outcome:
    """What was measured on a set.

    Attributes:
        vectors: the set.
        recipes: by key; those that could be built and opened.
        builds: key -> what `Worker.build` gave, medians; and the `date` it was built on.
        twins: key of a simsearch index -> key of the same kind made with FAISS alone.
        opened: key -> what `Worker.open` gave, and `memory` after all queries.
        trials: of the sweep.
        chosen: target -> the configurations that were timed.
        rates: (trial, threads) -> queries a second, one for each round.
        singles: trial -> milliseconds of single queries.
        changes: key -> seconds and rates of deleting and adding.
        failures: lines for the reader.
        seconds: phase -> what it took.
    """

    vectors: VectorSet
    recipes: dict[str, Recipe] = field(default_factory=dict)
    builds: dict[str, dict[str, Any]] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    opened: dict[str, dict[str, float]] = field(default_factory=dict)
    trials: list[Trial] = field(default_factory=list)
    chosen: dict[float, list[Trial]] = field(default_factory=dict)
    rates: dict[tuple[Trial, int], list[float]] = field(default_factory=dict)
    singles: dict[Trial, list[float]] = field(default_factory=dict)
    changes: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def rate(self, trial: Trial, threads: int) -> float:
        """Median queries a second."""
        return median(self.rates[trial, threads])

    def best(self, families: Iterable[str], target: float, threads: int) -> Trial | None:
        """The quickest of some families at a recall; None when none reaches it."""
        wanted = frozenset(families)
        timed = [
            trial
            for trial in self.chosen.get(target, [])
            if trial.recipe.family in wanted and self.rates.get((trial, threads))
        ]
        return max(timed, key=lambda trial: self.rate(trial, threads), default=None)

    @property
    def families(self) -> list[str]:
        """In table order, ours first."""
        return list(dict.fromkeys(recipe.family for recipe in self.recipes.values()))


def run(vectors: VectorSet, plan: Plan) -> Outcome:
    """Measure everything on one set."""
    outcome = Outcome(vectors)
    with _Clock(outcome, "build"):
        _build(outcome, plan)
    os.sync()  # what is still being written must not disturb what is timed
    children: dict[str, Child] = {}
    try:
        with _Clock(outcome, "open and sweep"):
            _open(outcome, plan, children)
            _sweep(outcome, children)
        with _Clock(outcome, "time"):
            _time(outcome, plan, children)
        with _Clock(outcome, "change"):
            _change(outcome, children)
    finally:
        for child in children.values():
            child.close()
        shutil.rmtree(plan.folder, ignore_errors=True)
    return outcome


def batch_size(rate: float, seconds: float) -> int:
    """Queries in a batch: 10,000, or what is answered in so many seconds, in whole thousands."""
    return max(LEAST_BATCH, min(BATCH, int(rate * seconds) // 1_000 * 1_000))


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times as fast: the median over the rounds, as both were timed side by side."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


class _Clock:
    """Notes what a phase took."""

    def __init__(self, outcome: Outcome, phase: str) -> None:
        self._outcome, self._phase = outcome, phase

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        taken = time.perf_counter() - self._started
        self._outcome.seconds[self._phase] = taken
        print(f"{self._outcome.vectors.name}: {self._phase} took {taken:.0f} s", flush=True)


def _folder(plan: Plan, recipe: Recipe) -> Path:
    return (plan.kept if recipe.kept else plan.folder) / recipe.key


def _build(outcome: Outcome, plan: Plan) -> None:
    """Build all; what is quick, three times, in passes so that a busy moment hits all."""
    rows, dimension = outcome.vectors.shape
    planned = (
        recipes(rows, dimension)
        if plan.memory is None
        else recipes_within(plan.memory, rows, dimension)
    )
    waiting = {one.key: one for one in planned if plan.takes(one)}
    taken: dict[str, list[dict[str, Any]]] = {}
    for _ in range(BUILDS):
        for recipe in list(waiting.values()):
            if recipe.family != OURS:
                continue
            _build_once(outcome, plan, recipe, taken)
            if builds := taken.get(recipe.key):
                same = twin(builds[0]["details"], dimension) if plan.memory is None else None
                if same is not None and plan.takes(same):
                    waiting[same.key] = same
                    outcome.twins[recipe.key] = same.key
        for recipe in list(waiting.values()):
            if recipe.family != OURS:
                _build_once(outcome, plan, recipe, taken)
        waiting = {
            key: recipe
            for key, recipe in waiting.items()
            if key in taken and taken[key][-1]["seconds"] < QUICK_BUILD and not recipe.kept
        }
    for key, builds in taken.items():
        middle = {name: median(one[name] for one in builds) for name in ("seconds", "saving")}
        outcome.builds[key] = builds[-1] | middle | {"times": len(builds)}


def _build_once(
    outcome: Outcome, plan: Plan, recipe: Recipe, taken: dict[str, list[dict[str, Any]]]
) -> None:
    folder = _folder(plan, recipe)
    record = folder / "build.json"
    if recipe.kept and record.exists():
        taken[recipe.key] = [json.loads(record.read_text("utf-8"))]
        outcome.recipes[recipe.key] = recipe
        return
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with Child(recipe, outcome.vectors, folder, plan.limit) as child:
            built = child.ask("build", max(THREADS))
    except FailedError as error:
        outcome.failures.append(f"{recipe.family} {recipe.name}: {error}")
        shutil.rmtree(folder, ignore_errors=True)
        return
    built["date"] = machine.facts()["date"]
    if recipe.kept:
        record.write_text(json.dumps(built), "utf-8")
    taken.setdefault(recipe.key, []).append(built)
    outcome.recipes[recipe.key] = recipe
    print(f"  built {recipe.family} {recipe.name}: {built['seconds']:.1f} s", flush=True)


def _open(outcome: Outcome, plan: Plan, children: dict[str, Child]) -> None:
    """A process for each index; from here on they live side by side."""
    for key, recipe in list(outcome.recipes.items()):
        child = Child(recipe, outcome.vectors, _folder(plan, recipe), plan.limit)
        try:
            outcome.opened[key] = child.ask("open")
            children[key] = child
        except FailedError as error:
            child.close()
            outcome.failures.append(f"{recipe.family} {recipe.name}, opened: {error}")


def _sweep(outcome: Outcome, children: dict[str, Child]) -> None:
    """Try settings, one of each index in turn; choose what is timed."""
    queues = [_trials(outcome, outcome.recipes[key], child) for key, child in children.items()]
    while queues:
        for queue in list(queues):
            trial = next(queue, None)
            if trial is None:
                queues.remove(queue)
            else:
                outcome.trials.append(trial)
    _look_again(outcome, children)
    for target in TARGETS:
        outcome.chosen[target] = list(_chosen(outcome, target))


def _look_again(outcome: Outcome, children: dict[str, Child]) -> None:
    """Time what looks quickest once more, in turns: the busy machine slows, nothing quickens."""
    for _ in range(CLOSER_LOOKS):
        for target in TARGETS:
            for family in outcome.families:
                of_family = [trial for trial in outcome.trials if trial.recipe.family == family]
                for trial in faster(of_family, target, LOOKED_AT_AGAIN):
                    _, rate = children[trial.recipe.key].ask(
                        "attempt", trial.settings, max(THREADS)
                    )
                    place = outcome.trials.index(trial)
                    outcome.trials[place] = replace(trial, rate=max(rate, trial.rate))


def _trials(outcome: Outcome, recipe: Recipe, child: Child) -> Iterator[Trial]:
    try:
        for attempt in tries(recipe):
            settings: dict[str, int] | None = next(attempt)
            while settings is not None:
                recall, rate = child.ask("attempt", settings, max(THREADS))
                yield Trial(recipe, settings, recall, rate)
                try:
                    settings = attempt.send(recall)
                except StopIteration:
                    settings = None
    except FailedError as error:
        outcome.failures.append(f"{recipe.family} {recipe.name}, searched: {error}")


def _chosen(outcome: Outcome, target: float) -> Iterator[Trial]:
    """Of ours the index that was made for the target; of each other family the quickest."""
    for family in outcome.families:
        of_family = [trial for trial in outcome.trials if trial.recipe.family == family]
        if family == OURS:
            yield from (one for one in of_family if one.recipe.options["recall"] == target)
        else:
            yield from faster(of_family, target, 2 if family in CLOSE_FAMILIES else 1)


def _time(outcome: Outcome, plan: Plan, children: dict[str, Child]) -> None:
    """Rounds: for each recall all engines, one right after the other, in an order drawn anew."""
    rng = np.random.default_rng(0)
    for number in range(plan.rounds):
        done: set[Trial] = set()
        for target in TARGETS:
            group = [trial for trial in outcome.chosen[target] if trial not in done]
            for place in rng.permutation(len(group)):
                _time_one(outcome, plan, children, group[place], number)
            done |= set(group)
    for key, child in children.items():
        outcome.opened[key]["memory"] = child.ask("memory")


def _time_one(
    outcome: Outcome, plan: Plan, children: dict[str, Child], trial: Trial, number: int
) -> None:
    """One and two threads, then single queries. What fails is left out from then on."""
    child = children[trial.recipe.key]
    try:
        for threads in THREADS:
            expected = trial.rate * threads / max(THREADS)
            queries = batch_size(expected, plan.batch_seconds)
            rate = child.ask("batch", trial.settings, threads, queries)
            outcome.rates.setdefault((trial, threads), []).append(rate)
        first = number * 1_000 // plan.rounds
        taken = child.ask("singles", trial.settings, first, plan.single_seconds)
        outcome.singles.setdefault(trial, []).extend(taken)
    except FailedError as error:
        outcome.failures.append(f"{trial.recipe.family} {trial.label}, timed: {error}")
        for group in outcome.chosen.values():
            group[:] = [one for one in group if one != trial]
        for threads in THREADS:
            outcome.rates.pop((trial, threads), None)


def _change(outcome: Outcome, children: dict[str, Child]) -> None:
    """Delete and add: all of ours, and one index of each other family."""
    seen: set[str] = set()
    targets = [CHANGED_AT, *(target for target in TARGETS if target != CHANGED_AT)]
    for trial in (trial for target in targets for trial in outcome.chosen[target]):
        family, key = trial.recipe.family, trial.recipe.key
        if (family == OURS or family not in seen) and key not in outcome.changes:
            seen.add(family)
            outcome.changes[key] = _changed(outcome, children[key], trial)


def _changed(outcome: Outcome, child: Child, trial: Trial) -> dict[str, float]:
    """What deleting and adding takes; without a figure for what the engine refuses."""
    threads, out = max(THREADS), {}
    queries = batch_size(trial.rate, 1.0)

    def rate() -> float:
        return median(child.ask("batch", trial.settings, threads, queries) for _ in range(3))

    out["before"] = rate()
    if trial.recipe.family == OURS:
        out["items"] = child.ask("items", 1.0)
        for count in READERS:
            out[f"readers {count}"] = child.ask("readers", trial.settings, count, 1.0)
    try:
        out["removing"] = child.ask("remove")
        out["after"] = rate()
        out["recall_after"] = child.ask("attempt", trial.settings, threads)[0]
    except FailedError as error:
        outcome.failures.append(f"{trial.recipe.family} {trial.recipe.name}, deleting: {error}")
    try:
        out["adding"] = child.ask("add", threads)
        out["saving"] = child.ask("save")
    except FailedError as error:
        outcome.failures.append(f"{trial.recipe.family} {trial.recipe.name}, adding: {error}")
    return out
