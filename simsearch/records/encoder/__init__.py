"""The record encoder: a row of a table as one vector."""
