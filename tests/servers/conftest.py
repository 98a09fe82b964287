"""The set-ups past one machine, each with an index of its own for every test."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from engines import has_milvus, milvus, postgres, postgres_programs
from sqlalchemy import create_engine, text

from qa_bot import Settings

HERE = Path(__file__).parent
PLACES = ["postgres", "postgres and milvus", "postgres and milvus in process", "milvus in process"]


def pytest_collection_modifyitems(items):
    """Let them be left out together: they need servers."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session")
def database():
    """A running PostgreSQL server."""
    if postgres_programs() is None:
        pytest.skip("no PostgreSQL here; make test-cluster installs it")
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def milvus_server():
    """The address of a running Milvus server."""
    if not has_milvus():
        pytest.skip("no Milvus server here; make test-cluster installs it")
    with milvus() as address:
        yield address


@pytest.fixture
def store_url(database):
    """The address of an empty schema in the database."""
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{database.url}?options=-csearch_path%3D{name}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture(params=PLACES)
def settings(request, tmp_path):
    """The settings of each set-up, with an embedder that needs no model."""
    given = {"embedder": "hashing-64", "lock_wait_s": 1.0}
    if "postgres" in request.param:
        given["store"] = request.getfixturevalue("store_url")
    if "milvus" in request.param:
        given["vectors"] = "milvus"
    if request.param.endswith("milvus"):
        given["milvus_uri"] = request.getfixturevalue("milvus_server")
    elif "milvus" in request.param:
        pytest.importorskip(
            "milvus_lite", reason="no milvus-lite here; make test-cluster brings it"
        )
        given["milvus_uri"] = str(tmp_path / "vectors.db")
    return Settings(**given)
