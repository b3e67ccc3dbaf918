"""Run simsearch from a checkout without installing it: python cli.py dedupe customers.csv."""

from simsearch.commands import main

if __name__ == "__main__":
    main(prog_name="simsearch")
