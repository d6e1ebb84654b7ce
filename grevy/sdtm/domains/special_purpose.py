"""Special purpose domains: subjects, their elements and visits, and comments."""

from grevy.sdtm.domains.declaration import declare

DM = declare(
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
    INVID    Char Perm Investigator Identifier
    INVNAM   Char Perm Investigator Name
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

SE = declare(
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

SV = declare(
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
    SVCNTMOD Char Perm Contact Mode
    SVEPCHGI Char Perm Epi/Pandemic Related Change Indicator
    VISITDY  Num  Perm Planned Study Day of Visit
    SVSTDTC  Char Exp  Start Date/Time of Observation
    SVENDTC  Char Exp  End Date/Time of Observation
    SVSTDY   Num  Perm Study Day of Start of Observation
    SVENDY   Num  Perm Study Day of End of Observation
    SVUPDES  Char Perm Description of Unplanned Visit
""",
)

CO = declare(
    "CO",
    "Comments",
    "STUDYID USUBJID COSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    RDOMAIN  Char Perm Related Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    COSEQ    Num  Req  Sequence Number
    IDVAR    Char Perm Identifying Variable
    IDVARVAL Char Perm Identifying Variable Value
    COREF    Char Perm Comment Reference
    COVAL    Char Req  Comment
    COEVAL   Char Perm Evaluator
    CODTC    Char Perm Date/Time of Comment
    CODY     Num  Perm Study Day of Comment
""",
)
