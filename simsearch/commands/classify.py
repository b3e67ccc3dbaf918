"""`simsearch classify`: which class is each of these, by an index with examples of each class?"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.notes import note_of_alignment
from simsearch.commands.options import format_option, is_given, threads_option
from simsearch.commands.source_options import column_option, id_option

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["command"]


@click.command(short_help="Find the class of items by an index with examples of each class.")
@click.argument("name")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--label",
    metavar="COLUMN",
    help="Stored column with the class of each item of the index.  [default: class]",
)
@click.option(
    "-k",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="N",
    help="A class's score is the mean of its N examples nearest; of fewer if any class has fewer.",
)
@click.option(
    "--by",
    type=click.Choice(["nearest", "prototype"]),
    default="nearest",
    show_default=True,
    help="Compare with examples, or with the mean of each class.",
)
@id_option()
@column_option()
@format_option("How to print the classes; json is one object a line.")
@indexes_option()
@threads_option()
def command(
    name: str, files: tuple[str, ...], form: str, indexes: Path | None, **keywords: Any
) -> None:
    """Find the class of each item of FILE by the examples in the index NAME.

    FILE is what the index could be made of: an image, a folder of images, a file of texts, a
    table. For an index of texts it may also be a text of several words, whose id is its place.
    One example of a class is enough, and nothing is trained: a new class is known as soon as the
    index has an example of it (`simsearch index SOURCE -n NAME --update`). Each item is printed
    with its class, the score, the probability that such a pair is the same (if the encoder is
    calibrated), and the class that came second.

    \b
    Examples:
      simsearch classify parts photo.jpg
      simsearch classify parts new-photos/ --format csv > classes.csv
      simsearch classify tickets new.csv --column text --label topic -k 1
      simsearch classify tickets "the printer does not answer" --label topic
    """
    from simsearch.index.index import Index
    from simsearch.report.scored import print_classes

    index = Index.open(name, indexes)
    note_of_alignment(index)
    asked = {key: value for key, value in keywords.items() if is_given(value)}
    found = chain.from_iterable(index.classify(each, **asked) for each in _sources(index, files))
    print_classes(found, form)


def _sources(index: Index, given: tuple[str, ...]) -> list[str | list[str]]:
    """Files as they are; what is no file and has several words is a text of an index of texts."""
    from simsearch.kinds.registry import kind_named

    if not kind_named(index.vectors.settings.item_kind).inline:
        return list(given)
    texts = [each for each in given if len(each.split()) > 1 and not Path(each).exists()]
    files: list[str | list[str]] = [each for each in given if each not in texts]
    return [*files, texts] if texts else files
