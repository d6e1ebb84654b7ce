"""The walk from a number or an analysis record back to the entries, as text for the command line.

The same links as in the report: one sentence with rule, settings and deciding record, then the chain from the
analysis record over its parents and the tabulation record to the form revisions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from grevy.report.embed import plain_value
from grevy.report.entries import Change, Labels, changes_of, read_labels
from grevy.report.lineage import ADSL_DOMAINS, Lineage, build_lineage, counted_variable
from grevy.report.words import FACTS, PANEL, PARAMETERS, RULE_SWITCHES, SENTENCES, VALUES, Words

REVISIONS_FILE = "_revisions.parquet"
TEXTS = {
    "result": Words("{id}: {value}", "{id}：{value}"),
    "place": Words("{output}, {row}, {column}", "{output}，{row}，{column}"),
    "method": Words(
        "Analysis set {set}; data set {dataset}; method {method}.",
        "分析集 {set}；数据集 {dataset}；方法 {method}。",
    ),
    "next": Words(
        "Add a subject to see its records down to the entries: explain RUN {id} SUBJECT",
        "加上受试者编号可查看其记录直至录入：explain RUN {id} SUBJECT",
    ),
    "used": Words("used", "采用"),
}


def explain(
    run_folder: Path | str,
    what: str,
    subject: str | None = None,
    parameter: str | None = None,
    *,
    lang: str = "en",
    study: Any | None = None,
) -> str:
    """Tell where a result (`what` is its identifier) or a subject's record (`what` is its data set) is from.

    `parameter` narrows a data set to one endpoint or measurement. With a study, forms, items and codes are
    named by their labels. LookupError says what is allowed where nothing is found.
    """
    run = read_run(Path(run_folder), dataset=what)
    story = _Story(run, read_labels(study), lang)
    if what in run.adam:
        return "\n".join(story.tell_records(what, subject, parameter))
    return "\n".join(story.tell_result(what, subject))


@dataclass(frozen=True)
class ExplainedRun:
    """What a walk needs of the folder of a run."""

    adam: dict[str, pa.Table]
    results: pd.DataFrame
    trace: pd.DataFrame
    lineage: Lineage
    switches: dict[str, str]


def read_run(folder: Path, *, dataset: str) -> ExplainedRun:
    """Read the files of a run; the snapshot is absent where tabulation data came from another system.

    `dataset` is the one that is asked for whole; of other large ones only what results name is followed.
    """
    adam = _read_tables(folder / "adam")
    revisions = folder / "snapshot" / REVISIONS_FILE
    trace = pq.read_table(folder / "trace.parquet")
    lineage = build_lineage(
        adam,
        _read_tables(folder / "sdtm"),
        pq.read_table(revisions) if revisions.is_file() else None,
        _name_all_records(dataset, adam[dataset], trace) if dataset in adam else trace,
    )
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return ExplainedRun(
        adam,
        pq.read_table(folder / "results.parquet").to_pandas(),
        trace.to_pandas(),
        lineage,
        manifest.get("switches", {}),
    )


def _name_all_records(dataset: str, table: pa.Table, trace: pa.Table) -> pa.Table:
    """The trace of the results with every record of one data set beside it."""
    records = pa.table(
        {
            "trace_key": pa.nulls(table.num_rows, pa.string()),
            "dataset": pa.repeat(dataset, table.num_rows),
            "USUBJID": table["USUBJID"],
            "ASEQ": table["ASEQ"].cast(pa.int64()),
        }
    )
    return pa.concat_tables([trace, records.cast(trace.schema)])


def _read_tables(folder: Path) -> dict[str, pa.Table]:
    return {path.stem.upper(): pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}


class _Story:
    """The sentences about one run in one language."""

    def __init__(self, run: ExplainedRun, labels: Labels, language: str) -> None:
        self._run, self._labels, self._language = run, labels, language
        self._colon, self._comma = ("：", "，") if language == "zh" else (": ", ", ")
        self._lineage = run.lineage
        self._nodes = run.lineage.nodes
        links = run.lineage.links
        self._parents = links.groupby("CHILD")["PARENT"].apply(list).to_dict()
        self._origins = {
            node: list(zip(part["REVISION"], part["ROWKEY"], strict=True))
            for node, part in run.lineage.origins.groupby("NODE")
        }

    # ---- What is asked -----------------------------------------------------------------------------------

    def tell_records(self, dataset: str, subject: str | None, parameter: str | None) -> Iterator[str]:
        """The records of a subject in a data set, each with its chain."""
        if subject is None:
            raise LookupError(f"{dataset} needs a subject, for example: explain RUN {dataset} 01-001")
        nodes = self._nodes[(self._nodes["DATASET"] == dataset) & self._is_subject(subject)]
        if parameter:
            found = [n for n in nodes["NODE"] if self._cell(n, "PARAMCD") == parameter]
            if not found:
                allowed = list(dict.fromkeys(self._cell(n, "PARAMCD") for n in nodes["NODE"]))
                raise LookupError(
                    f"{dataset}: no parameter {parameter} for {subject}; "
                    f"it has {', '.join(map(str, allowed))}."
                )
        else:
            found = nodes["NODE"].tolist()
        if not found:
            raise LookupError(
                f"{dataset}: no record of subject {subject}; give its number as the report shows it."
            )
        for node in found:
            yield self._sentence(node)
            yield from self._chain(node, None, 1, set())

    def tell_result(self, result_id: str, subject: str | None) -> Iterator[str]:
        """A result with its definition and the subjects behind it; the chain of one of them."""
        found = self._run.results[self._run.results["result_id"] == result_id]
        if not len(found):
            datasets = ", ".join(self._run.adam)
            raise LookupError(f"{result_id}: no such result, and no data set of this run ({datasets}).")
        row = next(found.itertuples())
        yield from self._describe(row)
        nodes = self._nodes_behind(row)
        if subject:
            nodes = [n for n in nodes if self._is_subject(subject).iloc[n]]
            if not nodes:
                raise LookupError(f"{result_id}: subject {subject} is not behind this number.")
        domains = ADSL_DOMAINS.get(counted_variable(row) or "") if row.dataset == "ADSL" else None
        for node in nodes:
            yield "- " + self._sentence(node)
            if subject or len(nodes) == 1:
                yield from self._chain(node, domains, 1, set())
        if len(nodes) > 1 and not subject:
            yield self._say(TEXTS["next"], id=result_id)

    def _describe(self, row: Any) -> Iterator[str]:
        side = "zh" if self._language == "zh" else "en"
        yield self._say(TEXTS["result"], id=row.result_id, value=row.value_text)
        labels = {"row": getattr(row, f"row_label_{side}"), "column": getattr(row, f"column_label_{side}")}
        yield self._say(TEXTS["place"], output=row.output_id, **labels)
        yield self._say(
            TEXTS["method"], set=row.analysis_set, dataset=_text(row.dataset) or "–",
            method=_text(row.method) or row.operation,
        )  # fmt: skip
        if _text(row.switches):
            yield self._say(SENTENCES["switch"], switches=self._with_values(row.switches))
        nodes = self._nodes_behind(row)
        subjects = self._nodes["USUBJID"].iloc[nodes].nunique()
        yield self._say(PANEL["exactly"], n=subjects, m=len(nodes)) if nodes else self._say(PANEL["nobody"])

    def _nodes_behind(self, row: Any) -> list[int]:
        wanted = self._run.trace[self._run.trace["trace_key"] == row.trace_key]
        wanted = wanted.rename(columns={"dataset": "DATASET", "ASEQ": "SEQ"}).astype({"SEQ": "float64"})
        return sorted(wanted.merge(self._nodes, on=["DATASET", "USUBJID", "SEQ"])["NODE"].tolist())

    def _deciding_switches(self, node: int) -> str | None:
        """The settings that decide where the record names this rule, event or reason."""
        named = (self._cell(node, name) for name in ("RULE", "EVNTDESC", "CNSDTDSC"))
        return next((",".join(RULE_SWITCHES[text]) for text in named if text in RULE_SWITCHES), None)

    # ---- Sentences ---------------------------------------------------------------------------------------

    def _sentence(self, node: int) -> str:
        dataset = self._nodes["DATASET"].iloc[node]
        facts = {
            "subject": self._subject(node),
            "parameter": self._parameter(node),
            "date": self._cell(node, "ADT") or "–",
        }
        if dataset == "ADTTE":
            is_event = self._cell(node, "CNSR") == 0
            what = self._value(self._cell(node, "EVNTDESC" if is_event else "CNSDTDSC")) or "–"
            words = SENTENCES["event" if is_event else "censored"]
            text = self._say(words, days=self._cell(node, "AVAL"), what=what, **facts)
        elif self._cell(node, "PARAMCD") is not None:
            value = self._cell(node, "AVALC")
            facts["value"] = self._value(self._cell(node, "AVAL") if value is None else value)
            facts["date"] = self._say(SENTENCES["on"], date=facts["date"]) if self._cell(node, "ADT") else ""
            text = self._say(SENTENCES["value"], **facts)
        else:
            text = self._say(SENTENCES["derived"], subject=facts["subject"], facts=self._facts(node))
        parts = [text]
        if self._cell(node, "RULE"):
            parts.append(self._say(SENTENCES["rule"], rule=self._value(self._cell(node, "RULE"))))
        parents = self._parents.get(node, [])
        if dataset != "ADSL" and len(parents) == 1:
            parts.append(self._say(SENTENCES["source"], source=self._title(parents[0])))
        switches = self._deciding_switches(node)
        if switches:
            parts.append(self._say(SENTENCES["switch"], switches=self._with_values(switches)))
        return " ".join(parts)

    def _chain(self, node: int, domains: Sequence[str] | None, depth: int, seen: set[int]) -> Iterator[str]:
        """The record and what it was made from, indented by depth."""
        pad = "  " * depth
        rule = self._cell(node, "RULE")
        suffix = f" [{self._value(rule)}]" if rule and depth > 1 else ""
        yield f"{pad}{self._title(node)}{self._colon}{self._facts(node)}{suffix}"
        if node in seen:
            return
        seen.add(node)
        if self._nodes["LAYER"].iloc[node] == "sdtm":
            yield from self._forms(node, depth + 1)
            return
        if self._cell(node, "SRCDOM") == "ADSL":
            domains = ADSL_DOMAINS.get(self._cell(node, "SRCVAR"))
        parents = self._parents.get(node, [])
        if self._nodes["DATASET"].iloc[node] == "ADSL" and domains:
            parents = [p for p in parents if self._nodes["DATASET"].iloc[p] in domains]
        if not parents:
            yield f"{pad}  {self._say(PANEL['no_parent'])}"
        for parent in parents:
            yield from self._chain(parent, domains, depth + 1, seen)

    def _forms(self, node: int, depth: int) -> Iterator[str]:
        pad = "  " * depth
        origins = self._origins.get(node)
        if not origins:
            words = PANEL["no_revision" if len(self._lineage.revisions) else "outside"]
            yield f"{pad}{self._say(words)}"
            return
        for used, row_key in origins:
            revision = self._lineage.revisions.iloc[used]
            event = self._name(self._labels.event(revision["EVENTID"]))
            number = f" {revision['EVENTSEQ']}" if revision["EVENTSEQ"] > 1 else ""
            yield f"{pad}{self._name(self._labels.form(revision['FORM']))}{self._comma}{event}{number}"
            yield from self._history(used, row_key, depth + 1)

    def _history(self, used: int, row_key: str | None, depth: int) -> Iterator[str]:
        """The revisions of a record up to the one used, newest first, with what each changed."""
        revisions = self._lineage.revisions
        record = revisions[revisions["RECORD"] == revisions["RECORD"].iloc[used]]
        changes = dict(zip(record.index, changes_of(record, self._labels), strict=True))
        for place in reversed([i for i in record.index if i <= used]):
            row = revisions.iloc[place]
            why = _text(row["REASON"]) or self._say(
                PANEL["first_entry" if row["REVNO"] == 1 else "no_reason"]
            )
            head = self._say(PANEL["revision"], n=row["REVNO"])
            if place == used:
                head += f" ({self._say(TEXTS['used'])})"
            at = pd.Timestamp(row["AT"]).strftime("%Y-%m-%d %H:%M:%S UTC")
            yield f"{'  ' * depth}{head}, {row['BY']} ({row['ROLE']}), {at}, {why}"
            near = [c for c in changes[place] if c.place.row == (row_key or "")]
            for change in near:
                yield f"{'  ' * (depth + 1)}{self._change(str(row['FORM']), change)}"
            if not near:
                yield f"{'  ' * (depth + 1)}{self._say(PANEL['unchanged'])}"

    def _change(self, form: str, change: Change) -> str:
        values = [
            None if v is None else self._name(self._labels.value(form, change.place, v))
            for v in (change.before, change.after)
        ]
        before = "" if values[0] is None else f"{values[0]} → "
        after = self._say(PANEL["empty"]) if values[1] is None else values[1]
        return f"{self._name(self._labels.item(form, change.place))}{self._colon}{before}{after}"

    # ---- Words and cells ---------------------------------------------------------------------------------

    def _say(self, words: Words, **values: object) -> str:
        return words.filled(**values).in_language(self._language)

    def _name(self, words: Words) -> str:
        return words.in_language(self._language)

    def _value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, float):
            value = round(value, 2)
        return self._name(VALUES[value]) if value in VALUES else str(value)

    def _parameter(self, node: int) -> str | None:
        code = self._cell(node, "PARAMCD")
        return self._name(PARAMETERS[code]) if code in PARAMETERS else code

    def _with_values(self, keys: str) -> str:
        named = [key.strip() for key in keys.split(",")]
        return "; ".join(f"{k} = {self._run.switches[k]}" if k in self._run.switches else k for k in named)

    def _cell(self, node: int, name: str) -> Any:
        row = self._nodes.iloc[node]
        frame = self._lineage.tables[row["DATASET"]]
        return plain_value(frame[name].iloc[row["ROW"]]) if name in frame else None

    def _facts(self, node: int) -> str:
        dataset = self._nodes["DATASET"].iloc[node]
        cells = [
            self._parameter(node) if name == "PARAMCD" else self._value(self._cell(node, name))
            for name in FACTS.get(dataset, ())
        ]
        return self._comma.join(cell for cell in cells if cell)

    def _title(self, node: int) -> str:
        row = self._nodes.iloc[node]
        return row["DATASET"] if np.isnan(row["SEQ"]) else f"{row['DATASET']} {row['SEQ']:g}"

    def _subject(self, node: int) -> str:
        identifier = self._nodes["USUBJID"].iloc[node]
        return identifier.removeprefix(f"{self._cell(node, 'STUDYID')}-")

    def _is_subject(self, subject: str) -> pd.Series:
        identifiers = self._nodes["USUBJID"]
        return (identifiers == subject) | identifiers.str.endswith(f"-{subject}")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
