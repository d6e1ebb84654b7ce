"""Section 14.2 of ICH E3: progression, survival, response, their subgroups."""

from grevy.results.curves import (
    estimate_os_curve,
    estimate_pfs_curve,
    estimate_response_curve,
    estimate_subgroup_curves,
)
from grevy.results.labels import Label
from grevy.results.outputs.declared import (
    BEST_RESPONSE,
    CLINICAL_BENEFIT,
    OS,
    PFS,
    PROGRESSION,
    RATE,
    Output,
    merge_switches,
)
from grevy.results.response import estimate_best_response
from grevy.results.subgroups import estimate_pfs_forest, estimate_response_forest, estimate_subgroups
from grevy.results.time_to_event import (
    estimate_overall_survival,
    estimate_pfs_sensitivity,
    estimate_progression_free_survival,
    estimate_response_times,
)
from grevy.results.treatment_course import estimate_swimmer
from grevy.results.tumor_course import estimate_spider
from grevy.results.tumor_size import estimate_tumor_size, estimate_waterfall

EFFECTIVENESS = (
    Output(
        "T14.2.1",
        Label("Progression-free survival", "无进展生存期"),
        "FAS",
        estimate_progression_free_survival,
        PFS,
    ),
    Output(
        "F14.2.1",
        Label("Progression-free survival, Kaplan-Meier curves", "无进展生存期Kaplan-Meier曲线"),
        "FAS",
        estimate_pfs_curve,
        PFS,
    ),
    Output(
        "T14.2.2",
        Label("Progression-free survival, sensitivity analyses", "无进展生存期敏感性分析"),
        "FAS",
        estimate_pfs_sensitivity,
        PFS,
    ),
    Output(
        "T14.2.3",
        Label("Overall survival", "总生存期"),
        "FAS",
        estimate_overall_survival,
        merge_switches(OS, ("dates.new_therapy",), PROGRESSION),
    ),
    Output(
        "F14.2.2",
        Label("Overall survival, Kaplan-Meier curves", "总生存期Kaplan-Meier曲线"),
        "FAS",
        estimate_os_curve,
        OS,
    ),
    Output(
        "F14.2.3",
        Label(
            "Progression-free survival by subgroup, Kaplan-Meier curves", "各亚组无进展生存期Kaplan-Meier曲线"
        ),
        "FAS",
        estimate_subgroup_curves,
        PFS,
    ),
    Output(
        "T14.2.4",
        Label("Best overall response, response and disease control", "最佳总体疗效、缓解率与疾病控制率"),
        "FAS",
        estimate_best_response,
        (*BEST_RESPONSE, *CLINICAL_BENEFIT, *RATE),
        names_its_sets=True,
    ),
    Output(
        "T14.2.5",
        Label("Duration of response and time to response", "缓解持续时间与至缓解时间"),
        "FAS",
        estimate_response_times,
        merge_switches(BEST_RESPONSE, PFS),
    ),
    Output(
        "T14.2.6",
        Label("Tumor size", "肿瘤大小"),
        "FAS",
        estimate_tumor_size,
        merge_switches(PROGRESSION, ("dates.new_therapy", "time.days_per_month")),
    ),
    Output(
        "F14.2.4",
        Label("Best change of the sum of diameters", "直径总和最佳变化（瀑布图）"),
        "FAS",
        estimate_waterfall,
        merge_switches(PROGRESSION, BEST_RESPONSE),
    ),
    Output(
        "F14.2.5",
        Label("Change of the sum of diameters over time", "直径总和随时间的变化（蜘蛛图）"),
        "FAS",
        estimate_spider,
        merge_switches(PROGRESSION, BEST_RESPONSE),
    ),
    Output(
        "F14.2.6",
        Label("Treatment and response of each subject", "各受试者的治疗与缓解过程（泳道图）"),
        "FAS",
        estimate_swimmer,
        merge_switches(BEST_RESPONSE, PFS),
    ),
    Output(
        "F14.2.7",
        Label("Duration of confirmed response, Kaplan-Meier curves", "经确认的缓解持续时间Kaplan-Meier曲线"),
        "FAS",
        estimate_response_curve,
        merge_switches(BEST_RESPONSE, PFS),
    ),
    Output(
        "T14.2.7",
        Label("Subgroups", "亚组分析"),
        "FAS",
        estimate_subgroups,
        merge_switches(BEST_RESPONSE, RATE, PFS, OS),
    ),
    Output(
        "F14.2.8",
        Label("Progression-free survival by subgroup", "各亚组无进展生存期（森林图）"),
        "FAS",
        estimate_pfs_forest,
        PFS,
    ),
    Output(
        "F14.2.9",
        Label("Objective response by subgroup", "各亚组客观缓解率（森林图）"),
        "FAS",
        estimate_response_forest,
        (*BEST_RESPONSE, *RATE),
    ),
)
