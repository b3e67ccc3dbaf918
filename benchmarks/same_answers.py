"""Do two checkouts answer the same? Typed commands, run by both, and what differs.

    python benchmarks/same_answers.py --old ../before --new .

Every kind of item is deduplicated, indexed, asked, updated and trained on, well and wrongly.
Compared are what a command prints, its exit code and the files that it writes; times and sizes
are left out. Then the new checkout asks what the old one wrote on disk. `COMMANDS` gives a second
line where a name was changed on purpose.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CUSTOMERS = Path(__file__).parent.parent / "examples" / "customers.csv"


@dataclass(frozen=True)
class Command:
    """A command line without `simsearch`.

    Attributes:
        old: as the old checkout takes it.
        new: as the new one takes it; None where it is the same.
        input: what is piped into it.
    """

    old: str
    new: str | None = None
    input: str | None = None


# What writes indexes, encoders and results.
MAKING = [
    Command("dedupe customers.csv --id customer_no -o o.csv --unique u.csv --pairs p.csv"),
    Command("dedupe customers.csv --columns first_name,last_name,city --labels judged.csv -q -o -"),
    Command("dedupe - -o - -q", input="name,city\nAnn Smith,Leeds\nAnn Smyth,Leeds\nBo Li,Rome\n"),
    Command("dedupe sentences.txt -o o.csv --pairs p.csv"),
    Command("dedupe photos -o o.csv"),
    Command("dedupe vectors.npy -o o.csv"),
    Command("dedupe nowhere.csv"),
    Command("dedupe broken.csv -o o.csv"),
    Command("dedupe customers.csv --columns nome"),
    Command("dedupe customers.csv -o photos"),
    Command("dedupe customers.csv --threshold 2"),
    Command("link ours.csv theirs.csv --id customer_no -o o.csv"),
    Command("link ours.csv theirs.csv --one-to-one --threshold 0.9 -q -o -"),
    Command("link ours.csv nowhere.csv -o o.csv"),
    Command("index customers.csv -n customers --id customer_no"),
    Command("index customers.csv -n customers"),
    Command(
        "index vectors.npy -n words --ids words.txt --search hnsw",
        "index vectors.npy -n words --ids words.txt --engine hnsw",
    ),
    Command("index words.parquet -n stored --vectors v --id word --metric euclidean"),
    Command("index broken.npy -n broken"),
    Command("index nan.npy -n nan"),
    Command("index customers.csv -n ../up"),
    Command(
        "train photos -o photos.encoder --steps 4 --size 16 --dim 8 --network glyph --arithmetic "
        "float32 -q"
    ),
    Command(
        "train flowers.csv --label species -o flowers.encoder --steps 30 --dim 4 "
        "--arithmetic float32 -q"
    ),
    Command(
        "train series --kind signal -o series.encoder --steps 4 --dim 8 --arithmetic float32 -q"
    ),
    Command(
        "train sentences.csv --column text --label topic -o texts.encoder --steps 10 --dim 16 "
        "--vocabulary 200 -q"
    ),
    Command(
        "train customers.csv --kind record --id customer_no --pairs judged.csv "
        "-o customers.encoder -q",
        "train customers.csv --kind record --id customer_no --labels judged.csv "
        "-o customers.encoder -q",
    ),
    Command("train nowhere -o x.encoder"),
    Command("train photos -o x.encoder --loss best"),
    Command("index photos -n photos --encoder photos.encoder"),
    Command("index sentences.csv -n texts --encoder texts.encoder --column text --label topic"),
    Command("index series -n series --encoder series.encoder"),
    Command("index flowers.csv -n flowers --encoder flowers.encoder --label species"),
]
# What reads them, or changes an index that exists.
ASKING = [
    Command("info"),
    Command("query customers smiht leeds -k 3"),
    Command("query customers --record '{\"last_name\": \"Lewelyn\"}' -k 3 --format json"),
    Command("query customers --like C10009 --within 0.6 --format csv"),
    Command("query customers --like C10009 --where \"city = 'Leeds'\""),
    Command("query customers --file theirs.csv --id customer_no -k 2 --format csv"),
    Command("query customers --like nobody"),
    Command("query customers smith --where 'DROP TABLE x'"),
    Command("query words --like w7 -k 4"),
    Command("query words --file vectors.npy -k 2 --format json"),
    Command("query stored --like w7 -k 4 --format csv"),
    Command("query photos photos/round/3.png -k 3"),
    Command("query photos sentences.txt"),
    Command("query texts the red fox runs -k 3"),
    Command("query series series/low/2.wav -k 3"),
    Command("query nothing x"),
    Command("duplicates customers -o o.csv --pairs p.csv"),
    Command("duplicates photos --threshold-score 0.99 --pairs p.csv",
            "duplicates photos --threshold 0.99 --pairs p.csv"),
    Command("duplicates words"),
    Command("verify photos.encoder photos/round/1.png photos/round/2.png"),
    Command("verify texts.encoder 'the red fox' 'a red fox' --threshold eer"),
    Command("verify customers.encoder '{\"last_name\": \"Smiht\"}' '{\"last_name\": \"Smith\"}'"),
    Command("verify photos.encoder photos/round/1.png nowhere.png"),
    Command("evaluate photos.encoder photos --ways 2"),
    Command("evaluate flowers.encoder flowers.csv --label species --format json --ways 2"),
    Command("evaluate texts.encoder --scores scores.csv"),
    Command("evaluate found.csv customers_truth.csv"),
    Command("classify photos photos/round/1.png photos/square --format csv"),
    Command("classify texts 'the red fox runs' --label topic"),
    Command("classify customers customers.csv --label nothing"),
    Command("anomalies photos --top 3 --rate 0.1"),
    Command("anomalies flowers --against flowers.csv --top 3 --rate 0.1 --format json"),
    Command("plot flowers -o map.html --by species"),
    Command("plot nothing -o map.html"),
    Command("recalibrate photos.encoder photos --pairs photo_pairs.csv -n photos",
            "recalibrate photos.encoder photos --labels photo_pairs.csv -n photos"),
    Command("index ours.csv -n customers --update"),
    Command("index customers.csv -n customers --update --metric euclidean"),
    Command("index photos -n photos --update"),
    Command("index fewer.npy -n words --update --ids fewer.txt"),
    Command("remove customers --id C10001 --where \"city = 'Leeds'\""),
    Command("remove customers --id C10001"),
    Command("query customers smiht leeds -k 3 --version 1"),
    Command("compact customers"),
    Command("check customers"),
    Command("export customers -o customers.simsearch"),
    Command("export words -o words-out.parquet --vectors"),
    Command("import customers.simsearch -n again"),
    Command("import customers.simsearch -n again"),
    Command("import vectors.npy -n x"),
    Command("query again smiht leeds -k 3"),
    Command("info customers"),
    Command("index photos -n photos --re-embed --encoder photos.encoder"),
    Command("index photos -n photos --upgrade --encoder photos.encoder",
            "index photos -n photos --migrate --encoder photos.encoder"),
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a command did.

    Attributes:
        code: the exit code.
        out: standard output, times and sizes left out.
        err: standard error, the same.
        files: digest of each file that it wrote or changed.
    """

    code: int
    out: str
    err: str
    files: dict[str, str]


def make_inputs(folder: Path) -> None:
    """Small inputs of every kind, good and bad, the same at every run."""
    rng = np.random.default_rng(7)
    _make_tables(folder, rng)
    _make_vectors(folder, rng)
    _make_photos(folder / "photos", rng)
    _make_series(folder / "series", rng)


def _make_tables(folder: Path, rng: np.random.Generator) -> None:
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    _write(folder / "customers.csv", [head, *rows[:400]])
    _write(folder / "ours.csv", [head, *rows[:150]])
    _write(folder / "theirs.csv", [head, *rows[100:250]])
    place = head.index("customer_no")
    ids = [row[place] for row in rows[:400]]
    judged = [[ids[2 * n], ids[2 * n + 1], n % 2] for n in range(60)]
    _write(folder / "judged.csv", [["left_id", "right_id", "same"], *judged])
    _write(
        folder / "found.csv",
        [["left_id", "right_id", "probability"], *([a, b, 0.9 - s / 2] for a, b, s in judged)],
    )
    truth = (CUSTOMERS.parent / "customers_truth.csv").read_bytes()
    (folder / "customers_truth.csv").write_bytes(truth)
    (folder / "broken.csv").write_bytes(b'a,b\n1,"2\n3,\xff\xfe\x00')
    _make_texts(folder, rng)
    _make_flowers(folder / "flowers.csv", rng)
    photos = [
        [f"{one}/{a}.png", f"{other}/{a + 1}.png", int(one == other)]
        for a in range(1, 9)
        for one, other in (("round", "round"), ("round", "square"))
    ]
    _write(folder / "photo_pairs.csv", [["left", "right", "same"], *photos])


def _make_texts(folder: Path, rng: np.random.Generator) -> None:
    words = [
        "the",
        "a",
        "red",
        "blue",
        "old",
        "fox",
        "dog",
        "cat",
        "runs",
        "sleeps",
        "over",
        "tree",
    ]
    texts = [" ".join(rng.choice(words, 6)) for _ in range(120)]
    texts[5], texts[9] = texts[2], texts[2].upper()
    (folder / "sentences.txt").write_text("\n".join(texts) + "\n", "utf-8")
    topics = [[text, "fox" if "fox" in text else "other"] for text in texts]
    _write(folder / "sentences.csv", [["text", "topic"], *topics])
    pairs = zip(texts[::2], texts[1::2], strict=True)
    scored = [[a, b, len({*a.split()} & {*b.split()})] for a, b in pairs]
    _write(folder / "scores.csv", [["sentence1", "sentence2", "score"], *scored])


def _make_flowers(path: Path, rng: np.random.Generator) -> None:
    species = rng.integers(0, 3, 90)
    numbers = rng.normal(size=(90, 4)) + species[:, None] * 3
    flowers = [
        [*map(repr, map(float, row)), f"s{s}"] for row, s in zip(numbers, species, strict=True)
    ]
    _write(path, [["a", "b", "c", "d", "species"], *flowers])


def _write(path: Path, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _make_vectors(folder: Path, rng: np.random.Generator) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    vectors = rng.normal(size=(300, 8)).astype(np.float32)
    vectors[10] = vectors[3]
    names = [f"w{number}" for number in range(len(vectors))]
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "fewer.npy", vectors[:200])
    (folder / "words.txt").write_text("\n".join(names) + "\n")
    (folder / "fewer.txt").write_text("\n".join(names[:200]) + "\n")
    (folder / "broken.npy").write_bytes((folder / "vectors.npy").read_bytes()[:500])
    np.save(folder / "nan.npy", np.full((3, 4), np.nan, np.float32))
    table = pa.table({"word": names, "v": list(vectors), "size": list(range(300))})
    pq.write_table(table, folder / "words.parquet")


def _make_photos(folder: Path, rng: np.random.Generator) -> None:
    from PIL import Image, ImageDraw

    for shape in ("round", "square", "lines"):
        (folder / shape).mkdir(parents=True)
        for number in range(1, 81):
            image = Image.new("RGB", (32, 32), "white")
            draw = ImageDraw.Draw(image)
            left, top = (int(each) for each in rng.integers(2, 10, 2))
            box = (left, top, left + 16, top + 16)
            if shape == "lines":
                draw.line(box, "black", 2)
            else:
                (draw.ellipse if shape == "round" else draw.rectangle)(box, "black")
            image.save(folder / shape / f"{number}.png")
    shutil.copy(folder / "round" / "1.png", folder / "round" / "copy.png")
    (folder / "lines" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no picture")


def _make_series(folder: Path, rng: np.random.Generator) -> None:
    for name, tone in (("low", 200), ("high", 900)):
        (folder / name).mkdir(parents=True)
        for number in range(1, 21):
            times = np.arange(1600) / 8000
            wave_form = np.sin(2 * np.pi * (tone + rng.normal(0, 10)) * times)
            samples = (wave_form * 12000 + rng.normal(0, 500, 1600)).astype("<i2")
            with wave.open(str(folder / name / f"{number}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes(samples.tobytes())


# What may differ between two runs of the same commands.
VARYING = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*"), "WHEN"),
    (re.compile(r"[\d.,]+ (?:items/s|ms|seconds|second|minutes|s)\b"), "TIME"),
    (re.compile(r"[\d.,]+ (?:bytes|KiB|MiB|GiB)\b"), "SIZE"),
    (re.compile(r" +(?=SIZE|WHEN)"), " "),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "DIGEST"),
    (re.compile(r"recall [\d.]+ \([\d.]+ within a distance\)"), "RECALL"),
]
# Files that hold times or keys drawn at random: they are compared by what is asked of them.
UNCOMPARED = re.compile(
    r"(^|/)indexes/|\.simsearch$|(report\.html|training\.csv)$|\.encoder/.*\.json$"
)


def steady(text: str) -> str:
    """A text without what differs from run to run."""
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text


def run(line: str, given: str | None, checkout: Path, folder: Path) -> Outcome:
    """A command, as the checkout does it in a folder."""
    before = digests(folder)
    environment = {
        **os.environ, "PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1", "COLUMNS": "100",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "simsearch", *shlex.split(line)],
        cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = digests(folder)
    written = {name: digest for name, digest in after.items() if before.get(name) != digest}
    return Outcome(done.returncode, steady(done.stdout), steady(done.stderr), written)


def digests(folder: Path) -> dict[str, str]:
    """Of each file that can be compared."""
    return {
        name: _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not UNCOMPARED.search(name := str(path.relative_to(folder)))
    }


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix in {".csv", ".html", ".json"}:
        content = steady(content.decode("utf-8", "replace")).encode()
    return hashlib.sha256(content).hexdigest()


def differences(old: Outcome, new: Outcome) -> Iterator[str]:
    """What is not the same, a line each."""
    if old.code != new.code:
        yield f"exit code {old.code} -> {new.code}"
    for name, one, other in (("", old.out, new.out), ("stderr ", old.err, new.err)):
        changed = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=0)
        for line in changed:
            if not line.startswith(("---", "+++", "@@")):
                yield f"{name}{line}"
    for name in sorted(old.files.keys() | new.files.keys()):
        if old.files.get(name) != new.files.get(name):
            yield f"file {name} differs"


def outcomes(
    commands: Iterable[Command], checkout: Path, folder: Path, *, renamed: bool
) -> list[Outcome]:
    """What each command does, one after another.

    Args:
        commands: to run.
        checkout: of simsearch.
        folder: where they run.
        renamed: by the names of the new checkout.
    """
    lines = [(each.new if renamed and each.new else each.old, each.input) for each in commands]
    return [run(line, given, checkout, folder) for line, given in lines]


def show(title: str, commands: list[Command], old: list[Outcome], new: list[Outcome]) -> int:
    """Print a table; gives the number of commands that differ."""
    print(f"\n## {title}\n")
    changed = 0
    for command, before, after in zip(commands, old, new, strict=True):
        found = list(differences(before, after))
        changed += bool(found)
        print(f"{'differs' if found else 'same':<8} {before.code}  simsearch {command.old}")
        if command.new is not None:
            print(f"{'':<8} as  simsearch {command.new}")
        for line in found:
            print(f"{'':<12}{line[:220]}")
    print(f"\n{len(commands) - changed} of {len(commands)} the same")
    return changed


def main() -> None:
    """Run both checkouts beside each other, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--old", type=Path, required=True, help="a checkout of the commit before")
    parser.add_argument("--new", type=Path, required=True, help="the checkout to compare with it")
    parser.add_argument("--only", default="", help="commands that contain this text")
    asked = parser.parse_args()
    old, new = asked.old.resolve(), asked.new.resolve()
    making = [each for each in MAKING if asked.only in each.old]
    asking = [each for each in ASKING if asked.only in each.old]
    new_names = old != new
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        places = [Path(name) / each for each in ("old", "new", "across")]
        for place in places[:2]:
            place.mkdir()
            make_inputs(place)
        made = list(pool.map(partial(_ran, making), (old, new), places[:2], (False, new_names)))
        shutil.copytree(places[0], places[2])
        told = list(
            pool.map(partial(_ran, asking), (old, new, new), places, (False, new_names, new_names))
        )
    changed = show("Made by each", making, made[0], made[1])
    changed += show("Asked by each of what it made", asking, told[0], told[1])
    changed += show("Asked by the new of what the old made", asking, told[0], told[2])
    sys.exit(bool(changed))


def _ran(commands: list[Command], checkout: Path, folder: Path, renamed: bool) -> list[Outcome]:
    return outcomes(commands, checkout, folder, renamed=renamed)


if __name__ == "__main__":
    main()
