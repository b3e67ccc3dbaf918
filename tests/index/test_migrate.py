"""An index that is taken to another encoder by a map, from the outside."""

import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from simsearch import Index
from simsearch.errors import OptionError, VectorIndexError
from simsearch.index.update import Update
from simsearch.records.encoder.encoder import RecordEncoder
from simsearch.store.format.manifest import read_manifest
from tests.made_items import LetterEncoder, Texts
from tests.records.made import arrow, persons

RNG = np.random.default_rng(0)
WORDS = ["".join(RNG.choice(list("abcdefghij"), 8)) for _ in range(300)]


class TurnedEncoder(LetterEncoder):
    """Letters, turned: another encoder that sees the same."""

    def __init__(self, dimension: int = 26, noise: float = 0.0) -> None:
        super().__init__(26)
        self._noise = noise
        rng = np.random.default_rng(1)
        self._turn = np.linalg.qr(rng.normal(size=(dimension, 26)).T)[0].astype(np.float32)
        self.dimension = self._turn.shape[1]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"turned {self.dimension} {self._noise}".encode()).hexdigest()

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        dimension, self.dimension = self.dimension, 26
        letters = super().encode_table(items)
        self.dimension = dimension
        turned = letters @ self._turn
        for row, text in enumerate(items["text"].to_pylist()):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
            turned[row] += self._noise * np.random.default_rng(seed).normal(size=dimension)
        unit: npt.NDArray[np.float32] = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "encoder.json").write_text(json.dumps([self.dimension, self._noise]))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create("words", Texts(WORDS), encoder=LetterEncoder(), indexes=tmp_path)


def test_queries_of_the_new_encoder_find_what_the_old_put_there(
    index: Index, tmp_path: Path
) -> None:
    old = Index.open("words", tmp_path, encoder=LetterEncoder())
    expected = [match.id for match in old.query(WORDS[7], 3)]
    encoder = TurnedEncoder()
    quality = index.migrate(encoder, Texts(WORDS))
    assert quality is not None
    assert quality.cosine > 0.999
    assert quality.neighbours > 0.9
    assert [match.id for match in index.query(WORDS[7], 3)] == expected
    assert index.query(WORDS[7], 1)[0].score == pytest.approx(1, abs=1e-4)
    true = encoder.encode(pa.table({"text": WORDS}))
    stored = index.vectors.vectors([str(number + 1) for number in range(len(WORDS))])
    np.testing.assert_allclose(stored, true, atol=1e-3)
    # The old version is there, and who has it open goes on with the old encoder.
    assert [match.id for match in old.query(WORDS[7], 3)] == expected
    assert index.vectors.version == old.vectors.version + 1


def test_records(tmp_path: Path) -> None:
    """Two encoders fitted to different halves of a table see it differently."""
    frame = persons(300, np.random.default_rng(0))
    first, second = (RecordEncoder.fit(arrow(half), seed=0) for half in (frame[:150], frame[150:]))
    assert first.fingerprint != second.fingerprint
    index = Index.create("persons", frame, encoder=first, indexes=tmp_path)
    asked = frame.iloc[5].to_dict()
    expected = index.query(asked, 1)[0].id
    quality = index.migrate(second, frame)
    assert quality is not None
    assert index.query(asked, 1)[0].id == expected
    assert Index.open("persons", tmp_path).info().encoder == second.fingerprint


def test_it_is_said(index: Index, tmp_path: Path) -> None:
    classes = {"class": [word[0] for word in WORDS]}
    index.update(Texts(WORDS, classes))
    quality = index.migrate(TurnedEncoder(), Texts(WORDS, classes))
    aligned = Index.open("words", tmp_path, encoder=TurnedEncoder()).info().alignment
    assert aligned is not None
    assert aligned.encoder == LetterEncoder().fingerprint
    assert (aligned.items, aligned.sample) == (300, 300)
    assert aligned.cosine == pytest.approx(quality.cosine, abs=1e-4)
    assert aligned.recall_kept == pytest.approx(1, abs=0.1)
    path = sorted((tmp_path / "words" / "manifests").iterdir())[-1]
    assert read_manifest(path).settings.alignment == aligned


def test_another_dimension(index: Index) -> None:
    index.migrate(TurnedEncoder(12), Texts(WORDS))
    assert index.info().dimension == 12
    assert index.query(WORDS[3], 1)[0].id == "4"


def test_items_that_come_later_are_embedded_by_the_new_encoder(index: Index) -> None:
    encoder = TurnedEncoder()
    index.migrate(encoder, Texts(WORDS))
    encoder.encoded = 0
    done = index.update(Texts([*WORDS[:-1], "jjjjaaaa", "fig"]))
    assert done == Update(added=1, replaced=1, removed=0, unchanged=299)
    assert encoder.encoded == 2
    match = index.query("jjjjaaaa", 1)[0]
    assert (match.id, match.score) == ("300", pytest.approx(1))
    assert index.info().alignment is not None


def test_deleted_and_small_changes(index: Index) -> None:
    index.remove(["1", "2"])
    index.add(Texts(["added"], ids=["new"]))
    index.migrate(TurnedEncoder(), Texts(WORDS))
    assert len(index) == 299
    assert index.query("added", 1)[0].id == "new"
    assert index.query(WORDS[0], 1)[0].id != "1"


def test_a_map_that_keeps_too_little(index: Index) -> None:
    encoder = TurnedEncoder(noise=5.0)
    with pytest.raises(OptionError, match=r"of 300 items .* \d+% would be .*`Index.re_embed`"):
        index.migrate(encoder, Texts(WORDS))
    assert index.vectors.version == 1
    assert index.query(WORDS[3], 1)[0].id == "4"
    quality = index.migrate(encoder, Texts(WORDS), force=True)
    assert quality is not None
    assert quality.found < 0.5
    assert index.info().encoder == encoder.fingerprint


class CompatibleEncoder(LetterEncoder):
    """Sees the same as the letters' encoder, and says so."""

    compatible_with = (LetterEncoder().fingerprint,)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(b"compatible").hexdigest()


def test_a_compatible_encoder_needs_no_map(index: Index, tmp_path: Path) -> None:
    before = index.vectors.vectors(["1", "2"])
    encoder = CompatibleEncoder()
    assert index.migrate(encoder, Texts(())) is None
    assert index.info().encoder == encoder.fingerprint
    assert index.info().alignment is None
    np.testing.assert_array_equal(index.vectors.vectors(["1", "2"]), before)
    assert index.query(WORDS[3], 1)[0].id == "4"
    index.add(Texts(["added"], ids=["new"]))
    again = Index.open("words", tmp_path, encoder=encoder)
    assert again.query("added", 1)[0].id == "new"
    with pytest.raises(VectorIndexError, match="was made by another encoder"):
        Index.open("words", tmp_path, encoder=LetterEncoder()).query("added")


def test_recall_decides_where_classes_are_known() -> None:
    from simsearch.index.alignment import AlignmentQuality
    from simsearch.index.migrate import too_little

    told = AlignmentQuality(100, 0.8, 0.2, 0.4, 0.5, 0.7, 0.46)
    assert too_little(told) == ""
    assert "80% of the recall@1" in too_little(AlignmentQuality(100, 0.9, 0.9, 0.9, 0.5, 0.7, 0.4))
    assert "40% would be among" in too_little(AlignmentQuality(100, 0.8, 0.2, 0.4))


class _Loads:
    """Stands for `load_encoder`, which knows only encoders of files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.encoder = LetterEncoder()
        for module in ("migrate", "kept_encoder"):
            monkeypatch.setattr(f"simsearch.index.{module}.loaded_encoder", self)

    def __call__(self, encoder: object) -> object:
        return self.encoder if isinstance(encoder, (str, Path)) else encoder


def test_items_that_are_not_in_it_serve_too(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = _Loads(monkeypatch)
    others = Texts(WORDS[::-1])  # the same ids, other texts
    assert index.migrate(TurnedEncoder(), others).neighbours > 0.9
    assert loads.encoder.encoded == 300
    assert index.query(WORDS[3], 1)[0].id == "4"
    # The encoder says nothing of vectors that were aligned, so a second map needs these.
    with pytest.raises(OptionError, match="was aligned before"):
        index.migrate(TurnedEncoder(12), others)
    assert index.migrate(TurnedEncoder(12), Texts(WORDS)).items == 300


def test_what_is_refused(index: Index, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="has that encoder already"):
        index.migrate(LetterEncoder(), Texts(WORDS))
    other = TurnedEncoder()
    other.kind = "image"
    with pytest.raises(OptionError, match=r"the encoder is for images, and .* is of texts"):
        index.migrate(other, Texts(WORDS))
    with pytest.raises(
        OptionError, match=r"a map needs 50 items .* has 20; embed .*`Index.re_embed`"
    ):
        index.migrate(TurnedEncoder(), Texts(WORDS[:20]))
    vectors = Index.create("v", np.eye(4, dtype=np.float32), indexes=tmp_path)
    with pytest.raises(VectorIndexError, match="its vectors are the user's own"):
        vectors.migrate(TurnedEncoder(), Texts(WORDS))
    with pytest.raises(
        VectorIndexError, match=r"another encoder .*`Index.migrate`.*`Index.re_embed`"
    ):
        Index.open("words", tmp_path, encoder=TurnedEncoder())


def test_who_has_the_old_encoder_cannot_add_to_the_new(index: Index, tmp_path: Path) -> None:
    stale = Index.open("words", tmp_path, encoder=LetterEncoder())
    index.migrate(TurnedEncoder(), Texts(WORDS))
    with pytest.raises(VectorIndexError, match="another encoder since it was opened"):
        stale.add(Texts(["fig"], ids=["new"]))
    assert len(Index.open("words", tmp_path)) == 300
