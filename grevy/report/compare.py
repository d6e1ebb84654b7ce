"""Two runs side by side: the cells that changed, and why.

A cell changes because of entries (form revisions that one snapshot has and the other has not, of records that
the cell rests on), because the cut-off moved, because a setting of the plan or the definition changed, or
because the program did. What can be told from the runs is told; nothing is estimated again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from grevy.report.entries import Labels, changes_between, flatten_values, read_labels
from grevy.report.lineage import ADSL_DOMAINS, build_lineage, counted_variable
from grevy.report.touched import find_touched, record_of
from grevy.report.words import Words
from grevy.results.outputs import OUTPUTS

ENTRIES, CUTOFF, SETTING, DEFINITION, PROGRAM, DENOMINATOR, ELSEWHERE = (
    "entries", "cutoff", "setting", "definition", "program", "denominator", "elsewhere",
)  # fmt: skip
"""Causes. Denominator: only what a percentage is of changed. Elsewhere: entries that the cell's own records
do not rest on, such as those of other subjects in a model."""
MOST_ENTRIES = 12
"""So many entries are listed at a cell; between distant cuts each number rests on hundreds."""
REVISIONS = ["REVISION", "BY", "ROLE", "AT", "REASON", "WITHDRAWN", "VALUES", "FORM"]


@dataclass(frozen=True)
class Moved:
    """One value of a form that an entry changed, with its labels."""

    item: Words
    before: Words | None
    after: Words | None


@dataclass(frozen=True)
class ChangedEntry:
    """A form revision that only one of the snapshots has; `record` is its address in the application."""

    revision: str
    record: str
    by: str
    role: str
    at: str
    reason: str | None
    is_first: bool
    is_withdrawn: bool
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class ChangedCell:
    """One number that reads otherwise; None where one run does not have it."""

    result_id: str
    output_id: str
    row: Words
    column: Words
    before: Words | None
    after: Words | None
    causes: tuple[str, ...]
    settings: tuple[str, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    entries: tuple[str, ...]
    entry_count: int


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs. `points` counts the changed points of figures by output."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    settings: Mapping[str, tuple[str | None, str | None]]
    titles: Mapping[str, Words]
    compared: int
    not_compared: tuple[str, ...]
    cells: tuple[ChangedCell, ...]
    points: Mapping[str, int]
    entries: Mapping[str, ChangedEntry]
    new_revisions: int


@dataclass(frozen=True)
class _Run:
    """The files of one run that a comparison reads."""

    folder: Path
    manifest: Mapping[str, Any]
    results: pd.DataFrame
    trace: pd.DataFrame
    revisions: pa.Table | None

    @property
    def facts(self) -> dict[str, Any]:
        study = self.manifest.get("study", {})
        return {
            "program": self.manifest.get("program"),
            "study_version": study.get("version"),
            "definition": study.get("hash"),
            "cutoff": self.manifest.get("cutoff"),
            "snapshot_id": self.manifest.get("snapshot_id"),
        }


def compare_runs(before: Path, after: Path, *, study: Any | None = None) -> Comparison:
    """Compare the folders of two runs. FileNotFoundError names one that is none."""
    old, new = _read_run(before), _read_run(after)
    changed = _find_changed(old.results, new.results)
    is_point = changed["output_id"].str.startswith("F")
    cells = changed[~is_point]
    changes = _Changes(old, new, cells)
    listed = [_describe(row, changes) for row in cells.to_dict("records")]
    wanted = {entry for cell in listed for entry in cell.entries}
    return Comparison(
        before=old.facts,
        after=new.facts,
        settings=changes.settings,
        titles={o.id: Words(o.title.en, o.title.zh) for o in OUTPUTS},
        compared=len(set(old.results["output_id"]) & set(new.results["output_id"])),
        not_compared=tuple(sorted(set(old.results["output_id"]) ^ set(new.results["output_id"]))),
        cells=tuple(listed),
        points=changed.loc[is_point, "output_id"].value_counts(sort=False).to_dict(),
        entries=_describe_entries(wanted, old.revisions, new.revisions, read_labels(study)),
        new_revisions=sum(map(len, changes.revisions.values())),
    )


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write it as JSON, for a page to show."""
    path.write_text(json.dumps(asdict(comparison), ensure_ascii=False) + "\n", encoding="utf-8")


# ---- Reading -------------------------------------------------------------------------------------------


def _read_run(folder: Path) -> _Run:
    for name in ("results.parquet", "trace.parquet", "manifest.json"):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder} has no {name}; give a folder that `grevy report` wrote.")
    revisions = folder / "snapshot" / "_revisions.parquet"
    return _Run(
        folder,
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
        pq.read_table(folder / "results.parquet").to_pandas(),
        pq.read_table(folder / "trace.parquet").to_pandas(),
        pq.read_table(revisions) if revisions.is_file() else None,
    )


def _read_tables(folder: Path) -> dict[str, pa.Table]:
    return {path.stem.upper(): pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}


def _changed_settings(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[str | None, str | None]]:
    old, new = before.get("switches", {}), after.get("switches", {})
    return {key: (old.get(key), new.get(key)) for key in sorted({*old, *new}) if old.get(key) != new.get(key)}


def _changed_revisions(before: pa.Table | None, after: pa.Table | None) -> dict[str, list[str]]:
    """The revisions that only one of the snapshots has, by their record."""
    found: dict[str, list[str]] = {}
    if before is not None and after is not None:
        old, new = (set(table["REVISION"].to_pylist()) for table in (before, after))
        for revision in sorted(old ^ new):
            found.setdefault(record_of(revision), []).append(revision)
    return found


# ---- Cells ---------------------------------------------------------------------------------------------

TEXTS = ["value_text", "value_text_zh", "denominator", "trace_key"]
PLACE = ["output_id", "group_label_en", "group_label_zh", "row_label_en", "row_label_zh", "column_label_en",
         "column_label_zh", "switches", "dataset", "parameter", "group_1", "group_1_value", "row_id",
         "analysis_set", "row_order", "column_order"]  # fmt: skip


def _find_changed(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The results of outputs of both runs that read otherwise, in the order of the report."""
    both = set(old["output_id"]) & set(new["output_id"])
    rank = {name: place for place, name in enumerate(dict.fromkeys([*new["output_id"], *old["output_id"]]))}
    left, right = (run[run["output_id"].isin(both)].set_index("result_id") for run in (old, new))
    merged = left[TEXTS].add_suffix("_before").join(right[TEXTS].add_suffix("_after"), how="outer")
    texts = merged[["value_text_before", "value_text_after"]].astype("object")
    texts = texts.where(texts.notna(), None)
    merged = merged[texts["value_text_before"] != texts["value_text_after"]]
    places = pd.concat([right[PLACE], left.loc[~left.index.isin(right.index), PLACE]])
    merged = merged.join(places)
    merged = merged.assign(rank=merged["output_id"].map(rank)).reset_index()
    return merged.sort_values(["rank", "row_order", "column_order", "result_id"], ignore_index=True)


class _Changes:
    """What changed between the runs, and what of it a cell rests on."""

    def __init__(self, old: _Run, new: _Run, cells: pd.DataFrame) -> None:
        self.revisions = _changed_revisions(old.revisions, new.revisions)
        self.settings = _changed_settings(old.manifest, new.manifest)
        self._rested = _rest_on(cells, old, new, set(self.revisions)) if self.revisions else {}
        self._old, self._new = (_subjects_behind(run) for run in (old, new))
        facts = ((CUTOFF, "cutoff"), (DEFINITION, "definition"), (PROGRAM, "program"))
        self._of_all = [cause for cause, fact in facts if old.facts[fact] != new.facts[fact]]

    def subjects(self, row: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """The subjects behind a number before and after."""
        nobody: frozenset[str] = frozenset()
        return self._old.get(row["trace_key_before"], nobody), self._new.get(row["trace_key_after"], nobody)

    def explain(self, row: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The causes of a changed number, and the records whose entries are among them.

        First what its own records rest on; then the entries of those who came or went, for something about
        them did so; then of all behind it, as a model reads more of them than it counts.
        """
        before, after = self.subjects(row)
        named = [key for key in _settings_named(row) if key in self.settings]
        found = [*([SETTING] if named else []), *self._of_all]
        records = sorted(self._rested.get(row["result_id"], ())) or self._of(before ^ after)
        if not records and not found:
            if _number(row["denominator_before"]) != _number(row["denominator_after"]):
                return [DENOMINATOR], []
            records = self._of(before | after)
        if records:
            return [ENTRIES, *found], records
        return found or [ELSEWHERE if self.revisions or self.settings else PROGRAM], []

    def _of(self, subjects: Set[str]) -> list[str]:
        return sorted(record for record in self.revisions if record.split("/")[0] in subjects)


def _subjects_behind(run: _Run) -> dict[str, frozenset[str]]:
    """Subject numbers by the key of a trace."""
    study = f"{run.manifest.get('study', {}).get('id')}-"
    numbers = run.trace["USUBJID"].map(lambda name: name.removeprefix(study))
    return numbers.groupby(run.trace["trace_key"]).agg(frozenset).to_dict()


def _settings_named(row: Mapping[str, Any]) -> list[str]:
    return [key.strip() for key in str(row["switches"] or "").split(",")]


def _describe(row: Mapping[str, Any], changes: _Changes) -> ChangedCell:
    causes, records = changes.explain(row)
    before, after = changes.subjects(row)
    entries = [revision for record in records for revision in changes.revisions[record]]
    labels = (_join(row[f"group_label_{side}"], row[f"row_label_{side}"], side) for side in ("en", "zh"))
    return ChangedCell(
        result_id=row["result_id"],
        output_id=row["output_id"],
        row=Words(*labels),
        column=Words(row["column_label_en"], row["column_label_zh"]),
        before=_text(row, "before"),
        after=_text(row, "after"),
        causes=tuple(causes),
        settings=tuple(key for key in _settings_named(row) if key in changes.settings),
        joined=tuple(sorted(after - before)),
        left=tuple(sorted(before - after)),
        entries=tuple(entries[:MOST_ENTRIES]),
        entry_count=len(entries),
    )


def _text(row: Mapping[str, Any], side: str) -> Words | None:
    text = row[f"value_text_{side}"]
    if not isinstance(text, str):
        return None
    chinese = row[f"value_text_zh_{side}"]
    return Words(text, chinese if isinstance(chinese, str) else text)


def _join(group: Any, row: Any, side: str) -> str:
    parts = [str(part) for part in (group, row) if isinstance(part, str) and part]
    return ("，" if side == "zh" else ", ").join(dict.fromkeys(parts))


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


# ---- What a cell rests on ------------------------------------------------------------------------------


def _rest_on(cells: pd.DataFrame, old: _Run, new: _Run, records: Set[str]) -> dict[str, set[str]]:
    """For each changed cell the changed records that it rests on, in either run."""
    found: dict[str, set[str]] = {}
    for run, side in ((old, "before"), (new, "after")):
        keys = cells[["result_id", f"trace_key_{side}"]].rename(columns={f"trace_key_{side}": "trace_key"})
        behind = keys.dropna().merge(run.trace, on="trace_key")
        if not len(behind):
            continue
        lineage = build_lineage(
            _read_tables(run.folder / "adam"),
            _read_tables(run.folder / "sdtm"),
            run.revisions,
            pa.Table.from_pandas(behind[["trace_key", "dataset", "USUBJID", "ASEQ"]], preserve_index=False),
        )
        touched = find_touched(lineage, records)
        nodes = lineage.nodes[lineage.nodes["NODE"].isin(touched["NODE"])]
        behind = behind.rename(columns={"dataset": "DATASET", "ASEQ": "SEQ"}).astype({"SEQ": "float64"})
        pairs = behind.merge(nodes, on=["DATASET", "USUBJID", "SEQ"]).merge(touched, on="NODE")
        for cell, record in _of_counted(pairs, cells):
            found.setdefault(cell, set()).add(record)
    return found


def _of_counted(pairs: pd.DataFrame, cells: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Cells with their records; of subject rows only what the counted variable comes from."""
    counted = {row.result_id: counted_variable(row) for row in cells.itertuples() if row.dataset == "ADSL"}
    columns = ["result_id", "RECORD", "DATASET", "DOMAIN"]
    for cell, record, dataset, domain in pairs[columns].drop_duplicates().itertuples(index=False):
        allowed = ADSL_DOMAINS.get(counted.get(cell) or "") if dataset == "ADSL" else None
        if allowed is None or domain in allowed:
            yield cell, record


# ---- Entries -------------------------------------------------------------------------------------------


def _describe_entries(
    wanted: Set[str], before: pa.Table | None, after: pa.Table | None, labels: Labels
) -> dict[str, ChangedEntry]:
    """What each of these revisions changed against the one before it in its record."""
    if not wanted or before is None or after is None:
        return {}
    frame = pd.concat([table.select(REVISIONS).to_pandas() for table in (before, after)])
    known = frame.drop_duplicates("REVISION").set_index("REVISION")
    return {name: _describe_entry(name, known, labels) for name in sorted(wanted)}


def _describe_entry(name: str, known: pd.DataFrame, labels: Labels) -> ChangedEntry:
    row = known.loc[name]
    record, _, number = name.rpartition("#")
    previous = f"{record}#{int(number) - 1}"
    entry = ChangedEntry(
        revision=name,
        record=record,
        by=row["BY"],
        role="" if pd.isna(row["ROLE"]) else row["ROLE"],
        at=row["AT"].isoformat(),
        reason=None if pd.isna(row["REASON"]) else row["REASON"] or None,
        is_first=previous not in known.index,
        is_withdrawn=bool(row["WITHDRAWN"]),
        moved=(),
    )
    if entry.is_first:
        return entry
    old, new = (flatten_values(json.loads(known.loc[one, "VALUES"] or "{}")) for one in (previous, name))
    form = str(row["FORM"])
    moved = [
        Moved(
            labels.item(form, change.place),
            labels.value(form, change.place, change.before) if change.before is not None else None,
            labels.value(form, change.place, change.after) if change.after is not None else None,
        )
        for change in changes_between(old, new)
    ]
    return replace(entry, moved=tuple(moved))
