"""Settings for every test."""

from hypothesis import settings

# The first example pays for the imports, and test workers share the cores.
settings.register_profile("simsearch", deadline=None)
settings.load_profile("simsearch")
