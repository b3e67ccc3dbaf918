"""The encoder of signals that comes with the package: what changes nothing, and what is near."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import Index, dedupe
from simsearch.encoders.spectra import SpectraEncoder
from simsearch.kinds.loading import SHIPPED, load_encoder

Signals = list[np.ndarray]


def walks(rows: int) -> Signals:
    """Courses of temperatures or prices: of different lengths, all different."""
    rng = np.random.default_rng(0)
    return [np.cumsum(rng.normal(size=rng.integers(150, 400))).astype("f4") for _ in range(rows)]


def melodies(rows: int, rate: int = 4000) -> Signals:
    """Sound: notes, one after the other."""
    rng = np.random.default_rng(1)
    moments = np.arange(rate // 8) / rate
    fading = np.exp(-4 * moments)
    notes = 220 * 2 ** (rng.integers(0, 24, (rows, 8)) / 12)
    return [
        np.concatenate([np.sin(2 * np.pi * note * moments) * fading for note in each]).astype("f4")
        for each in notes
    ]


def altered(signal: np.ndarray) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    noise = rng.normal(size=len(signal)) * signal.std()
    places = np.linspace(0, len(signal) - 1, int(0.9 * len(signal)))
    return {
        "louder": 3 * signal + 5,
        "noisy": signal + 0.03 * noise,
        "resampled": np.interp(places, np.arange(len(signal)), signal),
        "in fewer steps": np.round(signal / signal.std() * 16) / 16,
    }


@pytest.mark.parametrize("make", [walks, melodies])
@pytest.mark.parametrize("change", ["louder", "noisy", "resampled", "in fewer steps"])
def test_an_altered_copy_is_nearest_to_its_original(make: object, change: str) -> None:
    signals: Signals = make(40)  # type: ignore[operator]
    copies = [altered(signal)[change] for signal in signals]
    encoder = SpectraEncoder()
    scores = encoder.encode(copies) @ encoder.encode(signals).T
    assert (scores.argmax(axis=1) == np.arange(40)).mean() >= 0.95


@given(
    st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=300),
    st.floats(0.1, 100),
    st.floats(-100, 100),
)
def test_embeddings_are_of_unit_length_or_none(
    values: list[float], gain: float, offset: float
) -> None:
    (found,) = SpectraEncoder().encode([np.array(values, np.float32)])
    assert np.isfinite(found).all()
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-4) or not found.any()
    assert found.any() or np.ptp(values) <= 1e-3 * max(np.abs(values))


def test_channels_count_each_on_its_own() -> None:
    left, right = walks(2)
    size = min(len(left), len(right))
    both = np.stack([left[:size], right[:size]], axis=1)
    encoder = SpectraEncoder()
    one, other = encoder.encode([both, both[:, ::-1]])
    assert one @ other < 0.9
    np.testing.assert_allclose(encoder.encode([both[:, :1]]), encoder.encode([left[:size]]))


def test_the_shipped_folder_is_that_of_the_class(tmp_path: Path) -> None:
    encoder = load_encoder("spectra")
    assert isinstance(encoder, SpectraEncoder)
    assert encoder.fingerprint == SpectraEncoder().fingerprint
    encoder.save(tmp_path / "saved")
    for name in ("encoder.json", "weights.safetensors"):
        assert (tmp_path / "saved" / name).read_bytes() == (SHIPPED["spectra"] / name).read_bytes()


def test_copies_are_found_and_nothing_else() -> None:
    signals = walks(400)
    copies = [altered(signal)["noisy"] for signal in signals[:10]]
    found = dedupe(signals + copies, kind="signal")
    assert found.group[400:].tolist() == list(range(10))
    assert found.group_count == 10
    assert dedupe(signals, kind="signal").group_count == 0


def test_an_index_of_signals_needs_no_encoder(tmp_path: Path) -> None:
    signals = walks(60)
    index = Index.create("walks", signals, kind="signal", indexes=tmp_path)
    answer = index.query(altered(signals[7])["resampled"], 1)
    assert answer[0].id == "7"
