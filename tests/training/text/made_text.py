"""Made sentences whose sense lies in synonyms, files of them, and a tiny transformer."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

CONCEPTS, SYNONYMS = 30, 4


@cache
def sentences(meanings: int = 120, each: int = 4) -> tuple[list[str], list[int]]:
    """Texts, and what each means: three concepts, each said by one of its words, and two words
    that say nothing. Texts of one meaning hardly share a word, or a part of one."""
    rng = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = ["".join(rng.choice(letters, 5)) for _ in range(CONCEPTS * SYNONYMS + 20)]
    texts, meant = [], []
    for meaning in range(meanings):
        concepts = rng.choice(CONCEPTS, 3, replace=False)
        for _ in range(each):
            said = [words[concept * SYNONYMS + rng.integers(SYNONYMS)] for concept in concepts]
            said += [words[-each] for each in rng.integers(1, 21, 2)]
            texts.append(" ".join(rng.permutation(said)))
            meant.append(meaning)
    return texts, meant


def _rows(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def classes_file(path: Path) -> Path:
    texts, meant = sentences()
    rows = zip(texts, (f"meaning {each}" for each in meant), strict=True)
    return _rows(path, [("text", "meaning"), *rows])


def lines_file(path: Path) -> Path:
    path.write_text("\n".join(sentences()[0]) + "\n", encoding="utf-8")
    return path


def labelled_file(path: Path, form: str) -> Path:
    """Pairs, positives, scores or triplets. Two meanings each hang together."""
    texts, _ = sentences()
    rows: list[tuple[object, ...]] = []
    for start in range(0, len(texts), 8):
        a, b, c, d, *others = texts[start : start + 8]
        same = [(a, b), (c, d), (others[0], others[1]), (others[2], others[3])]
        different = list(zip((a, b, c, d), others, strict=True))
        if form == "triplets":
            rows += [(a, b, others[0]), (c, d, others[1]), (others[2], others[3], a)]
        elif form == "scores":
            rows += [(*pair, 5.0) for pair in same] + [(*pair, 0.5) for pair in different]
        else:
            rows += [(*pair, 1) for pair in same]
            rows += [(*pair, 0) for pair in different] if form == "pairs" else []
    heads = {
        "triplets": ("anchor", "positive", "negative"),
        "scores": ("sentence1", "sentence2", "score"),
    }
    return _rows(path, [heads.get(form, ("left", "right", "same")), *rows])


def tiny_transformer(folder: Path) -> Path:
    """A model's folder with random weights: one layer, 16 numbers."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = sorted({word for text in sentences()[0] for word in text.split()})
    places = {
        word: place for place, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])
    }
    own = Tokenizer(models.WordLevel(places, unk_token="[UNK]"))
    own.pre_tokenizer = pre_tokenizers.Whitespace()
    own.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    marks = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=own, **{f"{name}_token": mark for name, mark in marks.items()}
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(places),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder / "bare")
    tokenizer.save_pretrained(folder / "bare")
    body = Transformer(str(folder / "bare"), max_seq_length=32)
    model = SentenceTransformer(modules=[body, Pooling(16, "mean")], device="cpu")
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"
