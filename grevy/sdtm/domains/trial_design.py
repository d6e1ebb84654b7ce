"""Trial design: arms, elements, visits, criteria and summary; no subject in them."""

from grevy.sdtm.domains.declaration import declare

TA = declare(
    "TA",
    "Trial Arms",
    "STUDYID ARMCD TAETORD",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    ARMCD    Char Req  Planned Arm Code
    ARM      Char Req  Description of Planned Arm
    TAETORD  Num  Req  Planned Order of Element within Arm
    ETCD     Char Req  Element Code
    ELEMENT  Char Perm Description of Element
    TABRANCH Char Exp  Branch
    TATRANS  Char Exp  Transition Rule
    EPOCH    Char Req  Epoch
""",
)

TE = declare(
    "TE",
    "Trial Elements",
    "STUDYID ETCD",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    ETCD     Char Req  Element Code
    ELEMENT  Char Req  Description of Element
    TESTRL   Char Req  Rule for Start of Element
    TEENRL   Char Perm Rule for End of Element
    TEDUR    Char Perm Planned Duration of Element
""",
)

TV = declare(
    "TV",
    "Trial Visits",
    "STUDYID ARMCD VISITNUM",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    VISITNUM Num  Req  Visit Number
    VISIT    Char Req  Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    ARMCD    Char Exp  Planned Arm Code
    ARM      Char Perm Description of Planned Arm
    TVSTRL   Char Req  Visit Start Rule
    TVENRL   Char Perm Visit End Rule
""",
)

TI = declare(
    "TI",
    "Trial Inclusion/Exclusion Criteria",
    "STUDYID IETESTCD TIVERS",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    IETESTCD Char Req  Incl/Excl Criterion Short Name
    IETEST   Char Req  Inclusion/Exclusion Criterion
    IECAT    Char Req  Inclusion/Exclusion Category
    IESCAT   Char Perm Inclusion/Exclusion Subcategory
    TIRL     Char Perm Inclusion/Exclusion Criterion Rule
    TIVERS   Char Perm Protocol Criteria Versions
""",
)

TS = declare(
    "TS",
    "Trial Summary",
    "STUDYID TSPARMCD TSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    TSSEQ    Num  Req  Sequence Number
    TSGRPID  Char Perm Group ID
    TSPARMCD Char Req  Trial Summary Parameter Short Name
    TSPARM   Char Req  Trial Summary Parameter
    TSVAL    Char Exp  Parameter Value
    TSVALNF  Char Perm Parameter Value Null Flavor
    TSVALCD  Char Exp  Parameter Value Code
    TSVCDREF Char Exp  Name of the Reference Terminology
    TSVCDVER Char Exp  Version of the Reference Terminology
""",
)
