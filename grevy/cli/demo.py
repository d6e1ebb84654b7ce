"""The demo: a study of virtual patients, entered as people would enter it, then analysed and served."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grevy.cli.ledger import open_ledger, serve_ledger
from grevy.cli.run_folder import make_run_folder

if TYPE_CHECKING:
    from grevy.definition import Study


# One person a role who can log in, those of a hospital at the first site; everybody else has no password.
LOGINS = ("coordinator", "investigator", "monitor", "data_manager", "administrator")


def make_demo(study: "Study", study_folder: Path, out: Path, *, subjects: int, sites: int, seed: int) -> None:
    """Simulate, capture, report; the folder appears when all is done."""
    started = time.perf_counter()
    with make_run_folder(out) as folder:
        passwords = _capture_cohort(study, study_folder, folder, subjects=subjects, sites=sites, seed=seed)
        with _told("Analysing and writing the report"):
            from grevy.cli.pipeline import report_ledger

            run = report_ledger(study, study.analysis, as_of=None, cutoff=None, folder=folder / "run")
        _close_ledger()
    click.echo(f"Done in {time.perf_counter() - started:.0f} s: {run.results.rows.num_rows} results.")
    for term in run.terms:
        click.echo(f"  controlled terminology: {term}")
    click.echo()
    _print_where_to_look(out, passwords)


def serve_demo(out: Path, study_folder: Path, port: int) -> None:
    """Serve the start page of the demo's ledger until interrupted."""
    click.echo(f"Serving http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    serve_ledger(out / "ledger.sqlite3", study_folder, port, out / "run" / "report.html")


def _capture_cohort(
    study: "Study", study_folder: Path, folder: Path, *, subjects: int, sites: int, seed: int
) -> dict[str, str]:
    """Simulate the cohort and enter it into a new ledger; the passwords of those who can log in."""
    with _told("Simulating the cohort"):
        from grevy.simulate import simulate_study

        cohort = simulate_study(study, seed=seed, subjects=subjects, sites=sites)
    open_ledger(folder / "ledger.sqlite3", study_folder, create=True)
    from tqdm import tqdm

    from grevy.capture.load import capture_entries, create_people_who_log_in

    with tqdm(total=len(cohort.entries), desc="Entering forms", unit=" forms", mininterval=0.5) as bar:
        anchor = folder / "anchor"
        capture_entries(
            study, cohort.entries, cohort.sites, cohort.users, bar.update,
            lab_ranges=cohort.lab_ranges, queries=cohort.queries, anchor=anchor,
        )  # fmt: skip
    passwords = {name: secrets.token_urlsafe(9) for name in LOGINS}
    create_people_who_log_in(passwords, cohort.sites[0].code)
    return passwords


def _close_ledger() -> None:
    from django.db import connections

    connections.close_all()


@contextmanager
def _told(step: str) -> Iterator[None]:
    """Print a step when it begins and how long it took when it is done."""
    click.echo(f"{step} ... ", nl=False, err=True)
    started = time.perf_counter()
    yield
    click.echo(f"{time.perf_counter() - started:.0f} s", err=True)


def _print_where_to_look(out: Path, passwords: dict[str, str]) -> None:
    run, ledger = out / "run", out / "ledger.sqlite3"
    click.echo(f"Report            {run / 'report.html'}")
    click.echo(f"Analysis data     {run / 'adam'}")
    click.echo(f"SDTM              {run / 'sdtm'}")
    click.echo(f"Ledger            {ledger}")
    click.echo(f'Where from?       grevy explain {run} "T14.2.1|PFS|median|MONO"')
    click.echo(f"Is it untouched?  grevy verify --db {ledger}")
    click.echo(f"Start page        grevy serve --db {ledger}")
    click.echo("Log in as (the passwords were drawn for this demo and are kept nowhere else):")
    for name, password in passwords.items():
        click.echo(f"  {name:<16}{password}")
