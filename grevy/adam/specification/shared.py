"""Variables that stand in several analysis data sets, declared once."""

from grevy.adam.specification.declaration import declare_variables

KEYS = declare_variables("""
    STUDYID  text    DM.STUDYID  -  Study Identifier
    USUBJID  text    DM.USUBJID  -  Unique Subject Identifier
    ASEQ     integer Derived     -  Analysis Sequence Number
        Number of the record within the subject, in the order of parameter and date, or of the source records
        受试者内的记录序号，按参数和日期或源记录顺序编号
""")

SOURCE = declare_variables("""
    SRCDOM   text    Assigned -  Source Data
    SRCVAR   text    Assigned -  Source Variable
    SRCSEQ   float   Assigned -  Source Sequence Number
""")

DATED = declare_variables("""
    ASTDT    date    Derived  -       Analysis Start Date
        Date of the start; a partial one is the first day possible (W9)
        开始日期；不完整时取可能的最早一天（W9）
    ASTDTF   text    Derived  DATEFL  Analysis Start Date Imputation Flag
        What of the start was imputed (W6)
        开始日期中被推算的部分（W6）
    AENDT    date    Derived  -       Analysis End Date
        Date of the end; a partial one is the last day possible, not after death or cut-off (W9)
        结束日期；不完整时取可能的最晚一天，不晚于死亡或数据截止（W9）
    AENDTF   text    Derived  DATEFL  Analysis End Date Imputation Flag
        What of the end was imputed (W6)
        结束日期中被推算的部分（W6）
    ASTDY    integer Derived  -       Analysis Start Relative Day
        Days of the start from the first dose, which is day 1; there is no day 0
        开始日期相对首次用药的天数，首次用药为第1天，无第0天
    AENDY    integer Derived  -       Analysis End Relative Day
        Days of the end from the first dose, which is day 1; there is no day 0
        结束日期相对首次用药的天数，首次用药为第1天，无第0天
""")

PERIODS = declare_variables("""
    PREFL    text    Derived  Y       Pre-treatment Flag
        Begun before the first dose, or start unknown
        首次用药前开始，或开始日期未知
    ONTRTFL  text    Derived  Y       On Treatment Record Flag
        Going on at any time from the first dose to te.days_after_last_dose days after the last (W41)
        自首次用药至末次用药后te.days_after_last_dose天内任何时间存在（W41）
    FUPFL    text    Derived  Y       Follow-up Flag
        Begun more than te.days_after_last_dose days after the last dose (W41)
        末次用药te.days_after_last_dose天之后开始（W41）
""")

PARAMETER = declare_variables("""
    PARAMCD  text    Assigned PARAMCD Parameter Code
    PARAM    text    Assigned -       Parameter
    PARCAT1  text    Assigned -       Parameter Category 1
    AVAL     float   Derived  -       Analysis Value
        By parameter: see the value level
        按参数，见取值层面说明
""")

MEASURED = PARAMETER | declare_variables("""
    AVALC    text    Derived  -       Analysis Value (C)
        Result in standard units as text, where it is a record of the tabulation and not a mean
        标准单位结果的文本，限于制表数据中的单条记录，不含均值
    AVALU    text    Derived  -       Analysis Value Unit
        Standard unit of the test; as reported where the unit is not known for the test
        检查项目的标准单位；单位无法识别时保留原单位
    BASE     float   Derived  -       Baseline Value
        AVAL of the last record before the first dose (baseline.same_day, W11)
        首次用药前最后一条记录的AVAL（baseline.same_day，W11）
    CHG      float   Derived  -       Change from Baseline
        AVAL - BASE, after baseline
        AVAL - BASE，限基线后
    PCHG     float   Derived  -       Percent Change from Baseline
        100 x CHG / BASE, null where BASE is 0
        100 × CHG / BASE，BASE为0时为空
    ABLFL    text    Derived  Y       Baseline Record Flag
        The last record before the first dose (baseline.same_day, W11)
        首次用药前的最后一条记录（baseline.same_day，W11）
    ADT      date    Derived  -       Analysis Date
        Date of the measurement; a partial date is no date (W7)
        测量日期；不完整日期不作为日期（W7）
    ADY      integer Derived  -       Analysis Relative Day
        Days from the first dose, which is day 1; there is no day 0
        相对首次用药的天数，首次用药为第1天，无第0天
    AVISIT   text    Derived  -       Analysis Visit
        Visit of the tabulation
        制表数据中的访视
    AVISITN  float   Derived  -       Analysis Visit (N)
        Number of the visit of the tabulation
        制表数据中的访视编号
    ATPT     text    Derived  -       Analysis Timepoint
        Planned time point, where readings are kept apart (measurement.readings)
        计划时间点，限逐次读数时（measurement.readings）
    ATPTN    float   Derived  -       Analysis Timepoint (N)
        Number of the planned time point
        计划时间点编号
    ANL01FL  text    Derived  Y       Analysis Flag 01
        The record that stands for its visit: nearest to the planned day, the earlier at a tie (W12)
        代表该访视的记录：距计划日最近者，相等时取较早者（W12）
    ONTRTFL  text    Derived  Y       On Treatment Record Flag
        After baseline, to te.days_after_last_dose days after the last dose (W41)
        基线后至末次用药后te.days_after_last_dose天（W41）
    DTYPE    text    Derived  DTYPE   Derivation Type
        How AVAL was derived; null for a record of the tabulation
        AVAL的导出方式；制表数据原记录为空
""")

GRADES = declare_variables("""
    ATOXDSCL text    Assigned -       Analysis Toxicity Description Low
    ATOXDSCH text    Assigned -       Analysis Toxicity Description High
    ATOXGRL  integer Derived  GRADE   Analysis Toxicity Grade Low
        CTCAE grade of the number towards low values (ctcae.version, W43; ctcae.symptoms, W44)
        数值偏低方向的CTCAE分级（ctcae.version，W43；ctcae.symptoms，W44）
    ATOXGRH  integer Derived  GRADE   Analysis Toxicity Grade High
        CTCAE grade of the number towards high values (ctcae.version, W43; ctcae.symptoms, W44)
        数值偏高方向的CTCAE分级（ctcae.version，W43；ctcae.symptoms，W44）
    BTOXGRL  integer Derived  GRADE   Baseline Toxicity Grade Low
        ATOXGRL of the baseline record
        基线记录的ATOXGRL
    BTOXGRH  integer Derived  GRADE   Baseline Toxicity Grade High
        ATOXGRH of the baseline record
        基线记录的ATOXGRH
    WGRLFL   text    Derived  Y       Worst Grade Low Flag
        First record of the worst ATOXGRL on treatment, unscheduled ones too
        治疗期间ATOXGRL最差的首条记录，含计划外记录
    WGRHFL   text    Derived  Y       Worst Grade High Flag
        First record of the worst ATOXGRH on treatment, unscheduled ones too
        治疗期间ATOXGRH最差的首条记录，含计划外记录
    CTCVER   text    Assigned CTCVER  CTCAE Version
""")
