"""The learned projection, against what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from simsearch.records.encoder.projection import discriminant, principal

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("shape", [(300, 12), (8, 40)], ids=["tall", "wide"])
def test_principal_directions_are_those_of_the_singular_values(shape: tuple[int, int]) -> None:
    vectors = RNG.standard_normal(shape).astype(np.float32) * np.linspace(
        3, 1, shape[1], dtype=np.float32
    )
    directions = principal(vectors, 4)
    assert directions.dtype == np.float32
    np.testing.assert_allclose(directions.T @ directions, np.eye(4), atol=1e-4)
    lengths = np.linalg.norm(vectors @ directions, axis=0)
    np.testing.assert_allclose(lengths, np.linalg.svd(vectors)[1][:4], rtol=1e-3)


def test_fewer_directions_come_back_than_there_are() -> None:
    assert principal(np.eye(3, 5, dtype=np.float32), 10).shape == (5, 3)


def test_what_corruption_changes_is_forgiven() -> None:
    # Two informative directions; the copies differ in the second alone.
    clean = RNG.standard_normal((500, 6)).astype(np.float32)
    damaged = clean.copy()
    damaged[:, 1] = RNG.standard_normal(500)
    found = discriminant(clean, damaged, 6, ridge=0.01)
    lengths = np.abs(found[1])
    # Direction 1 comes last and weighs least.
    assert lengths.argmax() == 5
    assert np.linalg.norm(found[:, 5]) < 0.3 * np.linalg.norm(found[:, 0])


def test_copies_that_are_all_alike_do_not_break_it() -> None:
    vectors = np.ones((40, 8), dtype=np.float32)
    assert np.isfinite(discriminant(vectors, vectors, 4)).all()


def test_sign_does_not_depend_on_row_order() -> None:
    clean = RNG.standard_normal((200, 10)).astype(np.float32)
    damaged = clean + 0.1 * RNG.standard_normal((200, 10)).astype(np.float32)
    order = RNG.permutation(200)
    np.testing.assert_allclose(
        discriminant(clean, damaged, 5), discriminant(clean[order], damaged[order], 5), atol=1e-3
    )
