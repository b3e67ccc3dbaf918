"""What is kept, and what goes first."""

from simsearch.store.format.kept import KeptValues


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: KeptValues[str] = KeptValues(10)
    assert kept.get("a") is None
    for name in "abc":
        assert kept.keep(name, name.upper(), 4) == name.upper()
    assert [kept.get(name) for name in "abc"] == [None, "B", "C"]
    assert kept.get("b") == "B"
    kept.keep("d", "D", 4)
    assert [kept.get(name) for name in "bcd"] == ["B", None, "D"]


def test_the_last_stays_whatever_its_size() -> None:
    kept: KeptValues[str] = KeptValues(10)
    kept.keep("a", "A", 3)
    kept.keep("b", "B", 30)
    assert (kept.get("a"), kept.get("b")) == (None, "B")
    kept.keep("c", "C", 3)
    assert (kept.get("b"), kept.get("c")) == (None, "C")


def test_the_first_of_a_key_counts() -> None:
    kept: KeptValues[str] = KeptValues(10)
    for _ in range(5):
        kept.keep("a", "A", 6)
    kept.keep("b", "B", 4)
    assert (kept.get("a"), kept.get("b")) == ("A", "B")
