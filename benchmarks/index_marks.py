"""What the index has to reach beside the engines of the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.index_recipes import OURS, PEERS, TARGETS
from benchmarks.index_run import THREADS, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.index_recipes import Trial
    from benchmarks.index_run import Outcome

__all__ = ["Verdict", "promised", "verdicts"]

LEAST_OF_FAISS, LEAST_OF_PEERS = 0.9, 3.0
MOST_OF_BUILD = 1.1
RECALL_WITHIN = 0.01


@dataclass(frozen=True)
class Verdict:
    """A mark, what was measured, and whether it was reached."""

    mark: str
    measured: str
    reached: bool


def verdicts(outcome: Outcome) -> list[Verdict]:
    """Every mark of a set; none where simsearch was not to be run, one where it failed."""
    if OURS in outcome.families:
        return [*_speeds(outcome), *_builds(outcome), *_recalls(outcome)]
    failures = [line for line in outcome.failures if line.startswith(OURS)]
    return [Verdict("an index is built", failures[0], reached=False)] if failures else []


def promised(details: dict[str, Any]) -> float:
    """The recall that a simsearch index states: of its parts, weighed by their rows."""
    segments = details["segments"]
    weights = [segment["rows"] for segment in segments]
    return float(np.average([segment["recall"] for segment in segments], weights=weights))


def ours_at(outcome: Outcome, target: float) -> Trial | None:
    """The index that was made for a recall, whatever recall it has."""
    chosen = outcome.chosen.get(target, [])
    return next((trial for trial in chosen if trial.recipe.family == OURS), None)


def _speeds(outcome: Outcome) -> Iterator[Verdict]:
    """Beside the families that were run: what was not run is no mark."""
    faiss = [family for family in outcome.families if family.startswith("faiss")]
    peers = [family for family in outcome.families if family in PEERS]
    for target in TARGETS:
        for threads in THREADS:
            with_threads = f"at recall {target:.2f} with {_threads(threads)}"
            if faiss:
                mark = f"{LEAST_OF_FAISS:g} of the best faiss {with_threads}"
                rivals = _Rivals(faiss, target, threads)
                yield _speed(outcome, rivals, mark, LEAST_OF_FAISS)
            if peers:
                mark = f"{LEAST_OF_PEERS:g} times the best of {' and '.join(peers)} {with_threads}"
                rivals = _Rivals(peers, target, threads)
                yield _speed(outcome, rivals, mark, LEAST_OF_PEERS)


class _Rivals(NamedTuple):
    families: list[str]
    target: float
    threads: int


def _speed(outcome: Outcome, rivals: _Rivals, mark: str, least: float) -> Verdict:
    ours, best, threads = ours_at(outcome, rivals.target), outcome.best(*rivals), rivals.threads
    if ours is None or not outcome.rates.get((ours, threads)):
        return Verdict(mark, "not measured", reached=False)
    if best is None:
        return Verdict(mark, "none of them reaches that recall", reached=True)
    times = paired(outcome.rates[ours, threads], outcome.rates[best, threads])
    figures = f"{outcome.rate(ours, threads):,.0f} / {outcome.rate(best, threads):,.0f} a second"
    return Verdict(mark, f"{times:.2f} ({figures}; {best.label})", times >= least)


def _builds(outcome: Outcome) -> Iterator[Verdict]:
    for key, same in outcome.twins.items():
        if same not in outcome.builds:
            continue
        ours, theirs = outcome.builds[key], outcome.builds[same]
        taken = [build["seconds"] + build["saving"] for build in (ours, theirs)]
        recipe = outcome.recipes[same]
        told = f"{taken[0] / taken[1]:.2f} ({taken[0]:.1f} s / {taken[1]:.1f} s; {recipe.name})"
        mark = (
            f"{outcome.recipes[key].name}: built within {MOST_OF_BUILD:g} times what faiss takes "
            "for the same kind of index, saved"
        )
        yield Verdict(mark, told, taken[0] <= MOST_OF_BUILD * taken[1])


def _recalls(outcome: Outcome) -> Iterator[Verdict]:
    for target in TARGETS:
        ours = ours_at(outcome, target)
        if ours is None:
            continue
        stated = promised(outcome.builds[ours.recipe.key]["details"])
        told = f"promised {stated:.4f}, measured {ours.recall:.4f}"
        mark = f"recall {target:.2f}: promised within {RECALL_WITHIN:g} of what is measured"
        yield Verdict(mark, told, abs(stated - ours.recall) <= RECALL_WITHIN)


def _threads(number: int) -> str:
    return "one thread" if number == 1 else f"{number} threads"
