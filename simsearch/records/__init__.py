"""Records: which rows of tables are the same thing, without labels."""
