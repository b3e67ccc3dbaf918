"""The page of a deduplication or a linkage: its parts, and that no value can act."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import simsearch
from simsearch.duplicates.item_deduplication import ItemDeduplication
from simsearch.duplicates.tiered_deduplication import TieredDeduplication
from simsearch.errors import ColumnError, SourceError
from simsearch.records.deduplication import Deduplication
from simsearch.records.linkage import Linkage
from simsearch.report.page.duplicates import duplicates_page
from tests.encoders.test_pdq import scene
from tests.report.page.made import CUSTOMERS, HOSTILE, made_of_texts


class Parsed(HTMLParser):
    """The elements of a page, and the text of its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.texts: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements.append((tag, named))
        self.inside = [named.get("id") or tag] if tag in ("script", "style") else []

    def handle_data(self, data: str) -> None:
        if self.inside:
            name = self.inside[0]
            self.texts[name] = self.texts.get(name, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.inside = []

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.texts["data"]))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def parsed(found: Deduplication | Linkage, **options: Any) -> Parsed:
    """A page that was checked: it is whole, runs nothing but its script and asks nobody."""
    page = duplicates_page(found, Path("out.html"), **options)
    assert page.startswith("<!doctype html>")
    page.encode()  # no half of a surrogate pair
    whole = Parsed(page)
    assert not whole.named("link")
    assert not whole.named("img")
    assert [each.get("type") for each in whole.named("script")] == ["application/json"] * 2 + [None]
    for _, attributes in whole.elements:
        assert not {"src", "style", "srcset"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    policy = next(str(each["content"]) for each in whole.named("meta") if each.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for part in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(whole.texts[part].encode()).digest()).decode()
        assert f"{part}-src 'sha256-{digest}'" in policy
    return whole


@pytest.fixture(scope="module")
def customers() -> Deduplication:
    return simsearch.dedupe(CUSTOMERS, id="no")


def test_records_come_with_what_each_column_says(customers: Deduplication) -> None:
    data = parsed(customers).data
    assert data["kind"] == "record"
    assert [each["name"] for each in data["columns"]] == ["name", "street", "city", "mail"]
    assert data["evidence"][-1] == "rest"
    found = {(pair["left_id"], pair["right_id"]): pair for pair in customers.pairs.to_pylist()}
    seen = 0
    for _number, _kept, _size, _confidence, pairs in data["groups"]:
        for left, right, probability, *rest in pairs:
            ids = data["ids"][left], data["ids"][right]
            pair = found.get(ids) or found.get(ids[::-1])
            if pair is None:
                continue
            assert probability == pytest.approx(pair["probability"], abs=1e-6)
            seen += 1
            if len(rest) < 5 or rest[4] is None:  # equal in all that is compared
                assert pair["evidence_rest"] is None
                continue
            evidence = rest[4]
            odds = np.log(pair["probability"] / (1 - pair["probability"]))
            assert sum(value or 0 for value in evidence) == pytest.approx(odds, abs=0.02)
    assert seen >= customers.group_count


def test_the_head_counts_what_was_found(customers: Deduplication) -> None:
    head = parsed(customers).data["head"]
    assert {name: figure for figure, name in head["counts"]}["rows"] == str(len(CUSTOMERS))
    assert sum(each["groups"] for each in head["sizes"]) == customers.group_count
    assert sum(head["histogram"]["counts"]) == len(customers.compared_pairs)
    assert head["threshold"] == 0.5
    worth = {each["column"]: each for each in head["worth"]}
    values = customers.pairs["evidence_name"].drop_null().to_numpy()
    assert worth["name"]["for"] == pytest.approx(np.maximum(values, 0).mean(), abs=1e-4)


def test_kinds_of_look_alikes_come_with_an_example(customers: Deduplication) -> None:
    data = parsed(customers).data
    assert customers.look_alikes
    for told, kind in zip(data["looks"], customers.look_alikes, strict=True):
        assert (told["pairs"], told["reading"]) == (kind.pairs, kind.reading)
        assert [data["ids"][item] for item in told["example"]] == list(kind.example)
        for _name, *counts in told["columns"]:
            assert sum(counts) == kind.pairs


def test_values_are_kept_out(customers: Deduplication) -> None:
    page = duplicates_page(customers, Path("out.html"), redact=["mail", "street"])
    assert "@mail.example" not in page
    assert not re.search(r"\d+ High Street", page)
    data = Parsed(page).data
    assert [each["redacted"] for each in data["columns"]] == [False, True, False, True]
    for name in ("no", "nothing"):
        with pytest.raises(ColumnError, match=name):
            duplicates_page(customers, Path("out.html"), redact=[name])


def test_a_linkage_has_rows_and_their_partners() -> None:
    half = len(CUSTOMERS) // 2
    other = CUSTOMERS[half:].rename(columns={"mail": "e-mail", "city": "town"})
    found = simsearch.link(CUSTOMERS[:half], other, id="no")
    data = parsed(found).data
    assert data["linked"]
    names = [each["name"] for each in data["columns"]]
    assert "mail = e-mail" in names
    linked = [group for group in data["groups"] if group[0] is not None]
    assert sum(len(group[4]) for group in linked) == found.pairs.num_rows
    apart = [group for group in data["groups"] if group[0] is None]
    sides = (found.pairs[name].to_pylist() for name in ("left_id", "right_id"))
    above = set(zip(*sides, strict=True))
    for group in apart:
        left, right, probability = group[4][0][:3]
        assert (data["ids"][left], data["ids"][right]) not in above
        assert probability is not None
    page = duplicates_page(found, Path("out.html"), redact=["e-mail"])
    assert "@mail.example" not in page


LEFT_TEXTS = [
    "How do I reset my password?", "Where is my invoice?", "The colour of light", "Do you ship?",
]  # fmt: skip
RIGHT_TEXTS = [
    "Something else entirely", "how do i reset my pasword", "Where is my invoice?",
    "The color of light",
]  # fmt: skip


def test_linked_texts_are_marked_word_by_word() -> None:
    data = parsed(simsearch.link(LEFT_TEXTS, RIGHT_TEXTS)).data
    assert (data["kind"], data["linked"], data["long"]) == ("text", True, 0)
    assert data["head"]["counts"][:2] == [["4", "texts on the left"], ["4", "texts on the right"]]
    told = {}
    for _, kept, size, _, ((left, right, *known),) in data["groups"]:
        assert (left, size) == (kept, 2)
        told[data["values"][left][0]] = (data["values"][right][0], known)
    other, known = told["How do I reset my password?"]
    assert other == "how do i reset my pasword"
    assert known[3] == "password/pasword"
    assert known[-2:] == [[[18, 26, 2]], [[18, 25, 2]]]
    assert told["Where is my invoice?"][0] == "Where is my invoice?"


def test_linked_texts_are_kept_out() -> None:
    page = duplicates_page(simsearch.link(LEFT_TEXTS, RIGHT_TEXTS), Path("a.html"), ["text"])
    assert "pasword" not in page


def test_linked_pictures_may_have_the_same_names(tmp_path: Path) -> None:
    for side, size in (("left", (120, 90)), ("right", (60, 45))):
        (tmp_path / side).mkdir()
        for number in range(2):
            image = Image.fromarray(scene(number, 180, 240)).resize(size)
            image.save(tmp_path / side / f"{number}.png")
    found = simsearch.link(tmp_path / "left", tmp_path / "right", tier=["same picture"])
    page = Parsed(duplicates_page(found, tmp_path / "page.html"))
    assert page.data["kind"] == "image"
    for left, right in zip(page.data["files"][::2], page.data["files"][1::2], strict=True):
        assert (left.replace("left", "right"), left[:5]) == (right, "left/")
    assert sorted(page.data["ids"]) == ["0.png", "0.png", "1.png", "1.png"]
    pictures = json.loads(page.texts["pictures"])
    assert len(set(pictures)) == 4


def test_no_value_can_act() -> None:
    texts = [f"{each} and some words {place // 2}" for place, each in enumerate(HOSTILE * 2)]
    ids = [f"{each}{place}" for place, each in enumerate(HOSTILE * 2)]
    whole = parsed(made_of_texts(texts, 2, ids))
    shown = zip(whole.data["ids"], (values[0] for values in whole.data["values"]), strict=True)
    assert dict(shown) == dict(zip(ids, texts, strict=True))  # to the last character
    assert "<" not in whole.texts["data"]


def test_hostile_columns_and_names() -> None:
    table = CUSTOMERS.rename(columns={"city": HOSTILE[0], "mail": HOSTILE[1]})
    whole = parsed(simsearch.dedupe(table, id="no"))
    names = [each["name"] for each in whole.data["columns"]]
    assert set(HOSTILE[:2]) <= set(names)


def test_texts_are_marked_word_by_word() -> None:
    texts = ["Ein Überblick 𝄞 über Katzen", "Ein Überblick 𝄞 über Hunde"]
    data = parsed(made_of_texts(texts, 2)).data
    assert data["long"] == 0
    pair = data["groups"][0][4][0]
    for item, marks in zip(pair[:2], pair[-2:], strict=True):
        text = data["values"][item][0].encode("utf-16-le")
        words = [text[2 * begin : 2 * end].decode("utf-16-le") for begin, end, _ in marks]
        assert words in (["Katzen"], ["Hunde"])


def test_texts_that_are_kept_out_are_not_told_by_what_differs() -> None:
    found = made_of_texts(["one secret thing", "one secrets thing"], 2)
    page = duplicates_page(found, Path("out.html"), redact=["text"])
    assert "secret" not in page


def test_pictures_are_small_and_in_the_page(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        small = rng.integers(0, 255, (5, 7, 3)).astype(np.uint8)
        picture = Image.fromarray(small).resize((280, 200), Image.Resampling.BICUBIC)
        picture.save(folder / f"a {number}.png")
        picture.save(folder / f"b{number}.jpg", quality=60)
    (folder / "odd\udce9.png").write_bytes((folder / "a 0.png").read_bytes())
    found = simsearch.dedupe(folder)
    page = duplicates_page(found, tmp_path / "reports" / "out.html")
    whole = Parsed(page)
    data, pictures = whole.data, json.loads(whole.texts["pictures"])
    assert len(pictures) == len(data["ids"])
    assert "odd\\xe9.png" in data["ids"]
    for identifier, picture, address in zip(data["ids"], pictures, data["files"], strict=True):
        content = base64.b64decode(picture)
        assert content[8:12] == b"WEBP"
        assert len(content) < 10_000
        name = {"odd\\xe9.png": "odd%E9.png"}.get(identifier, identifier.replace(" ", "%20"))
        assert address == f"../photos/{name}"
    assert isinstance(found, TieredDeduplication)
    lost = {found.records.ids[row].as_py(): why for k in found.kept for row, why in k.lost.items()}
    assert {data["ids"][int(item)]: why for item, why in data["goes"].items()} == lost
    assert lost
    for each in folder.iterdir():
        each.unlink()
    Image.new("RGB", (9, 9)).save(folder / "other.png")
    with pytest.raises(SourceError, match="any more"):
        duplicates_page(found, tmp_path / "out.html", source=folder)
    gone = Parsed(duplicates_page(found, tmp_path / "out.html"))
    assert gone.data["picturesAbsent"]
    assert gone.data["groups"]
    assert gone.texts["pictures"] == "[]"


def test_a_page_of_nothing() -> None:
    table = pd.DataFrame({"name": ["Anna Berg", "Otto Sand", "Lena Fuchs"], "city": list("abc")})
    data = parsed(simsearch.dedupe(table)).data
    assert [group for group in data["groups"] if group[0] is not None] == []


def test_marks_of_other_items_are_not_taken_over(customers: Deduplication) -> None:
    again = simsearch.dedupe(CUSTOMERS, id="no", threshold=0.9)
    other = simsearch.dedupe(CUSTOMERS[:-1], id="no")
    keys = [parsed(found).data["key"] for found in (customers, again, other)]
    assert keys[0] == keys[1] != keys[2]


def test_what_a_threshold_is_worth_where_it_was_found_in_the_items() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(400, 32)).astype(np.float32)
    copies = vectors[:60] + 0.2 * rng.normal(size=(60, 32)).astype(np.float32)
    found = simsearch.dedupe(np.concatenate([vectors, copies]), precision=0.95, metric="cosine")
    assert isinstance(found, ItemDeduplication)
    assert found.decision is not None
    assert found.decision.curve is not None
    head = parsed(found).data["head"]
    assert head["curve"]["asked"] == 0.95
    points = head["curve"]["points"]
    assert [pairs for _, _, pairs in points] == sorted({pairs for _, _, pairs in points})
    for score, precision, pairs in points:
        assert pairs == (found.decision.curve.found >= score - 1e-6).sum()
        assert precision == pytest.approx(found.decision.curve.precision(score - 1e-6), abs=0.02)
    assert head["histogram"]["of"] == "score"  # as the threshold is one
    assert head["histogram"]["edges"][0] <= head["threshold"] <= head["histogram"]["edges"][-1]
