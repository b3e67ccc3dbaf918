"""Words: every language has the lists that families ask for."""

import pytest

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables.words import LANGUAGES, language, vocabulary

NEEDED = (
    "woman", "man", "nick", "family", "start", "end", "street", "kind", "city", "region", "noun",
    "adjective", "colour", "title", "trade", "legal", "profession", "note", "honorific", "address",
    "flat", "postcode", "phone", "date", "header",
)  # fmt: skip


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_is_whole(name: str) -> None:
    of = language(name)
    assert [what for what in NEEDED if not of.words(what)] == []
    assert of.line("address").format(name="a", kind="b", number="7")
    for what in ("woman", "man", "family", "street", "city"):
        words = vocabulary(of, what).tolist()
        assert len(words) == len(set(words)) >= 12


@pytest.mark.parametrize("name", LANGUAGES)
def test_other_scripts_can_be_written_in_latin_letters(name: str) -> None:
    of = language(name)
    if of.is_latin:
        return
    for what in ("family", "woman", "man"):
        made = [of.latin(word) for word in vocabulary(of, what)[:400]]
        assert all(word.isascii() and word for word in made), [w for w in made if not w.isascii()]


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(OptionError, match="'xx'"):
        language("xx")
