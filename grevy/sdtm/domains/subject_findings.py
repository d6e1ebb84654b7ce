"""Findings about the subject: criteria, characteristics, death, survival, and about other records."""

from grevy.sdtm.domains.declaration import declare

IE = declare(
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
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    IEDTC    Char Perm Date/Time of Collection
    IEDY     Num  Perm Study Day of Collection
""",
)

SC = declare(
    "SC",
    "Subject Characteristics",
    "STUDYID USUBJID SCSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SCSEQ    Num  Req  Sequence Number
    SCGRPID  Char Perm Group ID
    SCSPID   Char Perm Sponsor-Defined Identifier
    SCTESTCD Char Req  Subject Characteristic Short Name
    SCTEST   Char Req  Subject Characteristic
    SCCAT    Char Perm Category for Subject Characteristic
    SCSCAT   Char Perm Subcategory for Subject Characteristic
    SCORRES  Char Exp  Result or Finding in Original Units
    SCORRESU Char Perm Original Units
    SCSTRESC Char Exp  Character Result/Finding in Std Format
    SCSTRESN Num  Perm Numeric Result/Finding in Standard Units
    SCSTRESU Char Perm Standard Units
    SCSTAT   Char Perm Completion Status
    SCREASND Char Perm Reason Not Performed
    VISITNUM Num  Perm Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    SCDTC    Char Perm Date/Time of Collection
    SCDY     Num  Perm Study Day of Examination
""",
)

DD = declare(
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
    DDRESCAT Char Perm Result Category
    DDEVAL   Char Perm Evaluator
    DDDTC    Char Exp  Date/Time of Collection
    DDDY     Num  Perm Study Day of Collection
""",
)

SS = declare(
    "SS",
    "Subject Status",
    "STUDYID USUBJID SSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    SSSEQ    Num  Req  Sequence Number
    SSGRPID  Char Perm Group ID
    SSSPID   Char Perm Sponsor-Defined Identifier
    SSTESTCD Char Req  Status Short Name
    SSTEST   Char Req  Status Name
    SSCAT    Char Perm Category for Assessment
    SSSCAT   Char Perm Subcategory for Assessment
    SSORRES  Char Exp  Result or Finding Original Result
    SSSTRESC Char Exp  Character Result/Finding in Std Format
    SSSTAT   Char Perm Completion Status
    SSREASND Char Perm Reason Assessment Not Performed
    SSEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    SSDTC    Char Exp  Date/Time of Assessment
    SSDY     Num  Perm Study Day of Assessment
""",
)

FA = declare(
    "FA",
    "Findings About Events or Interventions",
    "STUDYID USUBJID FASEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    FASEQ    Num  Req  Sequence Number
    FAGRPID  Char Perm Group ID
    FASPID   Char Perm Sponsor-Defined Identifier
    FATESTCD Char Req  Findings About Test Short Name
    FATEST   Char Req  Findings About Test Name
    FAOBJ    Char Req  Object of the Observation
    FACAT    Char Perm Category for Findings About
    FASCAT   Char Perm Subcategory for Findings About
    FAORRES  Char Exp  Result or Finding in Original Units
    FAORRESU Char Perm Original Units
    FASTRESC Char Exp  Character Result/Finding in Std Format
    FASTRESN Num  Perm Numeric Result/Finding in Standard Units
    FASTRESU Char Perm Standard Units
    FASTAT   Char Perm Completion Status
    FAREASND Char Perm Reason Not Performed
    FALOC    Char Perm Location of the Finding About
    FALAT    Char Perm Laterality
    FALOBXFL Char Perm Last Observation Before Exposure Flag
    FABLFL   Char Perm Baseline Flag
    FAEVAL   Char Perm Evaluator
    VISITNUM Num  Exp  Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    FADTC    Char Exp  Date/Time of Collection
    FADY     Num  Perm Study Day of Collection
""",
)
