"""How a text is cut into rows and cells: delimiter, quoting and header, from a sample."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Dialect", "has_header", "sniff_dialect"]

# Rarest in running text first: where two split every row alike, the rarer one is meant
# (a comma in `1,5;2,5` is a decimal point).
DELIMITERS = ("\t", "|", ";", ",")
# No delimiter at all: a lone surrogate, which no text holds.
NO_DELIMITER = "\ud800"
SAMPLE_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How rows are cut into cells.

    Attributes:
        delimiter: one character.
        quoted: whether `"` at the start of a cell opens a quotation.
        backslash: whether `\\"` as well as `""` stands for a quotation mark inside one.
    """

    delimiter: str
    quoted: bool = True
    backslash: bool = False

    def reader(self, lines: Iterable[str]) -> Any:  # the csv module does not name its type
        """A strict `csv.reader`: wrong quoting raises `csv.Error`."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar="\\" if self.backslash else None,
            strict=True,
        )


def sniff_dialect(sample: str, *, complete: bool, suffix: str = "") -> Dialect:
    """Delimiter and quoting of a sample of text.

    A delimiter must occur in the first row, and cut at least half of the rows into as
    many cells. If none does, a `.csv` or `.tsv` is cut at its own delimiter where the
    first row holds it (most rows are then found ragged); else there is one column.

    Args:
        sample: the beginning of the text.
        complete: whether the sample is the whole text; if not, its last line is left out.
        suffix: of the file name (`.tsv`), in lower case.
    """
    lines = _lines(sample)
    if not complete and len(lines) > 1:
        lines.pop()
    trials = [_best_quoting(delimiter, lines, complete) for delimiter in DELIMITERS]
    best = max(trials, key=lambda trial: trial.share)
    if best.share >= 0.5:
        return best.dialect
    own = {".tsv": "\t", ".tab": "\t", ".csv": ",", "": ","}.get(suffix)
    for trial in trials:
        if trial.dialect.delimiter == own and trial.width > 1:
            return trial.dialect
    return _best_quoting(NO_DELIMITER, lines, complete).dialect


def _lines(text: str) -> list[str]:
    """Lines with their ends: only CR, LF and CRLF end one."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a dialect makes of the sample."""

    dialect: Dialect
    width: int  # cells of the first row
    share: float  # of rows as wide as the first; 0 if that is one cell
    broken: int  # rows whose quoting is wrong
    quotations: int  # rows with a quotation that is right


def _best_quoting(delimiter: str, lines: list[str], complete: bool) -> _Trial:
    usual = _try(Dialect(delimiter), lines, complete)
    if not usual.broken:
        return usual
    if any('\\"' in line for line in lines):
        escaped = _try(Dialect(delimiter, backslash=True), lines, complete)
        if escaped.broken < usual.broken and escaped.share >= usual.share:
            return escaped
    plain = _try(Dialect(delimiter, quoted=False), lines, complete)
    if usual.broken > usual.quotations and plain.share >= max(usual.share, 0.9):
        return plain
    return usual


def _try(dialect: Dialect, lines: list[str], complete: bool) -> _Trial:
    opening = re.compile(f'(?:^|{re.escape(dialect.delimiter)})"')
    plain = Dialect(dialect.delimiter, quoted=False)
    widths: list[int] = []
    broken = quotations = start = 0
    reader = dialect.reader(lines)
    read = 0  # lines before those that `reader` was given
    while start < len(lines) and len(widths) < SAMPLE_ROWS:
        try:
            row = next(reader)
            end = read + reader.line_num
            quotations += bool(opening.search(lines[start]))
        except csv.Error:
            if not complete and read + reader.line_num == len(lines):
                break  # the quotation may close beyond the sample
            broken += 1
            row = next(plain.reader(lines[start : start + 1]))
            read = end = start + 1
            reader = dialect.reader(lines[read:])
        if row:
            spare = bool(widths) and len(row) == widths[0] + 1 and not row[-1]
            widths.append(len(row) - spare)
        start = end
    width = widths[0] if widths else 0
    share = widths.count(width) / len(widths) if width > 1 else 0.0
    return _Trial(dialect, width, share, broken, quotations)


NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?%?")
DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.](\d{4}|\d\d)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns.

    It does not when it holds nothing but numbers, nor when a cell of it is a date or an
    e-mail address as most cells below are.
    """
    first, *body = rows
    filled = [cell.strip() for cell in first if cell.strip()]
    if filled and all(NUMBER.fullmatch(cell) for cell in filled):
        return False
    return not any(
        _alike(first[at], [row[at] for row in islice(body, SAMPLE_ROWS) if at < len(row)])
        for at in range(len(first))
    )


def _alike(cell: str, below: list[str]) -> bool:
    for shape in (DATE, EMAIL):
        if shape.fullmatch(cell.strip()):
            filled = [value for value in below if value.strip()]
            return 2 * sum(bool(shape.fullmatch(value.strip())) for value in filled) > len(filled)
    return False
