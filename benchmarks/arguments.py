"""Arguments that benchmarks share: where the data is, and where results go."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

__all__ = ["RESULTS", "parser_of"]

RESULTS = Path(__file__).resolve().parent / "results"


def parser_of(doc: str | None) -> argparse.ArgumentParser:
    """A parser with --data, which $SIMSEARCH_DATA may say instead, and --out.

    Args:
        doc: of the script; its first line is the description.
    """
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    data = os.environ.get("SIMSEARCH_DATA")
    parser.add_argument(
        "--data", type=Path, default=data, required=data is None, help="or $SIMSEARCH_DATA"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    return parser
