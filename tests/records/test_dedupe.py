"""dedupe end to end: what it finds, what it leaves alone, and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from simsearch import dedupe, link
from simsearch.errors import ColumnError, EncoderError
from simsearch.evaluation.clusters import grouping_metrics
from simsearch.records.deduplication import ADDED_COLUMNS
from simsearch.records.encoder.encoder import RecordEncoder
from tests.records.made import customers, damaged, persons, split

if TYPE_CHECKING:
    from pathlib import Path


def groups(frame: pd.DataFrame | pa.Table, **keywords: Any) -> list[int]:
    found: list[int] = dedupe(frame, **keywords).group.tolist()
    return found


@pytest.mark.parametrize("seed", [0, 1])
def test_planted_duplicates_are_found(seed: int) -> None:
    frame, truth = split(customers(seed))
    assert len(frame) == 300
    assert grouping_metrics(dedupe(frame).group, truth).f1 >= 0.95


def test_duplicates_that_are_all_shortened_alike_are_found() -> None:
    """No name and no street is equal, or nearly so, in any of them."""
    made = persons(400, np.random.default_rng(5))
    whole = pd.DataFrame(
        {
            "name": made.first_name + " " + made.last_name,
            "street": made.street,
            "city": made.city,
            "year": made.born.str[:4],
        }
    )
    short = whole[:120].assign(
        name=(made.last_name + ", " + made.first_name.str[0])[:120],
        street=whole.street[:120].str.replace(r" \w+$", "", regex=True),
    )
    truth = np.concatenate([np.arange(400), np.arange(120)])
    assert grouping_metrics(dedupe(pd.concat([whole, short])).group, truth).f1 >= 0.95


def test_without_duplicates_nothing_is_grouped() -> None:
    found = dedupe(persons(200, np.random.default_rng(3)))
    assert found.group_count == 0
    assert found.surplus_rows == 0
    assert found.group.tolist() == list(range(200))
    assert found.representative.all()
    assert len(found.unique()) == 200


def test_everything_one_thing() -> None:
    rng = np.random.default_rng(4)
    one = persons(1, rng)
    rows = pd.concat([one] + [damaged(one, rng, 0.05) for _ in range(29)], ignore_index=True)
    counts = np.bincount(dedupe(rows).group)
    assert counts.max() >= 28


def test_one_row() -> None:
    found = dedupe(pd.DataFrame({"name": ["Ann Clark"], "city": ["York"]}))
    assert found.group.tolist() == [0]
    assert found.representative.tolist() == [True]
    assert found.pairs.num_rows == 0
    assert 0.0 <= found.confidence[0] <= 1.0


def test_two_rows_that_differ() -> None:
    rows = {
        "name": ["Ann Clark", "Victor Hobson"],
        "street": ["4 Mill Lane", "12 High Street"],
        "phone": ["01904960222", "01134960123"],
    }
    assert groups(pd.DataFrame(rows)) == [0, 1]


def test_two_rows_that_are_alike() -> None:
    rows = {
        "name": ["Jonathan Smith", "Jonathan Smyth"],
        "street": ["12 High Street", "12 High Street"],
        "phone": ["01134960123", "01134960123"],
    }
    assert groups(pd.DataFrame(rows)) == [0, 0]


def test_ten_rows() -> None:
    rng = np.random.default_rng(6)
    people = persons(8, rng)
    again = people[:2].assign(first_name=people["first_name"].str[:-1])
    assert groups(pd.concat([people, again])) == [*range(8), 0, 1]


SMALL_TABLES_WITHOUT_DUPLICATES = {
    "twins": {
        "first_name": ["Ulrich", "Maria"],
        "last_name": ["Dubois", "Dubois"],
        "birth_date": ["1977-03-19", "1977-03-19"],
        "street": ["18 High Street", "18 High Street"],
        "phone": ["01506 507458", "01506 507458"],
    },
    "household": {
        "name": ["Emil Green", "Julia Green", "David Green", "Hanna Green"],
        "birth_date": ["1963-01-12", "1958-06-26", "2001-01-12", "1992-02-13"],
        "street": ["45 Elm Drive"] * 4,
        "city": ["Lincoln"] * 4,
    },
    "colleagues": {
        "name": ["Ida Hall", "Karl Moore", "Nora Baker"],
        "company": ["Alpine Tools AG"] * 3,
        "email": [f"{name}@alpine.example" for name in ("ida.hall", "karl.moore", "nora.baker")],
    },
    "models": {
        "brand": ["Bosch"] * 4,
        "model": [f"Drill PSB {number}" for number in (130, 270, 310, 440)],
        "price": ["187.99", "247.99", "319.99", "343.99"],
        "category": ["Drill"] * 4,
    },
}


@pytest.mark.parametrize(
    "table",
    SMALL_TABLES_WITHOUT_DUPLICATES.values(),
    ids=SMALL_TABLES_WITHOUT_DUPLICATES,
)
def test_few_rows_that_are_alike_are_kept_apart(table: dict[str, list[str]]) -> None:
    rows = pd.DataFrame(table)
    assert dedupe(rows).group_count == 0
    slip = rows.iloc[:1].copy()
    slip.iloc[0, 0] = slip.iloc[0, 0][:3] + slip.iloc[0, 0][4:]
    if len(rows) > 2:
        assert groups(pd.concat([rows, slip])) == [*range(len(rows)), 0]


def test_many_near_copies_of_one_thing_are_one_group() -> None:
    """More than the lists of neighbours hold, so that they are found through each other."""
    person = ["Edward", "Zawunez", "1954-06-16", "11 York Court", "Shuckport", "07562265662"]
    random = np.random.default_rng(0)
    rows = []
    for _ in range(120):
        row = list(person)
        for place in random.choice(6, 2, replace=False):
            value = list(row[place])
            value[int(random.integers(len(value)))] = "abcdefgh12345"[int(random.integers(13))]
            row[place] = "".join(value)
        rows.append(row)
    columns = ["given", "surname", "born", "street", "city", "phone"]
    found = dedupe(pd.DataFrame(rows, columns=columns))
    assert found.group_count == 1
    assert found.surplus_rows >= 117


def test_rows_without_values_are_not_one_thing() -> None:
    rows = persons(30, np.random.default_rng(7))
    rows.loc[10:19, :] = ""
    assert dedupe(rows).group_count == 0
    assert groups(pd.DataFrame({"a": [None] * 5, "b": [""] * 5})) == [0, 1, 2, 3, 4]


def test_rows_come_back_untouched_in_order_and_with_their_types() -> None:
    table = pa.table(
        {
            "name": [" Smith ", "smith", "Иванова Ольга", "李小龙", "محمد علي", None],
            "born": pa.array([1, 2, 3, None, 5, 6], pa.date32()),
            "paid": pa.array([1.5, None, 2.0, -0.0, 1e300, 3.25]),
            "tags": [["a"], ["b", "c"], [], None, ["d"], ["e"]],
            "count": pa.array([1, 2, 3, 4, 5, None], pa.int16()),
            "ok": [True, False, None, True, True, False],
        }
    )
    out = dedupe(table).table()
    assert out.column_names == [*table.column_names, *ADDED_COLUMNS]
    assert out.select(table.column_names).equals(table)
    assert [str(t) for t in out.schema.types[-3:]] == ["int64", "bool", "double"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванова Ольга Петровна, улица Ленина", "Иванова Олга Петровна, улица Ленина"),
        ("محمد علي حسن شارع النيل القاهرة", "محمد علي حسين شارع النيل القاهرة"),
        ("東京都新宿区西新宿二丁目八番一号", "東京都新宿区西新宿二丁目八番一"),
    ],
    ids=["cyrillic", "arabic", "japanese"],
)
def test_any_script(one: str, other: str) -> None:
    people = persons(40, np.random.default_rng(8))
    rows = pd.DataFrame({"name": people["last_name"], "address": people["street"]})
    rows = pd.concat(
        [rows, pd.DataFrame({"name": [one, other], "address": [one[::-1], other[::-1]]})]
    )
    assert groups(rows) == [*range(40), 40, 40]


def test_groups_of_ten_with_missing_cells_and_a_column_beside_its_parts() -> None:
    rng = np.random.default_rng(9)
    people = persons(30, rng)
    copies = [damaged(people, rng, 0.25) for _ in range(10)]
    for copy in copies:
        copy["full_name"] = (copy["first_name"] + " " + copy["last_name"]).str.strip()
    rows = pd.concat(copies)
    truth = np.tile(np.arange(30), 10)
    assert grouping_metrics(dedupe(rows).group, truth).f1 >= 0.9


def test_exact_duplicates_join_and_are_among_the_pairs() -> None:
    people = persons(50, np.random.default_rng(10))
    rows = pd.concat([people, people[:5], people[:1]])
    found = dedupe(rows)
    assert found.group.tolist() == [*range(50), 0, 1, 2, 3, 4, 0]
    assert (found.group_count, found.surplus_rows) == (5, 6)
    pairs = set(zip(*(found.pairs[n].to_pylist() for n in ("left_id", "right_id")), strict=True))
    assert pairs == {("0", "50"), ("0", "55"), ("1", "51"), ("2", "52"), ("3", "53"), ("4", "54")}
    assert found.compared(np.array([0, 50]), np.array([50, 55])).all()


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    return customers(20, alone=100, twice=25, thrice=10)


def test_two_runs_are_equal(made: pd.DataFrame) -> None:
    frame, _ = split(made)
    one, two = dedupe(frame), dedupe(frame)
    assert one.table().equals(two.table())
    assert one.pairs.equals(two.pairs)


def test_one_representative_a_group_and_confidence_a_probability(made: pd.DataFrame) -> None:
    frame, _ = split(made)
    found = dedupe(frame)
    assert (np.bincount(found.group, found.representative) == 1).all()
    assert len(found.unique()) == found.group.max() + 1
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert found.confidence[np.bincount(found.group)[found.group] > 1].mean() > 0.9


def test_statistics_and_progress(made: pd.DataFrame) -> None:
    told: list[tuple[str, float]] = []
    frame, _ = split(made)
    found = dedupe(frame, progress=lambda stage, share: told.append((stage, share)))
    assert found.statistics.rows == len(frame)
    assert 0 < found.statistics.candidates_per_row < 60
    assert 0 <= found.statistics.recall_lost < 0.2
    assert [stage for stage, share in told if share == 0.0] == list(found.statistics.seconds)
    assert found.statistics.warnings == ()


def test_labels_join_and_part(made: pd.DataFrame) -> None:
    frame, _ = split(made)
    plain = dedupe(frame)
    sizes = np.bincount(plain.group)[plain.group]
    alone = np.flatnonzero(sizes == 1)
    joined = (int(alone[0]), int(alone[-1]))
    parted = np.flatnonzero(plain.group == plain.group[np.flatnonzero(sizes == 2)[0]]).tolist()
    labels = pd.DataFrame(
        {
            "left_id": [joined[1], parted[0]],
            "right_id": [joined[0], parted[1]],
            "same": [1, 0],
        }
    )
    found = dedupe(frame, labels=labels)
    assert found.group[joined[0]] == found.group[joined[1]]
    assert found.group[parted[0]] != found.group[parted[1]]


def test_labels_and_pairs_use_the_id_column() -> None:
    people = persons(30, np.random.default_rng(12))
    rows = pd.concat([people, people[:1].assign(first_name="Q")], ignore_index=True)
    rows["key"] = [f"k{n:02}" for n in range(31)]
    assert dedupe(rows, id="key").pairs["left_id"].to_pylist() == ["k00"]
    assert dedupe(rows, id="key").pairs["right_id"].to_pylist() == ["k30"]
    labels = pd.DataFrame({"left_id": ["k00"], "right_id": ["k30"], "same": [0]})
    assert dedupe(rows, id="key", labels=labels).group_count == 0


def test_a_row_number_column_is_no_evidence() -> None:
    frame, truth = split(customers(13))
    frame.insert(0, "nr", np.arange(len(frame)) + 1000)
    assert grouping_metrics(dedupe(frame).group, truth).f1 >= 0.95


def test_columns_and_ignore_choose_what_is_compared() -> None:
    frame, _ = split(customers(14, alone=40, twice=10, thrice=0))
    chosen = dedupe(frame, columns=["phone", "last_name"])
    assert chosen.records.columns == ("phone", "last_name")
    left_out = dedupe(frame, ignore=["first_name", "street", "city", "born"])
    assert left_out.group.tolist() == chosen.group.tolist()
    with pytest.raises(ColumnError, match="phnoe"):
        dedupe(frame, columns=["phnoe"])


def test_frame_arrow_and_csv_give_the_same_groups(made: pd.DataFrame, tmp_path: Path) -> None:
    frame, _ = split(made)
    frame.to_csv(tmp_path / "made.csv", index=False)
    expected = groups(frame)
    assert groups(pa.Table.from_pandas(frame, preserve_index=False)) == expected
    assert dedupe(tmp_path / "made.csv").group.tolist() == expected


@pytest.mark.parametrize("name", ADDED_COLUMNS)
def test_a_column_named_like_a_result_is_refused(name: str) -> None:
    with pytest.raises(ColumnError, match=f"already has a column {name}"):
        dedupe(pd.DataFrame({"name": ["Ann", "Bob"], name: [1, 2]}))


def test_a_missing_encoder_folder_is_an_encoder_error(tmp_path: Path) -> None:
    rows = pd.DataFrame({"name": ["Ann", "Bob"]})
    with pytest.raises(EncoderError, match="nowhere"):
        dedupe(rows, encoder=tmp_path / "nowhere")
    with pytest.raises(EncoderError, match="nowhere"):
        link(rows, rows, encoder=tmp_path / "nowhere")


def test_a_saved_encoder_works(made: pd.DataFrame, tmp_path: Path) -> None:
    frame, truth = split(made)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    RecordEncoder.fit(table, dimension=32, seed=5).save(tmp_path / "encoder")
    found = dedupe(frame, encoder=tmp_path / "encoder")
    assert grouping_metrics(found.group, truth).f1 >= 0.95


def test_constant_columns_say_nothing_and_are_warned_about() -> None:
    people = persons(30, np.random.default_rng(15)).assign(nr=range(100, 130), country="UK")
    found = dedupe(people[["nr", "country"]])
    assert found.statistics.warnings == (
        "no column carries evidence; only exact duplicates can be found",
    )
    assert dedupe(people).statistics.warnings == ()
