"""Pages for people who would look rather than read: self-contained HTML, drawn by matplotlib."""
