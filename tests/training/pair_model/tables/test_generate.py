"""Generated tables: the seed decides, the truth stands beside, every family comes both ways."""

import numpy as np
import pytest

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables import FAMILIES, GeneratedTable, Wanted, generate
from simsearch.training.pair_model.tables.shape import FORMS

ALL = tuple(FAMILIES)


def entities(made: GeneratedTable) -> np.ndarray:
    parts = (
        [made.left_entity] if made.right_entity is None else [made.left_entity, made.right_entity]
    )
    return np.concatenate(parts)


@pytest.mark.parametrize("family", ALL)
def test_the_seed_decides(family: str) -> None:
    once, again, other = (generate(family, seed) for seed in (7, 7, 8))
    assert once.left.equals(again.left)
    assert np.array_equal(once.left_entity, again.left_entity)
    assert not once.left.equals(other.left)


@pytest.mark.parametrize("family", ALL)
@pytest.mark.parametrize("duplicates", [True, False])
def test_every_family_comes_with_and_without_duplicates(family: str, duplicates: bool) -> None:
    wanted = Wanted(duplicates=duplicates, tables=1, rows=120)
    if FAMILIES[family].duplicates not in (None, duplicates):
        with pytest.raises(OptionError, match="never"):
            generate(family, 1, wanted)
        return
    made = generate(family, 1, wanted)
    assert made.right is None
    assert made.has_duplicates == duplicates
    assert len(made.left_entity) == made.left.num_rows > 60


@pytest.mark.parametrize("form", FORMS)
def test_two_tables_go_together_as_wanted(form: str) -> None:
    wanted = Wanted(duplicates=form != "no_partner", tables=2, form=form, rows=400)
    made = generate("persons", 3, wanted)
    assert made.right is not None
    assert made.right_entity is not None
    assert made.form == form
    left, right = set(made.left_entity.tolist()), set(made.right_entity.tolist())
    share = len(left & right) / min(len(left), len(right))
    low, high = {
        "no_partner": (0, 0),
        "overlap_5": (0.02, 0.06),
        "overlap_20": (0.17, 0.21),
    }.get(form, (0.25, 1))
    assert low <= share <= high
    if form == "one_to_one":
        assert len(right) == len(made.right_entity)
    if form == "many_to_one":
        assert len(right) < len(made.right_entity)
    if form == "one_much_larger":
        assert made.right.num_rows > 15 * made.left.num_rows


@pytest.mark.parametrize("family", ALL)
def test_a_row_says_something_and_every_value_is_text(family: str) -> None:
    made = generate(family, 2)
    assert all(str(kind) == "string" for kind in made.left.schema.types)
    assert len(set(made.left.column_names)) == made.left.num_columns
    assert all(any(row.values()) for row in made.left.to_pylist())
    assert entities(made).min() >= 0


def test_no_two_different_things_have_one_serial_number() -> None:
    made = generate("assets", 5, Wanted(duplicates=True, tables=1, language="en", hidden=False))
    named = [
        name for name in made.left.column_names if name.lower().startswith(("serial", "s_n", "s n"))
    ]
    values = made.left.column(named[0]).to_pylist()
    owner: dict[str, int] = {}
    for value, entity in zip(values, made.left_entity.tolist(), strict=True):
        if value:
            assert owner.setdefault(value, entity) == entity


def test_hidden_headers_say_nothing() -> None:
    made = generate("orders", 4, Wanted(hidden=True))
    assert all(name[0] == "c" and name[1:].isdigit() for name in made.left.column_names)


def test_unknown_families_are_named() -> None:
    with pytest.raises(OptionError, match="no family 'person'"):
        generate("person", 0)
