"""Data of a study that Grevy does not know: what stands in the columns then, and which drugs are studied.

The rule of the actual arms. The data are of another study when nobody's arm (DM) is a regimen of the study
files and no drug of EX is one of its study drugs. Then the columns are the actual arms of DM, in the order of
their names, without screen failures and those not assigned; every drug of EX is study treatment; and where
the study files say what a regimen or a planned dose is, nothing is computed.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from grevy.definition import AnalysisPlan, Study
from grevy.definition.analysis_plan import Arm, SpecialInterest
from grevy.definition.words import Text
from grevy.results.labels import Label

NO_ARM = ("", "SCRNFAIL", "NOTASSGN")
REGIMEN_WORDS = ("MONOTHERAPY", "COMBINATION")


def adopt_arms(
    study: Study, plan: AnalysisPlan, tables: Mapping[str, pa.Table]
) -> tuple[Study, AnalysisPlan, tuple[Label, ...]]:
    """Give study and plan as they apply to the data, with a remark where those of the study files do not."""
    arms, drugs = _list_arms(tables["DM"]), _list_drugs(tables)
    of_this_study = any(_is_regimen(arm, study) for arm in arms) or set(drugs) & {
        name.upper() for name in plan.study_drugs
    }
    if of_this_study or not arms:
        return study, plan, ()
    name = ", ".join(sorted(set(tables["DM"]["STUDYID"].to_pylist())))
    title = Text(en=f"Study {name}, tabulated elsewhere", zh=f"研究{name}（由其他系统提供的列表数据）")
    listed = ", ".join(arm.label.en for arm in arms)
    remark = Label(
        f"The data are of another study than {study.id}: columns are the actual arms of DM ({listed}), every "
        "drug of EX is study treatment, and no planned dose is known",
        f"数据来自{study.id}以外的研究：各列为DM中的实际组别（{listed}），EX中的所有药物均为研究药物，计划剂量不详",
    )
    adopted = study.model_copy(update={"id": name, "version": "–", "title": title, "short_title": title})
    # groups of special interest are those of the class of this study's drug; its plan is not theirs
    other = {
        "arms": arms,
        "study_drugs": drugs or plan.study_drugs,
        "special_interest": SpecialInterest(),
        "enrollment_months": None,
    }
    changed = plan.model_copy(update=other)
    return adopted, changed, (remark,)


def _list_arms(dm: pa.Table) -> tuple[Arm, ...]:
    """The actual arms by name; the planned one where the actual one is not said, as in ADSL."""
    codes = pc.coalesce(dm["ACTARMCD"], dm["ARMCD"]).to_pylist()
    names = pc.coalesce(dm["ACTARM"], dm["ARM"]).to_pylist()
    pairs = {(code or "").upper(): name or code for code, name in zip(codes, names, strict=True)}
    known = sorted((name, code) for code, name in pairs.items() if code not in NO_ARM)
    return tuple(Arm(code=code, label=Text(en=name, zh=name)) for name, code in known)


def _list_drugs(tables: Mapping[str, pa.Table]) -> tuple[str, ...]:
    if "EX" not in tables:
        return ()
    return tuple(sorted({name.strip().upper() for name in _values(tables["EX"], "EXTRT")}))


def _values(table: pa.Table, variable: str) -> Iterator[str]:
    return (value for value in pc.unique(table[variable]).to_pylist() if value)


def _is_regimen(arm: Arm, study: Study) -> bool:
    named = any(word in arm.label.en.upper() for word in REGIMEN_WORDS)
    return named or arm.code in {regimen.code for regimen in study.regimens}
