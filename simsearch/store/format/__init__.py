"""What lies on disk: manifest, changes, segment files, and how they last."""
