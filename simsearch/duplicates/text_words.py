"""The words of a text as they are compared: what is written together may be two of them."""

from __future__ import annotations

import re

from simsearch.duplicates.signs import one_spelling
from simsearch.duplicates.units import UNITS
from simsearch.duplicates.word_order import IDEOGRAMS

__all__ = ["NAME_MARKS", "NEGATED_VERBS", "uncontracted", "words_of"]

# Marks behind a word that are part of its name: C++, C#, Disney+, S21+.
NAME_MARKS = ("+", "#")
# Chinese and Japanese are read letter by letter, but for what negates a verb.
NEGATED_VERBS = "ません|ない|なかっ"
_WORD = re.compile(rf"{NEGATED_VERBS}|[{IDEOGRAMS}]|[^\W{IDEOGRAMS}]+(?:[+#]+(?!\w))?")
# `hasn't`, and `hasnt` as people type it.
_NEGATED = re.compile(
    r"\b(\w+)n['’]t\b|\b(can)not\b|\b"
    r"(ai|are|ca|could|did|do|does|had|has|have|is|must|need|should|was|were|wo|would)nt\b"
)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
# `500ml`; a letter alone may be a size or a model, 5G and 12V as well as 5 g.
_MEASURED = re.compile(rf"\b(\d+)({'|'.join(sorted(unit for unit in UNITS if len(unit) > 1))})\b")


def uncontracted(text: str) -> str:
    """A normalised text in which `hasn't` is `has not`, and `500ml` is `500 ml`; see also
    `one_spelling`.
    """
    return _MEASURED.sub(r"\1 \2", _NEGATED.sub(_in_two, one_spelling(text)))


def words_of(text: str) -> list[str]:
    """The words of a text that `uncontracted` gave, in order."""
    return _WORD.findall(text)


def _in_two(found: re.Match[str]) -> str:
    word = next(part for part in found.groups() if part is not None)
    return f"{_WHOLE.get(word, word)} not"
