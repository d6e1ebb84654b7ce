"""The command line: knows every package, decides nothing. `grevy --help` is the table of contents."""

import gc
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from grevy.cli.failures import EXIT_CODES, BadInput, Findings, run_command

if TYPE_CHECKING:  # the packages behind a command take seconds to import: each command imports its own
    from grevy.cli.pipeline import Run
    from grevy.definition import Study
    from grevy.definition.analysis_plan import AnalysisPlan

OWN_STUDY = Path(__file__).parents[2] / "studies" / "surufatinib_nen"
DEMO_SEED = 1
LANGUAGES = ("en", "zh")
FORMATS = ("parquet", "dataset-json", "xpt")
DOCUMENTS = (
    "pdf",
    "rtf",
    "docx",
)  # as grevy.report has them; named here because a command line must start at once

EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items()) + "."


class Moment(click.ParamType):
    """A moment with its time zone, or a date, which means its last second in UTC."""

    name = "moment"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Read ISO 8601 text."""
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == 10:
                return datetime.fromisoformat(f"{value}T23:59:59.999999+00:00")
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; give 2025-06-30 or 2025-06-30T18:00:00+08:00.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Day(click.ParamType):
    """A complete date."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Read ISO 8601 text."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; give it as 2025-06-30.", param, ctx)


class Ledger(click.ParamType):
    """An SQLite file, or the address of a PostgreSQL database."""

    name = "ledger"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path | str:
        """An address stays as it is."""
        from grevy.capture.database_address import is_postgresql

        return value if isinstance(value, Path) or is_postgresql(value) else FILE.convert(value, param, ctx)


FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)

study_option = click.option(
    "--study", "study_folder", type=FOLDER, default=OWN_STUDY,
    help="Folder of study files (default: the surufatinib study).",
)  # fmt: skip
out_option = click.option("--out", type=FOLDER, required=True, help="Folder to write into.")
database_help = "The ledger, for example demo/ledger.sqlite3 or postgresql://grevy@database/grevy."
database_option = click.option("--db", type=Ledger(), required=True, help=database_help)
moment_option = click.option(
    "--as-of", type=Moment(), help="Data as they stood at this moment (default: the last entry)."
)
cutoff_option = click.option(
    "--cutoff", type=Day(), help="Data cut-off date: what happened later is left out (default: none)."
)
switch_option = click.option(
    "--set", "switches", multiple=True, metavar="SWITCH=VALUE",
    help="Change a switch of the analysis plan, for example recist.sd_min_days=42. May be repeated.",
)  # fmt: skip
format_option = click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS[1:]),
    help="Also write the data sets in this format. May be repeated.",
)  # fmt: skip
document_option = click.option(
    "--document", "documents", multiple=True, type=click.Choice(DOCUMENTS),
    help="Also write the report as such files, one per language. May be repeated.",
)  # fmt: skip


only_option = click.option(
    "--only", multiple=True, metavar="OUTPUTS",
    help="Only these outputs: safety, a section such as 14.3, or one such as T14.2.1. May be repeated.",
)  # fmt: skip
language_option = click.option(
    "--language", "languages", multiple=True, type=click.Choice(LANGUAGES), default=LANGUAGES,
    help="Write the documents in this language only. May be repeated (default: both).",
)  # fmt: skip
final_option = click.option(
    "--final", "is_final", is_flag=True,
    help="Refuse to build while a date last known alive or a death contradicts other dates.",
)  # fmt: skip
progress_option = click.option("--progress", is_flag=True, help="Say each step before it is taken.")


@click.group(epilog=EPILOG, context_settings={"max_content_width": 110})
@click.version_option(package_name="grevy", message="%(prog)s %(version)s")
def cli() -> None:
    """Run and analyse a single-arm oncology study: every number of the report leads back to its entries.

    Begin with:

    \b
      grevy demo                                    a whole study of virtual patients, in about a minute
      grevy analyse --sdtm data/ --out run/         a report from another system's tabulation data
      grevy explain run/ "T14.2.1|PFS|median|MONO"  where a number comes from
    """


# --- The whole line ----------------------------------------------------------------------------------


@cli.command()
@click.option(
    "--out", type=FOLDER, default=Path("demo"), show_default=True, help="Folder for ledger and report."
)
@click.option(
    "--subjects", type=click.IntRange(1, 100_000), default=350, show_default=True, help="Subjects enrolled."
)
@click.option("--sites", type=click.IntRange(1, 99), default=14, show_default=True, help="Hospitals.")
@click.option("--seed", type=int, default=DEMO_SEED, show_default=True, help="Start of the random numbers.")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the start page afterwards.")
@click.option("--port", type=int, default=8000, show_default=True, help="Port of the start page.")
@click.option("--replace", is_flag=True, help="Replace an earlier demo in this folder.")
@study_option
def demo(
    out: Path,
    subjects: int,
    sites: int,
    seed: int,
    serve: bool,
    port: int,
    replace: bool,
    study_folder: Path,
) -> None:
    """Make a study of virtual patients, whole.

    The patients are simulated; everything after that is the way of real data: each entry goes through the
    same actions as a person's, signed with the virtual author and the moment.

    \b
      grevy demo --no-serve
      grevy demo --subjects 40 --seed 7 --out small
    """
    from grevy.cli.demo import make_demo, serve_demo

    if out.exists() and any(out.iterdir()) and not replace:
        raise BadInput(
            f"{out} is not empty; say --replace to make the demo in it anew, or give another --out."
        )
    make_demo(_load_study(study_folder), study_folder, out, subjects=subjects, sites=sites, seed=seed)
    if serve:
        serve_demo(out, study_folder, port)


@cli.command()
@click.option(
    "--sdtm", "sdtm_folder", type=FOLDER, required=True, help="Folder with one file per SDTM domain."
)
@out_option
@study_option
@cutoff_option
@switch_option
@format_option
@document_option
@language_option
@only_option
@final_option
def analyse(
    sdtm_folder: Path,
    out: Path,
    study_folder: Path,
    cutoff: date | None,
    switches: tuple[str, ...],
    formats: tuple[str, ...],
    documents: tuple[str, ...],
    languages: tuple[str, ...],
    only: tuple[str, ...],
    is_final: bool,
) -> None:
    """Analyse another system's tabulation data.

    Reads one file per domain (dm.parquet, AE.xpt, tr.json, suppmh.ndjson ...): Parquet, Dataset-JSON 1.1 or
    SAS transport version 5. Needs DM; does what the other domains allow and says what it could not do.
    Writes adam/ (Parquet and define.xml), results as Parquet, CSV and JSON (as in the CDISC Analysis Results
    Standard), trace.parquet, report.html and manifest.json.

    \b
      grevy analyse --sdtm data/ --out run/
      grevy analyse --sdtm data/ --out run42/ --cutoff 2025-12-31 --set recist.sd_min_days=42
    """
    from grevy.cli.pipeline import Source, Wanted, analyse_tables, write_formats
    from grevy.cli.run_folder import make_run_folder
    from grevy.exchange import ExchangeErrors, read_tabulation

    study = _load_study(study_folder)
    plan = _set_switches(study, switches)
    wanted = Wanted(documents, languages, _check_only(only), formats, is_final=is_final, earlier=out)
    try:
        tabulation = read_tabulation(sdtm_folder)
    except ExchangeErrors as errors:
        raise _bad_input("mistake", errors.findings, f"in {sdtm_folder}; nothing was written.") from errors
    notes = tuple(map(str, tabulation.notes))
    source = Source(tabulation.tables, tabulation.snapshot_id, notes=notes, as_of=tabulation.as_of)
    with make_run_folder(out) as folder:
        try:
            write_formats(source, folder, formats)
            run = analyse_tables(source, study, plan, cutoff=cutoff, folder=folder, wanted=wanted)
        except ExchangeErrors as errors:
            raise _bad_input("limit", errors.findings, "of the format; nothing was written.") from errors
    _print_run(run, out)


@cli.command()
@click.option("--db", type=Ledger(), envvar="GREVY_DB", help=database_help)
@out_option
@study_option
@moment_option
@cutoff_option
@switch_option
@format_option
@document_option
@language_option
@only_option
@final_option
@progress_option
@click.option("--shells", is_flag=True, help="Write the shells of all outputs instead; takes no data.")
def report(
    db: Path | str | None,
    out: Path,
    study_folder: Path,
    as_of: datetime | None,
    cutoff: date | None,
    switches: tuple[str, ...],
    formats: tuple[str, ...],
    documents: tuple[str, ...],
    languages: tuple[str, ...],
    only: tuple[str, ...],
    is_final: bool,
    progress: bool,
    shells: bool,
) -> None:
    """Make the report from the ledger.

    Snapshot, tabulation (SDTM), analysis data sets (ADaM), results, report, each step as files in --out.
    With --as-of the report is the one that would have been made at that moment, to the byte.
    With --only safety: an interim safety report, as for a data-monitoring meeting.
    With --final: the report to be signed; refused while a last contact, a record of life or a death
    contradicts other dates, which a draft lists with the rule applied.
    With --shells: what the report will print, laid out from virtual patients, with x for every figure.

    \b
      grevy report --db demo/ledger.sqlite3 --out run/
      grevy report --db demo/ledger.sqlite3 --as-of 2024-12-31 --cutoff 2024-12-31 --out interim/
      grevy report --db demo/ledger.sqlite3 --document pdf --out run/
      grevy report --db demo/ledger.sqlite3 --only safety --document pdf --out safety/
      grevy report --shells --out shells/
    """
    from grevy.cli.ledger import open_ledger
    from grevy.cli.pipeline import Wanted, report_ledger
    from grevy.cli.run_folder import make_run_folder
    from grevy.exchange import ExchangeErrors

    study = _load_study(study_folder)
    plan = _set_switches(study, switches)
    if shells:
        if db or as_of or cutoff or formats or only or is_final:
            raise BadInput(
                "--shells takes no data: leave out --db, --as-of, --cutoff, --format, --only and --final."
            )
        _write_shells(study, plan, out, documents, languages)
        return
    if db is None:
        raise click.UsageError("Missing option '--db'; only --shells needs none.")
    told = _say_step if progress else Wanted.told
    wanted = Wanted(documents, languages, _check_only(only), formats, told, is_final=is_final, earlier=out)
    open_ledger(db, study_folder)
    with make_run_folder(out) as folder:
        try:
            run = report_ledger(study, plan, as_of=as_of, cutoff=cutoff, folder=folder, wanted=wanted)
        except ExchangeErrors as errors:
            raise _bad_input("limit", errors.findings, "of the format; nothing was written.") from errors
    _print_run(run, out)


def _write_shells(
    study: "Study", plan: "AnalysisPlan", out: Path, documents: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    from grevy.cli.pipeline import write_shells
    from grevy.cli.run_folder import make_run_folder

    with make_run_folder(out) as folder:
        files = write_shells(study, plan, folder=folder, documents=documents or ("pdf",), languages=languages)
    click.echo("\n".join(f"Shells: {out / file.name}" for file in files))


@cli.command()
@database_option
@out_option
@study_option
@moment_option
def snapshot(db: Path | str, out: Path, study_folder: Path, as_of: datetime | None) -> None:
    """Write all forms as of a moment.

    One typed Parquet table per form, and every revision of every record up to that moment.

    \b
      grevy snapshot --db demo/ledger.sqlite3 --as-of 2024-06-30T18:00:00+08:00 --out june/
    """
    from grevy.cli.ledger import open_ledger, take_snapshot
    from grevy.cli.run_folder import make_run_folder

    study = _load_study(study_folder)
    open_ledger(db, study_folder)
    with make_run_folder(out) as folder:
        taken = take_snapshot(study, folder, as_of)
    rows = sum(table.num_rows for table in taken.tables.values())
    click.echo(f"{len(taken.tables)} tables, {rows} rows, as of {taken.manifest['as_of']}: {out}")


@cli.command()
@out_option
@study_option
@click.option(
    "--subjects", type=click.IntRange(1, 1_000_000), default=350, show_default=True, help="Subjects enrolled."
)
@click.option("--seed", type=int, default=DEMO_SEED, show_default=True, help="Start of the random numbers.")
@format_option
def simulate(out: Path, study_folder: Path, subjects: int, seed: int, formats: tuple[str, ...]) -> None:
    """Write a virtual cohort, without a ledger.

    As form tables (forms/) and as tabulation data (sdtm/).

    \b
      grevy simulate --subjects 1000 --seed 3 --format xpt --out cohort/
      grevy analyse --sdtm cohort/sdtm --out run/
    """
    from grevy.cli.pipeline import simulate_tabulation, write_formats
    from grevy.cli.run_folder import make_run_folder, write_tables

    study = _load_study(study_folder)
    with make_run_folder(out) as folder:
        tables, source = simulate_tabulation(study, seed=seed, subjects=subjects)
        write_tables(tables, folder / "forms")
        write_formats(source, folder, ("parquet", *formats))
    rows = sum(table.num_rows for table in source.sdtm.values())
    click.echo(f"{source.sdtm['DM'].num_rows} subjects, {rows} SDTM records: {out}")


# --- Looking back ------------------------------------------------------------------------------------


@cli.command()
@click.argument("run", type=FOLDER)
@click.argument("what")
@click.argument("subject", required=False)
@click.argument("parameter", required=False)
@study_option
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def explain(
    run: Path, what: str, subject: str | None, parameter: str | None, study_folder: Path, lang: str
) -> None:
    """Tell where a number comes from.

    Rule, switch, analysis records, SDTM records, form revisions with author, time and reason.

    WHAT is the id of a result (as the report shows it) or the name of an analysis data set; with a data set,
    SUBJECT is the subject to explain, and PARAMETER (such as PFS) narrows it to one.

    \b
      grevy explain demo/run "T14.2.1|PFS|median|MONO"
      grevy explain demo/run ADTTE SURU-NEN-03-017 PFS --lang zh
    """
    from grevy.report import explain as explain_run

    if not (run / "results.parquet").is_file():
        raise BadInput(
            f"{run} has no results.parquet; give the folder that `grevy analyse` or `report` wrote."
        )
    try:
        click.echo(explain_run(run, what, subject, parameter, lang=lang, study=_load_study(study_folder)))
    except LookupError as error:
        raise BadInput(str(error.args[0] if error.args else error)) from error


@cli.command()
@click.argument("before", type=FOLDER)
@click.argument("after", type=FOLDER)
@study_option
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language.")
@click.option("--json", "json_file", type=FILE, help="Write it into this file instead of printing it.")
def compare(before: Path, after: Path, study_folder: Path, lang: str, json_file: Path | None) -> None:
    """Tell which numbers differ between two runs, and why.

    A cause is an entry that one snapshot has and the other has not, and that the number rests on; a cut-off
    that moved; a setting of the plan; the study's files; or the program.

    \b
      grevy compare interim/ run/
      grevy compare interim/ run/ --lang zh
    """
    from grevy.report import compare_runs, tell_comparison, write_comparison

    try:
        comparison = compare_runs(before, after, study=_load_study(study_folder))
    except FileNotFoundError as error:
        raise BadInput(str(error)) from error
    if json_file:
        write_comparison(comparison, json_file)
    else:
        click.echo("\n".join(tell_comparison(comparison, lang)))


@cli.command()
@database_option
@click.option("--anchor", type=FOLDER, help="Folder of daily digests (default: anchor/ beside the ledger).")
def verify(db: Path | str, anchor: Path | None) -> None:
    """Prove that a ledger is as it was written.

    Recomputes every hash, follows every chain, compares the daily digests kept outside the database, and
    names each place where something was changed, removed or moved. Exit code 1 if there is one.

    \b
      grevy verify --db demo/ledger.sqlite3 --anchor demo/anchor
    """
    from grevy.capture.database_address import without_password
    from grevy.capture.verify import count_rows, verify_ledger
    from grevy.cli.ledger import anchor_of, check_is_ledger

    check_is_ledger(db)
    digests = anchor or anchor_of(db)
    if not digests.is_dir():
        raise BadInput(
            f"{digests}: no such folder; give the daily digests by --anchor. Without them nobody can "
            "see that the end of a ledger was cut off."
        )
    found = verify_ledger(db, digests)
    if found:
        raise Findings(
            "\n".join([*map(str, found), f"{_count('finding', found)} in {without_password(db)}."])
        )
    rows = count_rows(db)
    click.echo(
        f"{sum(rows.values())} rows in {_count('chain', rows)} and their daily digests: as they were written."
    )


@cli.command("check-data")
@database_option
@study_option
@click.option("--open-queries", is_flag=True, help="Open and close the queries.")
def check_data_command(db: Path | str, study_folder: Path, open_queries: bool) -> None:
    """Run the checks of a study version over all stored records.

    Says how many queries would be opened or closed, by check and site; with --open-queries it writes them.
    What was asked, answered or confirmed before is not asked again, so a second run finds nothing to do.

    Entries of virtual patients were confirmed by nobody: on the ledger of a demo each of their unusual values
    is asked about, which makes thousands of queries. Look without --open-queries first.

    \b
      grevy check-data --db demo/ledger.sqlite3
    """
    from grevy.cli.ledger import check_ledger_data

    study = _load_study(study_folder)
    click.echo("\n".join(check_ledger_data(db, study_folder, study, write=open_queries)))


@cli.command()
@database_option
@study_option
def digest(db: Path | str, study_folder: Path) -> None:
    """Write the digest of today: length and last hash of every chain.

    Into anchor/ beside the ledger, or the folder that GREVY_ANCHOR names for PostgreSQL. Run it each day.

    \b
      grevy digest --db demo/ledger.sqlite3
    """
    from grevy.cli.ledger import write_digest_of_today

    _check_folder(study_folder)
    click.echo(f"Digest: {write_digest_of_today(db, study_folder)}")


@cli.command()
@database_option
@study_option
@click.option("--create", is_flag=True, help="Make the tables of a new ledger.")
def migrate(db: Path | str, study_folder: Path, create: bool) -> None:
    """Bring the tables of a ledger to this version of Grevy.

    Says which steps were taken; without any, the ledger is of this version already. Back it up before.
    With --create a new ledger is made: the file, or the tables in an empty PostgreSQL database.

    \b
      grevy migrate --db demo/ledger.sqlite3
      grevy migrate --db postgresql://grevy@database/grevy --create
    """
    from grevy.cli.ledger import migrate_ledger

    _check_folder(study_folder)
    steps = migrate_ledger(db, study_folder, create=create)
    click.echo("\n".join([*steps, f"{_count('step', steps)} taken; the ledger is of this version."]))


# --- Study files -------------------------------------------------------------------------------------


@cli.command("check-study")
@click.argument("folder", type=FOLDER, default=OWN_STUDY)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def check_study(folder: Path, lang: Literal["en", "zh"]) -> None:
    """Check study files: all mistakes at once, or what the study consists of.

    Each mistake is told with file, line, what was found and what is allowed. Exit code 1 if there is one.
    Without mistakes the study is counted, with texts to translate and items without a target.

    \b
      grevy check-study studies/surufatinib_nen
    """
    from grevy.definition import StudyMistakes, inventory, load_study

    _check_folder(folder)
    try:
        study = load_study(folder)
    except StudyMistakes as mistakes:
        raise Findings(_list_mistakes(mistakes)) from mistakes
    from grevy.sdtm.terminology import check_extensions

    wrong = check_extensions(study.term_extensions)
    if wrong:
        raise Findings("\n".join(f"{folder / 'terminology_extensions.yaml'}: {one}" for one in wrong))
    no_mistakes = {"en": "No mistakes.", "zh": "未发现错误。"}[lang]
    click.echo("\n".join([*inventory(study).sentences(lang), no_mistakes]))


@cli.command("diff-study")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
def diff_study(old: Path, new: Path) -> None:
    """Tell what changed between two studies.

    \b
      grevy diff-study studies/surufatinib_nen amended/
    """
    from grevy.definition import describe_difference

    lines = describe_difference(_load_study(old), _load_study(new))
    click.echo("\n".join(lines) if lines else "No difference.")


@cli.command()
@database_option
@study_option
@click.option("--port", type=int, default=8000, show_default=True, help="Port to listen on.")
def serve(db: Path | str, study_folder: Path, port: int) -> None:
    """Serve the pages of a ledger here.

    \b
      grevy serve --db demo/ledger.sqlite3
    """
    from grevy.cli.ledger import check_is_ledger, serve_ledger

    check_is_ledger(db)
    serve_ledger(db, study_folder, port)


@cli.command()
@database_option
@study_option
def work(db: Path | str, study_folder: Path) -> None:
    """Do in the background what pages ask for, until interrupted; `serve` starts this by itself.

    \b
      grevy work --db demo/ledger.sqlite3
    """
    from grevy.cli.ledger import check_is_ledger, open_ledger

    check_is_ledger(db)
    open_ledger(db, study_folder)
    from grevy.capture.jobs import Worker

    Worker().run()


# --- Shared by the commands --------------------------------------------------------------------------


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder; give the folder that holds study.yaml.")


def _load_study(folder: Path) -> "Study":
    from grevy.definition import StudyMistakes, load_study

    _check_folder(folder)
    try:
        return load_study(folder)
    except StudyMistakes as mistakes:
        raise BadInput(_list_mistakes(mistakes)) from mistakes


def _list_mistakes(mistakes: Any) -> str:
    return "\n".join([*map(str, mistakes.mistakes), _count("mistake", mistakes.mistakes) + "."])


def _set_switches(study: "Study", switches: tuple[str, ...]) -> "AnalysisPlan":
    wrong = [text for text in switches if "=" not in text]
    if wrong:
        raise BadInput(f"--set {wrong[0]}: give SWITCH=VALUE, for example --set recist.sd_min_days=42.")
    try:
        return study.analysis.with_values(dict(text.split("=", 1) for text in switches))
    except ValueError as error:
        raise BadInput(f"--set: {error}") from error


def _check_only(only: tuple[str, ...]) -> tuple[str, ...]:
    from grevy.results import select_outputs

    try:
        select_outputs(only)
    except ValueError as error:
        raise BadInput(f"--only: {error}") from error
    return only


def _say_step(step: str) -> None:
    """One line for each step, for people and for the worker that shows it on a page."""
    click.echo(f"step {step}")


def _bad_input(noun: str, findings: tuple[object, ...], where: str) -> BadInput:
    return BadInput("\n".join([*map(str, findings), f"{_count(noun, findings)} {where}"]))


def _count(noun: str, things: Any) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _print_run(run: "Run", out: Path) -> None:
    click.echo(f"{run.adam['ADSL'].num_rows} subjects, {run.results.rows.num_rows} results.")
    if run.results.reused:
        click.echo(f"  {_count('output', run.results.reused)} came out as in the earlier run of this folder.")
    for remark in run.remarks:
        click.echo(f"  not done or done otherwise: {remark}")
    for term in run.terms:
        click.echo(f"  controlled terminology: {term}")
    click.echo(f"Report: {out / 'report.html'}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code says how it ended."""
    # a command builds much that lives to its end, and the usual threshold would search it for dead cycles
    # hundreds of times: a fifth of the time of a report
    gc.set_threshold(100_000, 20, 50)
    sys.exit(run_command(cli.main, arguments))
