"""Where items come from: tables of records in files, databases and memory."""

from simsearch.sources.records import RecordOptions, RecordSource, open_records

__all__ = ["RecordOptions", "RecordSource", "open_records"]
