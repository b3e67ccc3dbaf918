"""An index that is embedded anew: complete or not there, and stopped at no cost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from simsearch import Index
from simsearch.errors import OptionError, SourceError, VectorIndexError
from simsearch.index import re_embed
from simsearch.index.re_embed import ReEmbedded
from simsearch.store.format.layout import STAGING
from simsearch.store.upkeep.check import check
from tests.index.embedded import SlowEncoder, texts
from tests.made_items import LetterEncoder, Texts

ROOT = Path(__file__).resolve().parents[2]
COUNT = 100


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re_embed, "PART_ROWS", 10)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create("words", texts(COUNT), encoder=LetterEncoder(), indexes=tmp_path)


def contents(index: Index) -> list[tuple[str, object, bytes]]:
    ids = [str(number + 1) for number in range(len(index))]
    vectors, columns = index.vectors.vectors(ids), index.vectors.metadata(ids)
    return [
        (identifier, tuple(sorted(row.items())), vector.tobytes())
        for identifier, row, vector in zip(ids, columns, vectors, strict=True)
    ]


def test_all_of_it_by_the_new_encoder(index: Index, tmp_path: Path) -> None:
    old = Index.open("words", tmp_path, encoder=LetterEncoder())
    before = contents(old)
    assert index.re_embed(texts(COUNT), encoder=SlowEncoder()) == ReEmbedded(0, COUNT, 0, 0)
    assert index.info().encoder == SlowEncoder().fingerprint
    word = index.vectors.metadata(["5"])[0]["text"]
    assert index.query(word, 1)[0].score == pytest.approx(1)
    new = SlowEncoder().encode(pa.table({"text": [word]}))
    np.testing.assert_allclose(index.vectors.vectors(["5"]), new, rtol=1e-6)
    assert contents(old) == before
    assert contents(Index.open("words", tmp_path, version=1, encoder=LetterEncoder())) == before
    assert not (tmp_path / "words" / STAGING).exists()
    assert not check(index.vectors.folder).problems


def test_it_follows_the_source(index: Index) -> None:
    source = Texts(["fig", "date"], {"colour": ["green", "brown"]}, ids=["3", "new"])
    assert index.re_embed(source, encoder=SlowEncoder()) == ReEmbedded(1, 1, COUNT - 1, 0)
    assert [match.id for match in index.query("date")] == ["new", "3"]
    assert index.vectors.metadata(["3"]) == [{"text": "fig", "colour": "green"}]


def test_an_aligned_index_is_exact_again(index: Index) -> None:
    index.migrate(SlowEncoder(), texts(COUNT), force=True)
    assert index.info().alignment is not None
    index.re_embed(texts(COUNT), encoder=SlowEncoder())
    assert index.info().alignment is None


class _Stopped(SlowEncoder):
    """Breaks down after some calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._calls = calls

    def encode_table(self, items: pa.Table) -> np.ndarray:
        if not self._calls:
            raise SourceError("stopped")
        self._calls -= 1
        return super().encode_table(items)


def stop(index: Index, calls: int, source: Texts) -> Path:
    with pytest.raises(SourceError, match="stopped"):
        index.re_embed(source, encoder=_Stopped(calls))
    (folder,) = (index.vectors.folder / STAGING).iterdir()
    return folder


def test_what_was_finished_is_not_embedded_again(index: Index) -> None:
    before = contents(index)
    assert len(list(stop(index, 4, texts(COUNT)).iterdir())) == 4
    assert contents(index) == before
    assert index.vectors.version == 1
    encoder = SlowEncoder()
    assert index.re_embed(texts(COUNT), encoder=encoder).resumed == 40
    assert encoder.encoded == 60


def test_a_part_that_was_altered_is_embedded_again(index: Index) -> None:
    parts = sorted(stop(index, 4, texts(COUNT)).iterdir())
    for number, part in enumerate(parts[:3]):
        content = bytearray(part.read_bytes())
        content[(3, 30, -1)[number]] ^= 1
        part.write_bytes(content if number else content[:50])
    encoder = SlowEncoder()
    assert index.re_embed(texts(COUNT), encoder=encoder).resumed == 10
    assert encoder.encoded == 90


def test_parts_of_other_content_are_not_used(index: Index) -> None:
    stop(index, 4, texts(COUNT))
    encoder, changed = SlowEncoder(), texts(COUNT)
    table = changed._table
    words = table["text"].to_pylist()
    words[15] = "fig"
    changed._table = table.set_column(0, "text", pa.array(words))
    assert index.re_embed(changed, encoder=encoder).resumed == 30
    assert index.query("fig", 1)[0].id == "16"


def test_pruning_gives_parts_up(index: Index) -> None:
    folder = stop(index, 2, texts(COUNT))
    index.vectors.compact(prune=True)
    assert not folder.exists()


def test_what_is_refused(index: Index, tmp_path: Path) -> None:
    other = SlowEncoder()
    other.kind = "image"
    with pytest.raises(OptionError, match="the encoder is for images"):
        index.re_embed(texts(COUNT), encoder=other)
    vectors = Index.create("v", np.eye(4, dtype=np.float32), indexes=tmp_path)
    with pytest.raises(VectorIndexError, match="no encoder; name one"):
        vectors.re_embed(np.eye(4, dtype=np.float32))


def killed(folder: Path, seconds: float) -> str:
    """What a run told before it was killed, so long after its first part."""
    command = [sys.executable, "-m", "tests.index.embedded", str(folder), str(COUNT)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        told += process.stdout.read()
    return told.decode()


def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(index: Index, tmp_path: Path) -> None:
    whole = Index.create("whole", texts(COUNT), encoder=LetterEncoder(), indexes=tmp_path)
    whole.re_embed(texts(COUNT), encoder=SlowEncoder())
    before, folder, told = contents(index), index.vectors.folder, 0
    for seconds in (0.0, 0.02, 0.05):
        text = killed(folder, seconds)
        told += text.count("part")
        if "done" in text:
            break
        assert contents(Index.open("words", tmp_path, encoder=LetterEncoder())) == before
        assert not check(folder).problems
    index = Index.open("words", tmp_path, version=1, encoder=LetterEncoder())
    done = index.re_embed(texts(COUNT), encoder=SlowEncoder())
    assert done.resumed >= 10 * (told - 3)  # of each run at most the last part is lost
    assert contents(index) == contents(whole)
    assert not (folder / STAGING).exists()
