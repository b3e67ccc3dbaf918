"""Fields: kinds found from content, values stored once, missing and constant columns."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from simsearch.matching.fields import Field, Kind, make_fields, take_values

RNG = np.random.default_rng(11)
WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty"]


def words(rows: int, length: int) -> list[str]:
    return [" ".join(row) for row in RNG.choice(WORDS, size=(rows, length))]


def digits(rows: int, length: int) -> list[str]:
    return ["".join(row) for row in RNG.choice(list("0123456789"), size=(rows, length))]


def one(values: object) -> Field:
    """The field of one column."""
    (field,) = make_fields(pa.table({"it": values}), ["it"]).fields
    return field


KINDS = {
    "names": (words(200, 1), Kind.SHORT),
    "two_words": (words(200, 2), Kind.SHORT),
    "titles": (words(200, 5), Kind.LONG),
    "phones": (["07" + d for d in digits(200, 9)], Kind.CODE),
    "dates": ([f"19{d[:2]}-0{1 + int(d[2]) % 9}-1{d[3]}" for d in digits(200, 4)], Kind.CODE),
    "years": ([f"19{d}" for d in digits(200, 2)], Kind.CODE),
    "prices": ([f"{d[:3]}.{d[3:]}" for d in digits(200, 5)], Kind.NUMBER),
    "prices_with_currency": ([f"${d[:2]},{d[2:5]}.99" for d in digits(200, 5)], Kind.NUMBER),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_a_field_follows_from_its_content(name: str) -> None:
    values, kind = KINDS[name]
    assert one(values).kind is kind


def test_a_missing_value_has_code_minus_one_and_the_others_their_place() -> None:
    field = one(["Leeds", None, "n/a", "leeds ", "York", "", "NULL", "-"])
    assert (field.codes < 0).tolist() == [False, True, True, False, False, True, True, True]
    assert field.codes.dtype == np.int32
    assert take_values(field).to_pylist() == ["leeds", None, None, "leeds", "york", *[None] * 3]


def test_each_distinct_value_is_stored_once() -> None:
    field = one(["Leeds", "LEEDS", "O'Neill", "ONeill", "Zoë", "zoe"])
    assert sorted(field.values.to_pylist()) == ["leeds", "oneill", "zoe"]


def test_a_year_that_was_read_as_a_float_equals_the_year() -> None:
    left = pa.table({"year": ["1999", "2001", "1987"]})
    right = pa.table({"year": ["1999.0", "2001.0", "1985.0"]})
    (field,) = make_fields(left, ["year"], right, ["year"]).fields
    assert field.codes[:2].tolist() == field.codes[3:5].tolist()
    floats = pa.table({"year": pa.array([1999.0, 2001.0, 1985.0])})
    (field,) = make_fields(left, ["year"], floats, ["year"]).fields
    assert field.codes[:2].tolist() == field.codes[3:5].tolist()


def test_the_same_day_in_two_tables_is_one_value() -> None:
    left = pa.table({"born": ["1971-06-24", "1980-01-31", "1985-11-02"]})
    right = pa.table({"birthday": ["24/06/1971", "31/01/1980", "03/04/1990"]})
    (field,) = make_fields(left, ["born"], right, ["birthday"]).fields
    assert field.name == "born"
    assert field.codes[:2].tolist() == field.codes[3:5].tolist()


def test_two_tables_are_stacked_left_first() -> None:
    left = pa.table({"name": ["ann", "bob"], "city": ["york", None]})
    right = pa.table({"town": ["leeds", "york", "bath"], "who": ["bob", "cid", "ann"]})
    fields = make_fields(left, ["name", "city"], right, ["who", "town"])
    assert (fields.rows, fields.left_rows, fields.possible_pairs) == (5, 2, 6.0)
    named = {field.name: take_values(field).to_pylist() for field in fields.fields}
    assert named == {
        "name": ["ann", "bob", "bob", "cid", "ann"],
        "city": ["york", None, "leeds", "york", "bath"],
    }


@pytest.mark.parametrize(("rows", "pairs"), [(0, 0.0), (1, 0.0), (2, 1.0), (5, 10.0)])
def test_possible_pairs_of_one_table(rows: int, pairs: float) -> None:
    table = pa.table({"name": pa.array([f"n{i}" for i in range(rows)], pa.string())})
    assert make_fields(table, ["name"]).possible_pairs == pairs


def test_a_constant_is_kept_with_no_information_and_informative_drops_it() -> None:
    table = pa.table({"name": words(50, 2), "country": ["uk"] * 50})
    fields = make_fields(table, ["name", "country"])
    assert [field.name for field in fields.fields] == ["name", "country"]
    assert fields.information[0] > 0.0
    assert fields.information[1] == 0.0
    informative = fields.informative()
    assert [field.name for field in informative.fields] == ["name"]
    assert informative.rows == 50


def test_identifiers_and_empty_columns_are_no_fields() -> None:
    table = pa.table({"id": list(range(50)), "name": words(50, 2), "none": [None] * 50})
    assert [f.name for f in make_fields(table, ["id", "name", "none"]).fields] == ["name"]


def test_no_column_makes_no_field() -> None:
    fields = make_fields(pa.table({"name": ["a", "b"]}), [])
    assert fields.fields == ()
    assert fields.text().to_pylist() == ["", ""]


def test_information_is_that_of_the_value_frequencies() -> None:
    values = ["leeds"] * 30 + ["york"] * 15 + ["bath"] * 15
    assert one(values).information == pytest.approx(-np.log(0.25 + 0.0625 + 0.0625))


def test_few_rows_do_not_make_an_agreement_worthless() -> None:
    assert one(["0113 496 0123", "0113 496 0123"]).information > 1.0


def test_numbers_are_read_without_currency_and_thousands() -> None:
    values = ["$1,234.50", "12.00", "-3.25", "about 5.5.5", *[f"{i}.75" for i in range(60)]]
    field = one(values)
    assert field.kind is Kind.NUMBER
    assert field.numbers is not None
    found = field.numbers[field.codes]
    assert found[:3].tolist() == [1234.5, 12.0, -3.25]
    assert np.isnan(found[3])


def test_the_text_of_a_row_joins_what_it_has() -> None:
    table = pa.table({"a": ["Ann", None, None], "b": ["Lee", "Ray", None], "c": ["x1", None, None]})
    assert make_fields(table, ["a", "b", "c"]).text().to_pylist() == ["ann lee x1", "ray", ""]


def test_take_keeps_the_rows_asked_for() -> None:
    table = pa.table({"name": ["ann", None, "bob", "cid"]})
    taken = make_fields(table, ["name"]).take(np.array([2, 1]))
    assert taken.rows == 2
    assert take_values(taken.fields[0]).to_pylist() == ["bob", None]


def test_any_type_of_column_will_do() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["1971-06-24", None, "1980-01-31"]),
            "price": [1.5, 2.25, np.nan],
            "flag": [True, False, True],
            "kind": pd.Categorical(["a", None, "b"]),
        }
    )
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = {field.name: field for field in make_fields(table, table.column_names).fields}
    assert take_values(fields["day"]).to_pylist() == ["19710624", None, "19800131"]
    assert (fields["price"].codes < 0).tolist() == [False, False, True]
    assert take_values(fields["kind"]).to_pylist() == ["a", None, "b"]
