"""Role of each variable (SDTMIG 3.4) and class and structure of each domain, for the Define-XML."""

from grevy.sdtm.domains.declaration import Domain

ROLES = {
    "Identifier": """
        STUDYID DOMAIN USUBJID RDOMAIN IDVAR IDVARVAL --GRPID --LNKGRP --LNKID --REFID --SEQ --SPID
    """,
    "Topic": """
        --PARMCD --TERM --TESTCD --TRT ETCD QNAM SUBJID CO.COVAL TI.IETESTCD TA.ARMCD SV.VISITNUM TV.VISITNUM
    """,
    "Grouping Qualifier": "--CAT --SCAT IECAT IESCAT",
    "Result Qualifier": "--ORRES --STRESC --STRESN TSVAL --VALCD --VALNF --VCDREF --VCDVER QVAL VS.VSLAT",
    "Synonym Qualifier": """
        --DECOD --LOINC --MODIFY --PARM --TEST ACTARM ARM ELEMENT IETEST INVNAM QLABEL SE.SEUPDES SV.VISIT
        TV.VISIT
    """,
    "Variable Qualifier": """
        --BDSYCD --CLAS --CLASCD --DIR --DOSFRM --DOSU --EVALID --EVDTYP --HLGT --HLGTCD --HLT --HLTCD --LAT
        --LLOD --LLT --LLTCD --NRIND --ORNRHI --ORNRLO --ORRESU --PORTOT --PRESP --PTCD --RESCAT --ROUTE --SOC
        --SOCCD --STNRC --STNRHI --STNRLO --STRESU --TOX --TSTCND --TSTOPO AGEU
    """,
    "Timing": """
        --DTC --DUR --DY --ELTM --ENDTC --ENDY --ENRF --ENRTPT --ENTPT --EVINTX --EVLINT --RFTDTC --STDTC
        --STDY --STRF --STRTPT --STTPT --TPT --TPTNUM --TPTREF EPOCH TAETORD VISIT VISITDY VISITNUM
    """,
    "Rule": "TABRANCH TATRANS TEENRL TESTRL TIRL TVENRL TVSTRL",
    "Record Qualifier": """
        DM.ARMCD TV.ARMCD TA.ETCD CO.IDVAR CO.IDVARVAL CO.RDOMAIN BRTHDTC DTHDTC RFENDTC RFICDTC RFPENDTC
        RFSTDTC RFXENDTC RFXSTDTC
    """,
}  # fmt: skip
"""Role to its variables: -- stands for the domain, a name with a dot is of one; others qualify the record."""

_ROLE_OF = {name: role for role, names in ROLES.items() for name in names.split()}


def find_role(domain: str, variable: str) -> str:
    """Role of a variable: that of its domain, its own, or that of its ending; else of the record."""
    stem = f"--{variable[len(domain) :]}" if variable.startswith(domain) else variable
    for name in (f"{domain}.{variable}", variable, stem):
        if name in _ROLE_OF:
            return _ROLE_OF[name]
    return "Record Qualifier"


STRUCTURES = {
    "SPECIAL PURPOSE": {
        "DM": "One record per subject",
        "SE": "One record per actual element per subject",
        "SV": "One record per actual or planned visit per subject",
        "CO": "One record per comment per subject",
    },
    "INTERVENTIONS": {
        "EX": "One record per constant-dosing interval per subject",
        "CM": "One record per medication or constant-dosing interval per subject",
        "PR": "One record per recorded procedure per occurrence per subject",
    },
    "EVENTS": {
        "AE": "One record per adverse event per subject",
        "DS": "One record per disposition status or protocol milestone per subject",
        "DV": "One record per protocol deviation per subject",
        "MH": "One record per medical history event per subject",
    },
    "FINDINGS": {
        "CV": "One record per finding per visit per subject",
        "DA": "One record per product accountability finding per subject",
        "DD": "One record per finding per subject",
        "EG": "One record per ECG observation per visit per subject",
        "IE": "One record per inclusion or exclusion criterion not met per subject",
        "LB": "One record per laboratory test per visit per subject",
        "PE": "One record per body system per visit per subject",
        "QS": "One record per questionnaire per question per visit per subject",
        "RS": "One record per response assessment per visit per subject",
        "SC": "One record per characteristic per subject",
        "SS": "One record per status per visit per subject",
        "TR": "One record per tumor measurement or assessment per visit per subject",
        "TU": "One record per identified tumor per subject",
        "VS": "One record per vital sign measurement per visit per subject",
    },
    "FINDINGS ABOUT": {"FA": "One record per finding per object per visit per subject"},
    "TRIAL DESIGN": {
        "TA": "One record per planned element per arm",
        "TE": "One record per planned element",
        "TI": "One record per inclusion or exclusion criterion",
        "TS": "One record per trial summary parameter value",
        "TV": "One record per planned visit",
    },
    "RELATIONSHIP": {"RELREC": "One record per related record or data set"},
}
"""Class to its domains, with the structure of each."""


def describe_structure(domain: Domain) -> tuple[str, str]:
    """Class and structure of a domain; supplemental qualifiers of any domain are relationships."""
    found = ((of, domains[domain.name]) for of, domains in STRUCTURES.items() if domain.name in domains)
    return next(found, ("RELATIONSHIP", "One record per supplemental qualifier per related record"))
