"""Modes of `dedupe` with a transformer: what each costs and finds.

    python benchmarks/text_modes.py --data DATA          # write results/text_modes.md

--data holds stackoverflow_titles/titles.csv. Pairs of the titles by all-MiniLM-L6-v2 in float32 are
the truth: not what people call the same. Every mode is run by the call of the library; CPU seconds
are those of the whole call.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from simsearch.distance import Metric
from simsearch.duplicates.modes import mode_vectors
from simsearch.duplicates.near import find_near
from simsearch.encoders.text.encoder import TextEncoder
from simsearch.kinds.loading import load_encoder

if TYPE_CHECKING:
    import numpy as np

RESULTS = Path(__file__).resolve().parent / "results" / "text_modes.md"
THRESHOLDS = (0.9, 0.8)


def titles(data: Path, count: int) -> list[str]:
    with (data / "stackoverflow_titles" / "titles.csv").open(encoding="utf-8") as file:
        read = [row["title"] for row in csv.DictReader(file)]
    return list(dict.fromkeys(read))[:count]


def pairs_of(vectors: np.ndarray, threshold: float) -> set[tuple[int, int]]:
    near = find_near(vectors, Metric.COSINE, threshold).pairs
    return set(zip(near.left.tolist(), near.right.tolist(), strict=True))


def main() -> int:
    """Encode once in float32, then each mode at each threshold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=16_000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    texts, encoder = titles(args.data, args.count), load_encoder("minilm")
    if not isinstance(encoder, TextEncoder):
        raise TypeError("minilm is no encoder of texts")
    began = process_time()
    truth = encoder.encode_text(texts)
    rows = [("all in float32", "", "", "1.0000", "100 %", f"{process_time() - began:.0f}")]
    for threshold in THRESHOLDS:
        right = pairs_of(truth, threshold)
        for mode in ("balanced", "exact"):
            began = process_time()
            found = mode_vectors(texts, encoder, mode, threshold)
            seconds = process_time() - began
            kept = pairs_of(found.vectors, threshold)
            rows.append(
                (
                    f"{mode}, {threshold:g}",
                    f"{len(right & kept):,} of {len(right):,}",
                    f"{found.recall:.3f}",
                    f"{len(right & kept) / max(1, len(right)):.4f}",
                    f"{found.encoded / len(texts):.1%}",
                    f"{seconds:.0f}",
                )
            )
            print(rows[-1], flush=True)
    args.out.write_text(page(rows, len(texts)), "utf-8")
    return 0


def page(rows: list[tuple[str, ...]], count: int) -> str:
    lines = [
        "# Modes of texts with a transformer",
        "",
        f"Written by `python benchmarks/text_modes.py --data DATA --count {count}` (simsearch "
        f"{simsearch.__version__}): {count:,} titles of Stack Overflow, all-MiniLM-L6-v2; pairs by "
        "float32 are the truth. Encoded: texts that the transformer saw in float32, the sample "
        "among them; `exact` sees all of them in quick arithmetic before.",
        "",
        "; ".join(machine.facts().values()) + ".",
        "",
        "| mode, threshold | pairs found | recall expected | recall | encoded in float32 | CPU-s |",
        "|---|---|---|---|---|---|",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
