"""The specification of ADAE, ADCM, ADMH, ADPR and ADDV."""

from grevy.adam.specification.declaration import DataSet, declare
from grevy.adam.specification.shared import DATED, KEYS, PERIODS, SOURCE
from grevy.adam.specification.subjects import COPIES

CLASS = "OCCURRENCE DATA STRUCTURE"
SUBJECT = "ADSL: COHORT SAFFL FASFL NENGRP TRTSDT TRTEDT DTHDT CUTDT"
STARTED = """ASTDT    date    Derived    -        Analysis Start Date
        A partial start is the first day possible (W9); of a new anti-cancer therapy that of NWTRSDT (W10)
        不完整的开始日期取可能的最早一天（W9）；新的抗肿瘤治疗与NWTRSDT一致（W10）"""


def _declare(name: str, label: str, structure: str, keys: str, variables: str) -> DataSet:
    return declare(
        name,
        label,
        CLASS,
        structure,
        keys,
        variables,
        KEYS=KEYS,
        DATED=DATED,
        PERIODS=PERIODS,
        SOURCE=SOURCE,
        ADSL=COPIES,
    )


ADAE = _declare(
    "ADAE",
    "Adverse Events Analysis Dataset",
    "One record per subject and adverse event",
    "STUDYID USUBJID AESEQ",
    """
    KEYS: STUDYID USUBJID
    AE: AESEQ AESPID AETERM AELLT AEDECOD AEBODSYS AESOC AETOXGR AESEV AESER AEREL AEACN AEOUT AESDTH AESHOSP
    AE: AESLIFE AESTDTC AEENDTC AEENRTPT
    ADSL: COHORT SAFFL NENGRP TRTSDT TRTEDT DTHDT NWTRSDT CUTDT
    ASTDT    date    Derived    -        Analysis Start Date
        A partial start is the first day possible, but the first dose in the same period (dates.ae_start, W8)
        不完整的开始日期取可能的最早一天，同期内有首次用药时取首次用药（dates.ae_start，W8）
    DATED: ASTDTF
    AENDT    date    Derived    -        Analysis End Date
        A partial end is the last day possible, not after death or cut-off (dates.ae_end, W9)
        不完整的结束日期取可能的最晚一天，不晚于死亡或数据截止（dates.ae_end，W9）
    DATED: AENDTF ASTDY
    TRTEMFL  text    Derived    Y        Treatment Emergent Analysis Flag
        Begun from the first dose to te.days_after_last_dose days after the last; unknown counts (W41)
        自首次用药至末次用药后te.days_after_last_dose天内开始；日期未知计入（W41）
    PREFL    text    Derived    Y        Pre-treatment Flag
        Begun before the first dose
        首次用药前开始
    FUPFL    text    Derived    Y        Follow-up Flag
        Begun after the period of TRTEMFL (te.end_at_new_therapy, W41)
        TRTEMFL期间之后开始（te.end_at_new_therapy，W41）
    AREL     text    Derived    AREL     Analysis Causality
        AEREL in two groups; missing by ae.missing_causality (W42)
        AEREL分为两组；缺失按ae.missing_causality（W42）
    ATOXGR   integer Derived    GRADE    Analysis Toxicity Grade
        AETOXGR as a number; a missing grade stays missing
        AETOXGR的数值；缺失保持缺失
    AOCCFL   text    Derived    Y        1st Max Sev./Int. Occurrence Flag
        First treatment-emergent event at the worst grade of the subject
        受试者治疗期间最高级别的首个事件
    AOCCSFL  text    Derived    Y        1st Max Sev./Int. Occur Within SOC Flag
        First treatment-emergent event at the worst grade of the subject and SOC
        受试者该系统器官分类中治疗期间最高级别的首个事件
    AOCCPFL  text    Derived    Y        1st Max Sev./Int. Occur Within PT Flag
        First treatment-emergent event at the worst grade of the subject, SOC and preferred term
        受试者该首选术语治疗期间最高级别的首个事件
    KEYS: ASEQ
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
)

ADCM = _declare(
    "ADCM",
    "Medications Analysis Dataset",
    "One record per subject and medication",
    "STUDYID USUBJID CMSEQ",
    f"""
    KEYS: STUDYID USUBJID ASEQ
    {SUBJECT}
    CM: CMSEQ CMSPID CMTRT CMDECOD CMCLAS CMCLASCD CMCAT CMSCAT CMINDC CMDOSE CMDOSU CMDOSFRQ CMROUTE
    CM: CMRSDISC CMSTDTC CMENDTC CMENRTPT
    {STARTED}
    DATED: ASTDTF AENDT AENDTF ASTDY AENDY
    PERIODS: PREFL ONTRTFL FUPFL
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
)

ADMH = _declare(
    "ADMH",
    "Medical History Analysis Dataset",
    "One record per subject and condition",
    "STUDYID USUBJID MHSEQ",
    f"""
    KEYS: STUDYID USUBJID ASEQ
    {SUBJECT}
    MH: MHSEQ MHSPID MHTERM MHDECOD MHBODSYS MHCAT MHSCAT MHSTDTC MHENDTC MHENRTPT
    DATED: ASTDT ASTDTF AENDT AENDTF ASTDY AENDY
    PERIODS: PREFL
    ONGOFL   text    Derived    Y        Ongoing Flag
        Ongoing as recorded, or not over at the first dose
        记录为持续，或首次用药时尚未结束
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
)

ADPR = _declare(
    "ADPR",
    "Procedures Analysis Dataset",
    "One record per subject and procedure",
    "STUDYID USUBJID PRSEQ",
    f"""
    KEYS: STUDYID USUBJID ASEQ
    {SUBJECT}
    PR: PRSEQ PRSPID PRTRT PRDECOD PRCAT PRINDC PRSTDTC PRENDTC
    {STARTED}
    DATED: ASTDTF AENDT AENDTF ASTDY AENDY
    PERIODS: PREFL ONTRTFL FUPFL
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
)

ADDV = _declare(
    "ADDV",
    "Protocol Deviations Analysis Dataset",
    "One record per subject and deviation",
    "STUDYID USUBJID DVSEQ",
    f"""
    KEYS: STUDYID USUBJID ASEQ
    {SUBJECT}
    DV: DVSEQ DVSPID DVTERM DVDECOD DVCAT DVSCAT DVSTDTC DVENDTC
    DATED: ASTDT ASTDTF AENDT AENDTF ASTDY AENDY
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
)
