"""The kinds of items, one file each; and `detect`, which tells the kind of a source."""
