"""A base: new rows join its groups; runs count whole or not at all, and can be taken back."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pytest

import simsearch
from simsearch import RecordBase
from simsearch.errors import ColumnError, IndexExistsError, IndexNotFoundError, OptionError
from simsearch.files import SystemDisk
from tests.records.made import persons


class FailingDisk(SystemDisk):
    """Fails, as if killed, at the call of a number; nothing is tidied away afterwards."""

    def __init__(self, at: int) -> None:
        self.left = at

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt

    def create(self, path: Path) -> BinaryIO:
        self._count()
        return super().create(path)

    def make_folder(self, path: Path) -> None:
        self._count()
        super().make_folder(path)

    def sync(self, path: Path) -> None:
        self._count()
        super().sync(path)

    def rename(self, source: Path, target: Path) -> None:
        self._count()
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        self._count()
        super().remove(path)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """120 persons, of whom the first 30 come again with a letter changed in the last name."""
    first = persons(120, np.random.default_rng(3))
    again = first.head(30).copy()
    again["last_name"] = again["last_name"] + "x"
    every = pd.concat([first, again], ignore_index=True)
    every.insert(0, "no", [f"p{row}" for row in range(len(every))])
    return every


@pytest.fixture
def base(table: pd.DataFrame, tmp_path: Path) -> RecordBase:
    """Of all but the last 15 rows."""
    return RecordBase.make("people", table.head(135), id="no", indexes=tmp_path)


def test_new_rows_join_the_groups_that_a_run_over_everything_finds(
    base: RecordBase, table: pd.DataFrame
) -> None:
    before = base.groups()
    added = base.add(table.tail(15))
    after = base.groups()
    assert {id_: after[id_] for id_ in before} == before
    whole = simsearch.dedupe(table, id="no").group
    pairs = pd.DataFrame({"now": [after[id_] for id_ in table["no"]], "whole": whole})
    assert len(pairs.drop_duplicates()) == pairs["now"].nunique() == pairs["whole"].nunique()
    assert added.log["action"].to_pylist() == ["attach"] * 15
    assert added.table["is_known"].to_pylist() == [True] * 15


def test_a_run_is_taken_back_and_its_number_is_not_given_again(
    base: RecordBase, table: pd.DataFrame
) -> None:
    before = base.groups()
    assert base.add(table.tail(15)).run == 2
    base.undo(2)
    assert base.groups() == before
    assert base.add(table.tail(3)).run == 3
    with pytest.raises(OptionError, match="no run 2"):
        base.undo(2)
    with pytest.raises(OptionError, match="undo 3 first"):
        base.undo(1)


def test_match_names_the_group_and_why(base: RecordBase, table: pd.DataFrame) -> None:
    record = {name: table[name].iloc[140] for name in table.columns[1:]}
    found = base.match(record)
    assert found.group == base.groups()["p20"]
    assert "p20" in found.ids
    odds = np.log(found.probability / (1 - found.probability))
    assert sum(found.evidence.values()) == pytest.approx(odds, abs=1e-5)
    assert base.match({"first_name": "Qqqq", "last_name": "Wwwww"}).group is None
    with pytest.raises(ColumnError, match="none of the columns"):
        base.match({"colour": "red"})


def test_equal_new_rows_join_the_row_that_they_equal(tmp_path: Path) -> None:
    known = persons(80, np.random.default_rng(5))
    base = RecordBase.make("people", known, indexes=tmp_path)
    twice = pd.concat([known.iloc[[4]], known.iloc[[4]], known.iloc[[9]]])
    added = base.add(twice)
    assert added.table["duplicate_group"].to_pylist() == [4, 4, 9]


def test_killed_at_any_call_the_base_is_as_before_or_after(
    base: RecordBase, table: pd.DataFrame
) -> None:
    before, seen = base.groups(), set()
    for at in range(0, 200, 3):
        disk = FailingDisk(at)
        writer = RecordBase(base.folder, disk)
        try:
            run = writer.add(table.tail(2)).run
        except KeyboardInterrupt:
            run = None
        after = RecordBase(base.folder)
        seen.add(len(after))
        assert len(after) in (135, 137)
        assert run is None or len(after) == 137  # what was acknowledged is there
        groups = after.groups()
        assert {id_: groups[id_] for id_ in before} == before
        if len(after) == 137:
            after.undo(after.runs[-1])
        if run is not None:
            break
    else:
        pytest.fail("no run came to its end")
    assert seen == {135, 137}


def test_making_a_base_goes_on_from_what_a_run_that_was_stopped_has_found(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path / "cache"))

    def stop(stage: str, _share: float) -> None:
        if stage == "deciding":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        RecordBase.make("p", table, id="no", indexes=tmp_path, resume=True, progress=stop)
    assert "`resume`" in stopped.value.__notes__[0]
    with pytest.raises(IndexNotFoundError):
        RecordBase.open("p", tmp_path)
    assert not (tmp_path / "p.groups").exists()
    made = RecordBase.make("p", table, id="no", indexes=tmp_path, resume=True)
    assert made.made_from is not None
    assert any("went on" in line for line in made.made_from.statistics.told)
    again = RecordBase.make("again", table, id="no", indexes=tmp_path)
    assert made.groups() == again.groups()


def test_names(base: RecordBase, table: pd.DataFrame, tmp_path: Path) -> None:
    assert len(RecordBase.open("people", tmp_path)) == 135
    with pytest.raises(IndexExistsError, match="people"):
        RecordBase.make("people", table, indexes=tmp_path)
    with pytest.raises(IndexNotFoundError, match="nobody"):
        RecordBase.open("nobody", tmp_path)
    with pytest.raises(ColumnError, match="none of the columns"):
        base.add(pd.DataFrame({"no": ["1"], "colour": ["red"]}))
    with pytest.raises(TypeError, match="takes no argument 'window'"):
        base.add(table, window=3)  # type: ignore[call-arg]  # on purpose


def test_rows_of_a_group_agree_where_they_must_in_every_run(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    first, later = table.head(120), table.tail(30).copy()
    changed = later.index[:10]
    later.loc[changed, "city"] = "Elsewhere"
    base = RecordBase.make(
        "people", first, id="no", ignore=["phone"], must_agree=["city"], indexes=tmp_path
    )
    added = base.add(later).table.to_pandas()
    assert not added["is_known"].to_numpy()[:10].any()
    assert added["is_known"].to_numpy()[10:].mean() > 0.8
    known = first.iloc[0].drop("no").to_dict()
    assert base.match(known).group is not None
    assert base.match({**known, "city": "Nowhere"}).group is None
    again = RecordBase.open("people", tmp_path)
    assert again.match({**known, "city": "Nowhere"}).group is None


def test_a_third_row_without_a_value_joins_no_two_that_differ(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    base = RecordBase.make(
        "people", table.head(120), id="no", must_agree=["city"], indexes=tmp_path
    )
    bridge = pd.concat([table.head(1)] * 2, ignore_index=True)
    bridge["no"], bridge["city"] = ["x1", "x2"], [None, "Elsewhere"]
    base.add(bridge)
    groups = base.groups()
    assert groups["x2"] != groups["p0"]


def test_labels_hold_in_the_run_that_makes_a_base(table: pd.DataFrame, tmp_path: Path) -> None:
    usual = simsearch.dedupe(table, id="no", kind="record").groups
    left, right = usual[0][:2]
    labels = pd.DataFrame({"left_id": [left], "right_id": [right], "same": [0]})
    base = RecordBase.make("people", table, id="no", labels=labels, seed=3, indexes=tmp_path)
    groups = base.groups()
    assert groups[left] != groups[right]


def test_a_column_that_must_agree_is_one_that_is_compared(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    one = table.assign(country="GB")
    with pytest.raises(ColumnError, match="'country' is not"):
        RecordBase.make("people", one, id="no", must_agree=["country"], indexes=tmp_path)
