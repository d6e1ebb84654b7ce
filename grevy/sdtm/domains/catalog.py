"""The domains by their names."""

from grevy.sdtm.domains import (
    clinical_findings,
    events,
    interventions,
    oncology_findings,
    relationships,
    special_purpose,
    subject_findings,
    trial_design,
)
from grevy.sdtm.domains.declaration import Domain

_CLASSES = (
    special_purpose,
    interventions,
    events,
    clinical_findings,
    oncology_findings,
    subject_findings,
    trial_design,
)
_SUPPLEMENTED = ("DM", "MH", "AE", "CM", "PR", "EG", "QS")

DOMAINS: dict[str, Domain] = {
    **{
        value.name: value
        for module in _CLASSES
        for value in vars(module).values()
        if isinstance(value, Domain)
    },
    **{f"SUPP{parent}": relationships.declare_supplement(f"SUPP{parent}") for parent in _SUPPLEMENTED},
    "RELREC": relationships.RELREC,
}


def get_domain(name: str) -> Domain:
    """Look a domain up; supplemental qualifiers of any parent are known, whether we write them or not."""
    if name in DOMAINS:
        return DOMAINS[name]
    if name.startswith("SUPP") and len(name) == 6:
        return relationships.declare_supplement(name)
    raise ValueError(f"domain {name!r} is not known; known: {', '.join(DOMAINS)}, SUPP--")
