"""Search of texts with the defaults: the encoder that comes along, and words beside meaning.

    python benchmarks/text_search.py --data DATA [--man /usr/share/man/man1]

DATA/stsb as for `texts.py`, DATA/arxiv_titles, DATA/stackoverflow_titles and DATA/cases/18.
Documents of 400 to 3,000 words, 300 of each sort: pages of the manual of the machine, asked by
their own one-line descriptions, and modules of Python and of the installed packages, what they say
of themselves, asked by their first sentences. What is asked is taken out; a code is put into each.
How search works was chosen by such two sets; other pages of the manual (--man /usr/share/man/man8)
and the books of Rust were looked at afterwards. Writes text_search.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import os
import random
import re
import subprocess
import sys
import sysconfig
import tempfile
import time
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine
from benchmarks.near_texts import questions, titles
from simsearch import Index, load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RESULTS = Path(__file__).resolve().parent / "results" / "text_search.md"
WAYS = ("vectors", "words", "both")
DOCUMENTS, LARGE, ASKED = 300, 100_000, 60
LONGEST_TITLE = 14


class Page(NamedTuple):
    """A document: its name, what it is asked by, and all else of it."""

    name: str
    title: str
    body: str


def sts(path: Path) -> tuple[list[str], list[str], list[float]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]


def char_tf_idf(texts: list[str]) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return made.fit_transform(texts)


def spearman(path: Path) -> list[str]:
    """Of each encoder with human scores."""
    from scipy.stats import spearmanr

    left, right, scores = sts(path)
    out = []
    for name in ("static", "minilm", "tfidf"):
        encoder = load_encoder(name).fitted_to([pa.table({"text": left + right})])
        cosine = (encoder.encode(left) * encoder.encode(right)).sum(axis=1)
        out.append(f"{spearmanr(cosine, scores)[0]:.4f}")
    both = char_tf_idf(left + right)
    cosine = np.asarray(both[: len(left)].multiply(both[len(left) :]).sum(axis=1)).ravel()
    return [*out, f"{spearmanr(cosine, scores)[0]:.4f}"]


def speed(texts: list[str]) -> str:
    """Texts a CPU second on one thread, in one run."""
    import torch
    from sentence_transformers import SentenceTransformer

    from simsearch.encoders.text.model_folder import minilm_folder

    torch.set_num_threads(1)
    static = load_encoder("static")
    static.encode(texts[:100])
    model = SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)
    model.encode(texts[:32])
    fast = cpu(lambda: static.encode(texts)) / len(texts)
    slow = cpu(lambda: model.encode(texts[::10])) / len(texts[::10])
    return (
        f"Speed, one thread, {len(texts):,} questions: static {1 / fast:,.0f} texts a CPU second, "
        f"MiniLM under sentence-transformers (torch, fp32) {1 / slow:,.0f}: {slow / fast:.0f} "
        "times."
    )


def cpu(run: Callable[[], object]) -> float:
    before = time.process_time()
    run()
    return time.process_time() - before


def unknown(path: Path) -> str:
    """The likeness of unrelated texts in scripts that MiniLM does not know."""
    texts = path.read_text("utf-8").splitlines()
    parts = []
    for name in ("static", "minilm"):
        encoder = load_encoder(name)
        vectors = encoder.encode(texts[:-2])  # the last two are English
        cosines = vectors @ vectors.T
        np.fill_diagonal(cosines, -1)
        parts.append(f"{name} {cosines.max():.2f}")
    share = load_encoder("static").unknown_share(texts[:-2])
    return (
        f"The most alike of {len(texts) - 2} unrelated texts in other scripts and emoji: "
        f"{', '.join(parts)}; {share:.0%} of their letters are in words that the vocabulary lacks."
    )


def chosen(paths: list[Path], read: Callable[[Path], Page | None]) -> list[Page]:
    """Some of those that are neither short nor long."""
    found: dict[str, Page] = {}
    random.Random(0).shuffle(paths)
    for path in paths:
        page = read(path)
        if page and 400 <= len(page.body.split()) <= 3_000 and len(page.title.split()) >= 3:
            found.setdefault(page.title, page)
        if len(found) == DOCUMENTS:
            break
    return list(found.values())


def manual(folder: Path) -> list[Page]:
    # There are thousands of gcloud that hardly differ.
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith("gcloud")]
    return chosen(paths, read_page)


def modules() -> list[Page]:
    """Of Python and of the installed packages, by their first sentences."""
    roots = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    paths = [path for root in roots for path in sorted(root.rglob("*.py"))]
    return chosen([path for path in paths if "test" not in str(path)], read_module)


def read_module(path: Path) -> Page | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    own = ast.get_docstring(tree) or ""
    title, _, rest = own.partition("\n\n")
    if len(title.split()) > LONGEST_TITLE:
        return None
    parts = [each for each in ast.walk(tree) if isinstance(each, (ast.FunctionDef, ast.ClassDef))]
    told = [rest, *(f"{each.name}: {ast.get_docstring(each) or ''}" for each in parts)]
    body = " ".join(" ".join(told).split())
    return Page("-".join(path.parts[-3:]), " ".join(title.split()), body)


def read_page(path: Path) -> Page | None:
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    name = re.search(r'^\.S[Hh] "?NAME"?\s*\n(.*?)(?=^\.S[Hh] )', text, re.DOTALL | re.MULTILINE)
    if text.startswith(".so ") or name is None:
        return None
    title = plain(name.group(1)).split(" - ", 1)[-1]
    return Page(path.name, title, plain(text[name.end() :]))


def plain(text: str) -> str:
    """What is left of roff without its commands."""
    text = re.sub(r"^[.'](?:\\\"|ig|de|ie|el|if|ds|nr|TH|so).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[.'][A-Za-z]+ ?", "", text, flags=re.MULTILINE)
    text = re.sub(r"\\f[A-Z]|\\f\([A-Z]{2}|\\f\[[^]]*\]", "", text).replace("\\-", "-")
    text = re.sub(r"\\\(..|\\[&|^,/%e]|\\s[-+]?\d", "", text)
    return " ".join(text.replace("\\", "").replace('"', "").split())


def documents(what: str, pages: Sequence[Page], scratch: Path) -> list[str]:
    """Hit@1 by each way: by title, by a bare code, by a question with the code."""
    draw, folder, codes = random.Random(1), scratch / what, []
    folder.mkdir()
    for name, _, body in pages:
        words = body.split()
        place = draw.randrange(len(words))
        codes.append(f"0x{draw.getrandbits(32):08x}")
        words[place:place] = ["error", codes[-1]]
        (folder / name).with_suffix(".txt").write_text(" ".join(words), "utf-8")
    index = Index.create(what, folder, kind="text", indexes=scratch / "indexes")
    asked = {
        "title": [page.title for page in pages],
        "code alone": codes,
        "question with the code": [
            f"what does error {code} mean and how to fix it" for code in codes
        ],
    }
    right = [Path(page.name).with_suffix(".txt").name for page in pages]
    rows = []
    for how, queries in asked.items():
        figures = [hits(index, queries, right, "document", way) for way in WAYS]
        rows.append(f"| {len(pages)} {what}, {how} | {' | '.join(figures)} | | |")
    texts = [(folder / name).read_text("utf-8") for name in right]
    peers = f"| {word_tf_idf(texts, asked['title'])} | {bm25(texts, asked['title'])} |"
    rows[0] = rows[0].removesuffix("| | |") + peers
    return rows


def word_tf_idf(texts: list[str], queries: list[str]) -> str:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True).fit(texts)
    return first_right((made.transform(queries) @ made.transform(texts).T).toarray())


def bm25(texts: list[str], queries: list[str]) -> str:
    """Of whole documents, at the usual k1 of 1.2 and b of .75."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer()
    counts = counter.fit_transform(texts).tocsc()
    having = np.diff(counts.indptr)
    rarity = np.log1p((len(texts) - having + 0.5) / (having + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    usual = 1.2 * (0.25 + 0.75 * length / length.mean())
    weights = counts.astype(float)
    weights.data *= 2.2 / (weights.data + usual[weights.indices])
    weights = weights.multiply(rarity).tocsr()
    return first_right((counter.transform(queries).sign() @ weights.T).toarray())


def first_right(scores: np.ndarray) -> str:
    return f"{np.mean(scores.argmax(axis=1) == np.arange(len(scores))):.3f}"


def hits(index: Index, queries: Sequence[str], right: Sequence[str], column: str, by: str) -> str:
    found = [index.query(query, 1, by=by) for query in queries]
    good = [bool(f) and f[0].metadata[column] == r for f, r in zip(found, right, strict=True)]
    return f"{np.mean(good):.3f}"


def paraphrases(path: Path, scratch: Path) -> str:
    """Hit@1 of the second sentence of pairs that people gave 4.5 of 5 or more, among all."""
    left, right, scores = sts(path)
    pairs = [
        (one, other)
        for one, other, score in zip(left, right, scores, strict=True)
        if score >= 4.5 and one.lower() != other.lower()
    ]
    lines = list(dict.fromkeys(right))
    index = Index.create("sentences", lines, kind="text", indexes=scratch)
    asked, answers = zip(*pairs, strict=True)
    figures = [hits(index, asked, answers, "text", way) for way in WAYS]
    return (
        f"| {len(pairs)} paraphrases among {len(lines):,} sentences | {' | '.join(figures)} | | |"
    )


def times(lines: list[str], scratch: Path) -> list[str]:
    """Milliseconds of a query to many titles, in Python and from the command line."""
    file = scratch / "titles.txt"
    file.write_text("\n".join(lines[:LARGE]) + "\n", "utf-8")
    Index.create("titles", str(file), indexes=scratch)
    index, asked, out = Index.open("titles", scratch), lines[LARGE : LARGE + ASKED], []
    for way in WAYS:
        index.query(asked[0], by=way)
        taken = []
        before = time.process_time()
        for query in asked:
            began = time.perf_counter()
            index.query(query, by=way)
            taken.append(1_000 * (time.perf_counter() - began))
        used = 1_000 * (time.process_time() - before) / len(asked)
        out.append(f"{way} {np.median(taken):.1f} ms ({used:.1f} of CPU)")
    command = [sys.executable, "-m", "simsearch", "query", "titles", asked[0]]
    # As an installed package is: its modules are compiled once.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own["PYTHONPYCACHEPREFIX"] = str(scratch / "compiled")
    run = partial(subprocess.run, env=own, check=True, capture_output=True)
    run([*command, "--indexes", str(scratch)])
    seconds, used = [], children()
    for _ in range(5):
        began = time.perf_counter()
        run([*command, "--indexes", str(scratch)])
        seconds.append(time.perf_counter() - began)
    cli = f"{np.median(seconds):.2f} s ({(children() - used) / 5:.2f} of CPU)"
    return [
        f"A query to {LARGE:,} titles, the median of {ASKED} in Python: {', '.join(out)}; "
        f"from the command line, the median of 5: {cli}."
    ]


def children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--man", type=Path, default=Path("/usr/share/man/man1"))
    asked = parser.parse_args()
    data, sorts = asked.data, {"manual pages": manual(asked.man), "modules": modules()}
    parts = [part for part in ("dev", "test") if (data / "stsb" / f"stsb-en-{part}.csv").exists()]
    lines = [
        "# Search of texts", "",
        "| STS-B, Spearman | static | MiniLM | `tfidf` | scikit-learn's TF-IDF (char_wb, 2 to 5) |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    files = {part: data / "stsb" / f"stsb-en-{part}.csv" for part in parts}
    lines += [f"| {part} | {' | '.join(spearman(path))} |" for part, path in files.items()]
    lines += ["", speed(questions(data)), "", unknown(data / "cases" / "18" / "scripts.txt")]
    words = [round(np.mean([len(page.body.split()) for page in each])) for each in sorts.values()]
    lines += [
        "", "First answer right, static as it comes:", "",
        "| asked | vectors | words | both (the default) | TF-IDF of words | BM25 |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        for what, pages in sorts.items():
            lines += documents(what, pages, Path(scratch))
        lines.append(paraphrases(data / "stsb" / "stsb-en-dev.csv", Path(scratch)))
        told = " and ".join(map(str, words))
        lines += ["", f"The documents have {told} words on average.", ""]
        lines += times(titles(data), Path(scratch))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines += ["", "; ".join(machine.facts().values()) + f". Load {load}."]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print(RESULTS.read_text("utf-8"))


if __name__ == "__main__":
    main()
