"""The SDTM domains Grevy writes and reads: names, labels, types and core designation of their variables.

A table of declarations after SDTMIG 3.4 (for each domain all required and expected variables, and the
permissible ones that are used here). The same table conforms what another system tabulated, labels
transport files, and makes the Define-XML. `conform` is the door: behind it a derivation may rely on every
variable being there, with its type.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


@dataclass(frozen=True)
class Variable:
    """A variable of a domain; `type` is Char or Num, `core` is Req, Exp or Perm."""

    name: str
    label: str
    type: str
    core: str


@dataclass(frozen=True)
class Domain:
    """A domain with the keys that make its records unique and its variables in their published order."""

    name: str
    label: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]


def _declare(name: str, label: str, keys: str, variables: str) -> Domain:
    rows = (line.split(maxsplit=3) for line in variables.strip().splitlines())
    return Domain(
        name,
        label,
        tuple(keys.split()),
        tuple(Variable(variable, text, type_, core) for variable, type_, core, text in rows),
    )


# --- Declarations --------------------------------------------------------------------------------

DM = _declare(
    "DM",
    "Demographics",
    "STUDYID USUBJID",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SUBJID   Char Req  Subject Identifier for the Study
    RFSTDTC  Char Exp  Subject Reference Start Date/Time
    RFENDTC  Char Exp  Subject Reference End Date/Time
    RFXSTDTC Char Exp  Date/Time of First Study Treatment
    RFXENDTC Char Exp  Date/Time of Last Study Treatment
    RFICDTC  Char Exp  Date/Time of Informed Consent
    RFPENDTC Char Exp  Date/Time of End of Participation
    DTHDTC   Char Exp  Date/Time of Death
    DTHFL    Char Exp  Subject Death Flag
    SITEID   Char Req  Study Site Identifier
    BRTHDTC  Char Perm Date/Time of Birth
    AGE      Num  Exp  Age
    AGEU     Char Exp  Age Units
    SEX      Char Req  Sex
    RACE     Char Exp  Race
    ETHNIC   Char Perm Ethnicity
    ARMCD    Char Exp  Planned Arm Code
    ARM      Char Exp  Description of Planned Arm
    ACTARMCD Char Exp  Actual Arm Code
    ACTARM   Char Exp  Description of Actual Arm
    ARMNRS   Char Exp  Reason Arm and/or Actual Arm is Null
    ACTARMUD Char Exp  Description of Unplanned Actual Arm
    COUNTRY  Char Req  Country
    DMDTC    Char Perm Date/Time of Collection
    DMDY     Num  Perm Study Day of Collection
""",
)
DS = _declare(
    "DS",
    "Disposition",
    "STUDYID USUBJID DSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DSSEQ    Num  Req  Sequence Number
    DSSPID   Char Perm Sponsor-Defined Identifier
    DSTERM   Char Req  Reported Term for the Disposition Event
    DSDECOD  Char Req  Standardized Disposition Term
    DSCAT    Char Exp  Category for Disposition Event
    DSSCAT   Char Perm Subcategory for Disposition Event
    EPOCH    Char Perm Epoch
    DSDTC    Char Perm Date/Time of Collection
    DSSTDTC  Char Exp  Start Date/Time of Disposition Event
    DSDY     Num  Perm Study Day of Collection
    DSSTDY   Num  Exp  Study Day of Start of Disposition Event
""",
)
IE = _declare(
    "IE",
    "Inclusion/Exclusion Criteria Not Met",
    "STUDYID USUBJID IESEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    IESEQ    Num  Req  Sequence Number
    IESPID   Char Perm Sponsor-Defined Identifier
    IETESTCD Char Req  Inclusion/Exclusion Criterion Short Name
    IETEST   Char Req  Inclusion/Exclusion Criterion
    IECAT    Char Req  Inclusion/Exclusion Category
    IESCAT   Char Perm Inclusion/Exclusion Subcategory
    IEORRES  Char Req  I/E Criterion Original Result
    IESTRESC Char Req  I/E Criterion Result in Std Format
    VISITNUM Num  Perm Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    IEDTC    Char Perm Date/Time of Collection
    IEDY     Num  Perm Study Day of Collection
""",
)
MH = _declare(
    "MH",
    "Medical History",
    "STUDYID USUBJID MHSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    MHSEQ    Num  Req  Sequence Number
    MHSPID   Char Perm Sponsor-Defined Identifier
    MHTERM   Char Req  Reported Term for the Medical History
    MHDECOD  Char Perm Dictionary-Derived Term
    MHCAT    Char Perm Category for Medical History
    MHSCAT   Char Perm Subcategory for Medical History
    MHBODSYS Char Perm Body System or Organ Class
    EPOCH    Char Perm Epoch
    MHDTC    Char Perm Date/Time of History Collection
    MHSTDTC  Char Perm Start Date/Time of Medical History Event
    MHENDTC  Char Perm End Date/Time of Medical History Event
    MHDY     Num  Perm Study Day of History Collection
    MHENRTPT Char Perm End Relative to Reference Time Point
    MHENTPT  Char Perm End Reference Time Point
""",
)
EX = _declare(
    "EX",
    "Exposure",
    "STUDYID USUBJID EXSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    EXSEQ    Num  Req  Sequence Number
    EXGRPID  Char Perm Group ID
    EXSPID   Char Perm Sponsor-Defined Identifier
    EXLNKID  Char Perm Link ID
    EXTRT    Char Req  Name of Treatment
    EXCAT    Char Perm Category of Treatment
    EXDOSE   Num  Exp  Dose
    EXDOSTXT Char Perm Dose Description
    EXDOSU   Char Exp  Dose Units
    EXDOSFRM Char Exp  Dose Form
    EXDOSFRQ Char Perm Dosing Frequency per Interval
    EXDOSRGM Char Perm Intended Dose Regimen
    EXROUTE  Char Perm Route of Administration
    EXADJ    Char Perm Reason for Dose Adjustment
    EPOCH    Char Perm Epoch
    EXSTDTC  Char Exp  Start Date/Time of Treatment
    EXENDTC  Char Exp  End Date/Time of Treatment
    EXSTDY   Num  Perm Study Day of Start of Treatment
    EXENDY   Num  Perm Study Day of End of Treatment
""",
)
AE = _declare(
    "AE",
    "Adverse Events",
    "STUDYID USUBJID AESEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    AESEQ    Num  Req  Sequence Number
    AESPID   Char Perm Sponsor-Defined Identifier
    AETERM   Char Req  Reported Term for the Adverse Event
    AELLT    Char Exp  Lowest Level Term
    AELLTCD  Num  Exp  Lowest Level Term Code
    AEDECOD  Char Req  Dictionary-Derived Term
    AEPTCD   Num  Exp  Preferred Term Code
    AEHLT    Char Exp  High Level Term
    AEHLTCD  Num  Exp  High Level Term Code
    AEHLGT   Char Exp  High Level Group Term
    AEHLGTCD Num  Exp  High Level Group Term Code
    AECAT    Char Perm Category for Adverse Event
    AEPRESP  Char Perm Pre-Specified Adverse Event
    AEBODSYS Char Exp  Body System or Organ Class
    AEBDSYCD Num  Exp  Body System or Organ Class Code
    AESOC    Char Exp  Primary System Organ Class
    AESOCCD  Num  Exp  Primary System Organ Class Code
    AESEV    Char Perm Severity/Intensity
    AESER    Char Exp  Serious Event
    AEACN    Char Exp  Action Taken with Study Treatment
    AEACNOTH Char Perm Other Action Taken
    AEREL    Char Exp  Causality
    AEOUT    Char Perm Outcome of Adverse Event
    AESCAN   Char Perm Involves Cancer
    AESCONG  Char Perm Congenital Anomaly or Birth Defect
    AESDISAB Char Perm Persist or Signif Disability/Incapacity
    AESDTH   Char Perm Results in Death
    AESHOSP  Char Perm Requires or Prolongs Hospitalization
    AESLIFE  Char Perm Is Life Threatening
    AESMIE   Char Perm Other Medically Important Serious Event
    AECONTRT Char Perm Concomitant or Additional Trtmnt Given
    AETOXGR  Char Perm Standard Toxicity Grade
    EPOCH    Char Perm Epoch
    AESTDTC  Char Exp  Start Date/Time of Adverse Event
    AEENDTC  Char Exp  End Date/Time of Adverse Event
    AESTDY   Num  Perm Study Day of Start of Adverse Event
    AEENDY   Num  Perm Study Day of End of Adverse Event
    AEENRTPT Char Perm End Relative to Reference Time Point
    AEENTPT  Char Perm End Reference Time Point
""",
)
TU = _declare(
    "TU",
    "Tumor/Lesion Identification",
    "STUDYID USUBJID TUSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    TUSEQ    Num  Req  Sequence Number
    TUGRPID  Char Perm Group ID
    TUSPID   Char Perm Sponsor-Defined Identifier
    TULNKID  Char Exp  Link ID
    TULNKGRP Char Perm Link Group ID
    TUTESTCD Char Req  Tumor/Lesion ID Short Name
    TUTEST   Char Req  Tumor/Lesion ID Test Name
    TUORRES  Char Exp  Tumor/Lesion ID Result
    TUSTRESC Char Exp  Tumor/Lesion ID Result Std. Format
    TULOC    Char Exp  Location of the Tumor/Lesion
    TULAT    Char Perm Laterality
    TUMETHOD Char Exp  Method of Identification
    TULOBXFL Char Exp  Last Observation Before Exposure Flag
    TUBLFL   Char Perm Baseline Flag
    TUEVAL   Char Exp  Evaluator
    TUEVALID Char Perm Evaluator Identifier
    TUACPTFL Char Perm Accepted Record Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    TUDTC    Char Exp  Date/Time of Tumor/Lesion Identification
    TUDY     Num  Perm Study Day of Tumor/Lesion Identification
""",
)
TR = _declare(
    "TR",
    "Tumor/Lesion Results",
    "STUDYID USUBJID TRSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    TRSEQ    Num  Req  Sequence Number
    TRGRPID  Char Perm Group ID
    TRSPID   Char Perm Sponsor-Defined Identifier
    TRLNKID  Char Exp  Link ID
    TRLNKGRP Char Perm Link Group
    TRTESTCD Char Req  Tumor/Lesion Assessment Short Name
    TRTEST   Char Req  Tumor/Lesion Assessment Test Name
    TRORRES  Char Exp  Result or Finding in Original Units
    TRORRESU Char Exp  Original Units
    TRSTRESC Char Exp  Character Result/Finding in Std Format
    TRSTRESN Num  Exp  Numeric Result/Finding in Standard Units
    TRSTRESU Char Exp  Standard Units
    TRSTAT   Char Perm Completion Status
    TRREASND Char Perm Reason Not Done
    TRMETHOD Char Exp  Method Used to Identify the Tumor/Lesion
    TRLOBXFL Char Exp  Last Observation Before Exposure Flag
    TRBLFL   Char Perm Baseline Flag
    TREVAL   Char Exp  Evaluator
    TREVALID Char Perm Evaluator Identifier
    TRACPTFL Char Perm Accepted Record Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    TRDTC    Char Exp  Date/Time of Tumor/Lesion Measurement
    TRDY     Num  Perm Study Day of Tumor/Lesion Measurement
""",
)
RS = _declare(
    "RS",
    "Disease Response and Clin Classification",
    "STUDYID USUBJID RSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    RSSEQ    Num  Req  Sequence Number
    RSGRPID  Char Perm Group ID
    RSREFID  Char Perm Reference ID
    RSSPID   Char Perm Sponsor-Defined Identifier
    RSLNKID  Char Perm Link ID
    RSLNKGRP Char Perm Link Group ID
    RSTESTCD Char Req  Assessment Short Name
    RSTEST   Char Req  Assessment Name
    RSCAT    Char Exp  Category for Assessment
    RSSCAT   Char Perm Subcategory
    RSORRES  Char Exp  Result or Finding in Original Units
    RSORRESU Char Perm Original Units
    RSSTRESC Char Exp  Character Result/Finding in Std Format
    RSSTRESN Num  Perm Numeric Result/Finding in Standard Units
    RSSTRESU Char Perm Standard Units
    RSSTAT   Char Perm Completion Status
    RSREASND Char Perm Reason Not Done
    RSMETHOD Char Perm Method of Test or Examination
    RSLOBXFL Char Perm Last Observation Before Exposure Flag
    RSBLFL   Char Perm Baseline Flag
    RSDRVFL  Char Perm Derived Flag
    RSEVAL   Char Perm Evaluator
    RSEVALID Char Perm Evaluator Identifier
    RSACPTFL Char Perm Accepted Record Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    RSDTC    Char Exp  Date/Time of Assessment
    RSDY     Num  Perm Study Day of Assessment
    RSEVLINT Char Perm Evaluation Interval
    RSEVINTX Char Perm Evaluation Interval Text
""",
)
DD = _declare(
    "DD",
    "Death Details",
    "STUDYID USUBJID DDSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DDSEQ    Num  Req  Sequence Number
    DDTESTCD Char Req  Death Detail Assessment Short Name
    DDTEST   Char Req  Death Detail Assessment Name
    DDORRES  Char Exp  Result or Finding as Collected
    DDSTRESC Char Exp  Character Result/Finding in Std Format
    DDEVAL   Char Perm Evaluator
    DDDTC    Char Exp  Date/Time of Collection
    DDDY     Num  Perm Study Day of Collection
""",
)
SS = _declare(
    "SS",
    "Subject Status",
    "STUDYID USUBJID SSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SSSEQ    Num  Req  Sequence Number
    SSSPID   Char Perm Sponsor-Defined Identifier
    SSTESTCD Char Req  Status Short Name
    SSTEST   Char Req  Status Name
    SSCAT    Char Perm Category for Assessment
    SSORRES  Char Exp  Result or Finding Original Result
    SSSTRESC Char Exp  Character Result/Finding in Std Format
    SSSTAT   Char Perm Completion Status
    SSREASND Char Perm Reason Assessment Not Performed
    SSEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    SSDTC    Char Exp  Date/Time of Assessment
    SSDY     Num  Perm Study Day of Assessment
""",
)
CM = _declare(
    "CM",
    "Concomitant/Prior Medications",
    "STUDYID USUBJID CMSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    CMSEQ    Num  Req  Sequence Number
    CMSPID   Char Perm Sponsor-Defined Identifier
    CMTRT    Char Req  Reported Name of Drug, Med, or Therapy
    CMDECOD  Char Perm Standardized Medication Name
    CMCAT    Char Perm Category for Medication
    CMSCAT   Char Perm Subcategory for Medication
    CMINDC   Char Perm Indication
    CMCLAS   Char Perm Medication Class
    CMCLASCD Char Perm Medication Class Code
    CMDOSE   Num  Perm Dose per Administration
    CMDOSU   Char Perm Dose Units
    CMDOSFRQ Char Perm Dosing Frequency per Interval
    CMROUTE  Char Perm Route of Administration
    CMRSDISC Char Perm Reason the Intervention Was Discontinued
    EPOCH    Char Perm Epoch
    CMSTDTC  Char Perm Start Date/Time of Medication
    CMENDTC  Char Perm End Date/Time of Medication
    CMSTDY   Num  Perm Study Day of Start of Medication
    CMENDY   Num  Perm Study Day of End of Medication
    CMENRTPT Char Perm End Relative to Reference Time Point
    CMENTPT  Char Perm End Reference Time Point
""",
)
LB = _declare(
    "LB",
    "Laboratory Test Results",
    "STUDYID USUBJID LBSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    LBSEQ    Num  Req  Sequence Number
    LBTESTCD Char Req  Lab Test or Examination Short Name
    LBTEST   Char Req  Lab Test or Examination Name
    LBCAT    Char Exp  Category for Lab Test
    LBSCAT   Char Perm Subcategory for Lab Test
    LBORRES  Char Exp  Result or Finding in Original Units
    LBORRESU Char Exp  Original Units
    LBORNRLO Char Exp  Reference Range Lower Limit in Orig Unit
    LBORNRHI Char Exp  Reference Range Upper Limit in Orig Unit
    LBSTRESC Char Exp  Character Result/Finding in Std Format
    LBSTRESN Num  Exp  Numeric Result/Finding in Standard Units
    LBSTRESU Char Exp  Standard Units
    LBSTNRLO Num  Exp  Reference Range Lower Limit-Std Units
    LBSTNRHI Num  Exp  Reference Range Upper Limit-Std Units
    LBNRIND  Char Exp  Reference Range Indicator
    LBSTAT   Char Perm Completion Status
    LBREASND Char Perm Reason Test Not Done
    LBSPEC   Char Perm Specimen Type
    LBMETHOD Char Perm Method of Test or Examination
    LBLOBXFL Char Exp  Last Observation Before Exposure Flag
    LBFAST   Char Perm Fasting Status
    LBTOXGR  Char Perm Standard Toxicity Grade
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    LBDTC    Char Exp  Date/Time of Specimen Collection
    LBDY     Num  Perm Study Day of Specimen Collection
""",
)
VS = _declare(
    "VS",
    "Vital Signs",
    "STUDYID USUBJID VSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    VSSEQ    Num  Req  Sequence Number
    VSSPID   Char Perm Sponsor-Defined Identifier
    VSTESTCD Char Req  Vital Signs Test Short Name
    VSTEST   Char Req  Vital Signs Test Name
    VSCAT    Char Perm Category for Vital Signs
    VSPOS    Char Perm Vital Signs Position of Subject
    VSORRES  Char Exp  Result or Finding in Original Units
    VSORRESU Char Exp  Original Units
    VSSTRESC Char Exp  Character Result/Finding in Std Format
    VSSTRESN Num  Exp  Numeric Result/Finding in Standard Units
    VSSTRESU Char Exp  Standard Units
    VSSTAT   Char Perm Completion Status
    VSREASND Char Perm Reason Not Performed
    VSLOC    Char Perm Location of Vital Signs Measurement
    VSLOBXFL Char Exp  Last Observation Before Exposure Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    VSDTC    Char Exp  Date/Time of Measurements
    VSDY     Num  Perm Study Day of Vital Signs
""",
)
EG = _declare(
    "EG",
    "ECG Test Results",
    "STUDYID USUBJID EGSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    EGSEQ    Num  Req  Sequence Number
    EGREFID  Char Perm ECG Reference ID
    EGSPID   Char Perm Sponsor-Defined Identifier
    EGTESTCD Char Req  ECG Test or Examination Short Name
    EGTEST   Char Req  ECG Test or Examination Name
    EGCAT    Char Perm Category for ECG
    EGORRES  Char Exp  Result or Finding in Original Units
    EGSTRESC Char Exp  Character Result/Finding in Std Format
    EGSTAT   Char Perm Completion Status
    EGREASND Char Perm Reason ECG Not Done
    EGMETHOD Char Perm Method of Test or Examination
    EGLOBXFL Char Exp  Last Observation Before Exposure Flag
    EGEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    EGDTC    Char Exp  Date/Time of ECG
    EGDY     Num  Perm Study Day of ECG
    EGTPT    Char Perm Planned Time Point Name
    EGTPTNUM Num  Perm Planned Time Point Number
""",
)
QS = _declare(
    "QS",
    "Questionnaires",
    "STUDYID USUBJID QSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    QSSEQ    Num  Req  Sequence Number
    QSSPID   Char Perm Sponsor-Defined Identifier
    QSTESTCD Char Req  Question Short Name
    QSTEST   Char Req  Question Name
    QSCAT    Char Req  Category of Question
    QSSCAT   Char Perm Subcategory for Question
    QSORRES  Char Exp  Finding in Original Units
    QSSTRESC Char Exp  Character Result/Finding in Std Format
    QSSTAT   Char Perm Completion Status
    QSREASND Char Perm Reason Not Performed
    QSMETHOD Char Perm Method of Test or Examination
    QSLOBXFL Char Exp  Last Observation Before Exposure Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    QSDTC    Char Exp  Date/Time of Finding
    QSDY     Num  Perm Study Day of Finding
""",
)
CV = _declare(
    "CV",
    "Cardiovascular System Findings",
    "STUDYID USUBJID CVSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    CVSEQ    Num  Req  Sequence Number
    CVSPID   Char Perm Sponsor-Defined Identifier
    CVTESTCD Char Req  Short Name of Cardiovascular Test
    CVTEST   Char Req  Name of Cardiovascular Test
    CVCAT    Char Perm Category for Cardiovascular Test
    CVORRES  Char Exp  Result or Finding in Original Units
    CVORRESU Char Perm Original Units
    CVSTRESC Char Exp  Character Result/Finding in Std Format
    CVSTAT   Char Perm Completion Status
    CVREASND Char Perm Reason Not Done
    CVMETHOD Char Perm Method of Test or Examination
    CVLOBXFL Char Exp  Last Observation Before Exposure Flag
    CVEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    CVDTC    Char Exp  Date/Time of Test
    CVDY     Num  Perm Study Day of Visit/Collection/Exam
""",
)
PR = _declare(
    "PR",
    "Procedures",
    "STUDYID USUBJID PRSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    PRSEQ    Num  Req  Sequence Number
    PRSPID   Char Perm Sponsor-Defined Identifier
    PRTRT    Char Req  Reported Name of Procedure
    PRDECOD  Char Perm Standardized Procedure Name
    PRCAT    Char Perm Category
    PRSCAT   Char Perm Subcategory
    PRINDC   Char Perm Indication
    PRLOC    Char Perm Location of Procedure
    VISITNUM Num  Perm Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    PRSTDTC  Char Exp  Start Date/Time of Procedure
    PRENDTC  Char Perm End Date/Time of Procedure
    PRSTDY   Num  Perm Study Day of Start of Procedure
    PRENDY   Num  Perm Study Day of End of Procedure
""",
)
SV = _declare(
    "SV",
    "Subject Visits",
    "STUDYID USUBJID VISITNUM",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    VISITNUM Num  Req  Visit Number
    VISIT    Char Perm Visit Name
    SVPRESP  Char Exp  Pre-specified
    SVOCCUR  Char Exp  Occurrence
    SVREASOC Char Perm Reason for Occur Value
    VISITDY  Num  Perm Planned Study Day of Visit
    SVSTDTC  Char Exp  Start Date/Time of Observation
    SVENDTC  Char Exp  End Date/Time of Observation
    SVSTDY   Num  Perm Study Day of Start of Observation
    SVENDY   Num  Perm Study Day of End of Observation
    SVUPDES  Char Perm Description of Unplanned Visit
""",
)
SE = _declare(
    "SE",
    "Subject Elements",
    "STUDYID USUBJID SESEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SESEQ    Num  Req  Sequence Number
    ETCD     Char Req  Element Code
    ELEMENT  Char Perm Description of Element
    TAETORD  Num  Perm Planned Order of Element within Arm
    EPOCH    Char Perm Epoch
    SESTDTC  Char Req  Start Date/Time of Element
    SEENDTC  Char Exp  End Date/Time of Element
    SESTDY   Num  Perm Study Day of Start of Element
    SEENDY   Num  Perm Study Day of End of Element
    SEUPDES  Char Perm Description of Unplanned Element
""",
)
DV = _declare(
    "DV",
    "Protocol Deviations",
    "STUDYID USUBJID DVSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DVSEQ    Num  Req  Sequence Number
    DVSPID   Char Perm Sponsor-Defined Identifier
    DVTERM   Char Req  Protocol Deviation Term
    DVDECOD  Char Perm Protocol Deviation Coded Term
    DVCAT    Char Perm Category for Protocol Deviation
    DVSCAT   Char Perm Subcategory for Protocol Deviation
    EPOCH    Char Perm Epoch
    DVSTDTC  Char Perm Start Date/Time of Deviation
    DVENDTC  Char Perm End Date/Time of Deviation
    DVSTDY   Num  Perm Study Day of Start of Deviation Event
    DVENDY   Num  Perm Study Day of End of Deviation Event
""",
)
FA = _declare(
    "FA",
    "Findings About Events or Interventions",
    "STUDYID USUBJID FASEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    FASEQ    Num  Req  Sequence Number
    FASPID   Char Perm Sponsor-Defined Identifier
    FATESTCD Char Req  Findings About Test Short Name
    FATEST   Char Req  Findings About Test Name
    FAOBJ    Char Req  Object of the Observation
    FACAT    Char Perm Category for Findings About
    FASCAT   Char Perm Subcategory for Findings About
    FAORRES  Char Exp  Result or Finding in Original Units
    FASTRESC Char Exp  Character Result/Finding in Std Format
    FASTAT   Char Perm Completion Status
    FAREASND Char Perm Reason Not Performed
    FALOC    Char Perm Location of the Finding About
    FAEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    FADTC    Char Exp  Date/Time of Collection
    FADY     Num  Perm Study Day of Collection
""",
)
SC = _declare(
    "SC",
    "Subject Characteristics",
    "STUDYID USUBJID SCSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SCSEQ    Num  Req  Sequence Number
    SCSPID   Char Perm Sponsor-Defined Identifier
    SCTESTCD Char Req  Subject Characteristic Short Name
    SCTEST   Char Req  Subject Characteristic
    SCCAT    Char Perm Category for Subject Characteristic
    SCORRES  Char Exp  Result or Finding in Original Units
    SCSTRESC Char Exp  Character Result/Finding in Std Format
    SCSTAT   Char Perm Completion Status
    SCREASND Char Perm Reason Not Performed
    VISITNUM Num  Perm Visit Number
    VISIT    Char Perm Visit Name
    EPOCH    Char Perm Epoch
    SCDTC    Char Perm Date/Time of Collection
    SCDY     Num  Perm Study Day of Examination
""",
)
SUPPLEMENT_VARIABLES = """
    STUDYID  Char Req  Study Identifier
    RDOMAIN  Char Req  Related Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    IDVAR    Char Exp  Identifying Variable
    IDVARVAL Char Exp  Identifying Variable Value
    QNAM     Char Req  Qualifier Variable Name
    QLABEL   Char Req  Qualifier Variable Label
    QVAL     Char Req  Data Value
    QORIG    Char Req  Origin
    QEVAL    Char Exp  Evaluator
"""

RELREC = _declare(
    "RELREC",
    "Related Records",
    "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL RELID",
    """
    STUDYID  Char Req  Study Identifier
    RDOMAIN  Char Req  Related Domain Abbreviation
    USUBJID  Char Exp  Unique Subject Identifier
    IDVAR    Char Req  Identifying Variable
    IDVARVAL Char Exp  Identifying Variable Value
    RELTYPE  Char Exp  Relationship Type
    RELID    Char Req  Relationship Identifier
""",
)


def _declare_supplement(name: str) -> Domain:
    """Declare the supplemental qualifiers of one parent domain, such as SUPPAE."""
    keys = "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM"
    return _declare(
        name, f"Supplemental Qualifiers for {name.removeprefix('SUPP')}", keys, SUPPLEMENT_VARIABLES
    )


_TABULATED = (DM, DS, IE, MH, EX, AE, TU, TR, RS, DD, SS, CM, LB, VS, EG, QS, CV, PR, SV, SE, DV, FA, SC)
_SUPPLEMENTED = ("DM", "MH", "AE")

DOMAINS: dict[str, Domain] = {
    **{domain.name: domain for domain in _TABULATED},
    **{f"SUPP{parent}": _declare_supplement(f"SUPP{parent}") for parent in _SUPPLEMENTED},
    "RELREC": RELREC,
}

_TYPES: dict[str, dt.DataType] = {"Char": dt.string, "Num": dt.float64}


# --- Conforming ----------------------------------------------------------------------------------


def get_domain(name: str) -> Domain:
    """Look a domain up; supplemental qualifiers of any parent are known, whether we write them or not."""
    if name in DOMAINS:
        return DOMAINS[name]
    if name.startswith("SUPP") and len(name) == 6:
        return _declare_supplement(name)
    raise ValueError(f"domain {name!r} is not known; known: {', '.join(DOMAINS)}, SUPP--")


def conform(table: ir.Table, domain: str) -> ir.Table:
    """Give a tabulated table all variables of its domain, each with its type; blank text becomes null.

    Absent variables are added as nulls, names are raised to upper case, and variables that the domain
    does not declare stay behind the declared ones. Text that is no number in a Num variable is an error
    of the engine: whoever reads files checks them before.
    """
    table = _raise_names(table)
    declared = get_domain(domain).variables
    columns = {variable.name: _conform_variable(table, variable) for variable in declared}
    extra = {name: table[name] for name in table.columns if name not in columns}
    return table.select(**columns, **extra)


def build_empty(domain: str) -> ir.Table:
    """Build the conformed table without rows that stands for a domain nobody supplied."""
    schema = {variable.name: _TYPES[variable.type] for variable in get_domain(domain).variables}
    return ibis.memtable([], schema=ibis.schema(schema))


def _raise_names(table: ir.Table) -> ir.Table:
    raised = [name.upper() for name in table.columns]
    twice = sorted({name for name in raised if raised.count(name) > 1})
    if twice:
        raise ValueError(f"variables that differ only in case: {', '.join(twice)}; keep one of each")
    return table.select(**{name.upper(): table[name] for name in table.columns})


def _conform_variable(table: ir.Table, variable: Variable) -> ir.Value:
    if variable.name not in table.columns:
        return ibis.null(_TYPES[variable.type])
    column = table[variable.name]
    return _compute_text(column) if variable.type == "Char" else _compute_number(column)


def _compute_text(column: ir.Value) -> ir.Value:
    if isinstance(column, ir.FloatingColumn):
        # a code that another system stored as a number: grade 3.0 is the code "3"
        whole = (column == column.floor()) & ~column.isnan()
        column = ibis.ifelse(whole, column.cast("int64").cast("string"), column.cast("string"))
    elif isinstance(column, ir.TimestampColumn):
        column = column.cast("string").replace(" ", "T")
    text = column.cast("string")
    return ibis.ifelse(text.strip() == "", ibis.null("string"), text)


def _compute_number(column: ir.Value) -> ir.Value:
    if isinstance(column, ir.StringColumn):
        column = column.strip().nullif("")
    number = column.cast("float64")
    return ibis.ifelse(number.isnan(), ibis.null("float64"), number)


def select_variables(table: ir.Table, domain: str, order: Sequence[str] = ()) -> ir.Table:
    """Keep the declared variables of a domain, in their published order, sorted by its keys."""
    declared = get_domain(domain)
    names = [variable.name for variable in declared.variables if variable.name in table.columns]
    return table.select(*names).order_by(*(order or declared.keys))
