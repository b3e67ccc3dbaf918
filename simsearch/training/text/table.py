"""A first token table for training: a vocabulary, and a vector for each token.

Rows are weighed by how rare a token is, a / (a + p), so that words which are everywhere do not
decide (S. Arora, Y. Liang, T. Ma, A simple but tough-to-beat baseline for sentence embeddings,
ICLR 2017). Their directions are random, which compares texts by the words that they share, or
come from a teacher, which also knows words that mean the same.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from simsearch.encoders.text.static import StaticBody
from simsearch.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    Floats = npt.NDArray[np.float32]

__all__ = ["random_table", "rarity", "taken_tokenizer", "teacher_table", "tokens_alone"]

_UNKNOWN = "[UNK]"
# `a` of the weights: of the table that begins at random, and of a teacher's.
_RARE_RANDOM, _RARE_TEACHER = 1e-3, 1e-4
# A teacher's vocabulary stands in order of frequency: that counts as so many tokens of Zipf's law.
_ZIPF_TOKENS = 100_000
_CHARACTERS = 2_000
_TEACHER_BATCH = 512


def random_table(texts: Sequence[str], *, dimension: int, vocabulary: int, seed: int) -> StaticBody:
    """A table over a vocabulary of words and parts of words of these texts, random rows.

    Args:
        texts: to take words from; parts of words stand for those that come once only.
        dimension: length of a row.
        vocabulary: tokens at most.
        seed: of the rows.

    Raises:
        TrainingError: the texts have no words.
    """
    tokenizer = _learn_tokenizer(texts, vocabulary)
    counts = _counts(tokenizer, texts)
    if not counts.sum():
        raise TrainingError("the texts have no words to make a vocabulary of")
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((len(counts), dimension)) / np.sqrt(dimension)
    table = rows * _rarity(counts / counts.sum(), _RARE_RANDOM)[:, None]
    # What no token is known of resembles nothing, not everything else that is unknown.
    table[tokenizer.token_to_id(_UNKNOWN)] = 0.0
    return _body(tokenizer, table)


def teacher_table(
    texts: Sequence[str], teacher: SentenceTransformer, *, dimension: int
) -> StaticBody:
    """A table over a teacher's vocabulary: of each token what the teacher says of it alone.

    Args:
        texts: how often a token comes is counted in them.
        teacher: a transformer.
        dimension: length of a row: the directions of most variance are kept.

    Raises:
        TrainingError: its tokenizer is not of a kind that can be taken over.
    """
    tokenizer = taken_tokenizer(teacher)
    rows = _principal(tokens_alone(teacher, tokenizer.get_vocab_size()), dimension)
    return _body(tokenizer, rows * rarity(tokenizer, texts)[:, None])


def taken_tokenizer(teacher: SentenceTransformer) -> Tokenizer:
    """A teacher's tokenizer for a table: without padding, without a longest length.

    Raises:
        TrainingError: it is not of a kind that can be taken over.
    """
    from tokenizers import Tokenizer

    backend = getattr(teacher.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise TrainingError("the teacher has no tokenizer of the tokenizers library")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def rarity(tokenizer: Tokenizer, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """(tokens,) what each token of a teacher counts: less, the more of the texts it is."""
    counts = _counts(tokenizer, texts)
    zipf = 1.0 / np.arange(1, len(counts) + 1)
    expected = counts + _ZIPF_TOKENS * zipf / zipf.sum()
    return _rarity(expected / expected.sum(), _RARE_TEACHER)


def _learn_tokenizer(texts: Sequence[str], size: int) -> Tokenizer:
    """Byte-pair tokens of words in small letters without accents (R. Sennrich, B. Haddow,
    A. Birch, ACL 2016). The library's WordPiece is not learned alike twice: it numbers the
    letters inside words in the order of a hash table, and ties go by number.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    normal = [tokenizer.normalizer.normalize_str(text) for text in texts]
    letters = _letters(normal, min(_CHARACTERS, size // 2))
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        show_progress=False,
        special_tokens=[_UNKNOWN],
        initial_alphabet=letters,
        limit_alphabet=len(letters),
    )
    tokenizer.train_from_iterator(normal, trainer)
    return tokenizer


def _letters(texts: Sequence[str], most: int) -> list[str]:
    """The most frequent characters; of equally frequent ones the first in the order of codes."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    known = [letter for letter in counts if not letter.isspace()]
    return sorted(sorted(known, key=lambda letter: (-counts[letter], letter))[:most])


def _counts(tokenizer: Tokenizer, texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """(tokens,) how often each token comes."""
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for start in range(0, len(texts), 10_000):
        part = list(texts[start : start + 10_000])
        for encoding in tokenizer.encode_batch_fast(part, add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts


def _rarity(share: npt.NDArray[np.float64], a: float) -> npt.NDArray[np.float64]:
    """Weight of tokens that are this share of all."""
    return a / (a + share)


def tokens_alone(teacher: SentenceTransformer, tokens: int) -> Floats:
    """(tokens, dimension) what the teacher makes of each token between its own marks."""
    import torch

    marks = list(teacher.tokenizer("")["input_ids"])
    middle = len(marks) // 2
    out = []
    teacher.eval()
    with torch.inference_mode():
        for start in range(0, tokens, _TEACHER_BATCH):
            ids = range(start, min(start + _TEACHER_BATCH, tokens))
            rows = torch.tensor([[*marks[:middle], each, *marks[middle:]] for each in ids])
            features = {"input_ids": rows, "attention_mask": torch.ones_like(rows)}
            moved = {name: value.to(teacher.device) for name, value in features.items()}
            out.append(teacher(moved)["sentence_embedding"].float().cpu().numpy())
    return np.concatenate(out)


def _principal(rows: Floats, dimension: int) -> Floats:
    """Rows in their directions of most variance, the first most; fewer where there are fewer."""
    from sklearn.decomposition import PCA

    count = min(dimension, *rows.shape)
    return PCA(count, random_state=0).fit_transform(rows).astype(np.float32)  # type: ignore[no-any-return]  # untyped


def _body(tokenizer: Tokenizer, table: npt.NDArray[np.float64]) -> StaticBody:
    # One spelling, so that the same training gives the same bytes.
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, sort_keys=False)
    return StaticBody(text.encode("utf-8"), {"table": table.astype(np.float32)})
