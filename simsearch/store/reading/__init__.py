"""One version of a store, open for reading."""
