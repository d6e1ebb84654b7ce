"""Findings of edit checks held against the truth of a cohort: true, a consequence, or a false alarm."""

from __future__ import annotations

from datetime import date, datetime

from grevy.simulate.cohort import SimulatedStudy
from grevy.simulate.records import decimal
from grevy.snapshot import name_record
from grevy.snapshot.entries import Entry

TRUE, CONSEQUENCE, FALSE_ALARM = "TRUE", "CONSEQUENCE", "FALSE_ALARM"

LINES: dict[str, tuple[str, ...]] = {
    "VS_HYPERTENSION": ("hypertension",),
    "VS_HYPERTENSIVE_CRISIS": ("hypertension",),
    "VS_FEVER": ("pyrexia",),
    "VS_WEIGHT_CHANGE": ("weight_decreased",),
    "VS_WEIGHT_FAR_FROM_SCREENING": ("weight_decreased",),
    "UR_PROTEINURIA": ("proteinuria",),
    "CH_TRANSAMINASES": ("alt_increased", "ast_increased"),
    "CH_LIVER_INJURY": ("alt_increased", "ast_increased"),
    "CH_CREATININE_RISE": ("creatinine_increased",),
    "CH_POTASSIUM_LOW": ("hypokalaemia",),
    "CH_CORRECTED_CALCIUM": ("hypocalcaemia",),
    "TH_TSH_HIGH": ("tsh_increased",),
    "HM_ANEMIA": ("anaemia",),
    "HM_HGB_FALL": ("anaemia",),
    "HM_NEUTROPENIA": ("neutrophil_count_decreased", "white_blood_cell_decreased"),
    "HM_THROMBOCYTOPENIA": ("platelet_count_decreased",),
    "HM_PLT_HALVED": ("platelet_count_decreased",),
    "LI_TRIGLYCERIDES_HIGH": ("hypertriglyceridaemia",),
    "CV_LVEF_LOW": ("heart_failure",),
    "CV_LVEF_FALL": ("heart_failure",),
}
"""What is measured, and the lines of adverse events that make it so."""

RECOVERY_DAYS = {"VS_WEIGHT_CHANGE": 70, "VS_WEIGHT_FAR_FROM_SCREENING": 70}
"""A value that comes back to its level differs from the visit before as well."""

AS_SIMULATED = frozenset(
    {
        # asked for and really missing, or outside the expected range of the item
        "QC_ANSWERS_MISSING", "QG_ANSWERS_MISSING", "UR_24H_PROTEIN_MISSING", "soft_range",
        # what the patient, the physician or the site did, put into the simulation on purpose
        "AE_GRADE_4_NOT_SERIOUS", "BL_NO_TARGET", "BL_SCAN_TOO_OLD", "CC_STRONG_INHIBITOR",
        "CM_BEFORE_LAST_DOSE", "DM_BMI", "EOT_BEYOND_PROGRESSION", "PR_MAJOR_SURGERY_BEFORE_DOSE",
        "PR_RADIOTHERAPY_ON_STUDY", "SAE_REPORTED_LATE",
    }
)  # fmt: skip
"""Checks whose condition states a fact of the record that no truth behind it could contradict."""


OF_SCREENING = ("EG_QTCF_ABOVE_500", "CO_INR_HIGH")
"""Checks that meet what keeps a patient out and no line of adverse events."""


class Judge:
    """One cohort with its truth: what a finding without a planted contradiction is."""

    def __init__(self, cohort: SimulatedStudy, as_of: datetime):
        self.truth = cohort.truth
        self.last = {name_record(*e.record_key[1:]): e for e in cohort.entries if e.at <= as_of}
        self.planted_in = {(one.record[1], one.record[4]) for one in cohort.planted}

    def judge(self, check: str, record: str) -> str:
        entry = self.last[record]
        if check in AS_SIMULATED or self.is_true(check, entry):
            return TRUE
        is_mistyped = (entry.subject, entry.form) in self.planted_in or self.has_slip(entry)
        return CONSEQUENCE if is_mistyped else FALSE_ALARM

    def is_true(self, check: str, entry: Entry) -> bool:
        course = self.truth.courses.get(entry.subject)
        if entry.event == "SCREENING" and course is None and check in {*LINES, *OF_SCREENING}:
            return True  # a value that keeps the patient out
        if course is None:
            return False
        if check in LINES:
            return self.has_event(entry, LINES[check], RECOVERY_DAYS.get(check, 0))
        return check.startswith("TA_") and self.is_as_scanned(entry)

    def has_event(self, entry: Entry, lines: tuple[str, ...], recovery: int) -> bool:
        """Whether an event of one of the lines lasts on the day of the record, or ended just before."""
        day = (self.day_of(entry) - self.truth.first_doses[entry.subject]).days
        events = self.truth.courses[entry.subject].events
        return any(
            e.line in lines and e.onset <= day and (e.end is None or day <= e.end + recovery) for e in events
        )

    def day_of(self, entry: Entry) -> date:
        return date.fromisoformat(next(v for n, v in entry.values.items() if n.endswith("_date")))

    def has_slip(self, entry: Entry) -> bool:
        """Whether two digits of a diameter are still exchanged: the slip was not corrected before the cut."""
        has_scan = entry.form == "tumor_assessment" and entry.subject in self.truth.courses
        return has_scan and not self.is_as_scanned(entry)

    def is_as_scanned(self, entry: Entry) -> bool:
        """Whether the lesions on the form are those of the scan: then the finding is about the disease."""
        visits = self.truth.courses[entry.subject].visits
        (visit,) = [v for v in visits if (v.event, v.sequence) == (entry.event, entry.event_seq)]
        scanned = {} if visit.scan is None else {r.lesion_id: r.diameter_mm for r in visit.scan.readings}
        typed = {row["lesion_id"]: row.get("diameter_mm") for row in entry.values.get("lesions", [])}
        return typed == {name: decimal(diameter) for name, diameter in scanned.items()}
