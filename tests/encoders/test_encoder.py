"""What an encoder takes: whatever people have, as the same table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from simsearch.encoders.encoder import Encoder
from simsearch.encoders.image import ImageEncoder
from simsearch.encoders.signal import SignalEncoder
from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.static import StaticBody
from simsearch.encoders.vector import VectorEncoder
from simsearch.errors import EncoderError
from simsearch.records.encoder.encoder import RecordEncoder
from tests.made_items import LetterEncoder

RNG = np.random.default_rng(0)


def same(encoder: Encoder, *ways: object) -> None:
    """Each way of giving the same items gives the same embeddings, a row an item."""
    first, *others = (encoder.encode(way) for way in ways)
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-5)


def test_records() -> None:
    rows = [{"name": f"Ann {n}", "city": "Ulm"} for n in range(20)]
    frame = pd.DataFrame(rows)
    encoder = RecordEncoder.fit(pa.table(frame), dimension=16)
    same(encoder, pa.table(frame), frame, rows)
    assert encoder.encode(rows).shape == (20, 16)


def test_vectors() -> None:
    numbers = RNG.normal(size=(5, 3)).astype(np.float32)
    encoder = VectorEncoder("dense", {"dimension": 4, "width": 3}, {"width": 3})
    same(encoder, numbers, numbers.tolist(), numbers.astype(float))
    frame = pd.DataFrame(numbers, columns=["a", "b", "c"])
    named = VectorEncoder(
        "dense", {"dimension": 4, "width": 3}, {"columns": ["c", "a", "b"]}, tower=encoder.tower
    )
    same(named, frame, pa.table(frame), frame[["b", "c", "a"]])


def test_images(tmp_path: Path) -> None:
    pixels = RNG.integers(0, 255, (3, 8, 8), dtype=np.uint8)
    paths = [tmp_path / f"{row}.png" for row in range(3)]
    for path, picture in zip(paths, pixels, strict=True):
        Image.fromarray(picture).save(path)
    arguments = {"dimension": 4, "channels": 1, "size": [8, 8]}
    encoder = ImageEncoder("classic", arguments, {"size": [8, 8], "channels": 1})
    same(encoder, pixels, paths, list(map(str, paths)), tmp_path)
    paths[1].write_text("no picture")
    with pytest.raises(EncoderError, match=r"1 of its images cannot be read, the first: .*1\.png"):
        encoder.encode(paths)


def test_signals() -> None:
    waves = RNG.normal(size=(3, 50, 1)).astype(np.float32)
    reading = {"sample_rate": None, "channels": 1}
    encoder = SignalEncoder("wave", {"dimension": 4, "channels": 1}, reading)
    same(encoder, waves, list(waves), [wave[:, 0] for wave in waves])


def test_texts(tmp_path: Path) -> None:
    texts = ["one apple", "two pears", "", "one pear"]
    words = WordLevel({"[UNK]": 0, "one": 1, "two": 2, "apple": 3, "pears": 4, "pear": 5}, "[UNK]")
    tokenizer = Tokenizer(words)
    tokenizer.pre_tokenizer = Whitespace()
    table = RNG.normal(size=(6, 8)).astype(np.float32)
    encoder = TextEncoder(StaticBody(tokenizer.to_str().encode(), {"table": table}))
    same(encoder, texts, np.array(texts), pd.Series(texts), pa.table({"text": texts}))
    filled = [text for text in texts if text]
    frame = pd.DataFrame({"no": [1, 2, 3], "title": filled})
    (tmp_path / "a.txt").write_text("\n".join(filled))
    same(encoder, filled, frame, pa.table(frame), tmp_path / "a.txt")
    assert not encoder.encode(texts)[2].any()


def test_what_nobody_reads_for_it_is_a_table_or_refused() -> None:
    encoder = LetterEncoder()
    assert encoder.encode(pa.table({"text": ["a", "b"]})).shape == (2, 26)
    with pytest.raises(EncoderError, match="an encoder of texts takes a table with a column"):
        encoder.encode(["a", "b"])
    with pytest.raises(EncoderError, match="takes no free text"):
        encoder.encode_text(["a"])


def test_what_it_does_not_say_is_as_for_most() -> None:
    encoder = LetterEncoder()
    assert (encoder.metric.value, encoder.dims, encoder.reading) == ("cosine", (), {})
    assert encoder.calibration is None
