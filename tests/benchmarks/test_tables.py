"""The table benchmark: changes that keep the truth, calibration longhand, what counts as right."""

import datetime

import numpy as np
import pytest

from benchmarks.left_out import folds
from benchmarks.tables import Results
from benchmarks.tables_calibration import curve, expected_error
from benchmarks.tables_cases import Verdict, readings_of
from benchmarks.tables_changes import CHANGES, FADED, Changed, changed
from benchmarks.tables_merged import merged
from benchmarks.tables_page import page
from benchmarks.tables_run import Answered, is_right, made_set
from benchmarks.tables_scoring import Scoring, scoring
from simsearch.training.pair_model.tables import FAMILIES, Wanted, generate

ONE = made_set(generate("club_members_twice", 1, Wanted(rows=40)), "one")
TWO = made_set(generate("hospital_and_insurer", 1, Wanted(rows=40)), "two")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("records", [ONE, TWO], ids=["one table", "two tables"])
def test_the_truth_follows_every_change(change: str, records) -> None:
    after = changed(records, change)
    assert len(after.truth[0]) == len(records.truth[0]) > 0
    # The first column of the layout, wherever it stands now.
    before_rows = {tuple(sorted(_upper(row))) for row in _true_rows(records)}
    assert all(
        any(set(old) <= set(_upper(new)) for old in before_rows) for new in _true_rows(after)
    )


def _true_rows(records) -> list[list[str]]:
    return records.left.iloc[records.truth[0]].to_numpy().tolist()


def _upper(row: list[str | None]) -> list[str]:
    return [value.upper() for value in row if isinstance(value, str)]


def test_calibration_longhand() -> None:
    probability = np.array([0.92, 0.94, 0.15, 0.11, 0.13])
    same = np.array([True, False, False, False, True])
    low, high = curve(probability, same)
    assert (low.pairs, high.pairs) == (3, 2)
    assert low.true == pytest.approx(1 / 3)
    assert high.said == pytest.approx(0.93)
    wanted = (3 * abs(0.13 - 1 / 3) + 2 * abs(0.93 - 0.5)) / 5
    assert expected_error([low, high]) == pytest.approx(wanted)


def test_certainty_falls_into_the_last_bin() -> None:
    (last,) = curve(np.array([1.0, 0.9995]), np.array([True, True]))
    assert last.pairs == 2
    assert last.high == 1.0


@pytest.mark.parametrize(
    ("f1", "grouped", "right"),
    [(0.9, 0.5, True), (0.89, 0.0, False), (np.nan, 0.0, True), (np.nan, 0.01, False)],
)
def test_a_table_is_right(f1: float, grouped: float, right: bool) -> None:
    assert is_right(f1, grouped) == right


@pytest.mark.parametrize(
    "text", ["1957-06-16", "6/16/1957", "16 Jun 1957", "16-Jun-57", "19570616"]
)
def test_dates_of_the_cases_are_read(text: str) -> None:
    assert datetime.date(1957, 6, 16) in readings_of(text)


def test_parts_that_were_not_run_stay_on_the_page() -> None:
    day, later = ({"date": f"2026-01-{n}", "machine": "one", "versions": "x"} for n in (10, 20))
    slow, fast = Scoring(100, 50, 6.0, 3.0, 2.0), Scoring(200, 60, 4.0, 1.5, 2.0)
    cases = Results(cases=[Verdict("01", "pairs", "none", False)], scoring=slow)
    changes = Results(changes=[Changed("persons", "+ key", 0.9, 0.9)], scoring=fast)
    first, _ = page(cases, day)
    both = merged(merged("", first), page(changes, later)[0])
    assert "**Marks reached: 2 of 3.**" in both
    assert "| every case right | 0 of 1 | **FAIL** |" in both
    assert "| features and network <= 8 microseconds a pair | 5.5 | pass |" in both
    assert "of 100 candidates" not in both
    old, new = both.split("## Changes that change nothing")
    assert "Measured 2026-01-10; one. x.\n\n| case | wanted |" in old
    assert "Measured 2026-01-20; one. x." in new
    assert merged(both, page(changes, later)[0]) == both


@pytest.mark.parametrize("records", [ONE, TWO], ids=["one table", "two tables"])
def test_a_column_fades_in_every_table(records) -> None:
    half, whole = (changed(records, change) for change in FADED)
    for side in ("left", "right"):
        if getattr(records, side) is not None:
            was, some, none = (getattr(one, side) for one in (records, half, whole))
            (name,) = (column for column in was if none[column].isna().all())
            assert 0.2 < some[name].isna().mean() < 0.9
            assert was.drop(columns=name).equals(some.drop(columns=name))


def test_half_may_cost_no_more_than_all() -> None:
    facts = {"date": "2026-01-10", "machine": "one", "versions": "x"}
    for half, verdict in ((0.85, "pass"), (0.75, "**FAIL**")):
        faded = [Changed("one", "half of it", 0.9, half), Changed("one", "all of it", 0.9, 0.8)]
        text, missed = page(Results(faded=faded), facts)
        assert missed == (verdict != "pass")
        assert f"costs no more than all | {1 - missed} of 1 | {verdict} |" in text


def test_real_tables_have_an_error_of_their_own() -> None:
    facts = {"date": "2026-01-10", "machine": "one", "versions": "x"}
    sure = Answered(1.0, 0.1, True, np.array([0.9, 0.9]), np.array([True, False]))
    text, missed = page(Results(real={"one": sure}), facts)
    assert missed == 1
    assert "| calibration error of real tables <= 0.03 | 0.4000 | **FAIL** |" in text
    assert "## Calibration: one" in text


def test_scoring_counts_the_pairs_that_are_read() -> None:
    found = scoring(150)
    assert 0 < found.read <= found.candidates
    assert found.scored == found.features + found.network > 0.0


def test_every_family_is_left_out_once_with_those_of_its_topic() -> None:
    parts = folds(3)
    assert sorted(name for part in parts for name in part) == sorted(FAMILIES)
    topics = [{FAMILIES[name].topic for name in part} for part in parts]
    assert sum(len(part) for part in topics) == len(set.union(*topics))
