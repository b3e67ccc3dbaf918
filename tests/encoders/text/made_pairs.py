"""A tiny cross-encoder that knows nothing, in a folder as sentence-transformers saves one."""

from pathlib import Path

LETTERS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"]
WORDS = LETTERS + [f"##{letter}" for letter in LETTERS[4:]]


def cross_encoder(folder: Path, labels: int = 1) -> Path:
    """The folder of one with random weights, always the same."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder
