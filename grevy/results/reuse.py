"""Outputs of an earlier run that would come out the same: taken as they are instead of estimated again.

While an output is estimated, the data sets that it reads are noted. After one entry has changed, most data
sets are what they were, and so are the results that were made from them. An output is taken from the earlier
run where code, study, plan and every data set that it read are the same, by their hash; otherwise it is
estimated. Either way the rows are the same to the byte.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from grevy.definition import Study
from grevy.definition.analysis_plan import AnalysisPlan

_LIBRARIES = ("numpy", "scipy", "pandas")
_PACKAGE = Path(__file__).parents[1]
_SOURCES = ("results", "stats", "rules", "definition")


class NotedFrames(Mapping[str, pd.DataFrame]):
    """Analysis data sets that note who is read; all of them begin with ADSL, which everything reads."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = frames
        self._hashes: dict[str, str] = {}
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        self._read.add(name)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def begin(self) -> None:
        """Forget who was read: another output begins."""
        self._read = {"ADSL"}

    def name_read(self) -> dict[str, str]:
        """The data sets read since the beginning, each with the hash of its values."""
        return {name: self.hash_of(name) for name in sorted(self._read)}

    def hash_of(self, name: str) -> str:
        """The hash of the values of a data set; empty for one that is not there."""
        if name not in self._frames:
            return ""
        if name not in self._hashes:
            frame = self._frames[name]
            digest = sha256(",".join(frame.columns).encode())
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
            self._hashes[name] = digest.hexdigest()
        return self._hashes[name]


@dataclass(frozen=True)
class MadeFrom:
    """What results were made from. `basis`: code, study, plan; `outputs`: data sets read, with their hash."""

    basis: str
    outputs: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Earlier:
    """Results of an earlier run, with what they were made from."""

    rows: pa.Table
    trace: pa.Table
    made_from: MadeFrom

    def find(self, output_id: str, basis: str, frames: NotedFrames) -> pa.Table | None:
        """The rows of an output, if they would come out the same; nothing otherwise."""
        read = self.made_from.outputs.get(output_id)
        if read is None or self.made_from.basis != basis:
            return None
        if any(frames.hash_of(name) != known for name, known in read.items()):
            return None
        return self.rows.filter(pc.equal(self.rows["output_id"], output_id))


def hash_basis(study: Study, plan: AnalysisPlan) -> str:
    """The hash of all that decides results beside the data."""
    return sha256("\n".join([_hash_code(), study.hash, repr(plan)]).encode()).hexdigest()


@cache
def _hash_code() -> str:
    digest = sha256("\n".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for source in _SOURCES:
        for file in sorted((_PACKAGE / source).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                name = file.relative_to(_PACKAGE).as_posix()
                digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
