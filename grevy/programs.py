"""Programs of steps, and where they are kept for the next process: a folder of text files.

A program is the statements that DuckDB runs to get from forms to domains, or from domains to data sets.
Writing it takes ten seconds of processor time and gives the same each time, so it is kept, as Python keeps
what it compiled. The name of a file is a hash of everything that the statements depend on; a change gives
another name, and a file is never changed. Whatever cannot be read is written anew: without the folder all
works, only slower.

The folder is `programs` in the folder that GREVY_CACHE says, else in `grevy` of the account's cache folder
(XDG_CACHE_HOME, ~/.cache).
"""

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

FILES = 32
"""How many files are kept; the oldest makes room."""

_LIBRARIES = ("ibis-framework", "sqlglot", "duckdb", "pyarrow")
_PACKAGE = Path(__file__).parent
_SOURCES = ("engine.py", "programs.py", "sdtm", "adam", "definition", "rules", "snapshot")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A kept table: its name, the statement that computes it, and the constant tables the statement reads."""

    name: str
    sql: str
    schema: ibis.Schema
    constants: tuple[ir.Table, ...]


@dataclass
class Program:
    """The steps of a build in order; `prefix` begins the name of every table in their statements."""

    prefix: str
    steps: list[Step] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)


# --- What a program depends on -----------------------------------------------------------------------


def _list_sources() -> Iterator[Path]:
    for name in _SOURCES:
        place = _PACKAGE / name
        yield from sorted(place.rglob("*")) if place.is_dir() else [place]


def hash_sources() -> str:
    """The hash of all files from which programs are made: code, and the tables that lie beside it."""
    digest = sha256()
    for file in _list_sources():
        if file.is_file() and "__pycache__" not in file.parts:
            content = file.read_bytes()
            digest.update(f"{file.relative_to(_PACKAGE).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


# taken when the code is imported: what was changed since is not what runs here
_IMPORTED = hash_sources()


@cache
def _read_versions() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in _LIBRARIES)


def compute_key(derive: str, schemas: Hashable, settings: Hashable) -> str:
    """The name of a program: a hash of the code, the libraries, the columns of the inputs and the settings.

    ``settings`` is written out by `repr`, so it consists of what is written the same in every process.
    """
    said = repr((_IMPORTED, _read_versions(), derive, schemas, settings))
    return sha256(said.encode()).hexdigest()


# --- The folder --------------------------------------------------------------------------------------


def find_folder() -> Path:
    """The folder of the programs; it need not be there."""
    if chosen := os.environ.get("GREVY_CACHE"):
        return Path(chosen) / "programs"
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "grevy" / "programs"


def read_program(key: str) -> Program | None:
    """The program of that name, or None: none was kept, or what is there is not what was kept."""
    try:
        file = find_folder() / f"{key}.json"
        digest, _, text = file.read_text("utf-8").partition("\n")
        if digest != _sign(key, text):
            raise ValueError("its content is not what its first line says")
        return _from_json(json.loads(text))
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        _log.warning("Kept program %s was not used and is written anew: %s", key[:12], error)
        return None


def write_program(key: str, program: Program) -> None:
    """Keep a program for other processes, whole or not at all; where that cannot be, say so and go on."""
    if hash_sources() != _IMPORTED:
        _log.info("Program %s is not kept: its code was changed while it ran.", key[:12])
        return
    text = json.dumps(_to_json(program), separators=(",", ":"))
    try:
        folder = find_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=folder, suffix=".part", delete=False) as part:
            part.write(f"{_sign(key, text)}\n{text}")
        Path(part.name).replace(folder / f"{key}.json")
        _make_room(folder)
    except (OSError, RuntimeError) as error:
        _log.info("Program %s is not kept: %s", key[:12], error)


def _sign(key: str, text: str) -> str:
    """Over the name too: a file that was given another name is not the program of that name."""
    return sha256(f"{key}\n{text}".encode()).hexdigest()


def _make_room(folder: Path) -> None:
    """Leave the newest programs; parts that a killed process left behind go with the others."""
    dated = []
    for file in [*folder.glob("*.json"), *folder.glob("*.part")]:
        try:
            dated.append((file.stat().st_mtime_ns, file))
        except FileNotFoundError:
            continue  # another process made room, or renamed its part
    for _, file in sorted(dated, reverse=True)[FILES:]:
        file.unlink(missing_ok=True)


# --- A program as text -------------------------------------------------------------------------------


def _to_json(program: Program) -> dict[str, Any]:
    constants = {table.get_name(): table for step in program.steps for table in step.constants}
    return {
        "prefix": program.prefix,
        "results": program.results,
        "constants": {name: _write_constant(table) for name, table in constants.items()},
        "steps": [
            {
                "name": step.name,
                "sql": step.sql,
                "schema": {name: str(type_) for name, type_ in step.schema.items()},
                "constants": [table.get_name() for table in step.constants],
            }
            for step in program.steps
        ],
    }


def _from_json(said: dict[str, Any]) -> Program:
    """Constants are given new names: two readers of a file may share the session of an engine."""
    constants = {name: _read_constant(text) for name, text in said["constants"].items()}
    steps = []
    for step in said["steps"]:
        sql = step["sql"]
        for name in step["constants"]:
            sql = sql.replace(name, constants[name].get_name())
        read = tuple(constants[name] for name in step["constants"])
        steps.append(Step(step["name"], sql, ibis.schema(step["schema"]), read))
    return Program(said["prefix"], steps, said["results"])


def _write_constant(table: ir.Table) -> dict[str, Any]:
    """Columns by their types in Ibis' words; rows as an Arrow stream, which keeps every value exactly."""
    operation = table.op()
    assert isinstance(operation, ops.InMemoryTable)
    rows = operation.data.to_pyarrow(operation.schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    return {
        "schema": {name: str(type_) for name, type_ in operation.schema.items()},
        "rows": b64encode(sink.getvalue()).decode(),
    }


def _read_constant(said: dict[str, Any]) -> ir.Table:
    rows = pa.ipc.open_stream(b64decode(said["rows"], validate=True)).read_all()
    return ibis.memtable(rows, schema=ibis.schema(said["schema"]))
