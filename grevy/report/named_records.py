"""What is taken of the large data sets: the records that a result names, and the ones they were made from.

A study has hundreds of thousands of results and answers; a report follows those behind its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

# Large data sets, of which only the records that a result names are taken, and the domain they come from
LARGE_DATA_SETS = {
    "ADLB": "LB",
    "ADVS": "VS",
    "ADEG": "EG",
    "ADCV": "CV",
    "ADECOG": "RS",
    "ADQS": "QS",
    "ADCM": "CM",
    "ADMH": "MH",
    "ADPR": "PR",
    "ADDV": "DV",
}
LARGE_DOMAINS = ("LB", "VS", "EG", "CV", "QS")
# Laboratory parameters that rest on a second sample of the same day, which SRCSEQ does not name
SECOND_SAMPLE = {"CACRALB": "ALB"}

# Of these domains a subject row rests on some records only: the variable and its values
ADSL_RECORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "RS": ("RSTESTCD", ("ECOG101",)),
    "TU": ("TULOBXFL", ("Y",)),
    "MH": ("MHCAT", ("NEN DIAGNOSIS",)),
    "CM": ("CMCAT", ("SUBSEQUENT ANTI-CANCER THERAPY", "COMBINATION PARTNER")),
    "VS": ("VSTESTCD", ("HEIGHT", "WEIGHT")),
}


def select_named_records(
    adam: Mapping[str, pa.Table], sdtm: Mapping[str, pa.Table], named: pa.Table
) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """The records of large data sets that a result names, and the tabulation records they may come from."""
    taken, sources = dict(adam), dict(sdtm)
    keys = named.to_pandas()
    for name, domain in LARGE_DATA_SETS.items():
        if name not in adam:
            continue
        of_name = keys.loc[keys["dataset"] == name, ["USUBJID", "ASEQ"]].drop_duplicates()
        taken[name] = _semi_join(adam[name], of_name, ["USUBJID", "ASEQ"])
        if domain in LARGE_DOMAINS and domain in sdtm and name != "ADQS":
            rows = taken[name].select(["USUBJID", "SRCSEQ"]).to_pandas().drop_duplicates()
            named_rows = rows.rename(columns={"SRCSEQ": f"{domain}SEQ"}).dropna()
            if domain == "VS" and "VSTESTCD" in sdtm["VS"].column_names:
                named_rows = pd.concat([named_rows, _sizes(sdtm["VS"])]).drop_duplicates()
            if domain == "LB" and "LBTESTCD" in sdtm["LB"].column_names:
                second = _second_samples(taken[name].to_pandas(), sdtm["LB"].to_pandas())
                named_rows = pd.concat([named_rows, second[["USUBJID", "LBSEQ"]]]).drop_duplicates()
            sources[domain] = _semi_join(sdtm[domain], named_rows, ["USUBJID", f"{domain}SEQ"])
    return taken, sources


def _sizes(vital_signs: pa.Table) -> pd.DataFrame:
    """Height and weight: the subject rows rest on them."""
    frame = vital_signs.select(["USUBJID", "VSSEQ", "VSTESTCD"]).to_pandas()
    return frame.loc[frame["VSTESTCD"].isin(ADSL_RECORDS["VS"][1]), ["USUBJID", "VSSEQ"]]


def _second_samples(derived: pd.DataFrame, samples: pd.DataFrame) -> pd.DataFrame:
    """The samples beside those that SRCSEQ names, each with the ASEQ of the record derived from it."""
    derived = derived[derived["PARAMCD"].isin(list(SECOND_SAMPLE))]
    derived = derived.assign(LBTESTCD=derived["PARAMCD"].map(SECOND_SAMPLE), DAY=derived["ADT"].map(str))
    samples = samples.assign(DAY=samples["LBDTC"].astype("string").str.slice(0, 10))
    keys = ["USUBJID", "LBTESTCD", "DAY"]
    return derived[[*keys, "ASEQ"]].merge(samples[[*keys, "LBSEQ"]], on=keys)


def _semi_join(table: pa.Table, keys: pd.DataFrame, on: list[str]) -> pa.Table:
    """The rows whose key is among the keys, in their order."""
    frame = table.select(on).to_pandas()
    frame[on[1]] = pd.to_numeric(frame[on[1]], errors="coerce").astype("float64")
    wanted = keys.astype({on[1]: "float64"})
    found = frame.merge(wanted, on=on, how="left", indicator=True)["_merge"] == "both"
    return table.filter(pa.array(found.to_numpy()))
