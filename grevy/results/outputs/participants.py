"""Section 14.1 of ICH E3: who took part."""

from functools import partial

from grevy.results.baseline import estimate_demographics, estimate_disease_history
from grevy.results.enrollment_figure import estimate_enrollment
from grevy.results.labels import Label
from grevy.results.occurrences import (
    CONCOMITANT_DRUGS,
    MEDICAL_HISTORY,
    PRIOR_THERAPIES,
    PROCEDURES,
    estimate_deviations,
    estimate_occurrences,
)
from grevy.results.outputs.declared import OS, Output
from grevy.results.participants import (
    estimate_analysis_sets,
    estimate_disposition,
    estimate_enrollment_by_center,
    estimate_flow,
)
from grevy.results.time_to_event import estimate_follow_up

PARTICIPANTS = (
    Output("F14.1.1", Label("Flow of participants", "受试者流程图"), "SCREENED", estimate_flow),
    Output("F14.1.2", Label("Enrollment over time", "入组随时间变化"), "ENROLLED", estimate_enrollment),
    Output("T14.1.1", Label("Disposition", "受试者分布"), "FAS", estimate_disposition),
    Output("T14.1.2", Label("Analysis sets", "分析集"), "SCREENED", estimate_analysis_sets),
    Output(
        "T14.1.3", Label("Enrollment by center", "各中心入组情况"), "SCREENED", estimate_enrollment_by_center
    ),
    Output("T14.1.4", Label("Protocol deviations", "方案偏离"), "ENROLLED", estimate_deviations),
    Output("T14.1.5", Label("Demographics", "人口统计学资料"), "FAS", estimate_demographics),
    Output("T14.1.6", Label("Disease history", "疾病史"), "FAS", estimate_disease_history),
    Output(
        "T14.1.7",
        Label("Prior anti-cancer drug therapy", "既往抗肿瘤药物治疗"),
        "FAS",
        partial(estimate_occurrences, of=PRIOR_THERAPIES),
    ),
    Output(
        "T14.1.8",
        Label("Medical history", "既往病史"),
        "FAS",
        partial(estimate_occurrences, of=MEDICAL_HISTORY),
    ),
    Output(
        "T14.1.9.1",
        Label("Concomitant drugs", "合并用药"),
        "SAFETY",
        partial(estimate_occurrences, of=CONCOMITANT_DRUGS),
        ("te.days_after_last_dose",),
    ),
    Output(
        "T14.1.9.2",
        Label("Procedures during treatment", "治疗期间的操作"),
        "SAFETY",
        partial(estimate_occurrences, of=PROCEDURES),
        ("te.days_after_last_dose",),
    ),
    Output("T14.1.10", Label("Follow-up time", "随访时间"), "FAS", estimate_follow_up, OS),
)
