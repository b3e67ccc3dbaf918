"""Check, salvage, archive and export a store."""
