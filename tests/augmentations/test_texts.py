"""Texts seen again keep what they say, in bounds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.augmentations.texts import TextAugment
from simsearch.errors import OptionError

TEXTS = [f"the quick brown fox number{i} jumps over the lazy dog at noon" for i in range(300)]
OFF = TextAugment(drop=0, swap=0, typo=0)


def seen(augment: TextAugment, texts: list[str] = TEXTS, seed: int = 0) -> list[str]:
    return augment(texts, np.random.default_rng(seed))


def test_the_seed_decides_and_two_calls_give_two_views() -> None:
    augment, rng = TextAugment(), np.random.default_rng(3)
    first, second = augment(TEXTS, rng), augment(TEXTS, rng)
    assert first == seen(augment, seed=3)
    assert first != second
    assert len(first) == len(TEXTS)


def test_nothing_is_done_where_all_is_off() -> None:
    texts = ["", "  two   spaces ", "line\nbreak", "\t"]
    assert seen(OFF, texts) == texts


def test_a_dropped_run_is_one_stretch_and_no_longer_than_asked() -> None:
    after = [text.split() for text in seen(TextAugment(drop=0.4, swap=0, typo=0))]
    for before, words in zip([text.split() for text in TEXTS], after, strict=True):
        lost = len(before) - len(words)
        assert lost <= round(0.4 * len(before))
        runs = [before[:i] + before[i + lost :] for i in range(len(words) + 1)]
        assert words in runs
    assert len({len(words) for words in after}) > 3


def test_swaps_keep_every_word() -> None:
    after = seen(TextAugment(drop=0, swap=0.3, typo=0))
    for before, text in zip(TEXTS, after, strict=True):
        assert Counter(before.split()) == Counter(text.split())
    assert sum(a != b for a, b in zip(TEXTS, after, strict=True)) > 200


def test_typos_change_about_that_share_of_the_words() -> None:
    after = seen(TextAugment(drop=0, swap=0, typo=0.2))
    pairs = [
        (a, b)
        for before, text in zip(TEXTS, after, strict=True)
        for a, b in zip(before.split(), text.split(), strict=True)
    ]
    changed = sum(a != b for a, b in pairs) / len(pairs)
    assert 0.1 < changed < 0.22  # some slips change nothing: `a` hit for `a`


def test_a_script_without_spaces_loses_characters() -> None:
    text = "敏捷的棕色狐狸跳过了懒狗然后又跳回来因为它忘记了自己的晚餐放在哪里了真是可惜"
    after = seen(TextAugment(drop=0.5, swap=0, typo=0.5), [text] * 50)
    assert all(" " not in view and set(view) <= set(text) for view in after)
    assert len({len(view) for view in after}) > 5


@given(
    st.lists(st.text(max_size=60), max_size=8),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 2**32),
)
def test_any_text_stays_a_text(
    texts: list[str], drop: float, swap: float, typo: float, seed: int
) -> None:
    after = seen(TextAugment(drop=drop, swap=swap, typo=typo), texts, seed)
    assert len(after) == len(texts)
    for before, text in zip(texts, after, strict=True):
        assert bool(before.split()) == bool(text.split())


def test_a_text_does_not_depend_on_the_others_drops() -> None:
    augment = TextAugment(drop=0.5, swap=0, typo=0)
    assert seen(augment, ["a b c d", TEXTS[0]])[1] == seen(augment, ["x " * 30, TEXTS[0]])[1]


@pytest.mark.parametrize("name", ["drop", "swap", "typo"])
def test_strengths_are_checked(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name} is from 0 to 1"):
        TextAugment(**{name: 1.5})
