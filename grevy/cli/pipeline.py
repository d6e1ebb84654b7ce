"""From tabulation data to the report: the order of the steps and nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from grevy.adam import build_adam
from grevy.cli.earlier import read_earlier, write_made_from
from grevy.cli.failures import BadInput, Findings
from grevy.cli.ledger import take_snapshot
from grevy.cli.run_folder import write_csv, write_manifest, write_table
from grevy.exchange import (
    UNDATED,
    adopt_arms,
    describe_gaps,
    describe_terms,
    identify_tabulation,
    list_left_out,
    write_analysis,
    write_tabulation,
)
from grevy.report import (
    CannotCarryOver,
    Writers,
    describe_document,
    hash_script,
    mask_results,
    name_shells,
    view_listings,
    write_documents,
    write_report,
    write_results_json,
)
from grevy.results import (
    Results,
    build_results,
    collect_analysis,
    estimate_outputs,
    find_blocks,
    name_subjects,
)
from grevy.results.labels import Label
from grevy.results.rows import SCHEMA
from grevy.sdtm import build_sdtm, build_trial_design, derive_start_of_study
from grevy.sdtm.domains import DOMAINS, build_empty, get_domain
from grevy.sdtm.terminology import check_extensions, check_terminology, load_package

if TYPE_CHECKING:
    from grevy.definition import Study
    from grevy.definition.analysis_plan import AnalysisPlan
    from grevy.snapshot import Snapshot


@dataclass(frozen=True)
class Source:
    """What an analysis begins with: conformed tabulation tables, and where they came from."""

    sdtm: Mapping[str, pa.Table]
    snapshot_id: str
    trace: pa.Table | None = None
    revisions: pa.Table | None = None
    notes: tuple[str, ...] = ()
    mapped_from: "Study | None" = None  # whose forms the tabulation was made from
    as_of: datetime = UNDATED


@dataclass(frozen=True)
class Wanted:
    """Which parts of the report are wanted, and who hears of each step before it is taken."""

    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "zh")
    only: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()  # of the analysis data sets, beside Parquet
    told: Callable[[str], None] = lambda step: None
    is_final: bool = False  # refused while dates of life and death contradict each other
    earlier: Path | None = None  # the folder of an earlier run: text of authors, results that stay the same


@dataclass(frozen=True)
class Run:
    """What an analysis made, beside the files: for the summary that the command prints."""

    adam: Mapping[str, pa.Table]
    results: Results
    manifest: Mapping[str, Any]
    remarks: tuple[str, ...]
    terms: tuple[str, ...] = ()


def analyse_tables(
    source: Source,
    study: "Study",
    plan: "AnalysisPlan",
    *,
    cutoff: date | None,
    folder: Path,
    wanted: Wanted = Wanted(),
) -> Run:
    """Analyse tabulation data and write analysis data sets, results, report and manifest into a folder."""
    others = Writers(wanted.documents, folder, languages=wanted.languages, earlier=wanted.earlier)
    others.prepare(len(source.sdtm["DM"]))
    study, plan, adopted = adopt_arms(study, plan, source.sdtm)
    gaps = describe_gaps(source.sdtm)
    remarks = (*(remark.en for remark in adopted), *map(str, gaps), *source.notes)
    terms = check_terms(source, study)
    told = (
        *_tell_selection(wanted.only), *adopted, *(gap.reason for gap in gaps),
        *(Label(note, note) for note in source.notes), *terms,
    )  # fmt: skip
    sdtm = {name: _as_expression(source, name) for name in DOMAINS}
    planned = study.model_copy(update={"analysis": plan})  # as its settings are in this run
    wanted.told("adam")
    adam = collect_tables(build_adam(sdtm, plan, cutoff=cutoff))
    if wanted.is_final:
        check_final(adam, study, plan)
    for format in ("parquet", *wanted.formats):
        place = folder / ("adam" if format == "parquet" else f"adam-{format}")
        write_analysis(adam, place, format, planned, created=source.as_of)

    wanted.told("results")
    left_out = list_left_out(gaps)
    data = collect_analysis(_as_expressions(adam), study, plan, left_out, wanted.only)
    listings = view_listings(data.listed, name_subjects(data))
    describe = partial(
        describe_document, adam=adam, revisions=source.revisions, study=study, plan=plan, remarks=told,
        only=wanted.only, listings=listings, snapshot_id=source.snapshot_id,
    )  # fmt: skip
    try:
        with others:
            if wanted.documents:
                others.begin_listings(describe(SCHEMA.empty_table()))
            results = estimate_outputs(
                data, source.snapshot_id, left_out, wanted.only, read_earlier(wanted.earlier)
            )
            write_results(results, folder)
            wanted.told("html")
            document = describe(results.rows, prediction=results.prediction)
            others.begin_report(document)
            write_report(
                document, sources=results.trace, adam=adam, sdtm=source.sdtm, trace=source.trace,
                revisions=source.revisions, study=study, path=folder / "report.html",
            )  # fmt: skip
            write_results_json(document, folder / "results.json")
            others.finish(wanted.told)
    except CannotCarryOver as error:
        raise BadInput(str(error)) from error
    said = tuple(term.en for term in terms)
    facts = describe_run(source, study, plan, cutoff, remarks, said)
    manifest = write_manifest(
        folder,
        {**facts, "outputs": list(wanted.only), "final": wanted.is_final, "page_script": hash_script()},
    )
    return Run(adam, results, manifest, remarks, said)


def write_results(results: Results, folder: Path) -> None:
    """Write the estimates, the records behind them and the lines of the listings as data."""
    write_table(results.rows, folder / "results.parquet")
    write_csv(results.rows, folder / "results.csv")
    write_table(results.trace, folder / "trace.parquet")
    for name, listed in results.listings.items():
        write_table(listed.to_table(), folder / "listings" / f"{name}.parquet")
    write_made_from(folder, results.made_from)


def check_final(adam: Mapping[str, pa.Table], study: "Study", plan: "AnalysisPlan") -> None:
    """Refuse a final report of what a draft lists as contradicting dates of life and death (W38)."""
    blocks = find_blocks(_as_expressions(adam), study, plan)
    if not blocks:
        return
    found = [f"{block.label.en} ({len(block.subjects)}): {', '.join(block.subjects)}" for block in blocks]
    raise Findings(
        "\n".join(
            (
                "This report cannot be final: dates of life and death are in doubt. Nothing was written.",
                *found,
                "Settle each by a query and correct the form, then build again; or leave out --final: a "
                "draft lists the dates under L-issues, with the rule that is applied.",
            )
        )
    )


def _tell_selection(only: tuple[str, ...]) -> tuple[Label, ...]:
    if not only:
        return ()
    names = ", ".join(only)
    return (
        Label(
            f"A selection of the outputs was asked for ({names}); the others are not printed.",
            f"本报告仅含选定的输出（{names}），其余未列出。",
        ),
    )


def check_terms(source: Source, study: "Study") -> tuple[Label, ...]:
    """Hold the tabulation against controlled terminology; what is found is told and stops nothing."""
    mistakes = check_extensions(study.term_extensions)
    if mistakes:
        raise BadInput("\n".join(f"terminology_extensions.yaml: {mistake}" for mistake in mistakes))
    return describe_terms(check_terminology(_as_expressions(source.sdtm), study.term_extensions))


def tabulate_snapshot(snapshot: "Snapshot", study: "Study") -> Source:
    """Map the forms of a snapshot to SDTM, keeping for each record the form revision it came from."""
    source = tabulate_tables(snapshot.tables, study)
    facts = snapshot.manifest
    as_of = datetime.fromisoformat(facts["as_of"])
    return replace(source, snapshot_id=facts["snapshot_id"], revisions=snapshot.revisions, as_of=as_of)


def tabulate_tables(forms: Mapping[str, pa.Table], study: "Study") -> Source:
    """Map form tables to SDTM; data of no snapshot are known by their own hash."""
    tables = build_sdtm(_as_expressions(forms), study) | build_trial_design(study)
    if "TS" in tables:
        tables["TS"] = derive_start_of_study(tables["TS"], tables["DM"])
    trace = collect_table(tables.pop("TRACE"), by=("DOMAIN", "USUBJID", "SEQ"))
    sdtm = {name: collect_table(table, by=get_domain(name).keys) for name, table in tables.items()}
    return Source(sdtm, identify_tabulation(sdtm), trace, mapped_from=study)


def report_ledger(
    study: "Study",
    plan: "AnalysisPlan",
    *,
    as_of: datetime | None,
    cutoff: date | None,
    folder: Path,
    wanted: Wanted = Wanted(),
) -> Run:
    """Make the report of the open ledger: snapshot, tabulation, analysis."""
    wanted.told("snapshot")
    snapshot = take_snapshot(study, folder / "snapshot", as_of)
    wanted.told("sdtm")
    source = tabulate_snapshot(snapshot, study)
    write_formats(source, folder, ("parquet", *wanted.formats))
    return analyse_tables(source, study, plan, cutoff=cutoff, folder=folder, wanted=wanted)


SHELL_SUBJECTS, SHELL_SEED = 40, 1


def write_shells(
    study: "Study", plan: "AnalysisPlan", *, folder: Path, documents: Iterable[str], languages: Iterable[str]
) -> list[Path]:
    """Write the shells of all outputs, from virtual patients and without any study data."""
    _, source = simulate_tabulation(study, seed=SHELL_SEED, subjects=SHELL_SUBJECTS)
    adam = collect_tables(build_adam({name: _as_expression(source, name) for name in DOMAINS}, plan))
    results = build_results(_as_expressions(adam), study, plan, source.snapshot_id)
    document = describe_document(
        mask_results(results.rows), adam=adam, revisions=None, study=study, plan=plan, is_simulated=True
    )
    return write_documents(name_shells(document), documents, folder, languages=languages)


def simulate_tabulation(study: "Study", *, seed: int, subjects: int) -> tuple[dict[str, pa.Table], Source]:
    """Simulate a cohort as form tables and tabulate it, without a ledger."""
    from grevy.simulate import simulate_tables

    tables = simulate_tables(study, seed=seed, subjects=subjects)
    return tables, tabulate_tables(tables, study)


def write_formats(source: Source, folder: Path, formats: Iterable[str]) -> None:
    """Write the tabulation: Parquet with the trace of its records to `sdtm/`, the rest to `sdtm-FORMAT/`."""
    for format in formats:
        place = folder / ("sdtm" if format == "parquet" else f"sdtm-{format}")
        write_tabulation(
            source.sdtm, place, format,
            created=source.as_of, snapshot_id=source.snapshot_id, study=source.mapped_from,
        )  # fmt: skip
        if format == "parquet" and source.trace is not None:
            write_table(source.trace, place / "trace.parquet")


def describe_run(
    source: Source,
    study: "Study",
    plan: "AnalysisPlan",
    cutoff: date | None,
    remarks: tuple[str, ...],
    terms: tuple[str, ...],
) -> dict[str, Any]:
    """The facts of a run that decide its bytes: data, cut-off, definition, program, switches."""
    return {
        "program": f"grevy {version('grevy')}",
        "study": {"id": study.id, "version": study.version, "hash": study.hash},
        "snapshot_id": source.snapshot_id,
        "tabulation_id": identify_tabulation(source.sdtm),
        "domains": sorted(source.sdtm),
        "cutoff": cutoff.isoformat() if cutoff else None,
        "switches": {key: str(switch.value) for key, switch in sorted(plan.switches.items())},
        "remarks": list(remarks),
        "terminology": {"package": load_package()["date"], "findings": list(terms)},
    }


# --- Between expressions and tables ------------------------------------------------------------------


def collect_tables(tables: Mapping[str, ir.Table]) -> dict[str, pa.Table]:
    """Run the expressions of analysis data sets; rows in the order of their key, to be repeatable."""
    return {
        name: collect_table(table, by=[key for key in ("STUDYID", "USUBJID", "ASEQ") if key in table.columns])
        for name, table in tables.items()
    }


def collect_table(table: ir.Table, *, by: list[str] | tuple[str, ...]) -> pa.Table:
    """Run one expression, its rows sorted by their key."""
    return table.order_by([key for key in by if key in table.columns]).to_pyarrow()


def _as_expression(source: Source, domain: str) -> ir.Table:
    return ibis.memtable(source.sdtm[domain]) if domain in source.sdtm else build_empty(domain)


def _as_expressions(tables: Mapping[str, pa.Table]) -> dict[str, ir.Table]:
    return {name: ibis.memtable(table) for name, table in tables.items()}
