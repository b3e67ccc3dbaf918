"""Texts that the shipped table of tokens is taught with: of many kinds, none that is asked about.

Glosses and examples of WordNet, titles of papers, titles of questions, sentences about pictures
and news (of STS-B's training file), and the first sentences of docstrings.
"""

from __future__ import annotations

import ast
import csv
import gzip
import re
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["teacher_texts"]

_EXAMPLES, _GLOSSES, _TITLES, _DOCSTRINGS = 48_000, 26_000, 24_000, 14_000
# Titles between these rows are asked about in no benchmark: `benchmarks/near_texts.py` takes those
# before and after, and the first 18,000 questions.
_TITLES_FROM, _TITLES_TO, _QUESTIONS_FROM = 130_000, 200_000, 18_000
_PLACES = [sysconfig.get_path(name) for name in ("stdlib", "purelib")]
_FEWEST_WORDS, _MOST_CHARACTERS = 3, 300


def teacher_texts(data: Path, wordnet: Path, seed: int = 0) -> list[str]:
    """Differing texts, in the order of their kinds.

    Args:
        data: folder with `arxiv_titles`, `stackoverflow_titles` and `stsb`.
        wordnet: folder `dict` of WordNet 3.1's database files (`data.noun` and the like).
        seed: of the choice among texts that there are too many of.

    Raises:
        OSError: a file is missing.
    """
    rng = np.random.default_rng(seed)
    glosses, examples = _wordnet(wordnet)
    kinds = [
        sorted(
            _stsb(data / "stsb" / "stsb-en-train.csv") - _stsb(data / "stsb" / "stsb-en-dev.csv")
        ),
        _drawn(examples, _EXAMPLES, rng),
        _drawn(glosses, _GLOSSES, rng),
        _drawn(_titles(data)[_TITLES_FROM:_TITLES_TO], _TITLES, rng),
        _questions(data)[_QUESTIONS_FROM:],
        _drawn(sorted(set(_docstrings())), _DOCSTRINGS, rng),
    ]
    texts = [" ".join(text.split()) for kind in kinds for text in kind]
    return [text for text in dict.fromkeys(texts) if len(text) <= _MOST_CHARACTERS]


def _drawn(texts: list[str], most: int, rng: np.random.Generator) -> list[str]:
    if len(texts) <= most:
        return texts
    return [texts[row] for row in np.sort(rng.choice(len(texts), most, replace=False)).tolist()]


def _wordnet(folder: Path) -> tuple[list[str], list[str]]:
    """Glosses, with the words that they explain, and examples of use, in quotation marks."""
    glosses, examples = [], []
    for name in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{name}").read_text("utf-8").splitlines():
            head, mark, gloss = line.partition(" | ")
            if mark and not line.startswith(" "):
                examples += re.findall(r'"([^"]+)"', gloss)
                told = gloss.partition(' "')[0].strip(" ;")
                glosses.append(f"{head.split()[4].replace('_', ' ')}: {told}")
    return glosses, [text for text in examples if len(text.split()) >= _FEWEST_WORDS]


def _stsb(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {" ".join(text.split()) for row in csv.reader(file) for text in row[:2]}


def _titles(data: Path) -> list[str]:
    path = data / "arxiv_titles" / "arxiv_titles_250k.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def _questions(data: Path) -> list[str]:
    path = data / "stackoverflow_titles" / "titles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def _docstrings() -> Iterator[str]:
    """First sentences of what Python's library and the installed packages say of themselves."""
    for place in _PLACES:
        for path in sorted(Path(place).rglob("*.py")):
            try:
                tree = ast.parse(path.read_text("utf-8"))
            except (OSError, ValueError, SyntaxError):
                continue
            for node in ast.walk(tree):
                if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                    paragraph = (ast.get_docstring(node) or "").partition("\n\n")[0]
                    sentence = " ".join(re.split(r"(?<=[.!?])\s", paragraph)[0].split())
                    if len(sentence.split()) > _FEWEST_WORDS and sentence.isascii():
                        yield sentence
