"""Building a report in the background: the command `grevy report` in a process of its own.

The command is what people run, so both make the same bytes; its memory goes with it; and it can be ended at
any moment, not only between steps. It says each step in a line, which becomes the progress on the page.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from grevy.capture.job_ends import CannotBeDone, Step
from grevy.capture.kept_reports import (
    RUN,
    comparison_path,
    find_report,
    keep_report,
    new_report_folder,
)
from grevy.capture.web import load_study_at
from grevy.definition.analysis_plan import SET_OF_EFFECTIVENESS

LOG = logging.getLogger("grevy")
LOOK_EVERY = 0.2
"""Seconds between looks at the process."""
TAKES_ITS_TIME = 10
"""Pages go before it (the niceness of its process)."""
FINDINGS, BAD_INPUT = 1, 2
"""Exit codes of a command that found something, and that cannot use what it was given (`grevy --help`)."""
WHY_NOT = {FINDINGS: "job_not_final", BAD_INPUT: "job_bad_input"}
COMPARING = ("compare",)
STEPS = ("snapshot", "sdtm", "adam", "results", "html")


def steps_of(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """The steps of a report, or of a comparison, each with words of its own (`report_step_...`)."""
    return (*STEPS, *asked["documents"], "keep") if "documents" in asked else COMPARING


def study_folder(version: str) -> Path:
    """The folder of the study as it is in use, or of its next version."""
    is_next = version == "next" and settings.GREVY_NEXT_STUDY
    return Path(settings.GREVY_NEXT_STUDY if is_next else settings.GREVY_STUDY)


def build_report(asked: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """Build one report and keep it; begun again after it was kept, it finds it."""
    study = study_folder(asked["version"])
    if load_study_at(study).hash != asked["study"]:
        raise CannotBeDone("job_other_version")
    if find_report(asked["report"]) is None:
        with new_report_folder(asked["report"]) as folder:
            run_command(_command(asked, study, folder / RUN), steps_of(asked), step)
            keep_report(asked, folder)
    return {"report": asked["report"]}


def compare_reports(asked: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """Compare two kept reports, once: neither changes any more."""
    place = comparison_path(asked["before"], asked["after"])
    if not place.is_file():
        before, after = (find_report(asked[side]) for side in ("before", "after"))
        if before is None or after is None:
            raise CannotBeDone("job_command_failed")
        place.parent.mkdir(exist_ok=True)
        partial = place.with_suffix(".partial")
        options = ["--study", str(settings.GREVY_STUDY), "--json", str(partial)]
        run_command(["compare", str(before.run), str(after.run), *options], COMPARING, step)
        partial.replace(place)
    return dict(asked)


def _command(asked: Mapping[str, Any], study: Path, out: Path) -> list[str]:
    options = ["report", "--study", str(study), "--out", str(out), "--as-of", asked["as_of"], "--progress"]
    if asked["cutoff"]:
        options += ["--cutoff", asked["cutoff"]]
    if asked.get("analysis_set"):  # reports that were asked for before there was a choice have none
        options += ["--set", f"{SET_OF_EFFECTIVENESS}={asked['analysis_set']}"]
    if asked.get("final"):
        options.append("--final")
    for name, values in (("only", "outputs"), ("language", "languages"), ("document", "documents")):
        options += [part for value in asked[values] for part in (f"--{name}", value)]
    return options


def run_command(arguments: Sequence[str], steps: Sequence[str], step: Step) -> None:
    """Run a command of Grevy to its end; `step` hears how far it is, and ends it where it raises.

    The ledger is named by the environment and not on the command line, where other accounts could read the
    password of its address.
    """
    command = [sys.executable, "-m", "grevy", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        start_new_session=True, env={**os.environ, "GREVY_DB": _database(), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    os.setpriority(os.PRIO_PROCESS, process.pid, TAKES_ITS_TIME)
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(process, said), daemon=True)
    listener.start()
    try:
        while process.poll() is None:
            step(_count_done(said, steps), len(steps))
            time.sleep(LOOK_EVERY)
    finally:
        _end(process)
        listener.join()
    if process.returncode:
        LOG.error("grevy %s ended with %s: %s", arguments[0], process.returncode, " | ".join(said[-5:]))
        raise CannotBeDone(WHY_NOT.get(process.returncode, "job_command_failed"))
    step(len(steps) - 1, len(steps))


def _database() -> str:
    """The ledger of this process; under test that is another one than the settings name."""
    if settings.DATABASE_FILE is None:
        return os.environ["GREVY_DB"]
    return str(settings.DATABASES["default"]["NAME"])


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip("\n"))


def _count_done(said: Sequence[str], steps: Sequence[str]) -> int:
    """How many steps are behind the one that was said last."""
    begun = [line.removeprefix("step ") for line in said if line.startswith("step ")]
    return steps.index(begun[-1]) if begun and begun[-1] in steps else 0


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and what it started, at once if it will not go."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
