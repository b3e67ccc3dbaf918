"""Tell whether a text file is a table, whatever its name."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING

from simsearch.errors import EmptySourceError
from simsearch.sources.dialect import DELIMITERS, has_header, sniff_dialect
from simsearch.sources.encoding import sniff_encoding
from simsearch.sources.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["is_table_of_text"]

SAMPLE_BYTES = 1 << 16
ROWS = 200
# A header and two rows: fewer say nothing about how lines are cut.
LEAST_ROWS = 3
# Of the lines that are cut into as many cells as the first.
ALIKE = 0.95
# A name of a column: a few words, and no sentence.
NAME = re.compile(r"\S.{0,39}")
SENTENCE = re.compile(r"[.!?…。！？]$")
WORDS = 4


def is_table_of_text(path: Path) -> bool:
    """Whether the lines of a text file are cut alike by a delimiter, under names of columns.

    Prose in which commas or tabs occur here and there is none, nor is one column of lines.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        file = Input.from_path(path)
        head = file.head(SAMPLE_BYTES)
    except EmptySourceError:
        return False
    encoding = sniff_encoding(head)
    sample = io.TextIOWrapper(io.BytesIO(head), encoding, "replace", newline="").read()
    rows = _rows(sample, complete=len(head) < SAMPLE_BYTES)
    if len(rows) < LEAST_ROWS:
        return False
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows)
    return alike >= ALIKE and _are_names(rows[0]) and has_header(rows)


def _rows(sample: str, *, complete: bool) -> Sequence[Sequence[str]]:
    """Rows of the sample as the likeliest delimiter cuts them; none where nothing does."""
    dialect = sniff_dialect(sample, complete=complete)
    if dialect.delimiter not in DELIMITERS:
        return []
    lines = io.StringIO(sample, newline="").readlines()
    try:
        found = dialect.reader(lines if complete else lines[:-1])
        return [row for row in islice(found, ROWS) if row]
    except csv.Error:
        return []


def _are_names(cells: Sequence[str]) -> bool:
    """Whether cells are names of columns: short, all different, none a part of a sentence."""
    return (
        len(cells) > 1
        and len(set(cells)) == len(cells)
        and all(
            # After a comma in prose comes a space.
            NAME.fullmatch(cell) and not SENTENCE.search(cell) and len(cell.split()) <= WORDS
            for cell in cells
        )
    )
