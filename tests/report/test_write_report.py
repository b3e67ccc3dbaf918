"""write_report: a page, whole or not at all."""

from pathlib import Path

import pytest

from simsearch import write_report
from simsearch.errors import ColumnError, OutputError
from tests.report.page.made import made_of_texts

TEXTS = made_of_texts(["one thing", "one things"], 2)


def test_a_page_is_written(tmp_path: Path) -> None:
    place = write_report(TEXTS, tmp_path / "out.html")
    assert place == tmp_path / "out.html"
    assert place.read_text("utf-8").endswith("</html>")


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"choose a name that ends in \.html"):
        write_report(TEXTS, tmp_path / "out.csv")
    with pytest.raises(OutputError, match="no folder"):
        write_report(TEXTS, tmp_path / "none" / "out.html")
    with pytest.raises(ColumnError, match="nothing"):
        write_report(TEXTS, tmp_path / "out.html", redact=["nothing"])
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_replaced_as_a_whole(tmp_path: Path) -> None:
    page = tmp_path / "out.htm"
    page.write_text("before")
    with pytest.raises(ColumnError):
        write_report(TEXTS, page, redact=["nothing"])
    assert page.read_text() == "before"
    write_report(TEXTS, page)
    assert "one things" in page.read_text("utf-8")
