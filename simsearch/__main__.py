"""`python -m simsearch` is the `simsearch` command."""

from simsearch.commands import main

if __name__ == "__main__":
    main(prog_name="simsearch")
