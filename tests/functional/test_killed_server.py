"""The server is killed while people save: each acknowledged save is there, none twice, the ledger verifies.

One kill among 60 saves; `python -m benchmarks.killed_server` kills again and again among 1,000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from benchmarks.killed_server import Told, check_told, save_under_kills


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite3")
        return
    server_address = request.getfixturevalue("postgresql")
    with psycopg.connect(server_address, autocommit=True) as server:
        server.execute("CREATE DATABASE grevy_killed")
        yield urlsplit(server_address)._replace(path="/grevy_killed").geturl()
        server.execute("DROP DATABASE grevy_killed WITH (FORCE)")


def test_what_was_acknowledged_is_there_once_after_the_server_was_killed(address: str, tmp_path: Path):
    told = save_under_kills(address, tmp_path, 60, writers=2, once=True)
    assert told.kills == 1
    assert len(told.saves) == 60
    assert told.sent_again > 0, "nothing was on its way when the server was killed"
    check_told(address, tmp_path, told)
    record, number, tag = told.saves[-1]
    for wrong in ([(record, number + 1, "never stored")], [(record, number, tag)]):  # lost, or stored twice
        with pytest.raises(AssertionError):
            check_told(address, tmp_path, Told(saves=[*told.saves, *wrong]))
    assert max(Counter(told.saves).values()) == 1
