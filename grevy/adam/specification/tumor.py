"""The specification of ADTR, ADRS and ADTTE, with how each of their parameters is made."""

from grevy.adam import adrs, adtte
from grevy.adam.deterioration import OTHER_DEFINITIONS, OTHER_EVENTS
from grevy.adam.specification.declaration import declare, declare_parameters
from grevy.adam.specification.shared import KEYS, MEASURED, PARAMETER, SOURCE

_TO_DETERIORATION = {
    f"{prefix}*": f"Time to deterioration of a score, {words}"
    for prefix, words in (OTHER_DEFINITIONS | OTHER_EVENTS).values()
} | {"TTD*": "Time to deterioration of a score"}

_ASSESSED = """
    ASMT     integer Derived    -        Number of the Assessment
        Tumor assessments in the order of their dates; 0 is baseline
        肿瘤评估按日期排序编号，0为基线
    AVISITN  float   Derived    -        Analysis Visit (N)
        VISITNUM of the assessment, otherwise its number; 0 is baseline
        评估的VISITNUM，缺失时为评估编号；0为基线
    AVISIT   text    Derived    -        Analysis Visit
        VISIT of the assessment, otherwise its number in words
        评估的VISIT，缺失时为评估编号的文字
"""

ADTR = declare(
    "ADTR",
    "Tumor Results Analysis Dataset",
    "BASIC DATA STRUCTURE",
    "One record per subject, parameter, target lesion and assessment",
    "STUDYID USUBJID PARAMCD TRLNKID ASMT",
    """
    KEYS: STUDYID USUBJID ASEQ
    PARAMETER: PARAMCD PARAM
    TRLNKID  text    TR.TRLNKID -        Link ID
    LESSTATE text    Derived    LESSTATE State of the Lesion
        As recorded in TR, judged with splits and mergers
        按TR记录，并考虑分裂与融合
    PARAMETER: AVAL
    AVALAV   float   Derived    -        Sum of the Lesions Evaluated (mm)
        Sum of the target lesions that were evaluated, also where others were not
        已评估靶病灶的径线之和，其他病灶未评估时亦计算
    BASE     float   Derived    -        Baseline Value
        AVAL at baseline, after it
        基线的AVAL，限基线后
    CHG      float   Derived    -        Change from Baseline
        AVAL - BASE
        AVAL - BASE
    PCHG     float   Derived    -        Percent Change from Baseline
        100 x (AVAL - BASE) / BASE, null where BASE is 0
        100 ×（AVAL - BASE）/ BASE，BASE为0时为空
    NADIR    float   Derived    -        Smallest Earlier Sum (mm)
        Smallest complete sum before this assessment, baseline included (RECIST 1.1, 4.3.1)
        本次评估前最小的完整径线之和，含基线（RECIST 1.1，4.3.1）
    CHGNAD   float   Derived    -        Change from Nadir
        AVAL - NADIR
        AVAL - NADIR
    PCHGNAD  float   Derived    -        Percent Change from Nadir
        100 x (AVAL - NADIR) / NADIR, null where NADIR is 0
        100 ×（AVAL - NADIR）/ NADIR，NADIR为0时为空
    ABLFL    text    Derived    Y        Baseline Record Flag
        Y at assessment 0
        评估编号为0时为Y
    ADT      date    Derived    -        Analysis Date
        Date of the scan of the lesion; of the sum, the first of its scans
        病灶的影像日期；径线之和取其首个影像日期
    MEASURED: ADY
    """
    + _ASSESSED
    + """
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
    declare_parameters(
        {
            "LDIAM": "Diameter of target lesion (mm)",
            "SUMDIAM": "Sum of diameters of target lesions (mm)",
        },
        """
LDIAM
    Diameter as it enters the sum: 5 mm where too small to measure (W16), fragments added, 0 once merged
    计入总和的径线：过小无法测量取5 mm（W16），分裂后相加，融合后为0
SUMDIAM
    Sum of LDIAM of all target lesions; null unless every one was evaluated (W15)
    全部靶病灶LDIAM之和；有任一未评估时为空（W15）
""",
    ),
    KEYS=KEYS,
    PARAMETER=PARAMETER,
    MEASURED=MEASURED,
    SOURCE=SOURCE,
)

ADRS = declare(
    "ADRS",
    "Tumor Response Analysis Dataset",
    "BASIC DATA STRUCTURE",
    "One record per subject, parameter and, for responses at a visit, assessment",
    "STUDYID USUBJID PARAMCD ASMT",
    """
    KEYS: STUDYID USUBJID ASEQ
    PARAMETER: PARAMCD PARAM
    AVALC    text    Derived    RESPONSE Analysis Value (C)
        By parameter: see the value level
        按参数，见取值层面说明
    AVAL     float   Derived    -        Analysis Value
        AVALC as a number: Y 1, N 0; CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NED 6, NE 7
        AVALC的数值：Y为1，N为0；CR 1、PR 2、SD 3、NON-CR/NON-PD 4、PD 5、NED 6、NE 7
    AVALCV   text    Derived    RESPONSE Analysis Value as Known at the Visit
        As AVALC, with what was known at the visit: a new lesion seen there and proven later does not count
        同AVALC，仅按该访视已知信息：当时可疑而后证实的新病灶不计入
    ADT      date    Derived    -        Analysis Date
        Of progression the first scan that shows it, of others by recist.response_date (W22, W23)
        进展取首个显示进展的影像日期，其他按recist.response_date（W22、W23）
    MEASURED: ADY
    """
    + _ASSESSED
    + """
    ANL01FL  text    Derived    Y        Analysis Flag 01
        Counts for the best response: up to progression and, by recist.new_therapy, other therapy (W24)
        计入最佳疗效：进展前，且按recist.new_therapy在其他治疗前（W24）
    RULE     text    Assigned   -        Rule that Decided
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
    declare_parameters(
        adrs.PARAMETERS,
        """
OVR
    Overall response of targets, non-targets and new lesions (RECIST 1.1, tables 1 and 2)
    由靶病灶、非靶病灶和新病灶得出的总体疗效（RECIST 1.1，表1、表2）
TRGRESP
    Response of the target lesions by SUMDIAM against BASE and NADIR (RECIST 1.1, 4.3.1)
    靶病灶疗效，SUMDIAM与BASE、NADIR比较（RECIST 1.1，4.3.1）
NTRGRESP
    Response of the non-target lesions (RECIST 1.1, 4.3.3)
    非靶病灶疗效（RECIST 1.1，4.3.3）
NEWL
    Y where a new lesion is unequivocal (recist.equivocal_date, W23)
    有明确新病灶时为Y（recist.equivocal_date，W23）
OVRINV
    RS.RSSTRESC of the overall response, as the evaluator recorded it
    评估者记录的总体疗效，RS.RSSTRESC
PD
    Y where an overall response that counts is PD
    计入的总体疗效有PD时为Y
RSP
    Y where an overall response that counts is CR or PR
    计入的总体疗效有CR或PR时为Y
CRSP
    Y where CR or PR is confirmed recist.confirm_min_days later (W25, W26)
    CR或PR在recist.confirm_min_days后得到确认时为Y（W25、W26）
DC
    Y where CBOR is CR, PR, SD or NON-CR/NON-PD
    CBOR为CR、PR、SD或NON-CR/NON-PD时为Y
CB
    Y where CBOR is CR or PR, or disease was stable for recist.cb_min_days (W30)
    CBOR为CR或PR，或疾病稳定达recist.cb_min_days时为Y（W30）
BOR
    Best of the responses that count; SD needs recist.sd_min_days (W27)
    计入疗效中的最佳者；SD须达recist.sd_min_days（W27）
CBOR
    As BOR, with CR and PR only where confirmed (W25, W26)
    同BOR，CR和PR须经确认（W25、W26）
LSTA
    Y where an assessment up to the first progression is not NE; ADT is that of the last
    首次进展前有非NE评估时为Y；ADT为最后一次评估日期
MDIS
    Y where a target lesion was measured at baseline
    基线有已测量的靶病灶时为Y
DEATH
    Y where ADSL.DTHDT is there
    ADSL.DTHDT存在时为Y
""",
    ),
    KEYS=KEYS,
    PARAMETER=PARAMETER,
    MEASURED=MEASURED,
    SOURCE=SOURCE,
)

ADTTE = declare(
    "ADTTE",
    "Time-to-Event Analysis Dataset",
    "BASIC DATA STRUCTURE",
    "One record per subject and parameter",
    "STUDYID USUBJID PARAMCD",
    """
    KEYS: STUDYID USUBJID ASEQ
    PARAMETER: PARAMCD PARAM
    STARTDT  date    Derived    -        Time-to-Event Origin Date for Subject
        By time.origin, usually the first dose (W36); of durations of response the first response
        按time.origin，通常为首次用药（W36）；缓解持续时间为首次缓解日期
    ADT      date    Derived    -        Analysis Date
        Date of the event or of censoring, not before STARTDT
        事件或删失日期，不早于STARTDT
    AVAL     integer Derived    -        Analysis Value
        ADT - STARTDT + 1 in days (time.duration)
        ADT - STARTDT + 1，单位天（time.duration）
    AVALU    text    Assigned   DAYS     Analysis Value Unit
    CNSR     integer Derived    CNSR     Censor
        0 for an event, otherwise the number of the rule that censors
        事件为0，否则为删失规则的编号
    EVNTDESC text    Assigned   -        Event or Censoring Description
    CNSDTDSC text    Assigned   -        Censor Date Description
    SOURCE: SRCDOM SRCVAR SRCSEQ
    """,
    declare_parameters(
        adtte.PARAMETERS | _TO_DETERIORATION,
        """
PFS
    First of progression and death; censored by pfs.rule_set and its switches (W31 to W35)
    首次进展或死亡；按pfs.rule_set及其开关删失（W31至W35）
PFSEMA
    As PFS with pfs.rule_set ema: every progression and death is an event (W31)
    同PFS，pfs.rule_set为ema：所有进展和死亡均为事件（W31）
PFSCLIN
    As PFS with clinical progression as an event (W35)
    同PFS，临床进展亦为事件（W35）
TTP
    As PFS, a death without progression is censored
    同PFS，无进展的死亡作删失
OS
    Death from any cause; alive is censored by os.censoring (W37)
    任何原因死亡；存活者按os.censoring删失（W37）
RSD
    From the first response to the end of PFS, of subjects with a response
    自首次缓解至PFS终点，限缓解者
CRSD
    From the first confirmed response to the end of PFS, of subjects with one
    自首次经确认的缓解至PFS终点，限有确认缓解者
TTR
    From the start to the first response, of subjects with a response
    自起点至首次缓解，限缓解者
CTTR
    From the start to the first confirmed response, of subjects with one
    自起点至首次经确认的缓解，限有确认缓解者
TTF
    First of permanent stop of treatment for any reason and death, with ttf.progression also of progression
    因任何原因永久停药或死亡，以先发生者为准；ttf.progression为event时含疾病进展
TTHYP
    First treatment-emergent hypertension of grade 3 or higher; else the end of the time at risk (W41)
    首个治疗期间出现的3级及以上高血压；否则为风险期结束（W41）
TTD*
    Score worse by the points of the plan, as pro.deterioration and pro.deterioration_events say (W47, W48)
    评分恶化达到计划规定的界值，按pro.deterioration和pro.deterioration_events（W47、W48）
TD1*
    As TTD with pro.deterioration def1 (W48)
    同TTD，pro.deterioration为def1（W48）
TD2*
    As TTD with pro.deterioration def2 (W48)
    同TTD，pro.deterioration为def2（W48）
TD3*
    As TTD with pro.deterioration def3 (W48)
    同TTD，pro.deterioration为def3（W48）
TDF*
    As TTD with pro.deterioration first (W48)
    同TTD，pro.deterioration为first（W48）
TDD*
    As TTD with pro.deterioration_events death (W48)
    同TTD，pro.deterioration_events为death（W48）
TDN*
    As TTD with pro.deterioration_events none (W48)
    同TTD，pro.deterioration_events为none（W48）
TDP*
    As TTD with pro.deterioration_events progression_or_death (W48)
    同TTD，pro.deterioration_events为progression_or_death（W48）
""",
    ),
    KEYS=KEYS,
    PARAMETER=PARAMETER,
    SOURCE=SOURCE,
)
