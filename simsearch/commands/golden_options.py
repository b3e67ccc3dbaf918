"""Options for golden records: one row for each thing, made of the best values of its group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import click

from simsearch.commands.options import output_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.commands.results import Results, Target
    from simsearch.records.deduplication import Deduplication

__all__ = ["Golden", "golden_options"]


# How a file of rules ends; none of records does.
_RULES = ".toml"


def golden_options() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--golden, --golden-rules and --provenance."""
    options = (
        click.option(
            "--golden",
            type=output_path(),
            metavar="GOLDEN.csv",
            help="Write one row for each thing, with the best value of each column: the most "
            "frequent in its group, or as --golden-rules says. RULES.toml here are the rules, and "
            "golden records go where --unique says.",
        ),
        click.option(
            "--golden-rules",
            "rules",
            type=click.Path(path_type=Path),
            metavar="RULES.toml",
            help="How a value is chosen: default = 'most_frequent', and under [columns] "
            "phone = {rule = 'most_recent', by = 'updated'}. Rules: most_frequent, most_complete, "
            "longest, most_recent (by), priority (by, order), representative.",
        ),
        click.option(
            "--provenance",
            type=output_path(),
            metavar="FROM.csv",
            help="Write from which row each value of --golden is, and what the others have there.",
        ),
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


class Golden(NamedTuple):
    """What was asked for.

    Attributes:
        golden: where golden records go; None for nowhere.
        provenance: the same of where their values are from.
        rules: a TOML file; None for the most frequent value.
    """

    golden: Target | None
    provenance: Target | None
    rules: Path | None

    @classmethod
    def taken(cls, keywords: dict[str, Any]) -> Self:
        """The options out of those of a command.

        Rules may be named in the place of the result: golden records are then what `unique` is.

        Raises:
            click.UsageError: there are rules, and nothing to be made by them; or two of them.
        """
        asked = cls(*(keywords.pop(name) for name in cls._fields))
        if isinstance(asked.golden, Path) and asked.golden.suffix.lower() == _RULES:
            asked = asked._by_rules(asked.golden, keywords)
        if asked.rules is not None and not asked.asked:
            raise click.UsageError("--golden-rules are for --golden; say where to write it")
        return asked

    def _by_rules(self, rules: Path, keywords: dict[str, Any]) -> Self:
        """With what stands in the place of the result as the rules."""
        unique = keywords.get("unique")
        if self.rules is not None:
            raise click.UsageError(f"{rules} and {self.rules} are both rules; give one of them")
        if unique is None:
            raise click.UsageError(
                f"{rules} are rules; say where golden records go: --golden GOLDEN.csv "
                f"--golden-rules {rules}, or --golden {rules} --unique UNIQUE.csv"
            )
        keywords["unique"] = None
        return self._replace(golden=unique, rules=rules)

    @classmethod
    def nothing(cls) -> Self:
        """Where nothing was asked for."""
        return cls(None, None, None)

    @property
    def asked(self) -> bool:
        """Whether anything was asked for."""
        return self.golden is not None or self.provenance is not None

    @property
    def saved(self) -> dict[str, Target | None]:
        """What is written where."""
        return {
            "one row for each thing, of the best values": self.golden,
            "from which row each of these values is": self.provenance,
        }

    def write(self, results: Results, found: Deduplication) -> None:
        """Write what was asked for.

        Raises:
            ColumnError, OptionError, SourceError: see `Deduplication.golden`.
        """
        if not self.asked:
            return
        made = found.golden(self.rules)
        if self.golden is not None:
            results.write(self.golden, made.table)
        if self.provenance is not None:
            results.write(self.provenance, made.provenance)
