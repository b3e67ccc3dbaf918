"""Which columns of a pair hold one value in two spellings."""

import pandas as pd
import pytest

import simsearch
from simsearch.report.page.page_items import columns_of
from simsearch.report.page.rewritten import rewritten
from tests.report.page.made import CUSTOMERS, made_of_texts


@pytest.fixture(scope="module")
def dated() -> pd.DataFrame:
    """Customers, whose second half has dates as they are written in Germany."""
    table = CUSTOMERS.head(60).assign(
        born=[f"19{50 + n % 40}-03-{1 + n % 28:02}" for n in range(60)]
    )
    again = table.head(20).copy()
    again["no"] = [f"again{n}" for n in range(20)]
    again["born"] = [".".join(born.split("-")[::-1]) for born in again["born"]]
    return pd.concat([table, again], ignore_index=True)


def test_a_date_in_two_spellings_is_one(dated: pd.DataFrame) -> None:
    found = simsearch.dedupe(dated, id="no")
    columns = columns_of(found, [])
    born = [column.name for column in columns].index("born")
    told = rewritten(found, [(0, 60), (0, 1)], columns)
    assert told == {(0, 60): [born]}
    assert rewritten(found, [(0, 60)], columns_of(found, ["born"])) == {}


def test_of_two_tables(dated: pd.DataFrame) -> None:
    found = simsearch.link(dated.head(60), dated.tail(20), id="no")
    columns = columns_of(found, [])
    born = [column.name for column in columns].index("born")
    assert rewritten(found, [(3, 3)], columns) == {(3, 3): [born]}


def test_texts_have_no_columns() -> None:
    found = made_of_texts(["one text", "another text"], 2)
    assert rewritten(found, [(0, 1)], columns_of(found, [])) == {}
