"""Codes of a query in the words that texts have them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import Index
from simsearch.store.search.codes import as_written

TEXTS = {"hi", "10151b", "m6x40", "m6", "bolt", "mm", "8", "8mm", "iso", "9001", "v2"}


@pytest.mark.parametrize(
    ("query", "sought"),
    [
        ("hi10151b", "hi 10151b"),
        ("hi 10151b", "hi 10151b"),
        ("bolt m6 x 40", "bolt m6 x 40 m6x40"),
        ("m6x40", "m6x40"),
        ("8 mm", "8 mm 8mm"),
        ("iso9001", "iso 9001"),
        ("iso9001v2", "iso9001v2"),
        ("zz77", "zz77"),
        ("bolt mm", "bolt mm"),
        ("", ""),
    ],
)
def test_codes_are_joined_and_parted_as_the_texts_have_them(query: str, sought: str) -> None:
    assert as_written(query.split(), TEXTS.__contains__) == sought.split()


@given(st.lists(st.from_regex("[a-z0-9]{1,6}", fullmatch=True), max_size=5))
def test_words_that_no_text_has_are_left_alone(words: list[str]) -> None:
    assert as_written(words, lambda _: False) == words


@given(st.lists(st.sampled_from(sorted(TEXTS)), max_size=5))
def test_words_that_texts_have_are_all_sought(words: list[str]) -> None:
    assert as_written(words, TEXTS.__contains__)[: len(words)] == words


def test_a_code_is_found_however_it_is_written(tmp_path) -> None:
    lines = [f"HI-{10151 + n}B hinge M{n}x40, brass" for n in range(1, 9)]
    index = Index.create("parts", lines, indexes=tmp_path)
    for query in ("HI10154B", "hi-10154b", "HI 10154B", "hinge M3 x 40"):
        assert index.query(query, 1)[0].metadata["text"] == lines[2]
