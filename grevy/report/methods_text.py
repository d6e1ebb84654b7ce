"""The methods of the analysis in sentences, written from its settings: text and numbers cannot part.

One sentence for each setting and option. An option that has no sentence, and a setting that is new, is named
with its value and source: nothing that decides a number is left out of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grevy.report.document import Document, SwitchView
from grevy.report.words import Words

ANY = ""  # any value; the sentence says it as {value}

OTHER = Words("{label}: {value} ({source}).", "{label}：{value}（{source}）。")


def write_methods(document: Document, language: str) -> Iterator[tuple[str, str]]:
    """Heading and text of each paragraph, settings in the order of the paragraph; unknown ones at the end."""
    switches = {switch.key: switch for switch in document.switches}
    said: set[str] = set()
    between = "" if language == "zh" else " "
    for heading, sentences in METHODS:
        present = [switches[key] for key in sentences if key in switches]
        said |= {switch.key for switch in present}
        text = between.join(_sentence(switch, sentences[switch.key], language) for switch in present)
        if text:
            yield heading.in_language(language), text
    rest = [switch for switch in document.switches if switch.key not in said]
    if rest:
        yield OTHERS.in_language(language), between.join(_sentence(s, {}, language) for s in rest)


def _sentence(switch: SwitchView, options: Mapping[str, Words], language: str) -> str:
    words = options.get(switch.value, options.get(ANY, OTHER)).in_language(language)
    label, source = switch.label.in_language(language), switch.source.in_language(language)
    return words.format(value=switch.value, label=label, source=source)


OTHERS = Words("Other settings", "其他设置")

METHODS: tuple[tuple[Words, dict[str, dict[str, Words]]], ...] = (
    (Words("Time", "时间"), {
        "time.origin": {
            "first_dose": Words("Times to event begin at the first dose.", "时间-事件指标自首次给药起计算。"),
            "enrolment": Words("Times to event begin at enrollment.", "时间-事件指标自入组起计算。"),
            "consent": Words("Times to event begin at informed consent.", "时间-事件指标自知情同意起计算。"),
        },
        "time.duration": {
            "inclusive": Words(
                "A duration in days is the end minus the start plus one.", "天数为结束日期减开始日期加1。"
            ),
            "elapsed": Words("A duration in days is the end minus the start.", "天数为结束日期减开始日期。"),
        },
        "time.days_per_month": {
            ANY: Words("Months are days divided by {value}.", "月数为天数除以{value}。"),
        },
        "baseline.same_day": {
            "unless_timed_after": Words(
                "Baseline is the last value on or before the day of the first dose, unless it was timed "
                "after the "
                "dose.",
                "基线为首次给药当日或之前的末次测量值，当日给药后测得者除外。",
            ),
            "never": Words(
                "Baseline is the last value before the day of the first dose.",
                "基线为首次给药日之前的末次测量值。"
            ),
        },
        "measurement.readings": {
            "average": Words(
                "Several readings at a visit are represented by their mean.", "同一访视的多次读数取均值。"
            ),
            "each": Words("Each reading at a visit counts by itself.", "同一访视的每次读数分别计入。"),
        },
    }),
    (Words("Tumor response", "肿瘤疗效"), {
        "recist.response_source": {
            "lesions": Words(
                "Responses are derived by RECIST 1.1 from the recorded lesions.",
                "疗效按RECIST 1.1由所记录的病灶推导。",
            ),
            "assessor": Words("Responses are those that the assessor recorded.", "疗效采用评估者的记录。"),
        },
        "recist.evaluator": {
            "INVESTIGATOR": Words("The records of the investigators are used.", "采用研究者的记录。"),
            ANY: Words("Evaluator: {value}.", "评估者：{value}。"),
        },
        "recist.ttsm_default_mm": {
            ANY: Words(
                "A lesion too small to measure counts {value} mm.", "过小无法测量的病灶按{value} mm计。"
            ),
        },
        "recist.missing_target": {
            "pd_if_proven": Words(
                "A visit with a target lesion missing is not evaluable, unless the measured ones alone prove "
                "progression.",
                "靶病灶缺测的访视为不可评价，但已测病灶足以证明进展者除外。",
            ),
            "ne": Words(
                "A visit with a target lesion missing is not evaluable.", "靶病灶缺测的访视为不可评价。"
            ),
        },
        "recist.reappearance_after_cr": {
            "PD": Words(
                "Disease after a complete response is progression.", "完全缓解后再次出现病灶判定为疾病进展。"
            ),
        },
        "recist.pr_policy": {
            "strict": Words(
                "After a partial response each visit is judged by itself.", "部分缓解后各访视独立判定。"
            ),
            "eortc_sticky": Words(
                "A partial response stands until progression.", "部分缓解持续至疾病进展。"
            ),
        },
        "recist.same_date": {
            "worst": Words("Of several responses on one day the worst counts.", "同日多个疗效评价取最差者。"),
            "last": Words("Of several responses on one day the last counts.", "同日多个疗效评价取后录入者。"),
        },
        "recist.confirm_min_days": {
            ANY: Words(
                "Complete and partial response are confirmed by an assessment at least {value} days later.",
                "完全缓解和部分缓解须经至少{value}天后的评估确认。",
            ),
        },
        "recist.max_ne_between": {
            ANY: Words(
                "At most {value} assessment that is not evaluable may stand between a response and its "
                "confirmation.",
                "缓解与确认之间最多允许{value}次不可评价。",
            ),
        },
        "recist.accept_sd_between": {
            "false": Words(
                "Stable disease between two partial responses does not confirm.",
                "两次部分缓解之间出现疾病稳定不视为确认。",
            ),
            "true": Words(
                "One stable disease between two partial responses is accepted.",
                "接受两次部分缓解之间有1次疾病稳定。",
            ),
        },
        "recist.sd_min_days": {
            ANY: Words("Stable disease lasts at least {value} days", "疾病稳定须至少持续{value}天"),
        },
        "recist.sd_from": {
            "first_dose": Words("from the first dose.", "，自首次给药起计算。"),
            "baseline_scan": Words("from the baseline scan.", "，自基线影像检查起计算。"),
        },
        "recist.cb_min_days": {
            ANY: Words(
                "Clinical benefit is a response, or stable disease of at least {value} days.",
                "临床获益为缓解，或疾病稳定至少{value}天。",
            ),
        },
        "recist.pd_sum_date": {
            "earliest": Words(
                "Progression by the sum of diameters is dated by the earliest target scan of the visit.",
                "按直径总和判定的进展日期取该访视最早的靶病灶扫描日。",
            ),
            "last": Words(
                "Progression by the sum of diameters is dated by the last target scan of the visit.",
                "按直径总和判定的进展日期取该访视最晚的靶病灶扫描日。",
            ),
        },
        "recist.response_date": {
            "latest": Words(
                "Other responses are dated by the latest scan.", "其他疗效日期取该访视最晚的扫描日。"
            ),
            "earliest": Words(
                "Other responses are dated by the earliest scan.", "其他疗效日期取该访视最早的扫描日。"
            ),
        },
        "recist.equivocal_date": {
            "first_seen": Words(
                "A new lesion that is proven later dates progression to when it was first seen.",
                "疑似新病灶经证实后，进展日期为首次发现之日。",
            ),
            "proof": Words(
                "A new lesion that is proven later dates progression to its proof.",
                "疑似新病灶经证实后，进展日期为证实之日。",
            ),
        },
        "recist.new_therapy": {
            "until_start": Words(
                "Assessments after the start of new anti-cancer therapy do not count for best response.",
                "新的抗肿瘤治疗开始后的评估不计入最佳疗效。",
            ),
            "ignore": Words(
                "Assessments after the start of new anti-cancer therapy count.",
                "新的抗肿瘤治疗开始后的评估仍计入。",
            ),
        },
    }),
    (Words("Progression-free and overall survival", "无进展生存期与总生存期"), {
        "pfs.rule_set": {
            "fda": Words(
                "Progression-free survival is censored by the rules of the FDA guidance.",
                "无进展生存期按FDA指导原则的规则删失。",
            ),
            "ema": Words(
                "Progression-free survival is censored by the rules of the EMA appendix.",
                "无进展生存期按EMA附录的规则删失。",
            ),
        },
        "pfs.missed_assessments": {
            "by_rule_set": Words(
                "Missed assessments before an event follow that rule set.", "事件前缺失评估按该规则集处理。"
            ),
            "never": Words(
                "Missed assessments before an event do not censor.", "事件前缺失评估不作删失。"
            ),
            ANY: Words(
                "An event after {value} missed assessments is censored at the last adequate one.",
                "缺失{value}次评估后发生的事件，删失于末次充分评估。",
            ),
        },
        "pfs.missed_tolerance_days": {
            ANY: Words(
                "A planned assessment may be {value} days late.", "计划评估允许延后{value}天。"
            ),
        },
        "pfs.new_therapy": {
            "by_rule_set": Words(
                "New anti-cancer therapy before progression follows that rule set.",
                "进展前开始新的抗肿瘤治疗按该规则集处理。",
            ),
            "censor": Words(
                "New anti-cancer therapy before progression censors at the last adequate assessment.",
                "进展前开始新的抗肿瘤治疗者删失于末次充分评估。",
            ),
            "ignore": Words(
                "An event after new anti-cancer therapy counts.", "新的抗肿瘤治疗开始后发生的事件计入。"
            ),
            "event": Words("New anti-cancer therapy is an event.", "开始新的抗肿瘤治疗计为事件。"),
        },
        "pfs.no_baseline": {
            "by_rule_set": Words(
                "A subject without a baseline assessment follows that rule set.",
                "无基线肿瘤评估者按该规则集处理。",
            ),
            "censor": Words(
                "A subject without a baseline assessment is censored on day 1.",
                "无基线肿瘤评估者删失于第1天。",
            ),
            "event": Words(
                "Death of a subject without a baseline assessment is an event.",
                "无基线肿瘤评估者死亡计为事件。",
            ),
        },
        "pfs.clinical_progression": {
            "ignore": Words(
                "Clinical progression without imaging is neither an event nor a censoring.",
                "无影像学证据的临床进展既不计为事件，也不作删失。",
            ),
            "event": Words(
                "Clinical progression without imaging is an event.", "无影像学证据的临床进展计为事件。"
            ),
            "censor": Words(
                "Clinical progression without imaging censors at the scan before it.",
                "无影像学证据的临床进展删失于其前末次影像检查。",
            ),
        },
        "ttf.progression": {
            "ignore": Words(
                "Treatment fails with its permanent stop or with death.", "治疗失败为永久停药或死亡。"
            ),
            "event": Words(
                "Treatment fails with its permanent stop, with progression or with death.",
                "治疗失败为永久停药、疾病进展或死亡。",
            ),
        },
        "os.censoring": {
            "last_alive": Words(
                "For overall survival the living are censored at the last date known alive.",
                "总生存期中存活者删失于末次确认存活日期。",
            ),
            "cutoff": Words(
                "For overall survival the living are censored at the data cut-off.",
                "总生存期中存活者删失于数据截止日期。",
            ),
        },
    }),
    (Words("Partial dates", "不完整日期"), {
        "dates.ae_start": {
            "treatment_emergent": Words(
                "A partial start of an adverse event is the first day possible, and the first dose where "
                "it may be "
                "that day.",
                "不良事件开始日期不完整时取可能的首日；可能为首次给药日者取首次给药日。",
            ),
        },
        "dates.ae_end": {
            ANY: Words(
                "A partial end of an adverse event: {value} day possible.",
                "不良事件结束日期不完整时的取值：{value}（可能的日期中）。",
            ),
            "last": Words(
                "A partial end of an adverse event is the last day possible.",
                "不良事件结束日期不完整时取可能的末日。",
            ),
        },
        "dates.death": {
            "first": Words(
                "A partial date of death is the first day possible, not before the last date known alive.",
                "死亡日期不完整时取可能的首日，且不早于末次确认存活日期。",
            ),
        },
        "dates.new_therapy": {
            "first": Words(
                "A partial start of new anti-cancer therapy is the first day possible.",
                "新的抗肿瘤治疗开始日期不完整时取可能的首日。",
            ),
        },
    }),
    (Words("Safety", "安全性"), {
        "te.days_after_last_dose": {
            ANY: Words(
                "An adverse event is treatment-emergent if it begins or worsens from the first dose to "
                "{value} days "
                "after the last dose.",
                "自首次给药至末次给药后{value}天内发生或加重的不良事件为治疗期间出现的不良事件。",
            ),
        },
        "te.end_at_new_therapy": {
            "true": Words(
                "The period ends at the start of new anti-cancer therapy.", "开始新的抗肿瘤治疗时该期间结束。"
            ),
            "false": Words(
                "New anti-cancer therapy does not end the period.", "开始新的抗肿瘤治疗不结束该期间。"
            ),
        },
        "ae.missing_causality": {
            "related": Words(
                "A missing causality counts as related.", "因果关系缺失者计为与研究药物有关。"
            ),
            "not_related": Words(
                "A missing causality counts as not related.", "因果关系缺失者计为与研究药物无关。"
            ),
        },
        "ctcae.version": {ANY: Words("Grades follow CTCAE {value}.", "分级采用CTCAE {value}。")},
        "ctcae.symptoms": {
            "recorded": Words(
                "A grade from a number takes symptoms only as they are recorded.",
                "由数值推导的分级仅考虑已记录的症状。",
            ),
            "worst_case": Words(
                "A grade from a number takes the worst that symptoms could make of it.",
                "由数值推导的分级按症状可能的最差情形处理。",
            ),
        },
        "lab.below_quantification": {
            "limit": Words(
                "A result reported as below or above a limit counts as that limit.",
                "以低于或高于某限值报告的结果按该限值计。",
            ),
            "half": Words(
                "A result reported as below a limit counts as half of it.",
                "以低于某限值报告的结果按其一半计。"
            ),
            "missing": Words(
                "A result reported as below or above a limit is missing.",
                "以低于或高于某限值报告的结果按缺失计。",
            ),
        },
        "liver.hys_law_bilirubin": {
            "above": Words(
                "A potential case of Hy's law needs bilirubin above twice the upper limit of normal.",
                "潜在Hy's法则病例要求胆红素高于正常值上限的2倍。",
            ),
            "at_least": Words(
                "A potential case of Hy's law needs bilirubin of at least twice the upper limit of normal.",
                "潜在Hy's法则病例要求胆红素不低于正常值上限的2倍。",
            ),
        },
        "exposure.planned": {
            "with_interruptions": Words(
                "Relative dose intensity is the dose taken of the starting dose on all days from first "
                "to last dose, "
                "interruptions included.",
                "相对剂量强度为实际剂量占首末次给药间（含中断）按起始剂量计划剂量的比例。",
            ),
            "without_interruptions": Words(
                "Relative dose intensity leaves ordered interruptions out of the planned dose.",
                "计算相对剂量强度的计划剂量时不含医嘱中断。",
            ),
        },
    }),
    (Words("Analysis sets and questionnaires", "分析集与问卷"), {
        "sets.effectiveness": {
            "full": Words(
                "Effectiveness is estimated in the full analysis set.", "有效性在全分析集中估计。"
            ),
            "evaluable": Words(
                "Effectiveness is estimated in the response-evaluable set, not in the full analysis set.",
                "有效性在疗效可评价集而非全分析集中估计。",
            ),
            "per_protocol": Words(
                "Effectiveness is estimated in the per-protocol set, not in the full analysis set.",
                "有效性在符合方案集而非全分析集中估计。",
            ),
        },
        "sets.starting_dose": {
            "true": Words(
                "A subject with a wrong starting dose is left out of the per-protocol set.",
                "起始剂量不符者不纳入符合方案集。"
            ),
            "false": Words(
                "A subject with a wrong starting dose stays in the per-protocol set.",
                "起始剂量不符者仍纳入符合方案集。"
            ),
        },
        "sets.minimum_intensity": {
            ANY: Words(
                "The per-protocol set asks for a relative dose intensity of at least {value} percent",
                "符合方案集要求相对剂量强度不低于{value}%",
            ),
        },
        "sets.intensity_weeks": {
            ANY: Words("over {value} weeks.", "，按{value}周计算。"),
        },
        "pro.deterioration_points": {
            ANY: Words(
                "A change of {value} points counts as deterioration.", "评分变化{value}分计为恶化。"
            ),
        },
        "pro.deterioration": {
            "def2": Words(
                "It is definitive if every later score is worse than baseline by as much.",
                "此后每次评分的恶化均达到界值者为确定性恶化。",
            ),
            "def1": Words(
                "It is definitive if no later score is better than baseline by more than that.",
                "此后无评分较基线改善超过界值者为确定性恶化。",
            ),
            "def3": Words(
                "It is definitive if no later score is better by more than that than the one that qualified.",
                "此后无评分较达标评分改善超过界值者为确定性恶化。",
            ),
            "first": Words(
                "The first such change counts, whatever follows.", "首次达到界值即计为恶化，不考虑此后评分。"
            ),
        },
        "pro.deterioration_events": {
            "death": Words(
                "Time to deterioration ends with it or with death.", "至恶化时间的事件为恶化或死亡。"
            ),
            "none": Words(
                "Time to deterioration ends with it alone; death is censored.",
                "至恶化时间的事件仅为恶化；死亡作删失处理。",
            ),
            "progression_or_death": Words(
                "Time to deterioration ends with it, with progression or with death.",
                "至恶化时间的事件为恶化、疾病进展或死亡。",
            ),
        },
        "pro.ginet21_variant": {
            "manual": Words(
                "QLQ-GI.NET21 is scored by the manual.", "QLQ-GI.NET21按评分手册计分。"
            ),
            "validation_2013": Words(
                "QLQ-GI.NET21 is scored by its validation study.", "QLQ-GI.NET21按其验证研究的量表计分。"
            ),
        },
    }),
    (Words("Confidence intervals", "置信区间"), {
        "confidence.level": {
            ANY: Words("The confidence level is {value}, two-sided.", "置信水平为{value}，双侧。"),
        },
        "confidence.km": {
            "log_log": Words(
                "Intervals of Kaplan-Meier estimates use the log-log transformation.",
                "Kaplan-Meier估计的置信区间采用对数-对数变换。",
            ),
            "log": Words(
                "Intervals of Kaplan-Meier estimates use the log transformation.",
                "Kaplan-Meier估计的置信区间采用对数变换。",
            ),
            "plain": Words(
                "Intervals of Kaplan-Meier estimates are plain.", "Kaplan-Meier估计的置信区间不作变换。"
            ),
            "logit": Words(
                "Intervals of Kaplan-Meier estimates use the logit transformation.",
                "Kaplan-Meier估计的置信区间采用logit变换。",
            ),
            "arcsine": Words(
                "Intervals of Kaplan-Meier estimates use the arcsine transformation.",
                "Kaplan-Meier估计的置信区间采用反正弦变换。",
            ),
        },
        "confidence.rate": {
            "clopper_pearson": Words(
                "Intervals of rates are exact (Clopper-Pearson).", "率的置信区间采用Clopper-Pearson精确法。"
            ),
            "wilson": Words("Intervals of rates are Wilson's.", "率的置信区间采用Wilson法。"),
        },
    }),
    (Words("Exploration", "探索性分析"), {
        "comparison.weights": {
            "stabilized": Words(
                "Regimens are set side by side with stabilized inverse weights by the propensity score.",
                "治疗方案比较采用基于倾向性评分的稳定化逆概率权重。",
            ),
            "overlap": Words(
                "Regimens are set side by side with overlap weights by the propensity score.",
                "治疗方案比较采用基于倾向性评分的重叠权重。",
            ),
        },
        "comparison.truncation": {
            ANY: Words(
                "Stabilized weights are truncated at the quantile {value} from either end; 0 truncates none.",
                "稳定化权重在距两端各{value}的分位数处截断（0为不截断）。",
            ),
        },
        "imputation.copies": {
            ANY: Words(
                "Missing covariates are imputed {value} times by chained equations.",
                "协变量缺失值采用链式方程插补{value}份。",
            ),
        },
        "imputation.seed": {
            ANY: Words("The seed of the imputation is {value}.", "插补的随机种子为{value}。"),
        },
        "prediction.penalty": {
            "ridge": Words("Prognostic models have a ridge penalty.", "预后模型采用岭惩罚。"),
            "lasso": Words("Prognostic models have a lasso penalty.", "预后模型采用lasso惩罚。"),
        },
        "prediction.repeats": {
            ANY: Words(
                "Their performance is corrected for optimism by {value} bootstrap repeats of the whole "
                "procedure.",
                "其性能通过对整个建模过程作{value}次自助法重复校正乐观度。",
            ),
        },
        "prediction.seed": {
            ANY: Words("The seed of the bootstrap is {value}.", "自助法的随机种子为{value}。"),
        },
    }),
)  # fmt: skip
