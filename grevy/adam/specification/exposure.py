"""The specification of ADEX, with how each of its parameters is made."""

from grevy.adam import adex
from grevy.adam.specification.declaration import declare, declare_parameters
from grevy.adam.specification.shared import KEYS, PARAMETER, SOURCE
from grevy.adam.specification.subjects import COPIES

ADEX = declare(
    "ADEX",
    "Exposure Analysis Dataset",
    "BASIC DATA STRUCTURE",
    "One record per subject and parameter, and one per dosing interval",
    "STUDYID USUBJID PARAMCD ASTDT SRCSEQ",
    """
    KEYS: STUDYID USUBJID ASEQ
    PARAMETER: PARAMCD PARAM AVAL
    ASTDT    date    Derived    -        Analysis Start Date
        Start of the interval; of a summary the first dose
        区间开始日期；汇总参数为首次用药
    AENDT    date    Derived    -        Analysis End Date
        End of the interval, not after the last dose, the day before the next; of a summary the last dose
        区间结束日期，不晚于末次用药及下一区间前一日；汇总参数为末次用药
    ASTDY    integer Derived    -        Analysis Start Relative Day
        Days of the start from the first dose, which is day 1
        开始日期相对首次用药的天数，首次用药为第1天
    AENDY    integer Derived    -        Analysis End Relative Day
        Days of the end from the first dose, which is day 1
        结束日期相对首次用药的天数，首次用药为第1天
    ADSL: COHORT SAFFL NENGRP
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
    declare_parameters(
        adex.PARAMETERS,
        """
TDURD
    Last dose - first dose + 1; of those still treated to death or cut-off
    末次用药 - 首次用药 + 1；仍在用药者至死亡或数据截止
CUMDOSE
    Sum of dose per day times days of all intervals
    各区间日剂量与天数乘积之和
AVDDOSE
    CUMDOSE / TDURD
    CUMDOSE / TDURD
PLANDOSE
    Starting dose of the regimen for each day of TDURD (exposure.planned, W46)
    方案起始剂量乘以TDURD的每一天（exposure.planned，W46）
RDI
    100 x CUMDOSE / PLANDOSE
    100 × CUMDOSE / PLANDOSE
NREDUC
    Number of doses below the last one taken
    低于前一次实际剂量的次数
NINTERR
    Number of gaps between doses taken, recorded as 0 mg or not recorded
    用药之间的中断次数，记录为0 mg或未记录
DOSEINT
    Days of all gaps of NINTERR
    NINTERR各次中断的总天数
FRSTRED
    Days from the first dose to the first reduction; only of those with one
    首次用药至首次减量的天数，限有减量者
STRTDOSE
    Dose per day of the first interval
    首个区间的日剂量
RDIEARLY
    As RDI in the first sets.intensity_weeks weeks
    同RDI，限前sets.intensity_weeks周
CAPDISP
    Capsules of the dispensings of DA whose rest was counted
    已清点剩余量的各次发药粒数之和（DA）
CAPRET
    Capsules of them that came back
    其中回收的粒数
CAPLOST
    Capsules of them that were lost
    其中丢失的粒数
CAPTAKEN
    CAPDISP - CAPRET - CAPLOST
    CAPDISP - CAPRET - CAPLOST
CAPPRES
    Dose of each day / 50 mg, from a dispensing to its return or the next one; nothing on days at 0 mg
    自发药至回收或下一次发药，每日剂量 / 50 mg之和；剂量为0 mg的日期不计
ADHERPC
    100 x CAPTAKEN / CAPPRES
    100 × CAPTAKEN / CAPPRES
DOSE
    EX.EXDOSE of the interval
    该区间的EX.EXDOSE
""",
    ),
    KEYS=KEYS,
    PARAMETER=PARAMETER,
    SOURCE=SOURCE,
    ADSL=COPIES,
)
