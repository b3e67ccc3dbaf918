"""JSON Lines: one object a line. Also a `.json` file that holds one array of objects.

The file is read twice: first to find every key and the types of its values, then to
build the batches. So a key that appears only in the last line has its column from the first.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from simsearch.errors import EmptySourceError, SourceError
from simsearch.schema import SkippedRow
from simsearch.sources import values
from simsearch.sources.encoding import UNDECODABLE, sniff_encoding
from simsearch.sources.reader import CHUNK_ROWS, gathered, refuse_if_most_are_skipped

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    import pyarrow as pa

    from simsearch.sources.inputs import Input

__all__ = ["JsonReader"]

Row = dict[str, Any]
# JSON may escape half a surrogate pair, which no encoding can write.
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
SURROGATE = re.compile("[\ud800-\udfff]")
ADVICE = "write one JSON object on each line"


def _object(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {repeated!r} is there twice")
    return row


# One for all lines: making it costs more than decoding a line.
DECODER = json.JSONDecoder(object_pairs_hook=_object)


class JsonReader:
    """Reads a file of JSON objects; numbers and booleans keep their types.

    A line that is not one JSON object is skipped and listed. A key that a line lacks is
    null there; an object or list in a cell is kept as JSON text.
    """

    def __init__(self, source: Input, encoding: str) -> None:
        self.name = source.name
        self.skipped: list[SkippedRow] = []
        self._source = source
        self._encoding = encoding
        self.schema = self._found_schema()

    @classmethod
    def open(cls, source: Input, sample: bytes) -> JsonReader:
        """Read the file once, to find its columns.

        Args:
            source: the file.
            sample: the part of it that shows its encoding.

        Raises:
            SourceError: most lines are not JSON objects.
            EmptySourceError: no object has a key.
        """
        return cls(source, sniff_encoding(sample))

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """See `Reader.batches`."""
        self.skipped = []
        with self._source.open_text(self._encoding, "\n") as text:
            yield from gathered(map(self._arrow, self._chunks(text)), rows)

    def _arrow(self, rows: list[Row]) -> pa.RecordBatch:
        import pyarrow as pa

        columns = [
            values.array([row.get(field.name) for row in rows], field.type) for field in self.schema
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _found_schema(self) -> pa.Schema:
        import pyarrow as pa

        kinds: dict[str, values.Kinds] = {}
        kept = 0
        with self._source.open_text(self._encoding, "\n") as text:
            for chunk in self._chunks(text):
                kept += len(chunk)
                for name in dict.fromkeys(name for row in chunk for name in row):
                    seen = kinds.setdefault(name, values.Kinds())
                    seen.add([row.get(name) for row in chunk])
        refuse_if_most_are_skipped(self.name, self.skipped, kept, ADVICE)
        if not kinds:
            raise EmptySourceError(f"{self.name} holds no JSON object with a key; {ADVICE}")
        return pa.schema([(name, seen.arrow_type()) for name, seen in kinds.items()])

    def _chunks(self, text: io.TextIOWrapper) -> Iterator[list[Row]]:
        rows = self._array(text) if _starts_array(text) else self._lines(text)
        while chunk := list(islice(rows, CHUNK_ROWS)):
            yield chunk

    def _lines(self, text: io.TextIOWrapper) -> Iterator[Row]:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                yield _row(line)
            except ValueError as error:
                self.skipped.append(SkippedRow(number, str(error)))

    def _array(self, text: io.TextIOWrapper) -> Iterator[Row]:
        """The objects of one JSON array; it is in memory as a whole."""
        content = text.read()
        try:
            items = DECODER.decode(content)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{self.name} is not one JSON array: {error}; {ADVICE}") from error
        for number, item in enumerate(items, 1):
            try:
                # Item by item as a line of its own: the same rules hold.
                yield _row(json.dumps(item))
            except ValueError as error:
                self.skipped.append(SkippedRow(number, str(error)))


def _starts_array(text: io.TextIOWrapper) -> bool:
    start = ""
    while not start and (line := text.readline()):
        start = line.strip()[:1]
    text.seek(0)
    return start == "["


def _row(line: str) -> Row:
    """One line's object; ValueError with a clause that says why it is none."""
    if not line.isascii() and UNDECODABLE.search(line):
        raise ValueError("bytes that are not of the file's encoding")
    try:
        row = DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if ESCAPED_SURROGATE.search(line) and SURROGATE.search(json.dumps(row, ensure_ascii=False)):
        raise ValueError("half a surrogate pair, which is no character")
    return row
