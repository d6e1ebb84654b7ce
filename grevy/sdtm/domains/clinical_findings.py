"""Findings of clinic and laboratory: measurements, examinations, questionnaires, accountability."""

from grevy.sdtm.domains.declaration import declare

LB = declare(
    "LB",
    "Laboratory Test Results",
    "STUDYID USUBJID LBSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    LBSEQ    Num  Req  Sequence Number
    LBGRPID  Char Perm Group ID
    LBREFID  Char Perm Specimen ID
    LBSPID   Char Perm Sponsor-Defined Identifier
    LBTESTCD Char Req  Lab Test or Examination Short Name
    LBTEST   Char Req  Lab Test or Examination Name
    LBTSTCND Char Perm Test Condition
    LBTSTOPO Char Perm Test Operational Objective
    LBCAT    Char Exp  Category for Lab Test
    LBSCAT   Char Perm Subcategory for Lab Test
    LBORRES  Char Exp  Result or Finding in Original Units
    LBORRESU Char Exp  Original Units
    LBRESSCL Char Perm Result Scale
    LBRESTYP Char Perm Result Type
    LBCOLSRT Char Perm Collected Summary Result Type
    LBORNRLO Char Exp  Reference Range Lower Limit in Orig Unit
    LBORNRHI Char Exp  Reference Range Upper Limit in Orig Unit
    LBLLOD   Char Perm Lower Limit of Detection
    LBSTRESC Char Exp  Character Result/Finding in Std Format
    LBSTRESN Num  Exp  Numeric Result/Finding in Standard Units
    LBSTRESU Char Exp  Standard Units
    LBSTNRLO Num  Exp  Reference Range Lower Limit-Std Units
    LBSTNRHI Num  Exp  Reference Range Upper Limit-Std Units
    LBSTNRC  Char Perm Reference Range for Char Rslt-Std Units
    LBNRIND  Char Exp  Reference Range Indicator
    LBSTAT   Char Perm Completion Status
    LBREASND Char Perm Reason Test Not Done
    LBNAM    Char Perm Vendor Name
    LBLOINC  Char Perm LOINC Code
    LBSPEC   Char Perm Specimen Type
    LBSPCCND Char Perm Specimen Condition
    LBMETHOD Char Perm Method of Test or Examination
    LBANMETH Char Perm Analysis Method
    LBLOBXFL Char Exp  Last Observation Before Exposure Flag
    LBBLFL   Char Perm Baseline Flag
    LBFAST   Char Perm Fasting Status
    LBDRVFL  Char Perm Derived Flag
    LBTOX    Char Perm Toxicity
    LBTOXGR  Char Perm Standard Toxicity Grade
    LBCLSIG  Char Perm Clinically Significant, Collected
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    LBDTC    Char Exp  Date/Time of Specimen Collection
    LBENDTC  Char Perm End Date/Time of Specimen Collection
    LBDY     Num  Perm Study Day of Specimen Collection
    LBENDY   Num  Perm Study Day of End of Observation
    LBTPT    Char Perm Planned Time Point Name
    LBTPTNUM Num  Perm Planned Time Point Number
    LBELTM   Char Perm Planned Elapsed Time from Time Point Ref
    LBTPTREF Char Perm Time Point Reference
    LBRFTDTC Char Perm Date/Time of Reference Time Point
""",
)

VS = declare(
    "VS",
    "Vital Signs",
    "STUDYID USUBJID VSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    VSSEQ    Num  Req  Sequence Number
    VSGRPID  Char Perm Group ID
    VSSPID   Char Perm Sponsor-Defined Identifier
    VSTESTCD Char Req  Vital Signs Test Short Name
    VSTEST   Char Req  Vital Signs Test Name
    VSCAT    Char Perm Category for Vital Signs
    VSSCAT   Char Perm Subcategory for Vital Signs
    VSPOS    Char Perm Vital Signs Position of Subject
    VSORRES  Char Exp  Result or Finding in Original Units
    VSORRESU Char Exp  Original Units
    VSSTRESC Char Exp  Character Result/Finding in Std Format
    VSSTRESN Num  Exp  Numeric Result/Finding in Standard Units
    VSSTRESU Char Exp  Standard Units
    VSSTAT   Char Perm Completion Status
    VSREASND Char Perm Reason Not Performed
    VSLOC    Char Perm Location of Vital Signs Measurement
    VSLAT    Char Perm Laterality
    VSLOBXFL Char Exp  Last Observation Before Exposure Flag
    VSBLFL   Char Perm Baseline Flag
    VSDRVFL  Char Perm Derived Flag
    VSTOX    Char Perm Toxicity
    VSTOXGR  Char Perm Standard Toxicity Grade
    VSCLSIG  Char Perm Clinically Significant, Collected
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    VSDTC    Char Exp  Date/Time of Measurements
    VSDY     Num  Perm Study Day of Vital Signs
    VSTPT    Char Perm Planned Time Point Name
    VSTPTNUM Num  Perm Planned Time Point Number
    VSELTM   Char Perm Planned Elapsed Time from Time Point Ref
    VSTPTREF Char Perm Time Point Reference
    VSRFTDTC Char Perm Date/Time of Reference Time Point
""",
)

EG = declare(
    "EG",
    "ECG Test Results",
    "STUDYID USUBJID EGSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    EGSEQ    Num  Req  Sequence Number
    EGGRPID  Char Perm Group ID
    EGREFID  Char Perm ECG Reference ID
    EGSPID   Char Perm Sponsor-Defined Identifier
    EGTESTCD Char Req  ECG Test or Examination Short Name
    EGTEST   Char Req  ECG Test or Examination Name
    EGCAT    Char Perm Category for ECG
    EGSCAT   Char Perm Subcategory for ECG
    EGPOS    Char Perm ECG Position of Subject
    EGORRES  Char Exp  Result or Finding in Original Units
    EGORRESU Char Perm Original Units
    EGSTRESC Char Exp  Character Result/Finding in Std Format
    EGSTRESN Num  Perm Numeric Result/Finding in Standard Units
    EGSTRESU Char Perm Standard Units
    EGSTAT   Char Perm Completion Status
    EGREASND Char Perm Reason ECG Not Done
    EGXFN    Char Perm ECG External File Path
    EGNAM    Char Perm Vendor Name
    EGMETHOD Char Perm Method of Test or Examination
    EGLEAD   Char Perm Lead Location Used for Measurement
    EGLOBXFL Char Exp  Last Observation Before Exposure Flag
    EGBLFL   Char Perm Baseline Flag
    EGDRVFL  Char Perm Derived Flag
    EGEVAL   Char Perm Evaluator
    EGEVALID Char Perm Evaluator Identifier
    EGCLSIG  Char Perm Clinically Significant, Collected
    EGREPNUM Num  Perm Repetition Number
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    EGDTC    Char Exp  Date/Time of ECG
    EGDY     Num  Perm Study Day of ECG
    EGTPT    Char Perm Planned Time Point Name
    EGTPTNUM Num  Perm Planned Time Point Number
    EGELTM   Char Perm Planned Elapsed Time from Time Point Ref
    EGTPTREF Char Perm Time Point Reference
    EGRFTDTC Char Perm Date/Time of Reference Time Point
""",
)

CV = declare(
    "CV",
    "Cardiovascular System Findings",
    "STUDYID USUBJID CVSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    CVSEQ    Num  Req  Sequence Number
    CVGRPID  Char Perm Group ID
    CVREFID  Char Perm Reference ID
    CVSPID   Char Perm Sponsor-Defined Identifier
    CVLNKID  Char Perm Link ID
    CVTESTCD Char Req  Short Name of Cardiovascular Test
    CVTEST   Char Req  Name of Cardiovascular Test
    CVCAT    Char Perm Category for Cardiovascular Test
    CVSCAT   Char Perm Subcategory for Cardiovascular Test
    CVPOS    Char Perm Position of Subject During Observation
    CVORRES  Char Exp  Result or Finding in Original Units
    CVORRESU Char Perm Original Units
    CVSTRESC Char Exp  Character Result/Finding in Std Format
    CVSTRESN Num  Perm Numeric Result/Finding in Standard Units
    CVSTRESU Char Perm Standard Units
    CVSTAT   Char Perm Completion Status
    CVREASND Char Perm Reason Not Done
    CVLOC    Char Perm Location Used for the Measurement
    CVMETHOD Char Perm Method of Test or Examination
    CVLOBXFL Char Exp  Last Observation Before Exposure Flag
    CVBLFL   Char Perm Baseline Flag
    CVDRVFL  Char Perm Derived Flag
    CVEVAL   Char Perm Evaluator
    CVEVALID Char Perm Evaluator Identifier
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    CVDTC    Char Exp  Date/Time of Test
    CVDY     Num  Perm Study Day of Visit/Collection/Exam
    CVTPT    Char Perm Planned Time Point Name
    CVTPTNUM Num  Perm Planned Time Point Number
""",
)

PE = declare(
    "PE",
    "Physical Examination",
    "STUDYID USUBJID PESEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    PESEQ    Num  Req  Sequence Number
    PEGRPID  Char Perm Group ID
    PESPID   Char Perm Sponsor-Defined Identifier
    PETESTCD Char Req  Body System Examined Short Name
    PETEST   Char Req  Body System Examined
    PEMODIFY Char Perm Modified Reported Term
    PECAT    Char Perm Category for Examination
    PESCAT   Char Perm Subcategory for Examination
    PEBODSYS Char Perm Body System or Organ Class
    PEORRES  Char Exp  Verbatim Examination Finding
    PEORRESU Char Perm Original Units
    PESTRESC Char Exp  Character Result/Finding in Std Format
    PESTAT   Char Perm Completion Status
    PEREASND Char Perm Reason Not Examined
    PELOC    Char Perm Location of Physical Exam Finding
    PELAT    Char Perm Laterality
    PEMETHOD Char Perm Method of Test or Examination
    PELOBXFL Char Perm Last Observation Before Exposure Flag
    PEBLFL   Char Perm Baseline Flag
    PEEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    PEDTC    Char Exp  Date/Time of Examination
    PEDY     Num  Perm Study Day of Examination
""",
)

QS = declare(
    "QS",
    "Questionnaires",
    "STUDYID USUBJID QSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    QSSEQ    Num  Req  Sequence Number
    QSGRPID  Char Perm Group ID
    QSSPID   Char Perm Sponsor-Defined Identifier
    QSTESTCD Char Req  Question Short Name
    QSTEST   Char Req  Question Name
    QSCAT    Char Req  Category of Question
    QSSCAT   Char Perm Subcategory for Question
    QSORRES  Char Exp  Finding in Original Units
    QSORRESU Char Perm Original Units
    QSSTRESC Char Exp  Character Result/Finding in Std Format
    QSSTRESN Num  Perm Numeric Finding in Standard Units
    QSSTRESU Char Perm Standard Units
    QSSTAT   Char Perm Completion Status
    QSREASND Char Perm Reason Not Performed
    QSMETHOD Char Perm Method of Test or Examination
    QSLOBXFL Char Exp  Last Observation Before Exposure Flag
    QSBLFL   Char Perm Baseline Flag
    QSDRVFL  Char Perm Derived Flag
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    QSDTC    Char Exp  Date/Time of Finding
    QSDY     Num  Perm Study Day of Finding
    QSTPT    Char Perm Planned Time Point Name
    QSTPTNUM Num  Perm Planned Time Point Number
    QSEVLINT Char Perm Evaluation Interval
    QSEVINTX Char Perm Evaluation Interval Text
""",
)

DA = declare(
    "DA",
    "Product Accountability",
    "STUDYID USUBJID DASEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DASEQ    Num  Req  Sequence Number
    DAGRPID  Char Perm Group ID
    DAREFID  Char Perm Reference ID
    DASPID   Char Perm Sponsor-Defined Identifier
    DALNKID  Char Perm Link ID
    DATESTCD Char Req  Short Name of Accountability Assessment
    DATEST   Char Req  Name of Accountability Assessment
    DACAT    Char Perm Category
    DASCAT   Char Perm Subcategory
    DAORRES  Char Exp  Result or Finding in Original Units
    DAORRESU Char Perm Original Units
    DASTRESC Char Exp  Result or Finding in Standard Format
    DASTRESN Num  Perm Numeric Result/Finding in Standard Units
    DASTRESU Char Perm Standard Units
    DASTAT   Char Perm Completion Status
    DAREASND Char Perm Reason Not Done
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    DADTC    Char Exp  Date/Time of Collection
    DADY     Num  Perm Study Day of Visit/Collection/Exam
""",
)
