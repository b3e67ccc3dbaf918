"""CSV and its kin: every cell is kept as the exact text.

The engine is Python's own `csv.reader`, in strict mode. Arrow's reader is some five times
as fast, but cannot give line numbers, drops the text around wrong quotation marks, and
fails on a row longer than its block. Reading is a small part of any run.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from simsearch.errors import EmptySourceError, SourceError
from simsearch.schema import SkippedRow
from simsearch.sources.sniff import Dialect, has_header, sniff_dialect, sniff_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from simsearch.sources.inputs import Input

__all__ = ["DelimitedReader"]

# Bytes looked at to find encoding, delimiter and header.
SAMPLE_BYTES = 1 << 18
# Characters after which a batch ends early, so that long cells keep memory bounded.
BATCH_CHARACTERS = 1 << 26
# A longer cell is taken for a quotation that was never closed.
CELL_CHARACTERS = 1 << 28
UNDECODABLE = re.compile("[\udc80-\udcff]")


class DelimitedReader:
    """Reads a file of delimited text.

    A row with too many or too few cells, with bytes that are not of the file's encoding,
    or with a NUL is skipped and listed. Blank lines are no rows.
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
        with source.open() as file:
            first = next(self._rows(file), None)
        if first is None:
            raise EmptySourceError(f"{self.name} holds no row of text; it needs a header and rows")
        self._width = len(first)
        names = [f"column_{at}" for at in range(1, self._width + 1)]
        if header:
            names = [cell or name for cell, name in zip(first, names, strict=True)]
        self.schema = pa.schema([(name, pa.string()) for name in names])

    @classmethod
    def open(cls, source: Input) -> DelimitedReader:
        """Find out what the file is like, from its first 256 KiB.

        Raises:
            SourceError: it cannot be read, or is not text.
            EmptySourceError: it holds nothing but blank lines.
        """
        encoding = sniff_encoding(_telling(source))
        head = source.head(SAMPLE_BYTES)
        sample = io.TextIOWrapper(io.BytesIO(head), encoding, "replace", newline="").read()
        complete = len(head) < SAMPLE_BYTES
        dialect = sniff_dialect(sample, complete=complete, suffix=source.suffix)
        return cls(source, encoding, dialect, _header(sample, dialect))

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """See `Reader.batches`."""
        self.skipped = []
        kept = 0
        with self._source.open() as file:
            iterator = self._rows(file)
            if self.header:
                next(iterator, None)
            for batch in self._gathered(iterator, rows):
                kept += len(batch)
                self._check_raggedness(kept)
                yield self._arrow(batch)
        self._check_raggedness(kept)

    def _gathered(self, rows: Iterator[list[str]], limit: int) -> Iterator[list[list[str]]]:
        """Rows in lists of at most `limit`, and of bounded size."""
        batch: list[list[str]] = []
        size = 0
        for row in rows:
            batch.append(row)
            size += sum(map(len, row))
            if len(batch) == limit or size >= BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _arrow(self, rows: list[list[str]]) -> pa.RecordBatch:
        import pyarrow as pa

        columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _check_raggedness(self, kept: int) -> None:
        """Refuse a table of which most rows could not be used."""
        if len(self.skipped) <= kept:
            return
        worst = self.skipped[0]
        raise SourceError(
            f"{self.name}: {len(self.skipped)} of the first {kept + len(self.skipped)} rows do not "
            f"fit its first row, cut at {_shown(self.dialect.delimiter)} into {self._width} cells "
            f"(line {worst.row}: {worst.reason}); write every row with the same number of cells"
        )

    def _rows(self, file: IO[bytes]) -> Iterator[list[str]]:
        """Usable rows, the header among them; the others are added to `skipped`."""
        text = io.TextIOWrapper(file, self.encoding, _error_handler(self.encoding), newline="")
        lines = _Lines(text)
        reader = self.dialect.reader(lines)
        width = 0
        while True:
            line = lines.begin_row()
            try:
                row = next(reader)
            except StopIteration:
                text.detach()
                return
            except csv.Error:
                row = self._without_quotation(lines, width)
            if not row and not lines.flaw:
                continue
            width = width or len(row)
            if len(row) > width and not any(row[width:]):
                del row[width:]
            flaw = lines.flaw or _misfit(row, width)
            if not flaw:
                yield row
            elif line == 1 or not width:
                raise SourceError(f"{self.name}, line {line}: {flaw}; the first row must be right")
            else:
                self.skipped.append(SkippedRow(line, flaw))

    def _without_quotation(self, lines: _Lines, width: int) -> list[str]:
        """The row's first line, cut as if quotation marks were letters.

        Where a quotation is wrong, or not closed before the file ends, the lines after the
        first are read again as rows of their own: one stray mark must not swallow them.
        """
        first = lines.return_all_but_first()
        row: list[str] = next(Dialect(self.dialect.delimiter, quoted=False).reader([first]))
        if width and len(row) != width:
            lines.flaw = "a quotation mark is out of place or never closed"
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

    def return_all_but_first(self) -> str:
        """Give back what a row took wrongly; its first line."""
        first, *rest = self._taken
        self._returned.extend(reversed(rest))
        self._taken.clear()
        self.flaw = ""
        self._returned.append(first)
        return next(self)


def _misfit(row: list[str], width: int) -> str:
    if len(row) == width:
        return ""
    return f"{len(row)} cell{'s' * (len(row) != 1)} where there should be {width}"


def _error_handler(encoding: str) -> str:
    """Undecodable bytes become lone surrogates, which no text holds."""
    import codecs

    if encoding.startswith("utf-8"):
        return "surrogateescape"
    codecs.register_error("simsearch-mark", _marked)
    return "simsearch-mark"


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


def _telling(source: Input) -> bytes:
    """The part of the file that shows its encoding: where the first byte beyond ASCII is."""
    with source.open() as file:
        head = block = file.read(SAMPLE_BYTES)
        while block and block.isascii() and b"\0" not in block:
            block = file.read(SAMPLE_BYTES)
        return (block + file.read(SAMPLE_BYTES)) if block else head


def _header(sample: str, dialect: Dialect) -> bool:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # rows after the first wrong quotation tell nothing more
        rows.extend(row for row in dialect.reader(io.StringIO(sample, newline="")) if row)
    return has_header(rows) if rows else True


def _shown(delimiter: str) -> str:
    return {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}.get(delimiter, "line ends")
