"""Side-by-side runs against peers, and the made data sets that they run on."""
