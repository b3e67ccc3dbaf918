"""Search of texts with the defaults: the encoder that comes along, and words beside meaning.

    python benchmarks/text_search.py --data DATA [--man /usr/share/man/man1]

DATA/stsb as for `texts.py`, DATA/arxiv_titles, DATA/stackoverflow_titles and DATA/cases/18.
Documents are pages of the manual of the machine (400 to 3,000 words, 300 of them), asked by their
own one-line descriptions, which are taken out; a code is put into each. Writes text_search.md into
benchmarks/results/.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

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


def manual(folder: Path) -> list[tuple[str, str, str]]:
    """Pages: name, what it says of itself, and the rest."""
    found: dict[str, tuple[str, str, str]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("gcloud"):  # thousands that hardly differ
            continue
        page = read_page(path)
        if page and 400 <= len(page[2].split()) <= 3_000 and len(page[1].split()) >= 3:
            found.setdefault(page[1], page)
    pages = list(found.values())
    random.Random(0).shuffle(pages)
    return pages[:DOCUMENTS]


def read_page(path: Path) -> tuple[str, str, str] | None:
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    name = re.search(r'^\.S[Hh] "?NAME"?\s*\n(.*?)(?=^\.S[Hh] )', text, re.DOTALL | re.MULTILINE)
    if text.startswith(".so ") or name is None:
        return None
    return path.name, plain(name.group(1)).split(" - ", 1)[-1], plain(text[name.end() :])


def plain(text: str) -> str:
    """What is left of roff without its commands."""
    text = re.sub(r"^[.'](?:\\\"|ig|de|ie|el|if|ds|nr|TH|so).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[.'][A-Za-z]+ ?", "", text, flags=re.MULTILINE)
    text = re.sub(r"\\f[A-Z]|\\f\([A-Z]{2}|\\f\[[^]]*\]", "", text).replace("\\-", "-")
    text = re.sub(r"\\\(..|\\[&|^,/%e]|\\s[-+]?\d", "", text)
    return " ".join(text.replace("\\", "").replace('"', "").split())


def documents(pages: Sequence[tuple[str, str, str]], scratch: Path) -> list[str]:
    """Hit@1 by each way: by description, by a bare code, by a question with the code."""
    draw, folder, codes = random.Random(1), scratch / "pages", []
    folder.mkdir()
    for name, _, body in pages:
        words = body.split()
        place = draw.randrange(len(words))
        codes.append(f"0x{draw.getrandbits(32):08x}")
        words[place:place] = ["error", codes[-1]]
        (folder / name).with_suffix(".txt").write_text(" ".join(words), "utf-8")
    index = Index.create("manual", folder, kind="text", indexes=scratch)
    asked = {
        "description": [page[1] for page in pages],
        "code alone": codes,
        "question with the code": [
            f"what does error {code} mean and how to fix it" for code in codes
        ],
    }
    right = [Path(page[0]).with_suffix(".txt").name for page in pages]
    rows = []
    for what, queries in asked.items():
        figures = [hits(index, queries, right, "document", way) for way in WAYS]
        rows.append(f"| {len(pages)} documents, {what} | {' | '.join(figures)} | |")
    texts = [(folder / name).read_text("utf-8") for name in right]
    rows[0] = rows[0].removesuffix("| |") + f"| {word_tf_idf(texts, asked['description'])} |"
    return rows


def word_tf_idf(texts: list[str], queries: list[str]) -> str:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True).fit(texts)
    best = (made.transform(queries) @ made.transform(texts).T).toarray().argmax(axis=1)
    return f"{np.mean(best == np.arange(len(texts))):.3f}"


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
    return f"| {len(pairs)} paraphrases among {len(lines):,} sentences | {' | '.join(figures)} | |"


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
    data, pages = asked.data, manual(asked.man)
    parts = [part for part in ("dev", "test") if (data / "stsb" / f"stsb-en-{part}.csv").exists()]
    lines = [
        "# Search of texts", "",
        "| STS-B, Spearman | static | MiniLM | `tfidf` | scikit-learn's TF-IDF (char_wb, 2 to 5) |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    files = {part: data / "stsb" / f"stsb-en-{part}.csv" for part in parts}
    lines += [f"| {part} | {' | '.join(spearman(path))} |" for part, path in files.items()]
    lines += ["", speed(questions(data)), "", unknown(data / "cases" / "18" / "scripts.txt")]
    words = round(np.mean([len(page[2].split()) for page in pages])) if pages else 0
    lines += [
        "", "First answer right, static as it comes:", "",
        "| asked | vectors | words | both (the default) | TF-IDF of words |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        lines += documents(pages, Path(scratch))
        lines.append(paraphrases(data / "stsb" / "stsb-en-dev.csv", Path(scratch)))
        lines += ["", f"The documents have {words} words on average.", ""]
        lines += times(titles(data), Path(scratch))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines += ["", "; ".join(machine.facts().values()) + f". Load {load}."]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print(RESULTS.read_text("utf-8"))


if __name__ == "__main__":
    main()
