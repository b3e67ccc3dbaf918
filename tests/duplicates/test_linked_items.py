"""Pairs of two sources are those that brute force finds, and every item of one is in one."""

from hypothesis import given
from hypothesis import strategies as st

from simsearch.duplicates.joined import LEFT, joined
from simsearch.duplicates.kind_tiers import tiers_for
from simsearch.duplicates.linked_items import ItemLinkage, link_by_tiers
from simsearch.records.stages import Stages
from simsearch.sources.texts import open_texts

TEXTS = st.lists(st.sampled_from(["one", "two", "three", "four"]), min_size=1, max_size=8)


def linked(left: list[str], right: list[str]) -> ItemLinkage:
    stages = Stages(None)
    stages.start("reading")
    tiers = tiers_for("text", ["identical"])
    return link_by_tiers(open_texts(left), open_texts(right), tiers, None, stages)


@given(TEXTS, TEXTS)
def test_equal_items_of_both(left: list[str], right: list[str]) -> None:
    found = linked(left, right)
    pairs = found.pairs.to_pylist()
    told = [(int(pair["left_id"]), int(pair["right_id"])) for pair in pairs]
    assert len(set(told)) == len(told)
    assert all(left[one] == right[other] for one, other in told)
    assert {one for one, _ in told} == {at for at, text in enumerate(left) if text in right}
    assert {other for _, other in told} == {at for at, text in enumerate(right) if text in left}
    assert found.sizes == (len(left), len(right))
    for pair in pairs:
        assert len(set(found.told(pair)[1])) == 1


@given(TEXTS, TEXTS)
def test_two_sources_as_one(left: list[str], right: list[str]) -> None:
    both = joined(open_texts(left), open_texts(right))
    batches = list(both.batches(3))
    assert [text for batch in batches for text in batch.items["text"].to_pylist()] == left + right
    ids = [each for batch in batches for each in batch.ids.to_pylist()]
    assert len(set(ids)) == len(ids) == len(both)
    assert sum(each.startswith(LEFT) for each in ids) == len(left)


def test_another_threshold() -> None:
    copies = [f"a title of some length about {word}" for word in ("cats", "dogs", "mice", "hens")]
    left = [*copies, "the quick brown fox jumps over the lazy dog"]
    right = ["the quick brown foxes jumps over the lazy dog"]
    stages = Stages(None)
    stages.start("reading")
    found = link_by_tiers(open_texts(left), open_texts(right), tiers_for("text"), 1e-6, stages)
    assert found.pairs.num_rows >= 1
    assert found.rethreshold(1 - 1e-9).pairs.num_rows == 0
