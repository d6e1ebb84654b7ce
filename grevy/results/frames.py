"""The analysis data sets as sorted pandas frames, with the sets and columns every estimate is made for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from grevy.results.conventions import Conventions
from grevy.results.labels import NEN_GROUPS, SETS, TOTAL, Label

Mask = NDArray[np.bool_]

KEYS = ("STUDYID", "USUBJID", "ASEQ")
BY_VISIT = {
    "text": "PARAMCD PARAM AVISIT ATPT ABLFL ANL01FL ONTRTFL",
    "number": "AVAL CHG AVISITN ADY",
    "date": "ADT",
}
VARIABLES = {
    "ADSL": {
        "text": "SUBJID SITEID SCRFFL AGEGR1 SEX ETHNIC COHORT DTHDTF DTHFL DTHCAUS EOTSTT DCTREAS EOSSTT"
        " DCSREAS SCRNFL ENRLFL FASFL SAFFL RSPEVFL PPROTFL MEASFL BLSCANFL SCRFREAS NENCLASS NENGRP PRIMSITE"
        " PANCFL DIFFER KI67GR1 FUNCTNL STAGE LIVERMFL BONEMFL NODEMFL LINE SSTR REGREAS",
        "number": "AGE HEIGHT WEIGHT BMI KI67 CGAXULN METORGN PRIORLIN ECOGBL TRTDURD",
        "date": "RFICDT ENRLDT TRTSDT TRTEDT DTHDT SEENALV LSTCTDT LSTALVDT NWTRSDT DCTDT CUTDT",
    },
    "ADTR": {
        "text": "PARAMCD TRLNKID LESSTATE AVISIT ABLFL",
        "number": "AVAL AVALAV BASE CHG PCHG NADIR AVISITN ADY",
        "date": "ADT",
    },
    "ADRS": {"text": "PARAMCD AVALC AVALCV AVISIT ANL01FL RULE", "number": "AVAL AVISITN", "date": "ADT"},
    "ADTTE": {"text": "PARAMCD EVNTDESC CNSDTDSC", "number": "AVAL CNSR", "date": "STARTDT ADT"},
    "ADAE": {
        "text": "AEDECOD AEBODSYS AETERM AESTDTC AEENDTC AESER AEACN AEOUT AESDTH AESHOSP AESLIFE AEREL AREL"
        " TRTEMFL ASTDTF AENDTF",
        "number": "ATOXGR AESEQ",
        "date": "ASTDT AENDT",
    },
    "ADEX": {"text": "PARAMCD", "number": "AVAL", "date": "ASTDT AENDT"},
    "ADLB": {
        "text": "PARAMCD PARAM PARCAT1 AVISIT ABLFL ANL01FL ONTRTFL ATOXDSCL ATOXDSCH WGRLFL WGRHFL",
        "number": "AVAL BASE CHG PCHG A1LO A1HI AVISITN ADY ATOXGRL ATOXGRH BTOXGRL BTOXGRH",
        "date": "ADT",
    },
    "ADVS": {
        "text": "PARAMCD PARAM AVISIT ATPT ABLFL ANL01FL ONTRTFL WGRHFL",
        "number": "AVAL CHG PCHG AVISITN ADY ATOXGRH BTOXGRH",
        "date": "ADT",
    },
    "ADEG": BY_VISIT,
    "ADCV": BY_VISIT,
    "ADECOG": BY_VISIT,
    "ADQS": {
        "text": "PARAMCD PARAM PARCAT1 AVALC AVISIT ABLFL ANL01FL CRIT1FL CRIT2FL",
        "number": "AVAL BASE CHG AVISITN ADY",
        "date": "ADT",
    },
    "ADCM": {
        "text": "CMDECOD CMTRT CMCLAS CMCAT CMSCAT CMINDC CMSTDTC ONTRTFL PREFL",
        "number": "",
        "date": "ASTDT",
    },
    "ADMH": {"text": "MHDECOD MHTERM MHBODSYS MHCAT", "number": "", "date": "ASTDT"},
    "ADPR": {"text": "PRDECOD PRTRT PRCAT ONTRTFL", "number": "", "date": "ASTDT"},
    "ADDV": {"text": "DVTERM DVCAT DVSCAT", "number": "", "date": "ASTDT"},
}
"""What the estimates read of each data set, by kind; an absent variable counts as missing throughout."""

DTYPES: dict[str, Any] = {"text": object, "number": "float64", "date": "datetime64[s]"}

SET_FLAGS = {
    "ENROLLED": "ENRLFL",
    "FAS": "FASFL",
    "SAFETY": "SAFFL",
    "EVALUABLE": "RSPEVFL",
    "PER_PROTOCOL": "PPROTFL",
}


@dataclass(frozen=True)
class Column:
    """A column of a table: the subjects whose `variable` has `value`; all subjects where there is none."""

    id: str
    label: Label
    variable: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Records:
    """Records of one data set, by their position in the sorted frame: what a result was made from."""

    dataset: str
    index: NDArray[np.intp]


@dataclass(frozen=True)
class AnalysisData:
    """One analysis: frames by data set, the study and the conventions of its plan."""

    frames: Mapping[str, pd.DataFrame]
    study: Any
    conventions: Conventions
    plan: Any
    listed: Mapping[str, Any] = field(default_factory=dict)
    stands_for_full: str = "FAS"
    _masks: dict[tuple[str, str], Mask] = field(default_factory=dict, repr=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def with_set(self, analysis_set: str) -> "AnalysisData":
        """The same analysis in which another set stands wherever the full analysis set is asked for."""
        return replace(self, stands_for_full=analysis_set, _masks={}, _kept={})

    def __getitem__(self, dataset: str) -> pd.DataFrame:
        return self.frames[dataset]

    @property
    def subjects(self) -> pd.DataFrame:
        """ADSL, one row per subject."""
        return self.frames["ADSL"]

    @cached_property
    def regimens(self) -> tuple[Column, ...]:
        """The study's regimens at first dose, or the arms of data from another study, and their total."""
        columns = [
            Column(regimen.code, Label(regimen.label.en, regimen.label.zh), "COHORT", regimen.code)
            for regimen in self.plan.arms or self.study.regimens
        ]
        return (*columns, Column("TOTAL", TOTAL))

    @cached_property
    def efficacy(self) -> tuple[Column, ...]:
        """Regimens, total and the disease classes, which are never shown pooled only.

        Where nobody's class is known there is none to show.
        """
        if (self.subjects["NENGRP"] == "").all():
            return self.regimens
        groups = [
            Column(group, label, "NENGRP", group) for group, label in NEN_GROUPS.items() if group != "MISSING"
        ]
        if (self.in_set("FAS") & (self.subjects["NENGRP"] == "")).any():
            groups.append(Column("MISSING", NEN_GROUPS["MISSING"], "NENGRP", ""))
        return (*self.regimens, *groups)

    def keep(self, name: str, make: Callable[[], Any], *, reads: tuple[str, ...]) -> Any:
        """Make once what several outputs rest on; each of them has read the data sets that it was made "
        "from."""
        for dataset in reads:
            self.frames[dataset]
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def spread(self, values: Any, frame: pd.DataFrame) -> pd.Series:
        """Give every record of a frame the value of its subject."""
        return pd.Series(np.asarray(values)[frame["SUBJECT"].to_numpy()], index=frame.index)

    def in_set(self, analysis_set: str) -> Mask:
        """Flag the subjects of an analysis set."""
        if analysis_set not in SETS:
            raise ValueError(f"Analysis set '{analysis_set}' is unknown; allowed: {', '.join(SETS)}.")
        flag = SET_FLAGS.get(self.stands_for_full if analysis_set == "FAS" else analysis_set)
        if flag is None:
            return np.ones(len(self.subjects), dtype=bool)
        return (self.subjects[flag] == "Y").to_numpy()

    def in_column(self, analysis_set: str, column: Column) -> Mask:
        """Flag the subjects of an analysis set that stand in a column."""
        key = (analysis_set, column.id)
        if key not in self._masks:
            mask = self.in_set(analysis_set)
            if column.variable is not None:
                mask = mask & (self.subjects[column.variable] == column.value).to_numpy()
            self._masks[key] = mask
        return self._masks[key]

    def rows_of(self, dataset: str, subjects: Mask) -> Mask:
        """Flag the records of a data set that belong to the flagged subjects."""
        position = self.frames[dataset]["SUBJECT"].to_numpy()
        return np.where(position >= 0, np.append(subjects, False)[position], False)

    def select(self, dataset: str, mask: Mask) -> Records:
        """Return the flagged records as the source of a result."""
        return Records(dataset, np.flatnonzero(mask))

    def count_subjects(self, records: Records) -> int:
        """Number of distinct subjects behind the records."""
        if records.dataset == "ADSL":
            return len(records.index)
        return len(np.unique(self.frames[records.dataset]["SUBJECT"].to_numpy()[records.index]))


def collect_frames(adam: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Fetch the analysis data sets, sorted by subject and sequence, with the variables that are read.

    Sorting once makes every result independent of the order in which an engine returns rows. A data set
    that is absent becomes an empty frame. Missing text is the empty string, as in the transport format.
    """
    frames = {name: _collect(adam.get(name), variables) for name, variables in VARIABLES.items()}
    position = pd.Series(np.arange(len(frames["ADSL"])), index=frames["ADSL"]["USUBJID"], dtype="int64")
    for name, frame in frames.items():
        found = frame["USUBJID"].map(position)
        if found.isna().any():
            unknown = ", ".join(sorted(set(frame["USUBJID"][found.isna()]))[:5])
            raise ValueError(f"{name}: records of subjects that ADSL does not have: {unknown}.")
        frame["SUBJECT"] = found.astype("int64")
    return frames


def _collect(table: Any, variables: Mapping[str, str]) -> pd.DataFrame:
    kinds = {name: kind for kind, names in variables.items() for name in names.split()}
    kinds |= {"STUDYID": "text", "USUBJID": "text"}
    if table is None:
        table = pa.table({})
    elif not isinstance(table, pa.Table):
        table = table.select(*[name for name in (*kinds, "ASEQ") if name in table.columns]).to_pyarrow()
    columns = {name: _convert(table, name, kind) for name, kind in kinds.items()}
    rows = table.num_rows
    sequence = table["ASEQ"].to_pandas() if "ASEQ" in table.column_names else pd.Series(np.ones(rows))
    frame = pd.DataFrame({**columns, "ASEQ": sequence.astype("int64")})
    return frame.sort_values(list(KEYS), kind="stable", ignore_index=True)


def _convert(table: pa.Table, name: str, kind: str) -> pd.Series:
    if name not in table.column_names:
        nothing = {"text": "", "number": np.nan, "date": np.datetime64("NaT", "s")}[kind]
        return pd.Series(np.full(table.num_rows, nothing)).astype(DTYPES[kind])
    column = table[name].combine_chunks()
    if kind == "text":
        return column.cast(pa.string()).fill_null("").to_pandas().astype(object)
    if kind == "date":
        return column.cast(pa.timestamp("s")).to_pandas().astype(DTYPES["date"])
    return column.cast(pa.float64()).to_pandas()
