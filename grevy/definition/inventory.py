"""What a study consists of, counted, and what is incomplete: the answer of `grevy check-study`."""

from dataclasses import dataclass

from grevy.definition.sdtm_targets import NOT_SUBMITTED
from grevy.definition.study import Study


@dataclass(frozen=True)
class Inventory:
    """Counts of a loaded study, which has both languages and a target everywhere; what is left is listed."""

    study: str
    version: str
    hash: str
    forms: int
    items: int
    groups: int
    checks: int
    hard_checks: int
    conditions: int
    codelists: int
    codes: int
    events: int
    criteria: int
    switches: int
    texts: int
    submitted_items: int
    not_submitted_items: int
    unused_codelists: tuple[str, ...]
    criteria_without_condition: tuple[str, ...]

    def sentences(self) -> list[str]:
        """The inventory as lines to print."""
        lines = [
            f"Study {self.study}, version {self.version}, hash {self.hash[:12]}",
            f"{self.forms} forms, {self.items} items, {self.groups} groups of rows, at {self.events} events",
            f"{self.checks} edit checks, {self.hard_checks} of them hard; {self.conditions} conditions",
            f"{self.codelists} code lists with {self.codes} codes",
            f"{self.criteria} criteria, {self.switches} switches",
            f"{self.texts} texts, each in English and Chinese",
            f"{self.submitted_items} items go to SDTM, {self.not_submitted_items} are not submitted",
        ]
        if self.unused_codelists:
            lines.append(f"Code lists no item uses: {', '.join(self.unused_codelists)}")
        if self.criteria_without_condition:
            lines.append(
                f"Criteria decided by the investigator alone: {', '.join(self.criteria_without_condition)}"
            )
        return lines


def inventory(study: Study) -> Inventory:
    """Count what a study consists of."""
    forms = study.forms.values()
    items = [item for form in forms for _, item in form.all_items()]
    groups = [group for form in forms for group in form.groups]
    checks = [check for form in forms for check in form.checks]
    shown = [*(item for item in items if item.when), *(group for group in groups if group.when)]
    decided = [criterion for criterion in study.eligibility if criterion.met]
    used = {item.codelist for item in items if item.codelist}
    not_submitted = [item for item in items if NOT_SUBMITTED in item.sdtm]
    return Inventory(
        study=study.id,
        version=study.version,
        hash=study.hash,
        forms=len(study.forms),
        items=len(items),
        groups=len(groups),
        checks=len(checks),
        hard_checks=sum(check.level == "hard" for check in checks),
        conditions=len(checks) + len(shown) + len(decided),
        codelists=len(study.codelists),
        codes=sum(len(codelist.codes) for codelist in study.codelists.values()),
        events=len(study.events),
        criteria=len(study.eligibility),
        switches=len(study.analysis.switches),
        texts=_count_texts(study.model_dump()),
        submitted_items=len(items) - len(not_submitted),
        not_submitted_items=len(not_submitted),
        unused_codelists=tuple(sorted(study.codelists.keys() - used)),
        criteria_without_condition=tuple(c.id for c in study.eligibility if c.met is None),
    )


def _count_texts(content: object) -> int:
    if isinstance(content, dict):
        return ("en" in content and "zh" in content) + sum(_count_texts(value) for value in content.values())
    if isinstance(content, (list, tuple)):
        return sum(_count_texts(value) for value in content)
    return 0
