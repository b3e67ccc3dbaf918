"""Small pictures within a number of bytes."""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from simsearch.report.page.thumbnails import SIDE, thumbnails


def test_they_keep_their_shape_and_the_page_its_size(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for number, size in enumerate([(400, 100), (30, 20), (100, 400)]):
        noise = rng.integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
        Image.fromarray(noise).save(tmp_path / f"{number}.png")
    ids = ["2.png", "0.png", "1.png"]
    found = thumbnails(tmp_path, ids, tmp_path / "out.html")
    shapes = {
        name: Image.open(io.BytesIO(base64.b64decode(data))).size
        for name, data in found.data.items()
    }
    assert shapes == {"0.png": (SIDE, SIDE // 4), "1.png": (30, 20), "2.png": (SIDE // 4, SIDE)}
    assert found.left_out == 0
    room = len(found.data["2.png"]) + 10
    few = thumbnails(tmp_path, ids, tmp_path / "out.html", most_bytes=room)
    assert list(few.data) == ["2.png"]  # what is needed most comes first
    assert few.left_out == 2
    assert few.files == {name: name for name in ids}


def test_pictures_of_an_array(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (4, 12, 16)).astype(np.uint8)
    found = thumbnails(pixels, ["1", "3"], tmp_path / "out.html")
    assert set(found.data) == {"1", "3"}
    assert not found.files
