"""Results that lie in the folder of an earlier run, for those that would come out the same."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from grevy.cli.run_folder import hash_file

if TYPE_CHECKING:
    from grevy.results import Earlier, MadeFrom

FILE = "made_from.json"
NEEDED = ("results.parquet", "trace.parquet", FILE)

_log = logging.getLogger(__name__)


def write_made_from(folder: Path, made_from: "MadeFrom") -> None:
    """Write which data sets each output was made from, with their hash."""
    text = json.dumps({"basis": made_from.basis, "outputs": made_from.outputs}, indent=1, sort_keys=True)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_earlier(folder: Path | None) -> "Earlier | None":
    """The results of an earlier run; nothing where there are none or a file is not as it was written."""
    from grevy.results import Earlier, MadeFrom

    if folder is None or not (folder / "manifest.json").is_file():
        return None
    try:
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
        if not all(_is_as_written(folder / name, files) for name in NEEDED):
            return None
        known: Mapping[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        tables = (pq.read_table(folder / name) for name in NEEDED[:2])
        return Earlier(*tables, MadeFrom(known["basis"], known["outputs"]))
    except (OSError, ValueError, KeyError) as error:
        _log.warning(
            "the earlier run in %s cannot be read (%s): all is estimated anew", folder, type(error).__name__
        )
        return None


def _is_as_written(path: Path, files: Mapping[str, Any]) -> bool:
    return path.is_file() and files.get(path.name, {}).get("sha256") == hash_file(path)
