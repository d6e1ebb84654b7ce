"""Which rows of a run rest on which of some form records: the links of the lineage walked upwards.

The report walks from a number down to its entries; a comparison asks the other way round which numbers a
changed entry can have moved.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pandas as pd

from grevy.report.lineage import ADSL_DOMAINS, Lineage

PAIR = ["NODE", "RECORD", "DOMAIN"]


def record_of(revision: str) -> str:
    """The address of the record of a revision: `01-003/IMAGING/2/tumor_assessment/1`."""
    return revision.rpartition("#")[0]


def find_touched(lineage: Lineage, records: Set[str]) -> pd.DataFrame:
    """NODE, RECORD, DOMAIN: each row with the records among these that it rests on, and by which domain.

    What comes through a subject's row in ADSL is only what the variable of that row comes from.
    """
    names = lineage.revisions["REVISION"].map(record_of).to_numpy(dtype="object")
    origins = lineage.origins
    pairs = pd.DataFrame(
        {
            "NODE": origins["NODE"].to_numpy("int64"),
            "RECORD": names[origins["REVISION"].to_numpy("int64")] if len(origins) else [],
        }
    )
    pairs = pairs[pairs["RECORD"].isin(records)].drop_duplicates()
    pairs["DOMAIN"] = lineage.nodes["DATASET"].to_numpy()[pairs["NODE"].to_numpy("int64")]
    links = _links_with_variable(lineage)
    found, new = pairs[PAIR], pairs[PAIR]
    while len(new):
        above = new.merge(links, left_on="NODE", right_on="PARENT")
        above = above[_is_followed(above)]
        above = above[["CHILD", "RECORD", "DOMAIN"]].rename(columns={"CHILD": "NODE"}).drop_duplicates()
        merged = above.merge(found, on=PAIR, how="left", indicator=True)
        new = merged.loc[merged["_merge"] == "left_only", PAIR]
        found = pd.concat([found, new], ignore_index=True)
    return found


def _links_with_variable(lineage: Lineage) -> pd.DataFrame:
    """The links, and for a child of ADSL the variable that it was made from."""
    parts = []
    for name, rows in lineage.tables.items():
        if "SRCVAR" in rows and "SRCDOM" in rows:
            nodes = lineage.nodes_of(name)["NODE"].to_numpy()
            parts.append(pd.Series(rows["SRCVAR"].where(rows["SRCDOM"] == "ADSL").to_numpy(), index=nodes))
    variable = pd.concat(parts) if parts else pd.Series(dtype="object")
    links = lineage.links.assign(VARIABLE=lineage.links["CHILD"].map(variable))
    is_subject = lineage.nodes["DATASET"].to_numpy()[links["PARENT"].to_numpy("int64")] == "ADSL"
    links["VARIABLE"] = links["VARIABLE"].where(is_subject, None)
    return links


def _is_followed(pairs: pd.DataFrame) -> np.ndarray:
    followed = [
        variable not in ADSL_DOMAINS or domain in ADSL_DOMAINS[variable]
        for variable, domain in zip(pairs["VARIABLE"], pairs["DOMAIN"], strict=True)
    ]
    return np.array(followed, dtype=bool)
