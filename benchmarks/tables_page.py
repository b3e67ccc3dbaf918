"""The page of the table benchmark, and its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables_calibration import curve, expected_error
from simsearch.training.pair_model.tables import EVERYDAY, ORDINARY, STRANGERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.tables_results import Results
    from benchmarks.tables_run import Answered

__all__ = ["page"]

ORDINARY_MARK, ERROR_MARK, CHANGE_MARK, MICROSECONDS_MARK = 0.95, 0.03, 0.02, 8.0
# Probability from which a pair is no clear stranger; most pairs are, and are right anyhow.
UNSURE = 0.05


def page(results: Results, facts: dict[str, str]) -> tuple[str, int]:
    """The page, and how many marks were missed."""
    marks = _marks(results)
    missed = sum(not reached for *_, reached in marks)
    lines = [
        "# Table benchmark",
        "",
        f"{facts['date']}; {facts['machine']}. {facts['versions']}.",
        "",
        "Defaults, no labels, no set tuned for; `benchmarks/tables.py` says what is measured.",
        "",
        f"**Marks reached: {len(marks) - missed} of {len(marks)}.**",
        "",
        *_table(
            ("mark", "reached", ""),
            [(mark, value, "pass" if ok else "**FAIL**") for mark, value, ok in marks],
        ),
        *_ordinary(results),
        *_cases(results),
        *_changes(results),
        *_faded(results),
        *_scoring(results),
        *_calibration(results),
    ]
    return "\n".join(lines) + "\n", missed


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _marks(results: Results) -> list[tuple[str, str, bool]]:
    """Mark, what was reached, whether it is enough."""
    out = []
    if results.ordinary:
        right = [answer.right for answer in results.ordinary.values()]
        share = sum(right) / len(right)
        told = f"{sum(right)} of {len(right)} ({share:.0%})"
        out.append((f"ordinary tables right >= {ORDINARY_MARK:.0%}", told, share >= ORDINARY_MARK))
        error = _error(results.ordinary.values())
        out.append((f"calibration error <= {ERROR_MARK}", f"{error:.4f}", error <= ERROR_MARK))
    if results.real:
        error = _error(results.real.values())
        mark = f"calibration error of real tables <= {ERROR_MARK}"
        out.append((mark, f"{error:.4f}", error <= ERROR_MARK))
    if results.cases:
        right = [verdict.right for verdict in results.cases]
        out.append(("every case right", f"{sum(right)} of {len(right)}", all(right)))
    if results.scoring:
        took = results.scoring.scored
        mark = f"features and network <= {MICROSECONDS_MARK:g} microseconds a pair"
        out.append((mark, f"{took:.1f}", took <= MICROSECONDS_MARK))
    if results.changes:
        good = [one.lost <= CHANGE_MARK for one in results.changes]
        told = f"{sum(good)} of {len(good)}"
        out.append((f"a change that changes nothing costs <= {CHANGE_MARK} F1", told, all(good)))
    if results.faded:
        lost = _faded_by_set(results)
        good = [half <= max(whole, CHANGE_MARK) for _, half, whole in lost.values()]
        told = f"{sum(good)} of {len(good)}"
        out.append(("half of the second-best column costs no more than all", told, all(good)))
    return out


def _pairs(answers: Iterable[Answered]) -> tuple[np.ndarray, np.ndarray]:
    """Probability and truth of all compared pairs of some tables."""
    probability, same = zip(*((one.probability, one.same) for one in answers), strict=True)
    return np.concatenate(probability), np.concatenate(same)


def _error(answers: Iterable[Answered], least: float = 0.0) -> float:
    """Expected calibration error of the pairs of some tables from a probability on."""
    probability, same = _pairs(answers)
    return expected_error(curve(probability[probability >= least], same[probability >= least]))


def _ordinary(results: Results) -> list[str]:
    if not results.ordinary:
        return []
    rows = []
    for (family, seed), answer in results.ordinary.items():
        peer = results.peer.get((family, seed))
        rows.append((family, str(seed), _figure(answer.f1, answer.grouped, answer.right),
                     _figure(*peer) if peer else ""))  # fmt: skip
    right = sum(right for *_, right in results.peer.values())
    same = [results.ordinary[key].right for key in results.peer]
    told = (
        f"GoldenMatch gets {right} of its {len(results.peer)} tables right, simsearch {sum(same)} "
        "of the same."
        if results.peer
        else "GoldenMatch was not run."
    )
    lots = "; ".join(
        f"{_right([a for (f, _), a in results.ordinary.items() if f in lot])} of the {name} lot"
        for name, lot in (("first", ORDINARY), ("second", EVERYDAY), ("third", STRANGERS))
    )
    told = f"Right: {lots}. {told}"
    failed = [f"- GoldenMatch failed on {line}" for line in results.failed]
    return ["", "## Ordinary tables", "", told, "",
            *_table(("family", "seed", "simsearch", "GoldenMatch"), rows), *failed]  # fmt: skip


def _right(answers: list[Answered]) -> str:
    return f"{sum(answer.right for answer in answers)} of {len(answers)}"


def _figure(f1: float, grouped: float, right: bool) -> str:
    """F1, or the share grouped where nothing is the same; bold where it is wrong."""
    text = f"{grouped:.1%} grouped" if np.isnan(f1) else f"F1 {f1:.3f}"
    return text if right else f"**{text}**"


def _cases(results: Results) -> list[str]:
    if not results.cases:
        return []
    rows = [(v.case, v.wanted, v.found, "right" if v.right else "**wrong**") for v in results.cases]
    return ["", "## Cases", "", *_table(("case", "wanted", "found", ""), rows)]


def _changes(results: Results) -> list[str]:
    """A row a set, a column a change: F1 lost; bold where it is too much."""
    if not results.changes:
        return []
    changes = list(dict.fromkeys(one.change for one in results.changes))
    rows = []
    for name in dict.fromkeys(one.records for one in results.changes):
        mine = [one for one in results.changes if one.records == name]
        cells = [
            f"{one.lost:.3f}" if one.lost <= CHANGE_MARK else f"**{one.lost:.3f}**" for one in mine
        ]
        rows.append((name, f"{mine[0].before:.3f}", *cells))
    return [
        "",
        "## Changes that change nothing: F1 lost",
        "",
        *_table(("set", "F1", *changes), rows),
    ]


def _faded_by_set(results: Results) -> dict[str, tuple[float, float, float]]:
    """F1 of each set, and what it loses with half and with all of its second-best column."""
    out = {}
    for name in dict.fromkeys(one.records for one in results.faded):
        half, whole = (one for one in results.faded if one.records == name)
        out[name] = half.before, half.lost, whole.lost
    return out


def _faded(results: Results) -> list[str]:
    if not results.faded:
        return []
    rows = [
        (name, *(f"{figure:.3f}" for figure in figures))
        for name, figures in _faded_by_set(results).items()
    ]
    told = (
        "Of the two columns that tell the most, the second with some values missing in each table."
    )
    head = ("set", "F1", "lost without half of it", "lost without it")
    return ["", "## A column that fades", "", told, "", *_table(head, rows)]


def _scoring(results: Results) -> list[str]:
    found = results.scoring
    if not found:
        return []
    told = (
        "Microseconds of one core, of made persons with eight columns: "
        f"features {found.features:.1f} and network {found.network:.1f} a pair that is read "
        f"({found.read:,} of {found.candidates:,} candidates); comparing {found.comparing:.1f} a "
        "candidate."
    )
    return ["", "## Scoring", "", told]


def _calibration(results: Results) -> list[str]:
    lots = [("ordinary tables", list(results.ordinary.values()))] if results.ordinary else []
    if results.real:
        lots.append(("real tables", list(results.real.values())))
        lots += [(name, [answer]) for name, answer in results.real.items()]
    return [line for name, answers in lots for line in _calibration_of(name, answers)]


def _calibration_of(name: str, answers: list[Answered]) -> list[str]:
    """Error and curve of some tables."""
    probability, same = _pairs(answers)
    told = (
        f"Expected calibration error {_error(answers):.4f} of {len(same):,} compared pairs; "
        f"{_error(answers, UNSURE):.4f} of those at {UNSURE:g} or more."
    )
    rows = [
        (f"{one.low:g} to {one.high:g}", f"{one.pairs:,}", f"{one.said:.4f}", f"{one.true:.4f}")
        for one in curve(probability, same)
    ]
    return ["", f"## Calibration: {name}", "", told, "",
            *_table(("probability", "pairs", "said", "true"), rows)]  # fmt: skip
