"""CSV and its kin: every cell is kept as the exact text.

The engine is Python's own `csv.reader`, in strict mode. Arrow's reader is several times as
fast, but it does not give line numbers, loses what stands around wrong quotation marks, lets
one stray mark swallow the rest of the file, and fails on a row longer than its block.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import EmptySourceError, OptionError, SourceError
from simsearch.schema import SkippedRow
from simsearch.sources.closing import CLOSING_ROWS, closing_reason
from simsearch.sources.columns import told_apart
from simsearch.sources.dialect import Dialect, has_header, sniff_dialect, text_lines
from simsearch.sources.encoding import UNDECODABLE
from simsearch.sources.lines import SAMPLE_BYTES, encoding_of, open_lines
from simsearch.sources.preamble import Preamble, find_preamble, named_separator
from simsearch.sources.reader import CHUNK_ROWS, gathered, refuse_if_most_are_skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from simsearch.sources.encoding import TextEncoding
    from simsearch.sources.inputs import Input
    from simsearch.sources.lines import TextLines

__all__ = ["DelimitedOptions", "DelimitedReader"]

# Characters after which the rows so far are handed on, so that long cells keep memory bounded.
CHUNK_CHARACTERS = 1 << 24
# A longer cell is taken for a quotation that was never closed.
CELL_CHARACTERS = 1 << 28
# Rows of one cell in a table of several columns, as a share of all, from which it is cut wrongly.
_MOST_UNCUT = 0.5
SHOWN = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


# How pages of the web and other markup begin.
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml)\b", re.IGNORECASE)
# What people call a delimiter that they cannot type.
NAMED_DELIMITERS = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "space": " ",
    "bar": "|",
}


@dataclass(frozen=True, slots=True)
class DelimitedOptions:
    """How a file of delimited text is to be read, where it is not found out.

    Attributes:
        delimiter: what stands between cells, one character or `tab`; None to find it.
        encoding: a codec's name (`cp437`, `mac_roman`); None to find it, line by line.
        skip_rows: lines at the top that are no part of the table; None to find them.
        no_header: whether the first row is a record and no header.
    """

    delimiter: str | None = None
    encoding: str | None = None
    skip_rows: int | None = None
    no_header: bool = False

    def __post_init__(self) -> None:
        if self.delimiter is not None and len(self.mark or "") != 1:
            raise OptionError(
                f"`delimiter` is {self.delimiter!r}; it is one character, or the word tab"
            )
        if self.mark in ("\n", "\r", '"'):
            raise OptionError("`delimiter` can be no line end and no quotation mark")
        if self.skip_rows is not None and self.skip_rows < 0:
            raise OptionError(f"`skip_rows` is {self.skip_rows}; it is 0 or more lines")

    @property
    def mark(self) -> str | None:
        """The delimiter itself."""
        if self.delimiter is None:
            return None
        return NAMED_DELIMITERS.get(self.delimiter.lower(), self.delimiter)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file is like.

    Attributes:
        encoding: of its lines.
        dialect: how rows are cut.
        preamble: lines above the table.
        header: whether its first row names the columns.
    """

    encoding: TextEncoding
    dialect: Dialect
    preamble: Preamble
    header: bool


class DelimitedReader:
    """Reads a file of delimited text.

    A row with too few cells is filled up with empty ones, and empty cells beyond the last
    column are dropped; blank lines are no rows, nor are lines that are the header once more, as in
    files that were put together of several. A row with more cells than there are columns,
    or with bytes of no encoding, is skipped and listed.
    """

    def __init__(self, source: Input, layout: Layout, before: Sequence[str] = ()) -> None:
        import pyarrow as pa

        self.name = source.name
        self.skipped: list[SkippedRow] = []
        self.notes: list[str] = []
        self.layout = layout
        self._source, self._before = source, before
        # Process-wide, as the csv module has it; its default is 128 KiB.
        csv.field_size_limit(min(CELL_CHARACTERS, sys.maxsize))
        first = self._first_row()
        names = [f"column_{at}" for at in range(1, len(first) + 1)]
        self._renamed = ""
        if layout.header:
            given = [cell.strip() or name for cell, name in zip(first, names, strict=True)]
            names = told_apart(given)
            new = [repr(name) for name, old in zip(names, given, strict=True) if name != old]
            if new:
                self._renamed = f"columns of one name told apart: {', '.join(new)}"
        self.schema = pa.schema([(name, pa.string()) for name in names])

    @classmethod
    def open(
        cls,
        source: Input,
        options: DelimitedOptions | None = None,
        before: Sequence[str] = (),
    ) -> DelimitedReader:
        """Detect the layout of the file from its first 128 KiB, where the options leave it open.

        Args:
            source: the file.
            options: what is known of it.
            before: notes on how the file came to be, see `Reader.notes`.

        Raises:
            SourceError: it cannot be read, is no text, or its first row is damaged.
            EmptySourceError: it holds nothing but blank lines.
            OptionError: an encoding that is not known.
        """
        return cls(source, _layout(source, options or DelimitedOptions()), before)

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """See `Reader.batches`."""
        self.skipped = []
        self.notes = []
        kept = 0
        with open_lines(self._source, self.layout.encoding) as text:
            found = self._rows(text)
            for batch in gathered(self._chunks(found), rows):
                kept += batch.num_rows
                yield batch
            above = filter(None, [self.layout.preamble.note, self._renamed])
            self.notes = [*self._before, *above, *found.notes, *text.notes]
        self._refuse_if_ragged(kept, found)

    def _first_row(self) -> list[str]:
        with open_lines(self._source, self.layout.encoding) as text:
            first = next(self._rows(text), None)
        if self.skipped:
            where = f"{self.name}, line {self.skipped[0].row}"
            raise SourceError(f"{where}: {self.skipped[0].reason}; the first row must be sound")
        if first is None:
            raise EmptySourceError(
                f"{self.name} holds only blank lines; it needs a header and at least one row"
            )
        return first

    def _rows(self, text: TextLines) -> _Rows:
        return _Rows(text, self.layout.dialect, self.skipped, self.layout.preamble.lines)

    def _chunks(self, rows: _Rows) -> Iterator[pa.RecordBatch]:
        header = next(rows) if self.layout.header else []
        chunk: list[list[str]] = []
        # Rows that may turn out to stand below the table are held back.
        held = CLOSING_ROWS + 1
        ends: deque[tuple[int, bool]] = deque(maxlen=CLOSING_ROWS)
        for row in rows:
            if row == header and len(row) > 1:
                rows.headers += 1
                continue
            chunk.append(row)
            ends.append((rows.line, rows.short))
            full = len(chunk) == CHUNK_ROWS + held or rows.characters >= CHUNK_CHARACTERS
            if full and len(chunk) > held:
                yield self._arrow(chunk[:-held])
                rows.characters = 0
                chunk = chunk[-held:]
        self._leave_out_closing(chunk, ends, rows)
        if chunk:
            yield self._arrow(chunk)

    def _leave_out_closing(
        self, chunk: list[list[str]], ends: deque[tuple[int, bool]], rows: _Rows
    ) -> None:
        """Take from the last rows those that are no record, and list them."""
        found: list[SkippedRow] = []
        while ends and len(chunk) > 1:
            line, short = ends.pop()
            reason = closing_reason(chunk[-1], short=short)
            if not reason:
                break
            text = self.layout.dialect.delimiter.join(chunk.pop())
            found.append(SkippedRow(line, reason, text))
            rows.padded -= short
        self.skipped.extend(reversed(found))

    def _arrow(self, rows: list[list[str]]) -> pa.RecordBatch:
        import pyarrow as pa

        columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _refuse_if_ragged(self, kept: int, rows: _Rows) -> None:
        """Raise SourceError where the header is not cut as the rows are."""
        delimiter = SHOWN.get(self.layout.dialect.delimiter)
        columns = f"{len(self.schema)} column{'s' * (len(self.schema) != 1)}"
        cut = f"cut at {delimiter} its first row gives {columns}" if delimiter else columns
        advice = f"{cut}: give every row as many cells, mend the first row, or name the `delimiter`"
        refuse_if_most_are_skipped(self.name, self.skipped, kept, advice)
        if len(self.schema) > 2 and rows.uncut > _MOST_UNCUT * kept:
            raise SourceError(
                f"{self.name}: {rows.uncut} of {kept} rows are one cell where there should be "
                f"{len(self.schema)}; {advice}"
            )


class _Rows:
    """The usable rows of a text, the header among them; the others go to `skipped`.

    Attributes:
        characters: of the rows since somebody set it to 0.
        padded: rows that were filled up with empty cells.
        uncut: those of them that are a single cell.
        headers: rows that were left out, as they are the header once more.
        line: 1-based, where the latest row begins.
        short: whether the latest row was filled up.
    """

    def __init__(
        self, text: TextLines, dialect: Dialect, skipped: list[SkippedRow], lead: int
    ) -> None:
        self.characters = self.padded = self.uncut = self.headers = self.line = 0
        self.short = False
        self._lines = _Lines(text)
        self._lines.pass_over(lead)
        self._reader = dialect.reader(self._lines)
        self._plain = Dialect(dialect.delimiter, quoted=False)
        self._skipped = skipped
        self._width = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        lines = self._lines
        while True:
            self.line = lines.begin_row()
            try:
                row: list[str] = next(self._reader)
            except csv.Error:
                row = self._without_quotation()
            if not row and not lines.flaw:
                continue
            self._width = self._width or len(row)
            if len(row) == self._width and not lines.flaw:
                self.characters += lines.taken_characters()
                self.short = False
                return row
            fitting = self._fitted(row, self.line)
            if fitting:
                self.short = len(row) < self._width
                return fitting

    @property
    def notes(self) -> list[str]:
        """What was done to rows that the user should know."""
        told = (
            (self.padded, "with too few cells filled up with empty ones"),
            (self.headers, "left out: the header once more"),
        )
        return [f"{count:,} row{'s' * (count != 1)} {what}" for count, what in told if count]

    def _fitted(self, row: list[str], line: int) -> list[str]:
        """The row as wide as the first one; empty if it is not usable."""
        width = self._width
        if not self._lines.flaw:
            if len(row) < width:
                self.padded += 1
                self.uncut += len(row) == 1
                return row + [""] * (width - len(row))
            if not any(row[width:]):
                return row[:width]
            cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
            self._lines.flaw = f"{cells} where there should be {width}"
        self._skipped.append(SkippedRow(line, self._lines.flaw, self._lines.taken()))
        return []

    def _without_quotation(self) -> list[str]:
        """The row's first line, cut as if quotation marks were letters.

        Where a quotation is wrong, or not closed before the file ends, the lines after the
        first are read again as rows of their own: one stray mark must not swallow them.
        """
        row: list[str] = next(self._plain.reader([self._lines.return_all_but_first()]))
        if self._width and len(row) > self._width:
            self._lines.flaw = "a quotation mark is out of place or never closed"
        return row


class _Lines:
    """Lines of text, checked, with those of the current row at hand."""

    def __init__(self, text: TextLines) -> None:
        self.flaw = ""
        self._text = text
        self._taken: list[str] = []
        self._returned: list[str] = []
        self._number = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._text)
        self._taken.append(line)
        if not line.isascii() and UNDECODABLE.search(line):
            self.flaw = f"bytes that are not {self._text.encoding.name}"
        return line

    def pass_over(self, lines: int) -> None:
        """Leave out lines at the top."""
        for _ in range(lines):
            next(self._text, None)
        self._number += lines

    def begin_row(self) -> int:
        """Forget the row before; the 1-based number of the next line."""
        self._number += len(self._taken)
        self._taken.clear()
        self.flaw = ""
        return self._number

    def taken_characters(self) -> int:
        """Length of the current row with its line ends."""
        return sum(map(len, self._taken))

    def taken(self) -> str:
        """The current row as it stands in the file, with its bytes of no encoding shown."""
        text = "".join(self._taken).rstrip("\r\n")
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    def return_all_but_first(self) -> str:
        """Give back what a row took wrongly, and take its first line alone."""
        self._returned.extend(reversed(self._taken))
        self._taken.clear()
        self.flaw = ""
        return next(self)


def _layout(source: Input, options: DelimitedOptions) -> Layout:
    """What a file is like: as the user says, or as its beginning looks."""
    encoding = encoding_of(source, options.encoding)
    head = source.head(SAMPLE_BYTES)
    codec = encoding.other or encoding.name
    sample = io.TextIOWrapper(io.BytesIO(head), codec, "replace", newline="").read()
    sample = sample.replace("\0", "").removeprefix("\ufeff")
    if markup := _MARKUP.match(sample):
        raise SourceError(
            f"{source.name} begins with {markup[0].strip()} and is no table; save the table that "
            "is in it as CSV"
        )
    complete = len(head) < SAMPLE_BYTES
    named = None if options.skip_rows else named_separator(sample)
    lead = options.skip_rows or int(named is not None)
    table = "".join(text_lines(sample)[lead:])
    dialect = sniff_dialect(
        table, complete=complete, suffix=source.suffix, delimiter=options.mark or named
    )
    preamble = Preamble(lead)
    if options.skip_rows is None:
        found = find_preamble(table, dialect)
        preamble = Preamble(lead + found.lines, found.note)
        table = "".join(text_lines(table)[found.lines :])
    header = not options.no_header and _names_columns(table, dialect)
    return Layout(encoding, dialect, preamble, header)


def _names_columns(sample: str, dialect: Dialect) -> bool:
    """Whether the first row is a header."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # rows after the first wrong quotation are not needed
        rows.extend(row for row in dialect.reader(io.StringIO(sample, newline="")) if row)
    return has_header(rows) if rows else True
