"""Duplicates: which items of one source are the same thing, whatever their kind."""
