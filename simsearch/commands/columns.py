"""`simsearch columns`: show what the columns of a table are taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.options import exclusive, format_option
from simsearch.commands.source_options import column_options, database_options, id_option
from simsearch.commands.table_options import roles_option, table_reading_options
from simsearch.report.columns import print_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]


@click.command(short_help="Show what the columns of a table are taken for.")
@click.argument("source")
@id_option()
@column_options()
@roles_option()
@format_option("How to print it.")
@database_options()
@table_reading_options()
def command(source: str, form: str, **keywords: Any) -> None:
    """Show what each column of the table SOURCE is taken for, why, and whether it is compared.

    What is wrong is put right by --role COLUMN=ROLE, here and in `dedupe` and `link`. The roles
    are given_name, family_name, full_name, organisation, title, description, street,
    house_number, city, region, postcode, country, phone, email, url, birth_date, date, amount,
    quantity, key (a record's number), identifier (a number of the thing itself, such as a serial
    number), category, flag and unknown.

    \b
    Examples:
      simsearch columns customers.csv
      simsearch columns customers.csv --role no=identifier
      simsearch columns sqlite:///shop.db --table customers --format json
    """
    exclusive(click.get_current_context(), ("columns", "ignore"), ("table", "sql"))
    given: Mapping[str, Any] = keywords
    print_columns(simsearch.columns(source, **given), form)
