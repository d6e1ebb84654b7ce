"""Findings about the tumor: lesions, their results and the responses."""

from grevy.sdtm.domains.declaration import declare

TU = declare(
    "TU",
    "Tumor/Lesion Identification",
    "STUDYID USUBJID TUSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    TUSEQ    Num  Req  Sequence Number
    TUGRPID  Char Perm Group ID
    TUREFID  Char Perm Reference ID
    TUSPID   Char Perm Sponsor-Defined Identifier
    TULNKID  Char Exp  Link ID
    TULNKGRP Char Perm Link Group ID
    TUTESTCD Char Req  Tumor/Lesion ID Short Name
    TUTEST   Char Req  Tumor/Lesion ID Test Name
    TUORRES  Char Exp  Tumor/Lesion ID Result
    TUSTRESC Char Exp  Tumor/Lesion ID Result Std. Format
    TUNAM    Char Perm Laboratory/Vendor Name
    TULOC    Char Exp  Location of the Tumor/Lesion
    TULAT    Char Perm Laterality
    TUDIR    Char Perm Directionality
    TUPORTOT Char Perm Portion or Totality
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

TR = declare(
    "TR",
    "Tumor/Lesion Results",
    "STUDYID USUBJID TRSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    TRSEQ    Num  Req  Sequence Number
    TRGRPID  Char Perm Group ID
    TRREFID  Char Perm Reference ID
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
    TRNAM    Char Perm Laboratory/Vendor Name
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

RS = declare(
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
    RSNAM    Char Perm Vendor Name
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
    RSTPT    Char Perm Planned Time Point Name
    RSTPTNUM Num  Perm Planned Time Point Number
    RSTPTREF Char Perm Time Point Reference
    RSEVLINT Char Perm Evaluation Interval
    RSEVINTX Char Perm Evaluation Interval Text
""",
)
