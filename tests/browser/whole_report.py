"""What `grevy report` made of a ledger, read from the analysis data sets and from the page."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from live_site import ROOT, STUDY, environment

from grevy.report.embed import read_script_text


@dataclass(frozen=True)
class Report:
    """The folder of a run."""

    folder: Path

    def rows(self, name: str, subject: str, **where: Any) -> list[dict[str, Any]]:
        """The analysis records of a subject that fit."""
        found = pq.read_table(self.folder / "adam" / f"{name}.parquet").to_pylist()
        wanted = {"SUBJID": subject} if name == "adsl" else {"USUBJID": f"SURU-NEN-{subject}"}
        return [row for row in found if all(row[key] == value for key, value in {**wanted, **where}.items())]

    def only(self, name: str, subject: str, **where: Any) -> dict[str, Any]:
        (row,) = self.rows(name, subject, **where)
        return row

    @property
    def page(self) -> Path:
        return self.folder / "report.html"

    @cached_property
    def data(self) -> dict[str, Any]:
        """The records that the page holds behind its numbers."""
        found = re.search(
            r'<script type="text/plain" id="data">(.*?)</script>',
            self.page.read_text(encoding="utf-8"),
            re.DOTALL,
        )
        assert found
        return read_script_text(found[1])

    def place(self, result: str) -> int:
        """The number by which the page's cells name a result."""
        return [self.data["strings"][i] for i in self.data["results"]["result_id"]].index(result)

    def entries_behind(self, result: str) -> set[tuple[str, str]]:
        """Form and author of every entry that a number of the page leads back to."""
        data, strings, revisions = self.data, self.data["strings"], self.data["revisions"]
        counts = data["parents"]["counts"]
        starts = [0]
        for count in counts:
            starts.append(starts[-1] + count)
        waiting, total = [], 0
        for step in data["sets"][data["results"]["set"][self.place(result)]]:
            total += step
            waiting.append(total)
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += data["parents"]["nodes"][starts[node] : starts[node + 1]]
        used = {one for node in seen for one in data["origins"].get(str(node), [])[::2]}
        return {(strings[revisions["form"][one]], strings[revisions["by"][one]]) for one in used}


def make_report(ledger: Path, folder: Path) -> Report:
    """The command, as a statistician gives it."""
    command = [sys.executable, "-m", "grevy", "report", "--db", str(ledger), "--study", str(STUDY)]
    subprocess.run(
        [*command, "--out", str(folder)], env=environment(ledger), cwd=ROOT, check=True, capture_output=True
    )
    return Report(folder)
