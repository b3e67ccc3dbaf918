"""What a file of text is: its encoding, delimiter, quoting and header, from a sample."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Dialect", "has_header", "sniff_dialect", "sniff_encoding"]

# A byte order mark settles it. UTF-32 first: its mark begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Rarest in running text first: where two split every row alike, the rarer one is meant
# (a comma in `1,5;2,5` is a decimal point).
DELIMITERS = ("\t", "|", ";", ",")
# No delimiter at all: a character that text does not hold (ASCII unit separator).
NO_DELIMITER = "\x1f"
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


def sniff_encoding(sample: bytes) -> str:
    """The encoding of a sample, as a Python codec name.

    A byte order mark decides; then valid UTF-8 (a few damaged bytes among many good ones
    allowed: those rows are skipped later); then NUL bytes in every other place (UTF-16);
    then charset-normalizer's judgement.
    """
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    wide = _wide(sample)
    if wide:
        return wide
    if _mostly_utf8(sample):
        return "utf-8"
    return _eight_bit(sample)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: in most scripts' tables every other byte of ASCII text is NUL."""
    pairs = len(sample) // 2
    if pairs == 0:
        return None
    even, odd = (sample[at : 2 * pairs : 2].count(0) / pairs for at in (0, 1))
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return None


def _mostly_utf8(sample: bytes) -> bool:
    # The sample may end inside a character: an incremental decoder leaves that out.
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    bad = len(re.findall("[\udc80-\udcff]", text))
    good = len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))
    return bad * 10 <= good


def _eight_bit(sample: bytes) -> str:
    """An encoding of one byte a character, or an East Asian one."""
    del sample
    return "cp1252"


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
    escaped = _try(Dialect(delimiter, backslash=True), lines, complete)
    if escaped.broken < usual.broken and escaped.share >= usual.share:
        return escaped
    plain = _try(Dialect(delimiter, quoted=False), lines, complete)
    if usual.broken > usual.quotations and plain.share >= usual.share:
        return plain
    return usual


def _try(dialect: Dialect, lines: list[str], complete: bool) -> _Trial:
    opening = re.compile(f'(?:^|{re.escape(dialect.delimiter)})"')
    reader = dialect.reader(lines)
    widths: list[int] = []
    broken = quotations = 0
    start = 0
    while len(widths) + broken < SAMPLE_ROWS:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            # At the end of an incomplete sample a quotation may be open for good reason.
            broken += complete or reader.line_num < len(lines)
            row = []
        if row:
            widths.append(len(row) - (not row[-1] and bool(widths) and len(row) == widths[0] + 1))
            quotations += bool(opening.search(lines[start]))
        start = reader.line_num
    width = widths[0] if widths else 0
    share = widths.count(width) / (len(widths) + broken) if width > 1 else 0.0
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
            found = Counter(bool(shape.fullmatch(value.strip())) for value in below)
            return found[True] > found[False]
    return False
