"""Settings for every test."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy


ASKED = "SIMSEARCH_TEST_POSTGRES"
REQUIRED = "SIMSEARCH_REQUIRE_POSTGRES"

# The first example pays for the imports, and test workers share the cores. `make test` tries the
# same examples in every run, so that it passes or fails for what was changed; `make test-long`
# looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is kept between runs is kept apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMSEARCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A real server; without one the test is skipped, or fails where one is required."""
    url = os.environ.get(ASKED)
    if url:
        return url
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set but {ASKED} names no server")
    pytest.skip(f"{ASKED} names no PostgreSQL server (.ci/postgres starts one)")


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[sqlalchemy.Connection]:
    """A connection that commits each statement, with an empty schema first on its path."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
        poolclass=sqlalchemy.NullPool,
    )
    schema = f"test_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create schema {schema}")
        connection.exec_driver_sql(f"set search_path to {schema}")
        connection.info["schema"] = schema
        yield connection
        connection.exec_driver_sql(f"drop schema {schema} cascade")
