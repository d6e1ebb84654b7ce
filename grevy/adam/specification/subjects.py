"""The specification of ADSL."""

from grevy.adam.specification.declaration import copy_from, declare
from grevy.adam.specification.shared import KEYS

ADSL = declare(
    "ADSL",
    "Subject-Level Analysis Dataset",
    "SUBJECT LEVEL ANALYSIS DATASET",
    "One record per subject",
    "STUDYID USUBJID",
    """
    KEYS: STUDYID USUBJID
    DM: SUBJID SITEID
    AGE      float   Derived    -        Age
        DM.AGE, otherwise whole years from birth to informed consent
        DM.AGE，缺失时为出生至知情同意的整岁数
    AGEU     text    Derived    AGEU     Age Units
        DM.AGEU, otherwise YEARS
        DM.AGEU，缺失时为YEARS
    DM: SEX RACE ETHNIC COUNTRY
    ARM      text    Derived    -        Description of Planned Arm
        Regimen chosen at the decision: DM.ACTARM, otherwise DM.ARM
        入组决定时选择的方案：DM.ACTARM，缺失时DM.ARM
    TRT01P   text    Derived    -        Planned Treatment for Period 01
        DM.ARM, otherwise DM.ACTARM
        DM.ARM，缺失时DM.ACTARM
    TRT01A   text    Derived    -        Actual Treatment for Period 01
        DM.ACTARM, otherwise DM.ARM
        DM.ACTARM，缺失时DM.ARM
    RFICDT   date    Derived    -        Date of Informed Consent
        Date of DM.RFICDTC
        DM.RFICDTC的日期
    DM: RFXSTDTC
    TRTSDT   date    Derived    -        Date of First Exposure to Treatment
        First dose of the study drug, otherwise of any in EX, otherwise as DM says
        研究药物首次用药日期，缺失时为EX中任何药物，再缺失时按DM
    TRTEDT   date    Derived    -        Date of Last Exposure to Treatment
        Last dose of the study drug; null while dosing goes on; an open end ends with the treatment (W9)
        研究药物末次用药日期；仍在用药时为空；无结束日期者止于治疗结束（W9）
    COHORT   text    Derived    COHORT   Cohort
        Regimen at the first dose by the arm, otherwise by the first dose: 300 mg MONO, 250 mg COMBO
        首次用药时的方案，按组别，缺失时按首次剂量：300 mg为MONO，250 mg为COMBO
    ENRLDT   date    Derived    -        Date of Enrollment
        Date of the milestone of enrollment in DS
        DS中入组里程碑的日期
    DCTREAS  text    Derived    -        Reason for Discontinuation of Treatment
        DSDECOD of the end of treatment, otherwise of the study, of the treated
        治疗结束的DSDECOD，缺失时取研究结束的，限已用药者
    DCTDT    date    Derived    -        Date of Discontinuation of Treatment
        Date of the record of DCTREAS
        DCTREAS所在记录的日期
    DCSREAS  text    Derived    -        Reason for Discontinuation from Study
        DSDECOD of the end of study
        研究结束的DSDECOD
    DCSDT    date    Derived    -        Date of Discontinuation from Study
        Date of the record of DCSREAS
        DCSREAS所在记录的日期
    CLPDDT   date    Derived    -        Date of Clinical Progression
        First disposition for progression told as clinical (W35)
        首条注明为临床进展的处置记录日期（W35）
    TRTDURD  integer Derived    -        Total Treatment Duration (Days)
        TRTEDT - TRTSDT + 1
        TRTEDT - TRTSDT + 1
    SEENALV  date    Derived    -        Last Date Seen Alive
        Latest contact, visit, scan, dose, sample or questionnaire up to the cut-off (W38)
        数据截止前最后一次随访、访视、影像、用药、采样或问卷日期（W38）
    LSTCTDT  date    Derived    -        Date of Last Contact, Given
        Date of SS.SSDTC given at the end of study; held against all records, used like any of them (W38)
        研究结束时录入的SS.SSDTC日期；与全部记录核对，与其他记录同等使用（W38）
    DTHCAUS  text    DD.DDSTRESC -       Cause of Death
    DTHDT    date    Derived    -        Date of Death
        Date of death; a partial one by dates.death, not before the last date known alive (W10)
        死亡日期；不完整时按dates.death，不早于末次确认存活日期（W10）
    DTHDTF   text    Derived    DATEFL   Date of Death Imputation Flag
        What of the date of death was imputed (W6)
        死亡日期中被推算的部分（W6）
    DTHFL    text    Derived    YN       Subject Death Flag
        Y where a death is recorded
        有死亡记录时为Y
    LSTALVDT date    Derived    -        Date Last Known Alive
        SEENALV, not after death (W38)
        SEENALV，不晚于死亡日期（W38）
    NWTRSDT  date    Derived    -        Start Date of New Anti-Cancer Therapy
        First anti-cancer therapy begun after the first dose; a partial start by dates.new_therapy (W10)
        首次用药后开始的首个抗肿瘤治疗；日期不完整时按dates.new_therapy（W10）
    NENCLASS text    SUPPMH.NENCLASS @nen_class        Class and Grade of the Neoplasm
    PRIMSITE text    SUPPMH.PRIMSITE @primary_site     Primary Site
    DIFFER   text    SUPPMH.DIFFER   @differentiation  Differentiation
    KI67     float   SUPPMH.KI67     -   Ki-67 Index (%)
    FUNCTNL  text    SUPPMH.FUNCTNL  NY  Functional Neoplasm
    STAGE    text    SUPPMH.STAGE    @stage            Stage at Inclusion
    LIVERMFL text    SUPPMH.LIVERMET NY  Liver Metastasis Flag
    BONEMFL  text    SUPPMH.BONEMET  NY  Bone Metastasis Flag
    NODEMFL  text    SUPPMH.NODEMET  NY  Distant Lymph Node Metastasis Flag
    LUNGMFL  text    SUPPMH.LUNGMET  NY  Lung Metastasis Flag
    PERIMFL  text    SUPPMH.PERIMET  NY  Peritoneal Metastasis Flag
    OTHMFL   text    SUPPMH.OTHMET   NY  Other Metastasis Flag
    PRIORLIN integer SUPPMH.PRIORLIN -   Number of Prior Systemic Lines
    SSTR     text    SUPPMH.SSTR     @sstr             Somatostatin Receptor Imaging
    CGAXULN  float   SUPPMH.CGAXULN  -   Chromogranin A, Multiple of ULN
    AGEGR1   text    Derived    AGEGR1   Pooled Age Group 1
        AGE below 65, or 65 and above
        AGE小于65岁，或65岁及以上
    NENGRP   text    Derived    NENGRP   Group of the Neoplasm
        NENCLASS in three groups: NET G1 and G2, NET G3, NEC and MiNEN
        NENCLASS分为三组：NET G1和G2、NET G3、NEC和MiNEN
    PANCFL   text    Derived    YN       Pancreatic Primary Flag
        Y where PRIMSITE is PANCREAS
        PRIMSITE为PANCREAS时为Y
    KI67GR1  text    Derived    KI67GR1  Pooled Ki-67 Group 1
        KI67 below 3, 3 to 20, above 20 %
        KI67低于3%、3%～20%、高于20%
    LINE     text    Derived    LINE     Line of Therapy
        PRIORLIN + 1, third and later together
        PRIORLIN + 1，三线及以上合并
    METORGN  integer Derived    -        Number of Organs with Metastases
        Number of the six metastasis flags that are Y
        六个转移标志中为Y的个数
    HEIGHT   float   Derived    -        Height at Baseline (cm)
        Last height in VS up to the first dose, otherwise as supplied with DM (W11)
        首次用药前VS中最后一次身高，缺失时取DM补充值（W11）
    WEIGHT   float   Derived    -        Weight at Baseline (kg)
        Last weight in VS up to the first dose, otherwise as supplied with DM (W11)
        首次用药前VS中最后一次体重，缺失时取DM补充值（W11）
    REGREAS  text    SUPPDM.REGREAS  @regimen_reason   Reason for the Regimen
    MHN      integer Derived    -        Number of Conditions in History
        Number of MH records of general medical history
        MH中一般病史记录数
    PRIORN   integer Derived    -        Number of Prior Anti-Cancer Therapies
        Number of CM and PR records of prior anti-cancer therapy
        CM和PR中既往抗肿瘤治疗记录数
    BMI      float   Derived    -        Body Mass Index at Baseline (kg/m2)
        WEIGHT / (HEIGHT / 100) squared
        WEIGHT /（HEIGHT / 100）的平方
    ECOGBL   integer Derived    -        ECOG Performance Status at Baseline
        Last ECOG performance status in RS up to the first dose (W11)
        首次用药前RS中最后一次ECOG评分（W11）
    SCRFREAS text    Derived    -        Reason for Screen Failure
        First criterion not met in IE
        IE中首个不符合的标准
    SCRNFL   text    Assigned   YN       Screened Population Flag
    SCRFFL   text    Derived    YN       Screen Failure Flag
        Y where DS or the arm says screen failure
        DS或组别注明筛选失败时为Y
    ENRLFL   text    Derived    YN       Enrolled Population Flag
        Milestone of enrollment; without milestones, assigned to a regimen or dosed
        有入组里程碑；无里程碑时为已分配方案或已用药
    SAFFL    text    Derived    YN       Safety Population Flag
        At least one dose of the study drug
        至少用过一次研究药物
    EOTSTT   text    Derived    STATUS   End of Treatment Status
        By DCTREAS, of the treated
        按DCTREAS，限已用药者
    EOSSTT   text    Derived    STATUS   End of Study Status
        By DCSREAS
        按DCSREAS
    FASFL    text    Derived    YN       Full Analysis Set Population Flag
        Enrolled and dosed
        入组且已用药
    CUTDT    date    Assigned   -        Data Cut-off Date
    BLSCANFL text    Derived    YN       Baseline Tumor Assessment Flag
        Y where a tumor assessment before the first dose counts as baseline
        首次用药前有可作为基线的肿瘤评估时为Y
    MEASFL   text    Derived    YN       Measurable Disease at Baseline Flag
        Y where a target lesion was measured at baseline (RECIST 1.1, 3.1)
        基线有已测量的靶病灶时为Y（RECIST 1.1，3.1）
    RSPEVFL  text    Derived    YN       Response-Evaluable Population Flag
        FAS, measurable at baseline, and an adequate assessment later or death before one
        FAS中基线可测量，且其后有充分评估或评估前死亡
    PPROTFL  text    Derived    YN       Per-Protocol Population Flag
        FAS without a reason of PPROTRES
        FAS中无PPROTRES所列原因者
    PPROTRES text    Derived    PPROTRES Reason Excluded from Per-Protocol
        First of: criterion violated, starting dose, intensity of the first weeks, other therapy, deviation
        依次为：违反标准、起始剂量、前几周剂量强度、其他治疗、重大偏离
    KEYS: ASEQ
    """,
    KEYS=KEYS,
)

COPIES = copy_from("ADSL", {variable.name: variable for variable in ADSL.variables})
"""Variables of ADSL as other data sets copy them."""
