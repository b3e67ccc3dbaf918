"""The format on disk: manifest, changes, segment files, durable writing."""
