"""Tabulation variables that a form item may fill, by domain (SDTMIG 3.4, without derived variables).

A target is `DOMAIN.VARIABLE`, `SUPPxx.QNAM` for a supplemental qualifier, or `NOT SUBMITTED`, the words of
the annotated case report form for an item that stays out of the tabulation. A finding says as well which test
it is, in the manner of annotated forms: `LB.LBORRES WHEN LBTESTCD = ALB`.
"""

import re
from dataclasses import dataclass
from functools import cache

NOT_SUBMITTED = "NOT SUBMITTED"

# fmt: off
_COLLECTED = {
    "DM": "SUBJID RFICDTC RFXSTDTC RFXENDTC DTHDTC DTHFL BRTHDTC AGE SEX RACE ETHNIC ARMCD ARM ACTARMCD "
          "ACTARM COUNTRY",
    "DS": "DSTERM DSDECOD DSCAT DSSCAT DSDTC DSSTDTC DSREFID DSSPID",
    "IE": "IETESTCD IETEST IECAT IESCAT IEORRES IESTRESC IEDTC",
    "MH": "MHTERM MHDECOD MHCAT MHSCAT MHPRESP MHOCCUR MHSTAT MHREASND MHBODSYS MHDTC MHSTDTC MHENDTC "
          "MHENRTPT MHSPID",
    "EX": "EXTRT EXDOSE EXDOSTXT EXDOSU EXDOSFRM EXDOSFRQ EXDOSRGM EXROUTE EXLOT EXADJ EXSTDTC EXENDTC "
          "EXSPID",
    "AE": "AETERM AELLT AEDECOD AEBODSYS AESOC AESEV AESER AEACN AEACNOTH AEREL AEOUT AESCONG AESDISAB "
          "AESDTH AESHOSP AESLIFE AESMIE AECONTRT AETOXGR AESTDTC AEENDTC AEENRTPT AESPID",
    "TU": "TULNKID TUGRPID TUTESTCD TUORRES TUSTRESC TULOC TULAT TUDIR TUMETHOD TUEVAL TUDTC TUSPID",
    "TR": "TRLNKID TRLNKGRP TRGRPID TRTESTCD TRORRES TRORRESU TRSTRESC TRSTAT TRREASND TRMETHOD TREVAL "
          "TRDTC TRSPID",
    "RS": "RSLNKGRP RSTESTCD RSCAT RSORRES RSSTRESC RSSTAT RSREASND RSEVAL RSDTC RSSPID",
    "DD": "DDTESTCD DDORRES DDSTRESC DDRESCAT DDEVAL DDDTC",
    "SS": "SSTESTCD SSCAT SSORRES SSSTRESC SSSTAT SSREASND SSEVAL SSDTC",
    "CM": "CMTRT CMDECOD CMCAT CMSCAT CMOCCUR CMINDC CMCLAS CMDOSE CMDOSU CMDOSFRQ CMROUTE CMSTDTC "
          "CMENDTC CMENRTPT CMSPID",
    "PR": "PRTRT PRDECOD PRCAT PRSCAT PROCCUR PRINDC PRLOC PRSTDTC PRENDTC PRSPID",
    "SU": "SUTRT SUCAT SUOCCUR SUDOSE SUDOSU SUDOSFRQ SUSTDTC SUENDTC SUENRTPT",
    "VS": "VSTESTCD VSPOS VSORRES VSORRESU VSSTAT VSREASND VSLOC VSMETHOD VSDTC",
    "LB": "LBTESTCD LBCAT LBORRES LBORRESU LBORNRLO LBORNRHI LBSTAT LBREASND LBNAM LBSPEC LBMETHOD "
          "LBDTC",
    "EG": "EGTESTCD EGCAT EGORRES EGORRESU EGSTAT EGREASND EGMETHOD EGEVAL EGDTC",
    "CV": "CVTESTCD CVCAT CVORRES CVORRESU CVSTAT CVREASND CVMETHOD CVDTC",
    "PE": "PETESTCD PECAT PEBODSYS PEORRES PESTAT PEREASND PELOC PEEVAL PEDTC",
    "QS": "QSTESTCD QSCAT QSSCAT QSORRES QSSTAT QSREASND QSDTC QSMETHOD QSEVAL QSEVLINT",
    "FA": "FATESTCD FAOBJ FACAT FAORRES FAORRESU FASTAT FAREASND FALOC FAMETHOD FADTC",
    "DA": "DATESTCD DACAT DAORRES DAORRESU DASTAT DAREASND DAREFID DADTC",
    "SC": "SCTESTCD SCORRES SCORRESU SCDTC",
    "SV": "VISITNUM VISIT SVPRESP SVOCCUR SVREASOC SVCNTMOD SVSTDTC SVENDTC SVUPDES",
    "DV": "DVTERM DVDECOD DVCAT DVSCAT DVSTDTC DVENDTC",
    "CO": "COVAL COREF COEVAL CODTC",
    "RELREC": "RDOMAIN IDVAR IDVARVAL RELTYPE RELID",
}
# fmt: on

# Findings that an item may fill as one record each
FINDINGS = ("LB", "VS", "EG", "CV", "PE", "QS", "FA", "DA", "SC", "RS")

VARIABLES = {domain: tuple(names.split()) for domain, names in _COLLECTED.items()}
_QNAM = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_FORMS = f"DOMAIN.VARIABLE, DOMAIN.--ORRES WHEN --TESTCD = CODE, SUPPxx.QNAM, or {NOT_SUBMITTED}"


@dataclass(frozen=True)
class Target:
    """One tabulation variable that an item fills, and the test code of a finding."""

    domain: str
    variable: str
    test: str | None = None

    def __str__(self) -> str:
        condition = f" WHEN {self.domain}TESTCD = {self.test}" if self.test else ""
        return f"{self.domain}.{self.variable}{condition}"


@cache
def read_target(text: str) -> Target | None:
    """A target from its text; None for an item that is not submitted. The text is known to be allowed."""
    if text == NOT_SUBMITTED:
        return None
    variable, _, condition = text.partition(" WHEN ")
    domain, _, name = variable.partition(".")
    return Target(domain, name, condition.rpartition("= ")[2] or None)


def describe_allowed_targets(target: str) -> str | None:
    """None if the target exists; otherwise what would be allowed in its place."""
    if target == NOT_SUBMITTED:
        return None
    named, when, condition = target.partition(" WHEN ")
    domain, _, variable = named.partition(".")
    if when:
        return _describe_allowed_finding(domain, variable, condition)
    if domain.startswith("SUPP") and domain[4:] in VARIABLES:
        return None if _QNAM.fullmatch(variable) else f"{domain}. and a name of at most 8 capitals and digits"
    if domain not in VARIABLES:
        return f"{_FORMS}, with a domain of {', '.join(VARIABLES)}"
    return (
        None if variable in VARIABLES[domain] else ", ".join(f"{domain}.{name}" for name in VARIABLES[domain])
    )


def _describe_allowed_finding(domain: str, variable: str, condition: str) -> str | None:
    if domain not in FINDINGS:
        return f"a test only in a findings domain: {', '.join(FINDINGS)}"
    name, _, code = condition.partition(" = ")
    if variable != f"{domain}ORRES" or name != f"{domain}TESTCD" or not _QNAM.fullmatch(code):
        return (
            f"{domain}.{domain}ORRES WHEN {domain}TESTCD = CODE, with a code of at most 8 capitals and digits"
        )
    return None


def describe_allowed_variables(name: str) -> str | None:
    """None if a value may be assigned to `DOMAIN.VARIABLE`; otherwise what would be allowed."""
    domain, _, variable = name.partition(".")
    if domain not in VARIABLES:
        return f"DOMAIN.VARIABLE with a domain of {', '.join(VARIABLES)}"
    return None if variable in VARIABLES[domain] else ", ".join(f"{domain}.{v}" for v in VARIABLES[domain])
