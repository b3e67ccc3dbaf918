"""Papers, books, films and songs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Objects, World

__all__ = ["books", "films", "papers", "songs"]

METHODS = (
    "efficient", "scalable", "adaptive", "distributed", "incremental", "robust", "approximate",
    "parallel", "optimal", "probabilistic", "dynamic", "hierarchical", "online", "secure",
)  # fmt: skip
TOPICS = (
    "query", "index", "graph", "stream", "schema", "join", "cluster", "cache", "network",
    "language", "image", "sensor", "transaction", "ontology", "workflow", "matrix", "protein",
    "market", "policy", "memory", "signal", "text", "user", "cell", "water", "soil",
)  # fmt: skip
TASKS = (
    "processing", "mining", "learning", "optimization", "estimation", "integration", "matching",
    "retrieval", "evaluation", "control", "analysis", "discovery", "compression", "recovery",
    "maintenance", "selection", "prediction",
)  # fmt: skip
VENUES = (
    ("International Conference on Data Systems", "ICDS"),
    ("Journal of Applied Computing", "J. Appl. Comput."),
    ("Transactions on Information Processing", "TIP"),
    ("Proceedings of the Workshop on Learning Machines", "WLM"),
    ("Annals of Environmental Research", "Ann. Environ. Res."),
    ("Symposium on Networks and Languages", "SNL"),
)
GENRES = ("drama", "comedy", "thriller", "documentary", "romance", "horror", "animation", "war")


def papers(count: int, world: World) -> Columns:
    """Papers with authors, venue, year, pages; some have a sibling by the same authors."""
    title = _paper_titles(count, world)
    people = _authors(count, world)
    venue = world.rng.integers(0, len(VENUES), count)
    year, first = world.rng.integers(1985, 2024, count), world.rng.integers(1, 600, count)
    near = np.flatnonzero(world.some(count, 0.12))
    near = near[near > 0]
    people[near], venue[near] = people[near - 1], venue[near - 1]
    last = first + world.rng.integers(3, 25, count)
    return {
        "title": title,
        "author": people,
        "venue": objects([VENUES[number][0] for number in venue]),
        "venue_short": objects([VENUES[number][1] for number in venue]),
        "year": objects([str(value) for value in year]),
        "pages": objects([f"{a}-{b}" for a, b in zip(first, last, strict=True)]),
        "doi": world.codes("10.1###/@@@.####.######", count),
        "language": world.skewed(("en", "de", "fr"), count),
    }


def _paper_titles(count: int, world: World) -> Objects:
    """Three patterns of English titles."""
    a, b, c = world.pick(METHODS, count), world.pick(TOPICS, count), world.pick(TASKS, count)
    d, e = world.pick(TOPICS, count), world.pick(METHODS, count)
    f, style = world.pick(TASKS, count), world.rng.integers(0, 4, count)
    out = []
    for row in range(count):
        forms = (
            f"{a[row]} {b[row]} {c[row]} for {d[row]} {f[row]}",
            f"on {a[row]} and {e[row]} {b[row]} {c[row]}",
            f"{b[row]} {c[row]}: a {a[row]} approach to {d[row]} {f[row]}",
            f"towards {e[row]} {d[row]} {c[row]} in {a[row]} {b[row]} systems",
        )
        title = forms[style[row]]
        out.append(title[:1].upper() + title[1:])
    return objects(out)


def _authors(count: int, world: World) -> Objects:
    """One to four people, separated by `; ` (a source abbreviates them as it likes)."""
    groups = world.rng.choice([1, 2, 3, 4], size=count, p=[0.25, 0.4, 0.25, 0.1])
    total = int(groups.sum())
    given = np.where(world.some(total, 0.4), world.draw("woman", total), world.draw("man", total))
    family = world.draw("family", total)
    full = [f"{a} {b}" for a, b in zip(given, family, strict=True)]
    ends = np.cumsum(groups)
    return objects(["; ".join(full[end - n : end]) for end, n in zip(ends, groups, strict=True)])


def books(count: int, world: World) -> Columns:
    """Books: a paper's title and authors, a publisher, an ISBN."""
    out = papers(count, world)
    publishers = world.draw("family", max(3, count // 30))
    return out | {
        "isbn": world.codes("978##########", count),
        "publisher": objects(
            [f"{name} Press" for name in world.skewed(publishers.tolist(), count)]
        ),
    }


def titles(count: int, world: World) -> Objects:
    """Titles of films and songs, of one to four words of the language."""
    words = world.language.words("title")
    made = world.rng.integers(0, len(words), (count, 3))
    length = world.rng.choice([1, 2, 3], size=count, p=[0.1, 0.5, 0.4])
    name, style = world.draw("family", count), world.some(count, 0.25)
    place = world.draw("city", count)
    blank = "" if world.language.joined else " "
    out = []
    for row in range(count):
        parts = [words[number] for number in made[row, : length[row]]]
        if style[row]:
            parts.append(name[row] if row % 2 else place[row])
        text = blank.join(parts)
        out.append(text.title() if world.language.is_latin else text)
    return objects(out)


def films(count: int, world: World) -> Columns:
    """Films with director, year, runtime; remakes share a title, sequels a director."""
    title, year = titles(count, world), world.rng.integers(1930, 2025, count)
    director = _one_person(count, world)
    remade = np.flatnonzero(world.some(count, 0.04))
    title[remade] = title[(remade + count // 2) % count]
    sequels = np.flatnonzero(world.some(count, 0.05))
    sequels = sequels[sequels > 0]
    for row in sequels:
        title[row] = f"{title[row - 1]} {2 + row % 3}"
        director[row], year[row] = director[row - 1], year[row - 1] + 2
    return {
        "title": title,
        "director": director,
        "year": objects([str(value) for value in year]),
        "runtime": world.numbers(70, 190, count),
        "genre": world.skewed(GENRES, count),
        "country": world.skewed(("USA", "UK", "France", "Germany", "Japan", "India"), count),
        "cast": _authors(count, world),
    }


def _one_person(count: int, world: World) -> Objects:
    given = np.where(world.some(count, 0.3), world.draw("woman", count), world.draw("man", count))
    family = world.draw("family", count)
    return objects([f"{a} {b}" for a, b in zip(given, family, strict=True)])


def songs(count: int, world: World) -> Columns:
    """Songs on albums: ten songs of an album share artist, album and year."""
    albums = max(1, count // 6)
    album = np.sort(world.rng.integers(0, albums, count))
    within = np.arange(count) - np.searchsorted(album, album) + 1
    artist = np.where(world.some(albums, 0.5), _one_person(albums, world), titles(albums, world))
    length = world.rng.integers(110, 420, count)
    return {
        "title": titles(count, world),
        "artist": artist[album],
        "album": titles(albums, world)[album],
        "year": world.numbers(1960, 2024, albums)[album],
        "track": objects([str(value) for value in within]),
        "seconds": objects([str(value) for value in length]),
        "language": world.skewed(("English", "Spanish", "German", "French"), count),
    }
