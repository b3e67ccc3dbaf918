"""From a query to matches: exact search, filters, segments side by side."""
