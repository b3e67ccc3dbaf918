"""Columns whose values are kept out."""

import re

import pytest

import simsearch
from simsearch.errors import ColumnError
from simsearch.report.redact import hidden_columns, redacted_pairs, text_column
from tests.report.page.made import CUSTOMERS, made_of_texts

TEXTS = made_of_texts(["one thing", "one things"], 2)


def test_columns_that_there_are_not() -> None:
    with pytest.raises(ColumnError, match=r"no column 'txt' to redact; nearest: 'text'"):
        hidden_columns(TEXTS, ["txt"])
    with pytest.raises(ColumnError, match="names the rows"):
        hidden_columns(TEXTS, ["id"])
    hidden_columns(TEXTS, ["text"])


def test_either_table_of_a_linkage_has_them() -> None:
    found = simsearch.link(CUSTOMERS[:60], CUSTOMERS[60:].rename(columns={"mail": "e"}), id="no")
    hidden_columns(found, ["mail", "e"])
    with pytest.raises(ColumnError, match=re.escape("'no' names the rows")):
        hidden_columns(found, ["no"])
    assert text_column(found) is None
    assert redacted_pairs(found, ["mail"]).equals(found.pairs)


def test_pairs_of_texts_do_not_tell_what_differs() -> None:
    assert text_column(TEXTS) == "text"
    assert "differs" in redacted_pairs(TEXTS, []).column_names
    assert "differs" not in redacted_pairs(TEXTS, ["text"]).column_names
