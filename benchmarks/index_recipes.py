"""What the index benchmark builds, and the arithmetic of its sweep."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = [
    "OURS",
    "PEERS",
    "TARGETS",
    "Recipe",
    "Trial",
    "climb",
    "faster",
    "front",
    "recipes",
    "recipes_within",
    "tries",
    "twin",
]

TARGETS = (0.90, 0.95, 0.99)
OURS, PEERS = "simsearch", ("hnswlib", "usearch")
# More than these settings is not tried.
MOST_EF, MOST_CELLS_SHARE = 1_024, 0.5
FACTORS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)
# Training a cell on 256 vectors, as FAISS does unless told otherwise, is for up to so many cells.
MOST_CELLS_BY_DEFAULT, FEWER_POINTS = 1_024, 64
ID_BYTES = 8
# The search for the least setting that finds enough ends at this share of it.
FINENESS = 0.06
# A setting gives a recall, and the generator the next setting.
Climb = Generator[dict[str, int], float, None]


@dataclass(frozen=True)
class Recipe:
    """An index to build, and what to try with it.

    Attributes:
        engine: a name in `index_engines.ENGINES`.
        family: engines and kinds that share a line in the tables.
        name: of the index within the family.
        options: for the engine.
        rises: the setting that trades time for recall; "" where there is none.
        least, first, most: its smallest value, the one to begin with, and its greatest.
        factors: values of `k_factor` to try it with; none where there is no such setting.
        kept: whether the index of an earlier run will do: graphs take minutes to build.
    """

    engine: str
    family: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    rises: str = ""
    least: int = 1
    first: int = 1
    most: int = 1
    factors: tuple[int, ...] = ()
    kept: bool = False

    @property
    def key(self) -> str:
        """A name for a folder."""
        label = f"{self.family}-{self.name}"
        return "".join(letter if letter.isalnum() else "_" for letter in label)


@dataclass(frozen=True)
class Trial:
    """A recipe with settings, and what they gave.

    Attributes:
        recipe: what was built.
        settings: what it was searched with.
        recall: of the 10 nearest.
        rate: queries a second in the sweep.
    """

    recipe: Recipe
    settings: Mapping[str, int]
    recall: float
    rate: float

    @property
    def label(self) -> str:
        """The index and its settings."""
        told = [f"{name} {value}" for name, value in self.settings.items()]
        return ", ".join([self.recipe.name, *told])

    def __hash__(self) -> int:
        return hash((self.recipe.key, tuple(sorted(self.settings.items()))))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trial) and self.key == other.key

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other trials."""
        return self.recipe.key, self.label


def recipes(rows: int, dimension: int) -> list[Recipe]:
    """Everything that is built for a set of vectors but the twins, ours first."""
    ours = [
        Recipe("simsearch", OURS, f"recall {target:.2f}", {"recall": target}) for target in TARGETS
    ]
    graphs = [
        _graph("faiss", "faiss HNSW", "HNSW32", "efSearch", {"factory": "HNSW32"}),
        _graph("hnswlib", "hnswlib", "M 16, efC 200", "ef"),
        _graph("usearch", "usearch", "connectivity 16", "expansion"),
    ]
    flat = Recipe("faiss", "faiss flat", "Flat", {"factory": "Flat"})
    coded = [_cells(cells, dimension, coded=True) for cells in _cell_counts(rows)]
    whole = [_cells(cells, dimension, coded=False) for cells in _cell_counts(rows)[-2:-1]]
    return [*ours, flat, *whole, *coded, *graphs]


def recipes_within(memory: int, rows: int, dimension: int) -> list[Recipe]:
    """What is built where searching may hold so many bytes in memory, ours first.

    FAISS's second look then goes to numbers in bytes: the vectors themselves would not fit.
    """
    ours = [
        Recipe("simsearch", OURS, f"recall {target:.2f}", {"recall": target, "memory": memory})
        for target in TARGETS
    ]
    theirs = []
    for cells in _cell_counts(rows)[:-1]:
        options = {"points": FEWER_POINTS}
        most = max(1, int(cells * MOST_CELLS_SHARE))
        for family, content, each, factors in (
            ("SQ8", "SQ8", dimension, ()),
            ("PQ, SQ8", f"PQ{dimension // 2}x4fs,Refine(SQ8)", dimension * 5 / 4, FACTORS),
            ("PQ alone", f"PQ{dimension // 2}x4fs", dimension / 4, ()),
        ):
            if rows * (each + ID_BYTES) > memory:
                continue
            factory = f"IVF{cells},{content}"
            theirs.append(
                Recipe("faiss", f"faiss IVF-{family}", factory, {"factory": factory, **options},
                       "nprobe", 1, min(8, most), most, factors)
            )  # fmt: skip
    return [*ours, *theirs]


def twin(details: Mapping[str, Any], dimension: int) -> Recipe | None:
    """The same kind of index as simsearch chose, made with FAISS alone and as FAISS comes.

    Args:
        details: of the engine; see `Simsearch.details`.
        dimension: of the vectors.

    Returns:
        None where there are several segments, nothing is built (flat), or FAISS alone has
        nothing like it.
    """
    segments = details["segments"]
    if len(segments) != 1:
        return None
    kind, parameters = segments[0]["kind"], segments[0]["parameters"]
    if kind == "pq":
        name = f"PQ{dimension // 2}x4fs,RFlat"
        return Recipe("faiss", "faiss PQ", name, {"factory": name}, "k_factor", 1, 2, FACTORS[-1])
    if kind in ("ivf", "ivfpq"):
        return _cells(parameters["cells"], dimension, coded=kind == "ivfpq", points=None)
    return None


def climb(targets: Iterable[float], recipe: Recipe, fixed: Mapping[str, int]) -> Climb:
    """Settings to try so that the least one is found that reaches each target.

    The setting is doubled until the highest target is reached or no further target can be; then
    the span around each target is halved.

    Args:
        targets: recalls.
        recipe: says which setting, and its span.
        fixed: other settings.

    Yields:
        Settings. Send the recall of each.
    """
    known: dict[int, float] = {}
    value = recipe.first
    while True:
        known[value] = yield {**fixed, recipe.rises: value}
        if value >= recipe.most or _is_at_its_end(list(known.values()), targets):
            break
        value = min(2 * value, recipe.most)
    for target in targets:
        while (middle := _between(known, target, recipe.least)) is not None:
            known[middle] = yield {**fixed, recipe.rises: middle}


def _is_at_its_end(recalls: Sequence[float], targets: Iterable[float]) -> bool:
    """Whether doubling a setting further reaches no further target.

    What a doubling adds shrinks, by about half each time: all that follow are taken to add no
    more than three times the last.
    """
    missing = [target for target in targets if target > recalls[-1]]
    if not missing or len(recalls) < 3:
        return not missing
    gain = recalls[-1] - recalls[-2]
    return recalls[-1] + 3 * gain < min(missing)


def _between(known: Mapping[int, float], target: float, least: int) -> int | None:
    """A value to try next for the smallest that reaches the target; None when it is found."""
    enough = [value for value, recall in known.items() if recall >= target]
    if not enough:
        return None
    high = min(enough)
    low = max((value for value in known if value < high), default=least - 1)
    close = high - low <= max(1, FINENESS * high)
    return None if close else (low + high) // 2


def tries(recipe: Recipe, targets: Sequence[float] = TARGETS) -> Iterator[Climb]:
    """The climbs of a recipe, one for each `k_factor`."""
    if not recipe.rises:
        return iter([_once()])
    fixed = [{"k_factor": factor} for factor in recipe.factors] or [{}]
    return (climb(targets, recipe, one) for one in fixed)


def _once() -> Climb:
    yield {}


def faster(trials: Iterable[Trial], target: float, most: int) -> list[Trial]:
    """The quickest trials that reach a recall, at most so many."""
    enough = [trial for trial in trials if trial.recall >= target]
    return sorted(enough, key=lambda trial: -trial.rate)[:most]


def front(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points (recall, rate) than which no other has more of both, by rising recall."""
    out: list[tuple[float, float]] = []
    for recall, rate in sorted(set(points), reverse=True):
        if not out or rate > out[-1][1]:
            out.append((recall, rate))
    return out[::-1]


def _graph(
    engine: str, family: str, name: str, rises: str, options: Mapping[str, Any] | None = None
) -> Recipe:
    return Recipe(engine, family, name, options or {}, rises, 10, 16, MOST_EF, kept=True)


def _cells(cells: int, dimension: int, *, coded: bool, points: int | None = 0) -> Recipe:
    """FAISS with cells.

    Args:
        cells: how many.
        dimension: of the vectors.
        coded: whether they hold codes, a half-byte for two numbers, with a second look at the
            vectors; else the vectors.
        points: to train each cell on; 0 to choose by the number of cells, None as FAISS comes.
    """
    if points == 0 and cells > MOST_CELLS_BY_DEFAULT:
        points = FEWER_POINTS
    content = f"PQ{dimension // 2}x4fs,RFlat" if coded else "Flat"
    factory = f"IVF{cells},{content}"
    options: dict[str, Any] = {"factory": factory} | ({"points": points} if points else {})
    family = "faiss IVF-PQ" if coded else "faiss IVF"
    most = max(1, int(cells * MOST_CELLS_SHARE))
    first, factors = min(8, most), FACTORS if coded else ()
    return Recipe("faiss", family, factory, options, "nprobe", 1, first, most, factors)


def _cell_counts(rows: int) -> list[int]:
    """The power of two up to the root of the rows, twice and four times that."""
    lowest = 1 << max(2, round(rows**0.5).bit_length() - 1)
    return [lowest, 2 * lowest, 4 * lowest]
