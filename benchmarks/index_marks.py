"""What the index has to reach beside the engines of the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.index_recipes import OURS, PEERS, TARGETS
from benchmarks.index_run import READERS, THREADS, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.index_recipes import Trial
    from benchmarks.index_run import Outcome

__all__ = ["Verdict", "promised", "verdicts"]

# Times as many queries a second as the best of FAISS, and of graphs, by the set.
LEAST = {"glove": (1.05, 3.0), "clustered": (1.0, 1.0)}
MOST_OF_BUILD = 1.1
# Milliseconds of a single query at one recall, by the set, of ids and of items with their columns;
# and what eight readers do beside two.
MOST_OF_SINGLE, SINGLE_AT = {"glove": 0.08}, 0.95
MOST_OF_ITEMS = {"glove": 0.3}
FEW_READERS, LEAST_OF_READERS = 2, 0.9
# Times as many queries a second with two threads as with one.
LEAST_OF_SCALE = 1.8
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
        marks = _speeds, _scales, _singles, _items, _readers, _builds, _recalls
        return [verdict for mark in marks for verdict in mark(outcome)]
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
    of_faiss, of_peers = LEAST[_kind(outcome)]
    for target in TARGETS:
        for threads in THREADS:
            with_threads = f"at recall {target:.2f} with {_threads(threads)}"
            if faiss:
                mark = f"{of_faiss:g} times the best faiss {with_threads}"
                rivals = _Rivals(faiss, target, threads)
                yield _speed(outcome, rivals, mark, of_faiss)
            if peers:
                mark = f"{of_peers:g} times the best of {' and '.join(peers)} {with_threads}"
                rivals = _Rivals(peers, target, threads)
                yield _speed(outcome, rivals, mark, of_peers)


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


def _kind(outcome: Outcome) -> str:
    """The name of a set without its size."""
    return outcome.vectors.name.split()[0]


def _scales(outcome: Outcome) -> Iterator[Verdict]:
    one, more = THREADS
    for target in TARGETS:
        ours = ours_at(outcome, target)
        if ours is None or not outcome.rates.get((ours, more)):
            continue
        times = paired(outcome.rates[ours, more], outcome.rates[ours, one])
        mark = f"recall {target:.2f}: {more} threads answer {LEAST_OF_SCALE:g} times as many as one"
        yield Verdict(mark, f"{times:.2f}", times >= LEAST_OF_SCALE)


def _singles(outcome: Outcome) -> Iterator[Verdict]:
    most, ours = MOST_OF_SINGLE.get(_kind(outcome)), ours_at(outcome, SINGLE_AT)
    if most is None or ours is None or not outcome.singles.get(ours):
        return
    taken = float(np.median(outcome.singles[ours]))
    mark = f"a single query at recall {SINGLE_AT:.2f} takes {most:g} ms at most, p50"
    yield Verdict(mark, f"{taken:.3f} ms", taken <= most)


def _items(outcome: Outcome) -> Iterator[Verdict]:
    most, ours = MOST_OF_ITEMS.get(_kind(outcome)), ours_at(outcome, SINGLE_AT)
    taken = outcome.changes.get(ours.recipe.key, {}).get("items") if ours else None
    if most is None or taken is None:
        return
    mark = f"and with the items' stored columns, by `Index.query`, {most:g} ms, p50"
    yield Verdict(mark, f"{taken:.3f} ms", taken <= most)


def _readers(outcome: Outcome) -> Iterator[Verdict]:
    for target in TARGETS:
        ours = ours_at(outcome, target)
        rates = outcome.changes.get(ours.recipe.key, {}) if ours else {}
        few, many = (rates.get(f"readers {count}") for count in (FEW_READERS, max(READERS)))
        if not few or not many:
            continue
        mark = (
            f"recall {target:.2f}: {max(READERS)} readers together answer {LEAST_OF_READERS:g} of "
            f"what {FEW_READERS} answer"
        )
        told = f"{many / few:.2f} ({many:,.0f} / {few:,.0f} a second)"
        yield Verdict(mark, told, many >= LEAST_OF_READERS * few)


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
        mark = f"recall {target:.2f}: at most {RECALL_WITHIN:g} less is measured than was promised"
        yield Verdict(mark, told, stated - ours.recall <= RECALL_WITHIN)


def _threads(number: int) -> str:
    return "one thread" if number == 1 else f"{number} threads"
