"""Plots as SVG in the page itself: curves, histograms, ROC, maps."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    from markupsafe import Markup

    from simsearch.calibration.calibration import Threshold

    Floats = npt.NDArray[np.floating[Any]]

__all__ = ["ClassPoints", "curves", "histograms", "points", "roc"]

# Colours that can be told apart by people who see red and green alike (Okabe and Ito, 2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#888888")
# Classes in a legend, at most: more names cover what they explain.
LEGEND = 12
_BINS = 60


@dataclass(frozen=True, slots=True)
class ClassPoints:
    """Places on a map.

    Attributes:
        places: (n, 2).
        labels: (n,) class numbers, -1 for none.
        names: by class number.
        titles: (n,) what a point is, shown where the pointer rests on it; None for none.
    """

    places: Floats
    labels: npt.NDArray[np.int64]
    names: Sequence[str]
    titles: Sequence[str] | None = None


class _Drawing:
    """A figure that becomes SVG, drawn in a grey that is legible on white and on black."""

    def __init__(self, width: float, height: float, columns: int = 1) -> None:
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        grey = "#7f7f7f"
        # Text stays text, and equal drawings get equal ids.
        self._settings: Any = {
            "svg.fonttype": "none", "svg.hashsalt": "simsearch", "text.color": grey,
            "axes.edgecolor": grey, "axes.labelcolor": grey, "xtick.color": grey,
            "ytick.color": grey, "font.size": 9, "axes.spines.top": False,
            "axes.spines.right": False, "font.family": "sans-serif",
        }  # fmt: skip
        with mpl.rc_context(self._settings):
            self.figure = Figure(figsize=(width, height), layout="constrained")
            FigureCanvasSVG(self.figure)
            self.figure.patch.set_alpha(0)
            self.axes = list(np.atleast_1d(self.figure.subplots(1, columns)))
            for axes in self.axes:
                axes.patch.set_alpha(0)

    @contextmanager
    def styled(self) -> Iterator[list[Any]]:
        """The axes, in the style of the page."""
        import matplotlib as mpl

        with mpl.rc_context(self._settings):
            yield self.axes

    def svg(self, what: str) -> Markup:
        """The drawing as an element of a page.

        Args:
            what: said instead of it to those who cannot see it.
        """
        import matplotlib as mpl
        from markupsafe import Markup, escape

        file = io.StringIO()
        with mpl.rc_context(self._settings):
            self.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        text = file.getvalue()
        text = text[text.index("<svg") :]
        # The page is HTML, which knows these names without their addresses.
        for name in ("xmlns:xlink", "xmlns"):
            start = text.index(f' {name}="')
            end = text.index('"', start + len(name) + 3) + 1
            text = text[:start] + text[end:]
        text = text.replace("xlink:href", "href").replace(
            "<svg", f'<svg role="img" aria-label="{escape(what)}"', 1
        )
        start, end = text.find("<metadata>"), text.find("</metadata>")
        if start >= 0:
            text = text[:start] + text[end + len("</metadata>") :]
        return Markup(text)  # noqa: S704  drawn here; what it names was escaped by matplotlib


def curves(
    steps: Sequence[int], losses: Sequence[float], validations: Mapping[int, float], figure: str
) -> Markup:
    """Loss and validation figure over the steps.

    Args:
        steps: at which the losses were reported.
        losses: means since the time before.
        validations: by step.
        figure: name of the validation figure.
    """
    drawing = _Drawing(8, 2.8, 2)
    with drawing.styled() as (left, right):
        left.plot(steps, losses, color=COLOURS[0])
        left.set(xlabel="step", ylabel="loss")
        right.plot(list(validations), list(validations.values()), "o-", color=COLOURS[1])
        right.set(xlabel="step", ylabel=figure)
    return drawing.svg(f"loss and {figure} over the steps")


def histograms(
    sides: Sequence[tuple[str, Floats]],
    same: npt.NDArray[np.bool_],
    word: str,
    threshold: float | None,
) -> Markup:
    """Scores of same and of different pairs, a panel for each encoder.

    Args:
        sides: name and (p,) scores of each.
        same: (p,).
        word: what a score is: cosine or distance.
        threshold: marked in the first panel; None for none.
    """
    drawing = _Drawing(8, 2.8, len(sides))
    with drawing.styled() as panels:
        for number, (axes, (name, scores)) in enumerate(zip(panels, sides, strict=True)):
            edges = np.linspace(float(scores.min()), float(scores.max()) + 1e-9, _BINS)
            for colour, side, what in (
                (COLOURS[0], same, "same"),
                (COLOURS[1], ~same, "different"),
            ):
                axes.hist(scores[side], edges, density=True, alpha=0.6, color=colour, label=what)
            if threshold is not None and not number:
                axes.axvline(threshold, color=COLOURS[7], linestyle="--", label="threshold")
            axes.set(title=name, xlabel=word, yticks=[])
        panels[0].legend(frameon=False)
    return drawing.svg(f"{word} of same and different pairs")


def roc(sides: Sequence[tuple[str, Floats, Floats]], thresholds: Mapping[str, Threshold]) -> Markup:
    """True accepts over false accepts (log), with the thresholds.

    Args:
        sides: name, false accept rates and true accept rates of each encoder.
        thresholds: of the first encoder, by name.
    """
    drawing = _Drawing(5.2, 3.4)
    with drawing.styled() as (axes,):
        least = 1.0
        for colour, (name, far, tar) in zip(COLOURS, sides, strict=False):
            some = far > 0
            if some.any():
                least = min(least, float(far[some].min()))
            axes.plot(np.maximum(far, 1e-9), tar, color=colour, label=name, drawstyle="steps-post")
        for place, (name, each) in enumerate(thresholds.items()):
            axes.plot(max(each.far, least), 1 - each.frr, "o", color=COLOURS[2])
            axes.annotate(
                name, (max(each.far, least), 1 - each.frr), xytext=(5, -10 - 9 * (place % 3)),
                textcoords="offset points",
            )  # fmt: skip
        axes.set(
            xscale="log", xlim=(least * 0.8, 1.1), ylim=(0, 1.03),
            xlabel="different pairs taken for the same (FAR)",
            ylabel="same pairs found (TAR)",
        )  # fmt: skip
        axes.legend(frameon=False, loc="lower right")
    return drawing.svg("ROC with the thresholds")


def points(shown: ClassPoints) -> Markup:
    """A map: near is alike."""
    drawing = _Drawing(7, 5)
    with drawing.styled() as (axes,):
        known = [each for each in np.unique(shown.labels) if each >= 0]
        colours = np.array([*_hues(len(known)), "#9a9a9a"])
        place = np.searchsorted(known, shown.labels) if known else np.zeros(len(shown.labels), int)
        place = np.where(shown.labels >= 0, place, -1)
        axes.scatter(*shown.places.T, c=colours[place], s=9, alpha=0.75, linewidths=0, gid="points")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        if 1 < len(known) <= LEGEND:
            for number, label in enumerate(known):
                axes.plot([], [], "o", color=colours[number], label=f"{shown.names[label]:.30}")
            axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    drawn = drawing.svg("map of embeddings")
    return drawn if shown.titles is None else _titled(drawn, shown.titles)


def _hues(count: int) -> list[str]:
    """So many colours: eight that everybody can tell apart, or as many as there are hues."""
    if count <= len(COLOURS) - 1:
        return list(COLOURS[:count])
    from matplotlib.colors import hsv_to_rgb, to_hex

    # By the golden ratio neighbours in number are far apart in hue.
    hues = np.arange(count) * 0.618034 % 1
    return [to_hex(tuple(hsv_to_rgb((hue, 0.65, 0.8)))) for hue in hues]


def _titled(drawn: Markup, titles: Sequence[str]) -> Markup:
    """Give each point of a map what is to be shown where the pointer rests on it."""
    import re

    from markupsafe import Markup, escape

    head, at, rest = str(drawn).partition('id="points"')
    named = iter(titles)

    def title(found: re.Match[str]) -> str:
        return f"{found[1]}><title>{escape(next(named, ''))}</title></use>"

    return Markup(head + at + re.sub(r"(<use [^>]*?)/>", title, rest, count=len(titles)))  # noqa: S704  escaped
