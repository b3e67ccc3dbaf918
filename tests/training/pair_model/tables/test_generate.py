"""Generated tables: the seed decides, the truth stands beside, every family comes both ways."""

from dataclasses import replace

import numpy as np
import pytest

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables import (
    EVERYDAY,
    FAMILIES,
    ORDINARY,
    STRANGERS,
    GeneratedTable,
    Wanted,
    generate,
)
from simsearch.training.pair_model.tables.shape import FORMS

HELD_OUT = ORDINARY | EVERYDAY | STRANGERS
KNOWN = FAMILIES | HELD_OUT
ALL = tuple(KNOWN)


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
    wanted = Wanted(duplicates=duplicates, rows=120)
    if KNOWN[family].duplicates not in (None, duplicates):
        with pytest.raises(OptionError, match="never"):
            generate(family, 1, wanted)
        return
    made = generate(family, 1, wanted)
    assert made.has_duplicates == duplicates
    assert len(entities(made)) > 60


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
def test_every_layout_can_be_written(family: str) -> None:
    """A layout may only name what the family has."""
    for layout in KNOWN[family].layouts:
        one = replace(KNOWN[family], layouts=(layout.replace("?", ""),))
        made = generate(one, 1, Wanted(rows=20))
        assert made.left.num_columns >= len(layout.split())


def test_families_to_measure_with_are_not_among_those_to_train_with() -> None:
    assert not FAMILIES.keys() & HELD_OUT.keys()
    trained = {
        " ".join(layout.split()) for family in FAMILIES.values() for layout in family.layouts
    }
    assert not trained & {layout for family in HELD_OUT.values() for layout in family.layouts}


@pytest.mark.parametrize("family", ALL)
def test_different_things_are_hardly_ever_written_alike(family: str) -> None:
    """Else the truth could not be told from the table."""
    made = generate(
        replace(KNOWN[family], noise=0), 6, Wanted(rows=300, tables=KNOWN[family].tables[0])
    )
    rows = [tuple(str(v).lower() for v in row.values()) for row in made.left.to_pylist()]
    owners: dict[tuple[str, ...], set[int]] = {}
    for row, entity in zip(rows, made.left_entity.tolist(), strict=True):
        owners.setdefault(row, set()).add(entity)
    assert sum(len(found) > 1 for found in owners.values()) <= 0.02 * len(rows)


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
