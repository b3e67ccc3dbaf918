"""The record encoder through its public door."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.augmentations.records import corrupt
from simsearch.encoders.encoder import Encoder
from simsearch.errors import OptionError
from simsearch.kinds.loading import load_encoder
from simsearch.records.encoder.encoder import RecordEncoder, RecordField
from simsearch.schema import Records

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(11)
PARTS = ["an", "bel", "cor", "dan", "el", "fra", "gus", "han", "il", "jo", "ka", "lu", "mir", "no"]


def words(count: int, length: int = 3) -> list[str]:
    return ["".join(row) for row in RNG.choice(PARTS, size=(count, length))]


def people(count: int) -> pa.Table:
    return pa.table(
        {
            "id": [f"rec-{i}" for i in range(count)],
            "first": words(count, 2),
            "last": words(count),
            "street": [
                f"{n} {w} road"
                for n, w in zip(RNG.integers(1, 99, count), words(count), strict=True)
            ],
            "phone": [str(n) for n in RNG.integers(10**9, 10**10, count)],
            "country": ["au"] * count,
        }
    )


TABLE = people(600)
TRAINED = RecordEncoder.fit(TABLE, dimension=64)
PLAIN = RecordEncoder.fit(TABLE, dimension=64, train=False)
BOTH = pytest.mark.parametrize("encoder", [TRAINED, PLAIN], ids=["trained", "plain"])


def nearest(encoder: RecordEncoder, queries: np.ndarray, k: int) -> np.ndarray:
    scores = queries @ encoder.encode(TABLE).T
    return np.argsort(-scores, axis=1)[:, :k]


@BOTH
def test_it_is_an_encoder_of_unit_rows(encoder: RecordEncoder) -> None:
    assert isinstance(encoder, Encoder)
    vectors = encoder.encode(TABLE)
    assert vectors.shape == (600, encoder.dimension) == (600, 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


def test_record_numbers_and_constants_are_left_out() -> None:
    assert TRAINED.columns == ("first", "last", "street", "phone")
    weights = {field.name: field.weight for field in TRAINED.fields}
    assert weights["phone"] > weights["first"] > 0


@BOTH
def test_a_corrupted_copy_lies_nearest_its_record(encoder: RecordEncoder) -> None:
    damaged = encoder.encode(corrupt(TABLE, seed=9))
    found = (nearest(encoder, damaged, 5) == np.arange(600)[:, None]).any(axis=1)
    assert found.mean() > 0.97


def test_training_brings_copies_nearer_than_strangers() -> None:
    margins = []
    for encoder in (PLAIN, TRAINED):
        scores = encoder.encode(corrupt(TABLE, seed=9)) @ encoder.encode(TABLE).T
        own = np.diag(scores).copy()
        np.fill_diagonal(scores, -1.0)
        margins.append((own > scores.max(axis=1)).mean())
    assert margins[1] >= margins[0]


def test_few_rows_and_very_many_are_hashed_without_training() -> None:
    assert TRAINED.projection is not None
    assert RecordEncoder.fit(TABLE.slice(0, 511)).projection is None
    many = pa.table({"n": [f"{i} {i % 97}" for i in range(50_001)]})
    encoder = RecordEncoder.fit(many, dimension=16)
    assert encoder.projection is None
    assert encoder.encode(many.slice(0, 3)).shape == (3, 16)


@BOTH
def test_one_tower_serves_both_sides(encoder: RecordEncoder) -> None:
    left, right = encoder.encode(TABLE.slice(0, 50)), encoder.encode(TABLE.slice(50, 50))
    swapped = encoder.encode(TABLE.slice(50, 50)) @ encoder.encode(TABLE.slice(0, 50)).T
    np.testing.assert_allclose((left @ right.T).T, swapped, atol=1e-6)
    # Neither the rows beside it nor the order of columns changes a row's embedding.
    reversed_columns = TABLE.select(TABLE.column_names[::-1])
    assert (encoder.encode(reversed_columns) == encoder.encode(TABLE)).all()
    np.testing.assert_allclose(
        encoder.encode(TABLE.slice(7, 1))[0], encoder.encode(TABLE)[7], atol=1e-6
    )


@BOTH
def test_partial_records_and_text_find_the_record(encoder: RecordEncoder) -> None:
    rows = np.arange(40)
    some = TABLE.slice(0, 40).select(["last", "phone"])
    assert (nearest(encoder, encoder.encode(some), 3) == rows[:, None]).any(axis=1).all()
    unknown = some.append_column("colour", pa.array(["red"] * 40))
    assert (encoder.encode(unknown) == encoder.encode(some)).all()
    texts = [f"{r['street']}, {r['last'].upper()}" for r in TABLE.slice(0, 40).to_pylist()]
    assert (nearest(encoder, encoder.encode_text(texts), 3) == rows[:, None]).any(
        axis=1
    ).mean() > 0.95


@BOTH
def test_rows_without_a_value_are_zero(encoder: RecordEncoder) -> None:
    empty = pa.table({"first": ["", None, "n/a"], "id": ["rec-1", "rec-2", "rec-3"]})
    assert not encoder.encode(empty).any()
    assert not encoder.encode(pa.table({"colour": ["red"]})).any()
    assert not encoder.encode_text(["", None]).any()
    assert encoder.encode(empty.slice(0, 0)).shape == (0, encoder.dimension)


@BOTH
def test_saved_and_loaded_it_is_the_same_bit_for_bit(
    encoder: RecordEncoder, tmp_path: Path
) -> None:
    encoder.save(tmp_path / "enc")
    loaded = load_encoder(tmp_path / "enc")
    assert isinstance(loaded, RecordEncoder)
    assert loaded.fingerprint == encoder.fingerprint
    assert loaded.fields == encoder.fields
    assert (loaded.encode(TABLE) == encoder.encode(TABLE)).all()
    assert (loaded.encode_text(["jo"]) == encoder.encode_text(["jo"])).all()


def test_the_seed_decides() -> None:
    again = RecordEncoder.fit(TABLE, dimension=64)
    other = RecordEncoder.fit(TABLE, dimension=64, seed=1)
    assert again.fingerprint == TRAINED.fingerprint
    assert (again.encode(TABLE) == TRAINED.encode(TABLE)).all()
    assert other.fingerprint != TRAINED.fingerprint


def test_the_fingerprint_covers_everything() -> None:
    def variant(**changes: object) -> str:
        state = {
            "fields": PLAIN.fields,
            "idf": PLAIN.idf,
            "projection": PLAIN.projection,
            "dimension": 64,
            "seed": 0,
        }
        return RecordEncoder(**{**state, **changes}).fingerprint  # type: ignore[arg-type]  # built by name

    nudged = PLAIN.idf.copy()
    nudged[123] += 1e-3
    prints = {
        variant(),
        variant(idf=nudged),
        variant(seed=1),
        variant(dimension=65),
        variant(projection=np.eye(64, dtype=np.float32)),
        variant(fields=(RecordField("first", 1.0),)),
        variant(fields=PLAIN.fields[::-1]),
    }
    assert len(prints) == 7
    assert variant() == PLAIN.fingerprint


def test_records_say_which_columns_count() -> None:
    ids = TABLE["id"].combine_chunks()
    records = Records("people", TABLE, ids, columns=("first", "last"), id_column="id")
    assert RecordEncoder.fit(records, train=False).columns == ("first", "last")


@pytest.mark.parametrize("rows", [0, 1, 2, 600])
def test_tables_of_one_value_still_encode(rows: int) -> None:
    table = pa.table(
        {
            "name": pa.array(["jo"] * rows, pa.string()),
            "city": pa.array(["ulm"] * rows, pa.string()),
        }
    )
    vectors = RecordEncoder.fit(table).encode(table)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(vectors @ vectors.T, 1.0, rtol=1e-4)


def test_any_script_is_told_apart() -> None:
    names = ["王小明", "李丽华", "Москва", "हिन्दी", "العربية", "Ελλάδα", "한국어", "ไทยนี้"]
    table = pa.table({"name": names, "n": ["a b", "c d"] * 4})
    encoder = RecordEncoder.fit(table)
    vectors = encoder.encode(table)
    assert (vectors @ vectors.T - np.eye(8)).max() < 0.9
    found = encoder.encode(pa.table({"name": ["МОСКВА", "王小明"]})) @ vectors.T
    assert found.argmax(axis=1).tolist() == [2, 0]


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=9)), st.integers(0, 9)), max_size=9)
)
def test_whatever_the_values_rows_are_unit_or_zero(values: list[tuple[str | None, int]]) -> None:
    table = pa.table(
        {
            "a": pa.array([v[0] for v in values], pa.string()),
            "b": pa.array([v[1] for v in values], pa.int64()),
        }
    )
    lengths = np.linalg.norm(RecordEncoder.fit(table, dimension=32).encode(table), axis=1)
    assert all(length == pytest.approx(1.0, rel=1e-4) or length == 0.0 for length in lengths)


@pytest.mark.parametrize("dimension", [4, 513])
def test_a_dimension_out_of_range_is_named(dimension: int) -> None:
    with pytest.raises(OptionError, match=str(dimension)):
        RecordEncoder.fit(TABLE, dimension=dimension)


def test_neither_fitting_nor_encoding_imports_torch() -> None:
    code = (
        "import sys, pyarrow as pa;"
        "from simsearch.records.encoder.encoder import RecordEncoder as R;"
        "t = pa.table({'a': [f'x{i} y{i}' for i in range(600)]}); R.fit(t).encode(t);"
        "bad = {'torch', 'sklearn', 'faiss'} & set(sys.modules); sys.exit(bool(bad))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
