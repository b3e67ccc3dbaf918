"""label: questions, answers, and what becomes of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import simsearch
from simsearch import Answer, AskedPair, label
from simsearch.errors import OptionError
from tests.report.page.made import CUSTOMERS

TRUTH = {"same": Answer.SAME, "different": Answer.DIFFERENT}


def knows(stop_after: int) -> Callable[[AskedPair], Answer]:
    """Somebody who knows that copies stand sixty rows behind their originals."""
    asked: list[AskedPair] = []

    def answer(pair: AskedPair) -> Answer:
        asked.append(pair)
        if len(asked) > stop_after:
            return Answer.STOP
        distance = abs(int(pair.left_id[1:]) - int(pair.right_id[1:]))
        return Answer.SAME if distance == 60 else Answer.DIFFERENT

    return answer


def test_answers_are_labels_and_asking_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    first = label(CUSTOMERS, path, id="no", ask=knows(8))
    assert (first.answered, first.exhausted) == (8, False)
    lines = path.read_text().splitlines()
    assert len(lines) == 9
    again = label(CUSTOMERS, path, id="no", ask=knows(4))
    assert again.same + again.different == 12
    new = path.read_text().splitlines()
    assert new[:9] == lines
    pairs = [tuple(sorted(line.split(",")[:2])) for line in new[1:]]
    assert len(set(pairs)) == 12
    found = simsearch.dedupe(CUSTOMERS, id="no", labels=path)
    group = dict(zip(found.records.ids.to_pylist(), found.group.tolist(), strict=True))
    for line in new[1:]:
        left, right, same = line.split(",")
        assert (group[left] == group[right]) == (same == "1")


def test_back_and_unsure(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    script = iter([Answer.BACK, Answer.SAME, Answer.BACK, Answer.UNSURE, Answer.DIFFERENT])
    shown: list[AskedPair] = []

    def answer(pair: AskedPair) -> Answer:
        shown.append(pair)
        return next(script, Answer.STOP)

    found = label(CUSTOMERS, path, id="no", ask=answer)
    assert found.answered == 1
    ids = [(pair.left_id, pair.right_id) for pair in shown]
    assert ids[0] == ids[1] == ids[3]  # nothing to take back; then the same again
    assert ids[2] != ids[0]
    assert path.read_text().splitlines()[1:] == [f"{ids[4][0]},{ids[4][1]},0"]
    assert shown[0].left.keys() == {"name", "street", "city", "mail"}


def test_texts(tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("How do I reset my password?\nHow do I reset my pasword\nWhere is it?\n")
    shown: list[AskedPair] = []

    def answer(pair: AskedPair) -> Answer:
        shown.append(pair)
        return Answer.SAME

    found = label(texts, tmp_path / "labels.csv", ask=answer)
    assert found.exhausted
    assert shown[0].left == {"text": "How do I reset my password?"}


def test_other_items_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="for records and texts, not for vectors"):
        label(np.eye(3), tmp_path / "labels.csv", ask=knows(0))
