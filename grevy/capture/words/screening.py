"""Words of screening, eligibility and enrollment."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "new_subject": ("Screen a new subject", "筛选新受试者"),
    "new_subject_text": (
        "The subject gets the next screening number of the site. The informed consent is entered first; "
        "until then nothing else can be entered. No name, no identity number.",
        "受试者将获得本中心的下一个筛选号。首先录入知情同意；在此之前不能录入其他内容。不录入姓名和身份证号。",
    ),
    "new_subject_create": ("Give a number and enter the consent", "生成筛选号并录入知情同意"),
    "no_site_to_screen": ("There is no site at which you may screen.", "您没有可筛选受试者的中心。"),
    "criterion": ("Criterion", "标准"),
    "inclusion": ("Inclusion", "入选"),
    "exclusion": ("Exclusion", "排除"),
    "evidence": ("Evidence entered", "已录入的依据"),
    "judgment": ("Judgment", "研究者判断"),
    "result": ("Result", "结果"),
    "evidence_missing": ("missing", "缺失"),
    "result_inclusion_MET": ("Met", "满足"),
    "result_inclusion_NOT_MET": ("Not met", "不满足"),
    "result_inclusion_NOT_APPLICABLE": ("Not applicable", "不适用"),
    "result_inclusion_OPEN": ("Cannot be said yet", "尚不能判定"),
    "result_exclusion_MET": ("Present", "存在"),
    "result_exclusion_NOT_MET": ("Not present", "不存在"),
    "result_exclusion_NOT_APPLICABLE": ("Not applicable", "不适用"),
    "result_exclusion_OPEN": ("Cannot be said yet", "尚不能判定"),
    "contradicted": (
        "The data prove the contrary. Correct the judgment or the data, or explain.",
        "数据与判断相反。请更正判断或数据，或说明原因。",
    ),
    "conclusion": ("Conclusion", "结论"),
    "verdict_eligible": (
        "Every inclusion criterion is met and no exclusion criterion is present.",
        "全部入选标准满足，无排除标准所列情况。",
    ),
    "verdict_against": ("Not eligible because of: {names}.", "因以下标准不符合入选：{names}。"),
    "verdict_open": ("{count} cannot be said yet: {names}.", "{count} 条尚不能判定：{names}。"),
    "decision": ("Decision of the investigator", "研究者的判定"),
    "waiver_note": (
        "A waiver is a protocol deviation and never changes a result.",
        "豁免属于方案偏离，不改变结果。",
    ),
    "sign": ("Sign", "签名"),
    "sign_enroll": ("Sign and enroll", "签名入组"),
    "sign_text": (
        "Your signature holds for revision {number} exactly. A later change breaks it.",
        "签名仅对第 {number} 次修订有效；此后的修改会使签名失效。",
    ),
    "sign_meaning": ("Meaning of the signature", "签名含义"),
    "meaning_reviewed": ("I have reviewed these data and they are right", "我已审核，数据属实"),
    "meaning_eligible": ("I decided on eligibility as recorded", "我已按记录判定入选资格"),
    "signed_by": ("Signed by {name}, {time}: {meaning}", "{name} 于 {time} 签名：{meaning}"),
    "sign_waits_save": (
        "Save first; what is signed is a saved revision.",
        "请先保存；签名针对已保存的修订。",
    ),
    "sign_waits_role": ("The investigator signs.", "由研究者签名。"),
    "sign_wrong_password": ("The password is not right. Nothing was signed.", "密码不正确，未签名。"),
    "enrolled_as": ("Enrolled as {number}", "入组号 {number}"),
    "screening_failure": ("Screening failure", "筛选失败"),
    "decides_investigator": (
        "The decision on eligibility is made by the investigator.",
        "入选资格由研究者判定。",
    ),
}
