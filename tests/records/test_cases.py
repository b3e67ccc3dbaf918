"""Small made-up tables of situations that people meet, each with the right outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsearch import dedupe

CASES = Path(__file__).with_name("cases")


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CASES / name, dtype=str, keep_default_na=False)


def group_pairs(group: np.ndarray) -> set[tuple[int, int]]:
    """Row pairs that stand in one group."""
    frame = pd.DataFrame({"group": group, "row": np.arange(len(group))})
    both = frame.merge(frame, on="group")
    return set(both.query("row_x < row_y")[["row_x", "row_y"]].itertuples(index=False, name=None))


def test_a_customer_is_found_again_by_all_orders() -> None:
    truth = group_pairs(pd.read_csv(CASES / "orders_truth.csv")["entity"].to_numpy())
    assert group_pairs(dedupe(table("orders.csv")).group) == truth
    assert len(truth) == 100


def test_a_company_is_found_by_its_tax_number_whatever_its_legal_form() -> None:
    frame = table("companies_taxid.csv")
    truth = group_pairs(frame["inn"].to_numpy())
    assert group_pairs(dedupe(frame).group) == truth
    assert len(truth) == 100


def test_nobody_of_another_name_and_birth_date_is_merged() -> None:
    frame = table("households_no_duplicates.csv")
    for a, b in group_pairs(dedupe(frame).group):
        one, other = frame.iloc[a], frame.iloc[b]
        assert one["first"] == other["first"] or one["born"] == other["born"]


@pytest.mark.parametrize("columns", [None, ["asset", "serial", "room"]])
def test_machines_with_other_serial_numbers_are_others(columns: list[str] | None) -> None:
    frame = table("assets.csv")
    assert not group_pairs(dedupe(frame, columns=columns).group)


def test_a_price_in_common_makes_no_product() -> None:
    frame = table("products_price.csv")
    found = dedupe(frame)
    for a, b in group_pairs(found.group):
        assert frame["brand"][a] == frame["brand"][b]


def test_people_of_one_surname_are_not_one_person() -> None:
    frame = table("names.csv")
    wrong = [
        (a, b)
        for a, b in group_pairs(dedupe(frame).group)
        if frame["first"][a] != frame["first"][b]
    ]
    assert len(wrong) <= 2  # Anna and Nina may be a slip of the pen


def test_models_that_differ_in_a_digit_are_others() -> None:
    assert not group_pairs(dedupe(table("variants.csv")).group)
