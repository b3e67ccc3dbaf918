"""The one writer of a store, and what it publishes."""
