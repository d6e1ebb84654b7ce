"""The walk from an analysis record back to the form revision: ADaM row, parent rows, SDTM rows, revisions.

Every analysis row names its source (SRCDOM, SRCVAR, SRCSEQ); the tabulation's TRACE names the form
revision of each record. Some rows have many parents and name none of them: a visit response (its target,
non-target and new-lesion parts), a sum of diameters (its lesions), a response about the whole course (its
visit) and a summary of exposure (its intervals). Their links are declared here. Everything is set-based:
nodes are rows numbered once, links are joins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from grevy.adam.pill_count import PARAMETERS as PILL_COUNT
from grevy.report.named_records import ADSL_RECORDS, SECOND_SAMPLE, select_named_records

ADAM_ORDER = (
    "ADSL",
    "ADTTE",
    "ADRS",
    "ADTR",
    "ADAE",
    "ADEX",
    "ADLB",
    "ADVS",
    "ADEG",
    "ADCV",
    "ADECOG",
    "ADQS",
)


class VisitLink(NamedTuple):
    """Rows of one visit that another row of the same visit was derived from."""

    child: str
    child_parameter: str
    parent: str
    parent_parameters: tuple[str, ...]


VISIT_LINKS = (
    VisitLink("ADRS", "OVR", "ADRS", ("TRGRESP", "NTRGRESP", "NEWL")),
    VisitLink("ADRS", "TRGRESP", "ADTR", ("SUMDIAM",)),
    VisitLink("ADTR", "SUMDIAM", "ADTR", ("LDIAM",)),
)
VISIT_PARAMETERS = (
    "OVR",
    "TRGRESP",
    "NTRGRESP",
    "NEWL",
)  # their parts are linked by visit, not through the sum
# Visit responses that are read from the tabulated findings of the visit, by the role of the lesion
LESION_LINKS = (("NTRGRESP", ("NON-TARGET",)), ("NEWL", ("NEW",)))

COURSE_PARAMETERS = ("PD", "RSP", "CRSP", "DC", "CB", "BOR", "CBOR", "LSTA")

# Which domains a variable of ADSL comes from: a number that counts it opens these records and no others
ADSL_DOMAINS: dict[str, tuple[str, ...]] = {
    "AGE": ("DM",), "AGEGR1": ("DM",), "SEX": ("DM",), "RACE": ("DM",), "ETHNIC": ("DM",), "SITEID": ("DM",),
    "COHORT": ("DM", "EX"), "TRT01A": ("DM", "EX"), "TRTSDT": ("EX",), "TRTEDT": ("EX",), "TRTDURD": ("EX",),
    "ENRLDT": ("DS",), "ENRLFL": ("DS",), "SCRNFL": ("DM",), "SCRFREAS": ("IE", "DS"), "RFICDT": ("DS",),
    "FASFL": ("DS", "EX"), "SAFFL": ("EX",), "RSPEVFL": ("TR", "EX"), "PPROTFL": ("DS", "EX", "IE"),
    "MEASFL": ("TU",), "BLSCANFL": ("TU",), "EOTSTT": ("DS",), "DCTREAS": ("DS",), "DCTDT": ("DS",),
    "EOSSTT": ("DS",), "DCSREAS": ("DS",), "DTHDT": ("DD", "DS", "DM"), "DTHFL": ("DD", "DS", "DM"),
    "DTHCAUS": ("DD",), "LSTALVDT": ("SS", "DS"), "NWTRSDT": ("CM",), "NENCLASS": ("MH",), "NENGRP": ("MH",),
    "PRIMSITE": ("MH",), "PANCFL": ("MH",), "DIFFER": ("MH",), "KI67": ("MH",), "KI67GR1": ("MH",),
    "FUNCTNL": ("MH",), "STAGE": ("MH",), "LIVERMFL": ("MH",), "BONEMFL": ("MH",), "NODEMFL": ("MH",),
    "METORGN": ("MH",), "PRIORLIN": ("MH",), "LINE": ("MH",), "ECOGBL": ("RS",), "SSTR": ("MH",),
    "CGAXULN": ("MH",), "HEIGHT": ("VS", "DM"), "WEIGHT": ("VS", "DM"), "BMI": ("VS", "DM"),
}  # fmt: skip
ADSL_PARENTS = ("DM", "DS", "IE", "MH", "EX", "DD", "SS", "RS", "CM", "TU", "VS")
# Domains that nothing in the report is derived from
NOT_FOLLOWED = ("TRACE", "RELREC", "SE", "SV", "PE", "FA", "DA", "SC", "CO", "TA", "TE", "TI", "TS", "TV")

REVISION_COLUMNS = [
    "REVISION", "REVNO", "SITEID", "SUBJID", "EVENTID", "EVENTSEQ", "FORM", "FORMSEQ", "AT", "BY", "ROLE",
    "REASON", "ORIGIN", "STUDYVER", "WITHDRAWN", "VALUES",
]  # fmt: skip
RECORD_KEY = ["SUBJID", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ"]


@dataclass(frozen=True)
class Lineage:
    """All rows as numbered nodes, the links between them, and the revisions behind the tabulated ones.

    nodes      NODE, LAYER (adam, sdtm), DATASET, ROW (position in its table), USUBJID, SEQ
    links      CHILD, PARENT (both NODE), in order
    origins    NODE, REVISION (position in `revisions`), ROWKEY
    revisions  one row per revision in order of record and number, with RECORD (number of its record)
    tables     the rows themselves, by data set
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    origins: pd.DataFrame
    revisions: pd.DataFrame
    tables: dict[str, pd.DataFrame]

    def nodes_of(self, dataset: str) -> pd.DataFrame:
        return self.nodes[self.nodes["DATASET"] == dataset]


def build_lineage(
    adam: Mapping[str, pa.Table], sdtm: Mapping[str, pa.Table], revisions: pa.Table | None, named: pa.Table
) -> Lineage:
    """Number the rows and link each to its parents.

    `named` is the trace of the results: of the large data sets only the records in it are taken.
    """
    adam, sdtm = select_named_records(adam, sdtm, named)
    frames = {name: table.to_pandas(date_as_object=True) for name, table in _ordered(adam, sdtm)}
    nodes = _number_rows(frames, layers=dict.fromkeys(adam, "adam"))
    ordered_revisions = _order_revisions(revisions)
    links = pd.concat(
        [
            _link_named_sources(nodes, frames),
            _link_visits(nodes, frames),
            _link_courses(nodes, frames),
            _link_lesions(nodes, frames),
            _link_exposure(nodes, frames),
            _link_answers(nodes, frames),
            _link_second_samples(nodes, frames),
            _link_subjects(nodes, frames),
        ],
        ignore_index=True,
    ).drop_duplicates()
    links = links[links["CHILD"] != links["PARENT"]].sort_values(["CHILD", "PARENT"], ignore_index=True)
    origins = _find_origins(nodes, sdtm.get("TRACE"), ordered_revisions)
    return Lineage(nodes, links, origins, ordered_revisions, frames)


def find_reachable(lineage: Lineage, start: np.ndarray) -> np.ndarray:
    """All nodes that can be reached from the start nodes, themselves included."""
    reached = np.zeros(len(lineage.nodes), dtype=bool)
    reached[start] = True
    child, parent = lineage.links["CHILD"].to_numpy(), lineage.links["PARENT"].to_numpy()
    while True:
        new = parent[reached[child] & ~reached[parent]]
        if not len(new):
            return np.flatnonzero(reached)
        reached[new] = True


# ---- Nodes -----------------------------------------------------------------------------------------------


def _ordered(adam: Mapping[str, pa.Table], sdtm: Mapping[str, pa.Table]) -> list[tuple[str, pa.Table]]:
    """Data sets in a fixed order; supplements and relations trace through their parents and are left out."""
    named = [name for name in ADAM_ORDER if name in adam]
    others = sorted(name for name in adam if name not in ADAM_ORDER)
    domains = sorted(name for name in sdtm if name not in NOT_FOLLOWED and not name.startswith("SUPP"))
    return [(name, adam[name]) for name in named + others] + [(name, sdtm[name]) for name in domains]


def _number_rows(frames: dict[str, pd.DataFrame], layers: dict[str, str]) -> pd.DataFrame:
    parts = []
    for name, frame in frames.items():
        sequence = "ASEQ" if name in layers else f"{name}SEQ"
        seq = frame[sequence] if sequence in frame else pd.Series(np.nan, index=frame.index)
        parts.append(
            pd.DataFrame(
                {
                    "LAYER": layers.get(name, "sdtm"),
                    "DATASET": name,
                    "ROW": np.arange(len(frame)),
                    "USUBJID": frame["USUBJID"].astype("object"),
                    "SEQ": pd.to_numeric(seq, errors="coerce").astype("float64"),
                }
            )
        )
    columns = ["LAYER", "DATASET", "ROW", "USUBJID", "SEQ"]
    nodes = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    nodes.insert(0, "NODE", np.arange(len(nodes)))
    return nodes


def _rows_with_node(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """The rows of one data set with their node numbers; empty where the run does not have it."""
    if name not in frames:
        return pd.DataFrame(columns=["NODE", "USUBJID"])
    frame = frames[name].reset_index(drop=True)
    return frame.assign(NODE=nodes.loc[nodes["DATASET"] == name, "NODE"].to_numpy())


# ---- Links -----------------------------------------------------------------------------------------------

NO_LINKS = pd.DataFrame({"CHILD": pd.Series(dtype="int64"), "PARENT": pd.Series(dtype="int64")})


def _join(child: pd.DataFrame, parent: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Links between rows that agree in the keys; a row that lacks a key has no parent."""
    if not len(child) or not len(parent) or any(k not in child or k not in parent for k in keys):
        return NO_LINKS
    left = child[["NODE", *keys]].dropna().rename(columns={"NODE": "CHILD"})
    right = parent[["NODE", *keys]].dropna().rename(columns={"NODE": "PARENT"})
    return left.merge(right, on=keys)[["CHILD", "PARENT"]].astype("int64")


def _link_named_sources(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """SRCDOM and SRCSEQ name one parent row; DM and ADSL have one row per subject and need no number."""
    parts = [NO_LINKS]
    parents = nodes[["NODE", "DATASET", "USUBJID", "SEQ"]]
    for name in nodes.loc[nodes["LAYER"] == "adam", "DATASET"].unique():
        rows = _rows_with_node(nodes, frames, name)
        if not {"SRCDOM", "SRCSEQ"} <= set(rows.columns):
            continue
        if name == "ADRS":
            rows = rows[~(rows["PARAMCD"].isin(VISIT_PARAMETERS) & (rows["SRCDOM"] == "ADTR"))]
        rows = rows.rename(columns={"SRCDOM": "DATASET"})
        rows["SEQ"] = pd.to_numeric(rows["SRCSEQ"], errors="coerce").astype("float64")
        one_per_subject = rows["DATASET"].isin(["DM", "ADSL"])
        parts.append(_join(rows[~one_per_subject], parents, ["DATASET", "USUBJID", "SEQ"]))
        parts.append(_join(rows[one_per_subject], parents, ["DATASET", "USUBJID"]))
    return pd.concat(parts, ignore_index=True)


def _of_parameter(rows: pd.DataFrame, parameters: tuple[str, ...]) -> pd.DataFrame:
    return rows[rows["PARAMCD"].isin(parameters)] if "PARAMCD" in rows else rows.iloc[0:0]


def _link_visits(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [NO_LINKS]
    for link in VISIT_LINKS:
        child = _of_parameter(_rows_with_node(nodes, frames, link.child), (link.child_parameter,))
        parent = _of_parameter(_rows_with_node(nodes, frames, link.parent), link.parent_parameters)
        parts.append(_join(child, parent, ["USUBJID", "AVISITN"]))
    return pd.concat(parts, ignore_index=True)


def _link_courses(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A response about the whole course rests on the visit response of its date; an answer without a date (no
    response, no progression) on all visit responses; measurable disease on the lesions at baseline."""
    rows = _rows_with_node(nodes, frames, "ADRS")
    if "PARAMCD" not in rows:
        return NO_LINKS
    visits = _of_parameter(rows, ("OVR",))
    course = rows[rows["PARAMCD"].isin(COURSE_PARAMETERS)]
    lesions = _of_parameter(_rows_with_node(nodes, frames, "ADTR"), ("LDIAM",))
    baseline = lesions[lesions["ABLFL"] == "Y"] if "ABLFL" in lesions else lesions.iloc[0:0]
    return pd.concat(
        [
            _join(course[course["ADT"].notna()], visits, ["USUBJID", "ADT"]),
            _join(course[course["ADT"].isna()], visits, ["USUBJID"]),
            _join(_of_parameter(rows, ("MDIS",)), baseline, ["USUBJID"]),
        ],
        ignore_index=True,
    )


def _link_lesions(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Non-target and new-lesion responses rest on the findings of those lesions at the same visit."""
    findings, identified = _rows_with_node(nodes, frames, "TR"), frames.get("TU")
    if identified is None or not len(findings) or "TRLNKID" not in findings:
        return NO_LINKS
    roles = identified[["USUBJID", "TULNKID", "TUSTRESC"]].drop_duplicates()
    roles = roles.rename(columns={"TULNKID": "TRLNKID", "TUSTRESC": "ROLE"})
    findings = findings.merge(roles, on=["USUBJID", "TRLNKID"]).rename(columns={"VISITNUM": "AVISITN"})
    responses = _rows_with_node(nodes, frames, "ADRS")
    parts = [NO_LINKS]
    for parameter, lesion_roles in LESION_LINKS:
        parts.append(
            _join(
                _of_parameter(responses, (parameter,)),
                findings[findings["ROLE"].isin(lesion_roles)],
                ["USUBJID", "AVISITN"],
            )
        )
    return pd.concat(parts, ignore_index=True)


def _link_exposure(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A summary of exposure rests on all dose intervals of the subject, a pill count on DA too."""
    rows = _rows_with_node(nodes, frames, "ADEX")
    if "PARAMCD" not in rows:
        return NO_LINKS
    is_interval = rows["PARAMCD"] == "DOSE"
    of_intervals = _join(rows[~is_interval], rows[is_interval], ["USUBJID"])
    counted = rows[rows["PARAMCD"].isin(list(PILL_COUNT))]
    of_capsules = _join(counted, _rows_with_node(nodes, frames, "DA"), ["USUBJID"])
    return pd.concat([of_intervals, of_capsules], ignore_index=True)


def _link_answers(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A score rests on all answers to its questionnaire on that day."""
    scores, answers = _rows_with_node(nodes, frames, "ADQS"), _rows_with_node(nodes, frames, "QS")
    if "PARCAT1" not in scores or "QSCAT" not in answers:
        return NO_LINKS
    answers = answers.assign(PARCAT1=answers["QSCAT"], DAY=answers["QSDTC"].str.slice(0, 10))
    scores = scores.assign(DAY=scores["ADT"].map(str))
    return _join(scores, answers, ["USUBJID", "PARCAT1", "DAY"])


def _link_second_samples(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Calcium corrected for albumin rests on the albumin of the day as well."""
    derived, samples = _rows_with_node(nodes, frames, "ADLB"), _rows_with_node(nodes, frames, "LB")
    if "PARAMCD" not in derived or "LBTESTCD" not in samples:
        return NO_LINKS
    derived = derived[derived["PARAMCD"].isin(list(SECOND_SAMPLE))]
    derived = derived.assign(LBTESTCD=derived["PARAMCD"].map(SECOND_SAMPLE), DAY=derived["ADT"].map(str))
    samples = samples.assign(DAY=samples["LBDTC"].astype("string").str.slice(0, 10))
    return _join(derived, samples, ["USUBJID", "LBTESTCD", "DAY"])


def _link_subjects(nodes: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A subject row rests on the records of the domains that its variables come from."""
    subjects = _rows_with_node(nodes, frames, "ADSL")
    parts = [NO_LINKS]
    for domain in ADSL_PARENTS:
        parents = _rows_with_node(nodes, frames, domain)
        variable, values = ADSL_RECORDS.get(domain, ("", ()))
        if variable in parents:
            parents = parents[parents[variable].isin(values)]
        parts.append(_join(subjects, parents, ["USUBJID"]))
    return pd.concat(parts, ignore_index=True)


# ---- Revisions -------------------------------------------------------------------------------------------


def _order_revisions(revisions: pa.Table | None) -> pd.DataFrame:
    """Revisions in order of record and number, with the number of their record."""
    if revisions is None:
        return pd.DataFrame(columns=["RECORD", *REVISION_COLUMNS])
    frame = revisions.to_pandas()
    frame = frame.sort_values([*RECORD_KEY, "REVNO"], ignore_index=True)
    frame["RECORD"] = frame.groupby(RECORD_KEY, sort=False, dropna=False).ngroup()
    return frame


def _find_origins(nodes: pd.DataFrame, trace: pa.Table | None, revisions: pd.DataFrame) -> pd.DataFrame:
    """The revision of each tabulated record, by the trace that the tabulation keeps."""
    columns = ["NODE", "REVISION", "ROWKEY"]
    if trace is None or not trace.num_rows or not len(revisions):
        return pd.DataFrame(columns=columns)
    rows = trace.to_pandas().rename(columns={"DOMAIN": "DATASET"})
    rows["SEQ"] = rows["SEQ"].astype("float64")
    domains = nodes[nodes["LAYER"] == "sdtm"]
    numbered = domains.dropna(subset=["SEQ"]).merge(rows, on=["DATASET", "USUBJID", "SEQ"])
    unnumbered = domains[domains["SEQ"].isna()].drop(columns="SEQ").merge(rows, on=["DATASET", "USUBJID"])
    place = pd.Series(np.arange(len(revisions)), index=revisions["REVISION"])
    found = pd.concat([numbered, unnumbered], ignore_index=True)
    found["REVISION"] = found["REVISION"].map(place)
    found = found.dropna(subset=["REVISION"]).astype({"REVISION": "int64", "NODE": "int64"})
    found["ROWKEY"] = found["ROWKEY"].astype("object").where(found["ROWKEY"].notna(), None)
    return found[columns].drop_duplicates().sort_values(["NODE", "REVISION"], ignore_index=True)


# ---- What a number counts --------------------------------------------------------------------------------

SET_VARIABLES = {
    "SCREENED": "SCRNFL",
    "ENROLLED": "ENRLFL",
    "FAS": "FASFL",
    "SAFETY": "SAFFL",
    "EVALUABLE": "RSPEVFL",
    "PER_PROTOCOL": "PPROTFL",
}
BOX_VARIABLES = {
    "NOT_ENROLLED": "SCRFREAS", "NOT_TREATED": "SAFFL", "TREATED": "SAFFL", "DISCONTINUED": "DCTREAS",
    "ONGOING": "EOTSTT",
}  # fmt: skip


def counted_variable(row: Any) -> str | None:
    """The subject variable that a result over ADSL counts: it decides which records its subjects open."""
    for name in (row.parameter, row.group_1):
        if name in ADSL_DOMAINS:
            return name
    if row.group_1 == "box":
        return BOX_VARIABLES.get(row.group_1_value, SET_VARIABLES.get(row.group_1_value))
    head = str(row.row_id).split("|")[0]
    return head if head in ADSL_DOMAINS else SET_VARIABLES.get(row.analysis_set)
