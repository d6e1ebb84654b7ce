"""Relationships: supplemental qualifiers of any parent, and related records."""

from grevy.sdtm.domains.declaration import Domain, declare

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

RELREC = declare(
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


def declare_supplement(name: str) -> Domain:
    """Declare the supplemental qualifiers of one parent domain, such as SUPPAE."""
    keys = "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM"
    return declare(
        name, f"Supplemental Qualifiers for {name.removeprefix('SUPP')}", keys, SUPPLEMENT_VARIABLES
    )
