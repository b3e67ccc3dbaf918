"""Every kind of item through every door; and a kind of one's own, in one file."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

import simsearch
from simsearch import Index
from simsearch.encoders.encoder import Encoder
from simsearch.errors import QueryError
from simsearch.kinds.detect import kind_for
from simsearch.kinds.registry import kinds
from tests.contract.dna import DnaEncoder
from tests.made_items import LetterEncoder
from tests.tiny_encoder import TinyEncoder


class NumberEncoder(Encoder):
    """Images, vectors and signals by a few of their numbers."""

    dimension = 4

    def __init__(self, kind: str) -> None:
        self.kind = kind  # type: ignore[misc]  # one class for three kinds
        self.reading = {
            "image": {"size": (4, 4), "channels": 1},
            "signal": {"sample_rate": None, "channels": 1},
            "vector": {"width": 3},
        }[kind]

    @property
    def fingerprint(self) -> str:
        return self.kind.ljust(64, "0")

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        column = items[self.kind].combine_chunks()
        rows = [np.asarray(each.as_py(), float).ravel() for each in _plain(column)]
        out = np.array([[row.mean(), row.std(), row[0], row[-1]] for row in rows], np.float32)
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "encoder.json").write_text(self.kind)


def _plain(column: Any) -> Any:
    return column.storage if isinstance(column, pa.ExtensionArray) else column


RNG = np.random.default_rng(0)
PIXELS = RNG.integers(1, 255, (6, 4, 4), dtype=np.uint8)
NUMBERS = RNG.normal(size=(6, 3)).astype(np.float32)
WAVES = RNG.normal(size=(6, 9, 1)).astype(np.float32)
PEOPLE = [{"name": name, "city": city} for name, city in zip("abcdef", "uvwxyz", strict=True)]
TEXTS = ["one apple", "two pears", "three figs", "four nuts", "five plums", "six limes"]
DNA = ["ACGTACGTAA", "TTTTGGGGCC", "ACACACGTGT", "GGGGGGCCCC", "ATATATATCG", "CCCCAAAATT"]

# A source of six items, the encoder, what to ask with, and options of the source.
DOORS: dict[str, tuple[Any, Encoder | None, Any]] = {
    "record": (PEOPLE, TinyEncoder(["name", "city"]), {"name": "c", "city": "w"}),
    "text": (TEXTS, LetterEncoder(), "three figs"),
    "image": (PIXELS, NumberEncoder("image"), PIXELS[2]),
    "vector": (NUMBERS, NumberEncoder("vector"), NUMBERS[2]),
    "signal": (WAVES, NumberEncoder("signal"), WAVES[2]),
    "dna": (DNA, DnaEncoder(), "ACACACGTGT"),
}


def without(source: Any, row: int) -> Any:
    kept = [place for place in range(len(source)) if place != row]
    return source[kept] if hasattr(source, "shape") else [source[place] for place in kept]


def twice(source: Any) -> Any:
    """The first item once more at the end."""
    return np.concatenate([source, source[:1]]) if hasattr(source, "shape") else source + source[:1]


def test_every_kind_is_here() -> None:
    assert {kind.name for kind in kinds()} == DOORS.keys()


@pytest.mark.parametrize("kind", DOORS)
def test_it_is_indexed_asked_and_updated(kind: str, tmp_path: Path) -> None:
    source, encoder, item = DOORS[kind]
    index = Index.create("things", source, encoder=encoder, indexes=tmp_path)
    assert (len(index), index.info().kind) == (6, kind)
    ids = [match.id for match in index.query(item, 2)]
    assert [match.score for match in index.query(item, 1)] == [pytest.approx(1.0, abs=1e-5)]
    assert ids[0] not in [match.id for match in index.query_like(ids[0], 3)]
    again = Index.open("things", tmp_path, encoder=encoder)
    assert [match.id for match in again.query(item, 2)] == ids
    answers = list(again.query_batch(source, 1))
    assert len(answers) == 6
    assert all(answer.matches[0].score > 0.999 for answer in answers)
    assert again.update(source).unchanged == 6
    done = again.update(without(source, 5))
    assert (done.removed, done.unchanged, len(again)) == (1, 5, 5)
    done = again.update(source)
    assert (done.added, done.unchanged) == (1, 5)
    anomalies = list(again.anomalies(k=1, rate=0.5))
    assert len(anomalies) == 6


@pytest.mark.parametrize("kind", [kind for kind in DOORS if kind != "record"])
def test_exact_duplicates_are_found(kind: str) -> None:
    source, encoder, _ = DOORS[kind]
    found = simsearch.dedupe(twice(source), kind=kind)
    assert found.group.tolist() == [0, 1, 2, 3, 4, 5, 0]
    near = simsearch.dedupe(twice(source), encoder=encoder, threshold=0.99999)
    assert near.group[0] == near.group[6]


@pytest.mark.parametrize("kind", DOORS)
def test_an_encoder_takes_what_people_have(kind: str) -> None:
    source, encoder, _ = DOORS[kind]
    assert encoder is not None
    assert kind_for(source, None, encoder).name == kind
    items = kind_for(source, kind).open(source, encoder.reading, {})
    batch = next(iter(items.batches(10)))
    assert encoder.encode(batch.items).shape == (6, encoder.dimension)


def test_what_is_no_dna_is_refused(tmp_path: Path) -> None:
    index = Index.create("genes", DNA, encoder=DnaEncoder(), indexes=tmp_path)
    with pytest.raises(QueryError, match="a query is a sequence of A, C, G and T"):
        index.query("hello")
    path = tmp_path / "more.dna"
    path.write_text("ACGT\nhello\nTTGA\n")
    index.update(path)
    assert [row.row for row in index.skipped] == [2]
    assert len(index) == 2
