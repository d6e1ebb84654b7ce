"""Lines made of several records: the parameters of a visit, or of a subject, beside each other."""

from collections.abc import Sequence

import pandas as pd


def spread_parameters(frame: pd.DataFrame, by: Sequence[str], value: str = "AVAL") -> pd.DataFrame:
    """One line per subject and `by`, one column per parameter; RECORDS holds the ASEQ behind the line."""
    keys = ["USUBJID", *by]
    grouped = frame.groupby(keys, dropna=False, sort=True)
    records = grouped["ASEQ"].agg(list)
    wide = frame.drop_duplicates([*keys, "PARAMCD"]).pivot(index=keys, columns="PARAMCD", values=value)
    return wide.join(records.rename("RECORDS")).reset_index()


def lay_responses_beside(frame: pd.DataFrame) -> pd.DataFrame:
    """One line per assessment: the derived response, its parts, its rule, and the investigator's call."""
    wide = spread_parameters(frame, ["ASMT"], "AVALC")
    derived = frame[frame["PARAMCD"].isin(["OVR", "OVRINV"])].sort_values(
        ["USUBJID", "PARAMCD"], kind="stable"
    )
    facts = derived.drop_duplicates(["USUBJID", "ASMT"])[["USUBJID", "ASMT", "AVISIT", "ADT"]]
    rules = frame[frame["PARAMCD"] == "OVR"].drop_duplicates(["USUBJID", "ASMT"])
    rules = rules[["USUBJID", "ASMT", "RULE", "AVALCV", "ANL01FL"]]
    joined = wide.merge(facts, on=["USUBJID", "ASMT"], how="left").merge(
        rules, on=["USUBJID", "ASMT"], how="left"
    )
    joined = joined.reindex(columns=list(dict.fromkeys([*joined.columns, "OVR", "OVRINV"])))
    differs = joined["OVR"].notna() & joined["OVRINV"].notna() & (joined["AVALCV"] != joined["OVRINV"])
    return joined.assign(DIFFERS=differs.map({True: "Y", False: ""}))
