"""The example table is what its script writes, and is as messy as it says."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_writes_what_is_kept(tmp_path: Path) -> None:
    script = EXAMPLES / "make_customers.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for name in ("customers.csv", "customers_truth.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_every_row_has_a_person() -> None:
    customers, truth = rows("customers.csv"), rows("customers_truth.csv")
    assert [row["customer_no"] for row in customers] == [row["customer_no"] for row in truth]


def test_about_fifteen_in_a_hundred_are_surplus_in_groups_of_up_to_five() -> None:
    sizes = Counter(row["person"] for row in rows("customers_truth.csv")).values()
    assert 0.12 <= (sum(sizes) - len(sizes)) / sum(sizes) <= 0.18
    assert max(sizes) == 5


def test_there_are_names_in_many_scripts() -> None:
    text = (EXAMPLES / "customers.csv").read_text("utf-8")
    for first, last in (("À", "ž"), ("А", "я"), ("一", "鿿"), ("ء", "ي")):
        assert sum(first <= letter <= last for letter in text) > 100
