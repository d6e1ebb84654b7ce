"""Facts that several outputs state: one number, wherever it is read.

A place is a row of a table, all rows of an operation where each stands for a subject (`output:operation`), or
several places whose numbers add up. "Stopped for an adverse event" holds of simulated data, which do not
contradict themselves; in a study the two are told apart by a footnote and the data issues.
"""

from __future__ import annotations

from collections import defaultdict

COLUMNS = ("MONO", "COMBO", "TOTAL")

FACTS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "treated": (
        "F14.1.1|TREATED", "T14.1.2|FAS", "T14.1.2|SAFETY", "F14.1.1|SAFETY", "T14.1.1|N", "T14.2.1|PFS|n",
        "T14.2.3|OS|n", "T14.3.1.1|N", "T14.2.4|CBOR|FAS|N", "T14.3.3|TDURD|n", "F14.2.6:treatment",
        "F14.3.5|1|ON", "T14.2.7|ALL|ALL|N", "T14.1.3|TOTAL|TREATED",
    ),
    "enrolled": ("F14.1.1|ENROLLED", "T14.1.2|ENROLLED", "T14.1.3|TOTAL|ENROLLED"),
    "eligibility not confirmed": ("F14.1.1|NOT_ENROLLED|NOT_CONFIRMED", "T14.1.2|ENROLLED|NOT_CONFIRMED"),
    "not treated": ("F14.1.1|NOT_TREATED", "T14.1.2|FAS|NOT_TREATED"),
    "evaluable": ("F14.1.1|EVALUABLE", "T14.1.2|EVALUABLE", "T14.2.4|CBOR|EVALUABLE|N"),
    "on treatment": (
        "F14.1.1|ONGOING", "T14.1.1|EOTSTT|ONGOING", "T14.1.3|TOTAL|ONGOING", "F14.2.6:ongoing",
    ),
    "stopped for an adverse event": (
        "F14.1.1|DISCONTINUED|ADVERSE EVENT", "T14.1.1|EOTSTT|DISCONTINUED|ADVERSE EVENT",
        "T14.3.1.1|DISCONTINUATION",
    ),
    "died": (
        "T14.1.10|FOLLOWUP|deaths", "T14.2.3|OS|events", "T14.2.3|OS|events|Death", "F14.2.6:death",
        "T14.2.7|ALL|ALL|OS_EVENTS", "T14.1.1|EOSSTT|DISCONTINUED|DEATH",
    ),
    "events of PFS": (
        "T14.2.1|PFS|events", "T14.2.2|PFS|events", "T14.2.7|ALL|ALL|PFS_EVENTS",
        "F14.2.8|ALL|ALL|PFS_EVENTS",
    ),
    "derived progression": ("T14.2.3|PDTHER", "F14.2.6:progression"),
    "new therapy": (
        "T14.2.3|NWTRSDT", "F14.2.6:new_therapy",
        tuple(
            f"TX1|NEXT|{kind}"
            for kind in ("CHEMOTHERAPY", "TARGETED THERAPY", "IMMUNOTHERAPY", "SOMATOSTATIN ANALOGUE", "PRRT",
                         "LOCAL THERAPY", "RADIOTHERAPY", "OTHER", "MISSING")
        ),
    ),
    "confirmed responders": (
        "T14.2.4|CBOR|FAS|ORR|count", "T14.2.5|CRSD|n", "T14.2.5|CTTR|n", "F14.2.6:response",
        "T14.2.7|ALL|ALL|RESPONDERS", "F14.2.9|ALL|ALL|RESPONDERS",
        ("T14.2.4|CBOR|FAS|CR", "T14.2.4|CBOR|FAS|PR"),
    ),
    "responders": ("T14.2.4|BOR|FAS|ORR|count", "T14.2.5|RSD|n", "T14.2.5|TTR|n"),
    "no assessment after baseline": ("T14.2.4|CBOR|FAS|MISSING", "TX5|OUTCOME|CBOR"),
    "complete sums": ("T14.2.6|PCHG|n", "F14.2.4:best_change"),
    "any event": ("T14.3.1.1|ANY", "T14.3.1.2|ANY", "T14.3.1.3|ANY"),
    "grade 3 or more": ("T14.3.1.1|GRADE3", "T14.3.1.4|ANY"),
    "related": ("T14.3.1.1|RELATED", "T14.3.1.5|ANY"),
    "serious": ("T14.3.1.1|SERIOUS", "T14.3.1.6|ANY"),
    "fatal": ("T14.3.1.1|DEATH", "T14.3.1.8|ANY", "T14.3.1.1|GRADE5"),
    "hypertension": (
        "T14.3.1.2|SOC|Vascular disorders|PT|Hypertension", "F14.3.1|PT|Hypertension",
        "F14.3.2|PT|Hypertension|ANY", "T14.3.1.9|HYPERTENSION|ANY",
    ),
    "hypertension of grade 3 or more": (
        "T14.3.1.4|SOC|Vascular disorders|PT|Hypertension", "F14.3.2|PT|Hypertension|SEVERE",
        "T14.3.1.9|HYPERTENSION|GRADE3",
    ),
    "median PFS": (
        "T14.2.1|PFS|median", "T14.2.2|PFS|median", "T14.2.7|ALL|ALL|PFS_MEDIAN",
        "F14.2.8|ALL|ALL|PFS_MEDIAN",
    ),
    "median OS": ("T14.2.3|OS|median", "T14.2.7|ALL|ALL|OS_MEDIAN"),
    "Ki-67 missing": ("TX5|ADSL|KI67", "T14.1.6|KI67|missing"),
    "reductions": ("T14.3.3|NREDUC|ANY", "T14.3.3|FRSTRED|n"),
    "interrupted": ("T14.3.3|NINTERR|ANY", "T14.2.14|DOSEINT|subjects"),
    "all covariates known": (
        "TX5|COVARIATES|ALL", "TX6.2|PFS|N", "TX8.2|N|PFS", "TX3|N|PFS", "TX7.1|PFS|ALL|COMPLETE",
    ),
    "first line": ("TX1|PRIOR|NONE", "TX1|LINE|1", "T14.2.7|LINE|1|N"),
}  # fmt: skip


def read_facts(rows):
    """{fact: {column: {place: number}}}; a place that has no such column is left out."""
    cells, one_each = {}, defaultdict(int)
    for row in rows:
        cells[row["result_id"]] = row["value"]
        for column in (row["column_id"], "TOTAL"):
            one_each[f"{row['output_id']}:{row['operation']}|{column}"] += 1

    def read(place, column):
        if isinstance(place, tuple):
            return sum(read(part, column) or 0 for part in place)
        if ":" in place:
            return one_each.get(f"{place}|{column}")
        return cells.get(f"{place}|{column}", cells.get(place) if column == "TOTAL" else None)

    return {
        fact: {
            column: {
                str(place): number
                for place in places
                if (number := read(place, column)) is not None
            }
            for column in COLUMNS
        }
        for fact, places in FACTS.items()
    }  # fmt: skip
