"""Training the model that says whether two rows of a table are the same thing."""
