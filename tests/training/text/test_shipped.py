"""The script behind the shipped table, on a tiny teacher; and the table itself."""

import csv
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from simsearch.kinds.loading import SHIPPED, load_encoder
from simsearch.training.text import shipped, teacher_texts
from tests.training.text.made_text import sentences, tiny_transformer


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = sentences()[0]
    for name in ("arxiv_titles", "stackoverflow_titles", "stsb", "dict", "library"):
        (tmp_path / name).mkdir()
    titles = tmp_path / "arxiv_titles" / "arxiv_titles_250k.csv.gz"
    with gzip.open(titles, "wt") as file:
        file.write("\n".join(["title", *texts[:60]]))
    (tmp_path / "stackoverflow_titles" / "titles.csv").write_text(
        "\n".join(["id,label,title", *(f"1,a,{text}" for text in texts[60:120])])
    )
    for part, rows in (("train", texts[120:200]), ("dev", texts[190:210])):
        with (tmp_path / "stsb" / f"stsb-en-{part}.csv").open("w") as file:
            csv.writer(file).writerows((text, text[::-1], 1) for text in rows)
    for name in ("noun", "verb", "adj", "adv"):
        (tmp_path / "dict" / f"data.{name}").write_text(
            "  1 This is the licence.\n"
            f'0001 03 n 01 some_{name} 0 000 | the sense of it; "an example of {name}"; "two"  \n'
        )
    (tmp_path / "library" / "code.py").write_text('"""Say one thing of code. And another."""\n')
    monkeypatch.setattr(teacher_texts, "_PLACES", [str(tmp_path / "library")])
    monkeypatch.setattr(teacher_texts, "_TITLES_FROM", 10)
    monkeypatch.setattr(teacher_texts, "_QUESTIONS_FROM", 20)
    return tmp_path


def test_texts_are_of_all_kinds_and_none_that_is_asked_about(data: Path) -> None:
    found = teacher_texts.teacher_texts(data, data / "dict")
    texts = sentences()[0]
    assert {"some noun: the sense of it", "an example of verb"} <= set(found)
    assert "Say one thing of code." in found
    assert len(found) == len(set(found))
    assert not set(texts[:10]) & set(found)  # titles of benchmarks
    assert not set(texts[60:80]) & set(found)  # questions of benchmarks
    assert not set(texts[190:210]) & set(found)  # sentences of the dev file
    assert set(texts[120:190]) <= set(found)


def test_the_script_asks_the_teacher_once(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_transformer(tmp_path / "tiny")
    monkeypatch.setattr(shipped, "minilm_folder", lambda: model)
    given = ["--data", str(data), "--wordnet", str(data / "dict"), "--cache", str(tmp_path / "c")]
    given += ["--dimension", "8", "--epochs", "2"]
    assert shipped.main([*given, "--out", str(tmp_path / "one")]) == 0
    monkeypatch.setattr(shipped, "tokens_alone", None)  # not asked again
    assert shipped.main([*given, "--out", str(tmp_path / "two")]) == 0
    one, two = (load_encoder(tmp_path / name) for name in ("one", "two"))
    assert one.fingerprint == two.fingerprint
    assert one.body.tensors["table"].dtype == np.int8
    assert one.dimension == 8


def test_the_shipped_table() -> None:
    folder = SHIPPED["static"]
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8_500_000
    assert json.loads((folder / "encoder.json").read_bytes())["kind"] == "text"
    encoder = load_encoder("static")
    same, other, third = encoder.encode_text(
        ["How do I reset my password?", "resetting a forgotten password", "A cat on a roof"]
    )
    assert same @ other > 0.6
    assert same @ third < 0.3
    assert encoder.dimension == 256


def test_it_needs_no_torch() -> None:
    import subprocess

    code = (
        "import sys; from simsearch import load_encoder; load_encoder('static').encode(['a b']); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
