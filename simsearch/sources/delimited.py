"""CSV and its kin: every cell is kept as the exact text.

The engine is Python's own `csv.reader`, in strict mode. Arrow's reader is several times as
fast, but it does not give line numbers, loses what stands around wrong quotation marks, lets
one stray mark swallow the rest of the file, and fails on a row longer than its block.
"""

from __future__ import annotations

import csv
import io
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from simsearch.errors import EmptySourceError, SourceError
from simsearch.schema import SkippedRow
from simsearch.sources.dialect import Dialect, has_header, sniff_dialect
from simsearch.sources.encoding import UNDECODABLE, sniff_encoding
from simsearch.sources.reader import CHUNK_ROWS, gathered, refuse_if_most_are_skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from simsearch.sources.inputs import Input

__all__ = ["DelimitedReader", "telling_sample"]

# Bytes looked at to find encoding, delimiter and header.
SAMPLE_BYTES = 1 << 17
# Characters after which the rows so far are handed on, so that long cells keep memory bounded.
CHUNK_CHARACTERS = 1 << 24
# A longer cell is taken for a quotation that was never closed.
CELL_CHARACTERS = 1 << 28
SHOWN = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


class DelimitedReader:
    """Reads a file of delimited text.

    A row with too many or too few cells, with bytes that are not of the file's encoding,
    or with a NUL is skipped and listed. Empty cells beyond the last column are dropped;
    blank lines are no rows.
    """

    def __init__(self, source: Input, encoding: str, dialect: Dialect, header: bool) -> None:
        import pyarrow as pa

        self.name = source.name
        self.skipped: list[SkippedRow] = []
        self.encoding = encoding
        self.dialect = dialect
        self.header = header
        self._source = source
        # Process-wide, as the csv module has it; its default is 128 KiB.
        csv.field_size_limit(min(CELL_CHARACTERS, sys.maxsize))
        first = self._first_row()
        names = [f"column_{at}" for at in range(1, len(first) + 1)]
        if header:
            names = [cell or name for cell, name in zip(first, names, strict=True)]
        self.schema = pa.schema([(name, pa.string()) for name in names])

    @classmethod
    def open(cls, source: Input) -> DelimitedReader:
        """Find out what the file is like, from its first 128 KiB.

        Raises:
            SourceError: it cannot be read, or its first row is damaged.
            EmptySourceError: it holds nothing but blank lines.
        """
        encoding = sniff_encoding(telling_sample(source))
        head = source.head(SAMPLE_BYTES)
        sample = io.TextIOWrapper(io.BytesIO(head), encoding, "replace", newline="").read()
        complete = len(head) < SAMPLE_BYTES
        dialect = sniff_dialect(sample, complete=complete, suffix=source.suffix)
        return cls(source, encoding, dialect, _names_columns(sample, dialect))

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """See `Reader.batches`."""
        self.skipped = []
        kept = 0
        with self._source.open_text(self.encoding, "") as text:
            for batch in gathered(self._chunks(text), rows):
                kept += batch.num_rows
                yield batch
        self._refuse_if_ragged(kept)

    def _first_row(self) -> list[str]:
        with self._source.open_text(self.encoding, "") as text:
            first = next(_Rows(text, self.dialect, self.skipped), None)
        if self.skipped:
            where = f"{self.name}, line {self.skipped[0].row}"
            raise SourceError(f"{where}: {self.skipped[0].reason}; the first row must be sound")
        if first is None:
            raise EmptySourceError(
                f"{self.name} holds only blank lines; it needs a header and at least one row"
            )
        return first

    def _chunks(self, text: io.TextIOWrapper) -> Iterator[pa.RecordBatch]:
        rows = _Rows(text, self.dialect, self.skipped)
        if self.header:
            next(rows)
        chunk: list[list[str]] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK_ROWS or rows.characters >= CHUNK_CHARACTERS:
                yield self._arrow(chunk)
                rows.characters = 0
                chunk = []
        if chunk:
            yield self._arrow(chunk)

    def _arrow(self, rows: list[list[str]]) -> pa.RecordBatch:
        import pyarrow as pa

        columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _refuse_if_ragged(self, kept: int) -> None:
        delimiter = SHOWN.get(self.dialect.delimiter)
        columns = f"{len(self.schema)} column{'s' * (len(self.schema) != 1)}"
        cut = f"cut at {delimiter} its first row gives {columns}" if delimiter else columns
        advice = f"{cut}: give every row as many cells, or mend the first row"
        refuse_if_most_are_skipped(self.name, self.skipped, kept, advice)


class _Rows:
    """The usable rows of a text, the header among them; the others go to `skipped`."""

    def __init__(self, text: io.TextIOWrapper, dialect: Dialect, skipped: list[SkippedRow]) -> None:
        self.characters = 0
        self._lines = _Lines(text)
        self._reader = dialect.reader(self._lines)
        self._plain = Dialect(dialect.delimiter, quoted=False)
        self._skipped = skipped
        self._width = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        lines = self._lines
        while True:
            line = lines.begin_row()
            try:
                row: list[str] = next(self._reader)
            except csv.Error:
                row = self._without_quotation()
            if not row and not lines.flaw:
                continue
            self._width = self._width or len(row)
            if len(row) == self._width and not lines.flaw:
                self.characters += lines.taken_characters()
                return row
            fitting = self._fitted(row, line)
            if fitting:
                return fitting

    def _fitted(self, row: list[str], line: int) -> list[str]:
        """The row without empty cells at its end; empty if it is not usable."""
        width = self._width
        if not self._lines.flaw:
            if len(row) > width and not any(row[width:]):
                return row[:width]
            cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
            self._lines.flaw = f"{cells} where there should be {width}"
        self._skipped.append(SkippedRow(line, self._lines.flaw))
        return []

    def _without_quotation(self) -> list[str]:
        """The row's first line, cut as if quotation marks were letters.

        Where a quotation is wrong, or not closed before the file ends, the lines after the
        first are read again as rows of their own: one stray mark must not swallow them.
        """
        row: list[str] = next(self._plain.reader([self._lines.return_all_but_first()]))
        if self._width and len(row) != self._width:
            self._lines.flaw = "a quotation mark is out of place or never closed"
        return row


class _Lines:
    """Lines of text, checked, with those of the current row at hand."""

    def __init__(self, text: io.TextIOWrapper) -> None:
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
            self.flaw = f"bytes that are not {self._text.encoding}"
        elif "\0" in line:
            self.flaw = "a NUL byte"
        return line

    def begin_row(self) -> int:
        """Forget the row before; the 1-based number of the next line."""
        self._number += len(self._taken)
        self._taken.clear()
        self.flaw = ""
        return self._number

    def taken_characters(self) -> int:
        """Length of the current row with its line ends."""
        return sum(map(len, self._taken))

    def return_all_but_first(self) -> str:
        """Give back what a row took wrongly, and take its first line alone."""
        self._returned.extend(reversed(self._taken))
        self._taken.clear()
        self.flaw = ""
        return next(self)


def telling_sample(source: Input) -> bytes:
    """The part of a file that shows its encoding: where the first byte beyond ASCII is."""
    with source.open() as file:
        head = block = file.read(SAMPLE_BYTES)
        while block and block.isascii() and b"\0" not in block:
            block = file.read(SAMPLE_BYTES)
        return (block + file.read(SAMPLE_BYTES)) if block else head


def _names_columns(sample: str, dialect: Dialect) -> bool:
    """Whether the first row is a header."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # rows after the first wrong quotation are not needed
        rows.extend(row for row in dialect.reader(io.StringIO(sample, newline="")) if row)
    return has_header(rows) if rows else True
