"""A process that embeds an index anew and is to be killed.

    python -m tests.index.embedded FOLDER ITEMS

It tells on standard output when each part is about to be embedded.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simsearch.index import re_embed
from simsearch.index.index import Index
from tests.made_items import LetterEncoder, Texts


class SlowEncoder(LetterEncoder):
    """Letters in the other order; each call is told of and takes its time."""

    @property
    def fingerprint(self) -> str:
        return "b" * 64

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        vectors = super().encode_table(items)
        return np.ascontiguousarray(vectors[:, ::-1])


class ToldEncoder(SlowEncoder):
    """The same, slower, and heard of."""

    def encode_table(self, items: pa.Table) -> npt.NDArray[np.float32]:
        os.write(1, b"part\n")
        time.sleep(0.01)
        return super().encode_table(items)


def texts(count: int) -> Texts:
    """So many different texts, with a column."""
    rng = np.random.default_rng(0)
    words = ["".join(word) for word in rng.choice(list("abcdefghij"), (count, 6))]
    return Texts(words, {"n": list(range(count))})


def main() -> None:
    """Embed the index in a folder anew."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    re_embed.PART_ROWS = 10
    index = Index.open(folder.name, folder.parent, encoder=LetterEncoder())
    index.re_embed(texts(count), encoder=ToldEncoder())
    os.write(1, b"done\n")


if __name__ == "__main__":
    main()
