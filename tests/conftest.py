"""Settings for every test."""

import pytest
from hypothesis import settings

# The first example pays for the imports, and test workers share the cores.
settings.register_profile("simsearch", deadline=None)
settings.load_profile("simsearch")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is kept between runs is kept apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMSEARCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
