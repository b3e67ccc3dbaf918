"""Text for comparing: one spelling for what a reader would call the same.

Only comparisons see this text; output always shows the source's own. Values are
normalised once each (Arrow dictionary), ASCII ones in Arrow, the others in one pass
over a single joined Python string, so no Python runs per row.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from simsearch.errors import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MISSING_WORDS", "compact", "normalise", "one_text", "without_marks"]

# Values that say "there is no value", as they look after normalising.
MISSING_WORDS: frozenset[str] = frozenset(
    {
        *("", "-", "--", "---", "–", "—", ".", "..", "...", "?", "??", "???", "/", "_", "*", "#"),
        *("n/a", "#n/a", "n.a.", "n.a", "na", "<na>", "nan", "-nan", "nat", "none", "nil", "\\n"),
        *("null", "(null)", "<null>", "[null]", "#null!", "unknown", "(unknown)", "missing"),
        *("not available", "not applicable", "(none)", "(blank)", "blank", "(empty)", "empty"),
    }
)

# Latin letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t",
    "ı": "i", "ŀ": "l", "ĸ": "k", "ŋ": "n", "ſ": "s", "ƀ": "b", "ɨ": "i", "ƶ": "z",
}  # fmt: skip

# Characters that nobody sees: soft hyphen, zero-width and direction marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
# White space and control characters, save the newline that separates joined values.
_SPACE = re.compile(r"(?:[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f])+")
_ASCII_SPACE = r"[\x00-\x20\x7f]+"
# Marks of sentences, at the ends of words: `3.5`, `a-b` and `x[0]` keep theirs.
_MARKS = r"[.,;:!?¡¿…。、،؛؟।'\"‘’‚“”„«»「」『』]+"
_END_MARKS = rf"(^|\s){_MARKS}|{_MARKS}(\s|$)"
# Chinese and Japanese words end anywhere.
_IDEOGRAM = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_INNER_MARKS = rf"({_IDEOGRAM}){_MARKS}({_IDEOGRAM})"
_WORD = r"\p{L}\p{N}\p{M}"
# The same of ASCII, which a regular expression takes a twentieth of the time to be made of.
_ASCII_WORD = "a-zA-Z0-9"


def normalise(column: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """The column as text for comparing.

    NFKC, case folded, accents dropped (marks of scripts that spell with them, such as
    Devanagari or Japanese, stay), white space collapsed and trimmed. Integral floats
    print without `.0`, midnight timestamps as dates; everything else as Arrow prints it.

    Args:
        column: n values of any Arrow type.

    Returns:
        n strings; a null, a NaN and every word of MISSING_WORDS is null. Normalising
        the answer again changes nothing.

    Raises:
        SourceError: the text of the column is over Arrow's 2 GiB for one array.
    """
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return normalise(column.chunk(0))
        chunks = [normalise(chunk) for chunk in column.chunks]
        try:
            return pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
        except pa.ArrowInvalid:
            raise SourceError(
                "a column holds over 2 GiB of text; leave it out (`ignore`)"
            ) from None
    if pa.types.is_dictionary(column.type):
        return normalise(column.dictionary).take(column.indices)
    text = _as_text(column)
    if pa.types.is_null(text.type) or len(text) == text.null_count:
        return pa.nulls(len(text), pa.string())
    encoded = text.dictionary_encode()
    return _normalise_values(encoded.dictionary).take(encoded.indices)


def one_text(text: str) -> pa.StringArray:
    """A column of one text. `pyarrow.array` imports pandas, which takes longer than a query."""
    import numpy as np
    import pyarrow as pa

    content = text.encode("utf-8")
    ends = np.array([0, len(content)], np.int32)
    return pa.StringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(content))


def compact(text: pa.StringArray) -> pa.StringArray:
    """Normalised text without punctuation: dropped inside words, a space elsewhere.

    `psx-350` becomes `psx350` and `smith, john` becomes `smith john`. Letters, digits and
    marks of every script stay. A value of punctuation alone becomes null.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = text.dictionary_encode()
    values = encoded.dictionary
    word = _ASCII_WORD if pc.all(pc.string_is_ascii(values)).as_py() else _WORD
    inside = f"([{word}])[^{word}\\s]+([{word}])"
    has_punctuation = pc.match_substring_regex(values, pattern=f"[^{word} ]")
    if pc.any(has_punctuation).as_py():
        some = values.filter(has_punctuation)
        # Twice: one match swallows the letter that the next would start from (a-b-c).
        for _ in range(2):
            some = pc.replace_substring_regex(some, pattern=inside, replacement=r"\1\2")
        some = pc.replace_substring_regex(some, pattern=f"[^{word}]+", replacement=" ")
        values = pc.replace_with_mask(values, has_punctuation, pc.utf8_trim(some, characters=" "))
        values = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
    return values.take(encoded.indices)


def without_marks(text: pa.StringArray) -> pa.StringArray:
    """Normalised text without the marks of sentences that stand at the ends of its words.

    `so, what?` becomes `so what`, and between Chinese or Japanese letters none stays; `3.5`,
    `x == 1` and a value of marks alone do.
    """
    import pyarrow.compute as pc

    plain = text
    for _ in range(2):  # one match swallows the space that the next would start from
        for pattern in (_END_MARKS, _INNER_MARKS):
            plain = pc.replace_substring_regex(plain, pattern=pattern, replacement=r"\1\2")
    plain = pc.replace_substring_regex(
        pc.utf8_trim_whitespace(plain), pattern=" +", replacement=" "
    )
    return pc.if_else(pc.equal(plain, ""), text, plain)


def _as_text(array: pa.Array) -> pa.Array:
    """Any Arrow type as string (a null array stays of null type)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return array
    if pa.types.is_floating(kind):
        return _float_text(array)
    if pa.types.is_decimal(kind):
        plain = pc.cast(array, pa.string())
        return pc.replace_substring_regex(
            plain, pattern=r"(\.\d*[1-9])0+$|\.0*$", replacement=r"\1"
        )
    if pa.types.is_timestamp(kind):
        plain = pc.cast(array, pa.string())
        return pc.replace_substring_regex(
            plain, pattern=r"(?: 00:00:00)?(?:\.0+)?(?:Z)?$", replacement=""
        )
    try:
        return pc.cast(array, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array([_one_text(value) for value in array.to_pylist()], pa.string())


def _float_text(array: pa.Array) -> pa.Array:
    """Floats as text: 3.0 as `3`, NaN as null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.cast(array, pa.float64())
    values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    # Beyond 2**53 a float is no longer an exact integer: print it as a float.
    whole = pc.and_(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), 2.0**53))
    integers = pc.cast(pc.if_else(whole, values, 0.0), pa.int64())
    # The source's own width, so that float32 0.1 does not print as 0.10000000149011612.
    return pc.if_else(whole, pc.cast(integers, pa.string()), pc.cast(array, pa.string()))


def _one_text(value: object) -> str | None:
    """A nested or binary value as text (rare: lists, structs, bytes that are not UTF-8)."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list):
        return " ".join(filter(None, map(_one_text, value))) or None
    if isinstance(value, dict):
        return _one_text(list(value.values()))
    return str(value)


def _normalise_values(values: pa.StringArray) -> pa.StringArray:
    """Distinct strings, normalised; missing words become null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ascii_only = pc.string_is_ascii(values)
    out = _normalise_ascii(values.filter(ascii_only))
    if len(out) < len(values):
        others = _normalise_unicode(values.filter(pc.invert(ascii_only)))
        # Back in the original order: place of each value within its own half.
        place = pc.if_else(
            ascii_only,
            pc.subtract(pc.cumulative_sum(pc.cast(ascii_only, pa.int64())), 1),
            pc.add(pc.cumulative_sum(pc.cast(pc.invert(ascii_only), pa.int64())), len(out) - 1),
        )
        out = pa.concat_arrays([out, others]).take(place)
    missing = pc.is_in(out, value_set=pa.array(sorted(MISSING_WORDS), pa.string()))
    return pc.if_else(missing, pa.scalar(None, pa.string()), out)


def _normalise_ascii(values: pa.StringArray) -> pa.StringArray:
    """ASCII text: lower case is case folding, and no character has another form."""
    import pyarrow.compute as pc

    values = pc.ascii_lower(values)
    if _has_loose_space(values):
        values = pc.replace_substring_regex(values, pattern=_ASCII_SPACE, replacement=" ")
    return pc.ascii_trim(values, characters=" ")


def _has_loose_space(values: pa.StringArray) -> bool:
    """Whether any white space is not a single space (a cheap look at the raw bytes)."""
    import numpy as np

    buffer = values.buffers()[2]
    if buffer is None:
        return False
    raw = np.frombuffer(buffer, dtype=np.uint8)
    space = raw <= 0x20
    return bool((space[1:] & space[:-1]).any() or (raw[space] != 0x20).any() or (raw == 0x7F).any())


def _normalise_unicode(values: pa.StringArray) -> pa.StringArray:
    """Text of any script, all values joined by newlines into one string and split again."""
    import pyarrow as pa

    joined = "\n".join(value.replace("\n", " ") for value in values.to_pylist())
    folded = unicodedata.normalize("NFKC", _fold(joined))
    # Folding may give letters that fold again (rare: a mark that becomes a letter).
    folded = unicodedata.normalize("NFC", _fold(folded))
    lines = _SPACE.sub(" ", folded).split("\n")
    return pa.array([line.strip(" ") for line in lines], pa.string())


def _fold(text: str) -> str:
    """Case folded, decomposed, without accents and invisible characters."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    return _INVISIBLE.sub("", text.translate(_folding_table()))


@cache
def _folding_table() -> dict[int, str | None]:
    """For str.translate: accents to nothing, stroked letters to plain ones.

    An accent is a mark above, below or attached (canonical combining class 200 to 240),
    an overlay (1), or a Hebrew or Arabic vowel point (10 to 36). Classes 7, 8, 9, 84 and
    the like spell words in Indic scripts, Japanese and Thai, and stay.
    """
    table: dict[int, str | None] = {ord(letter): plain for letter, plain in _LETTERS.items()}
    for code in range(0x0300, 0x20000):
        kind = unicodedata.combining(chr(code))
        if kind == 1 or 10 <= kind <= 36 or 200 <= kind <= 240:
            table[code] = None
    return table
