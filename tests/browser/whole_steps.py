"""What people do at their pages, step by step from screening to death; each step sees what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from live_site import PASSWORD
from playwright.sync_api import expect
from whole_history import (
    ANSWER,
    BLOOD_PRESSURE,
    CONSENT,
    DOSES,
    DRUGS,
    END,
    EVENT,
    FOLLOW_UP,
    JUDGED,
    LESIONS,
    PROGRESSION,
    QUESTION,
    SCANS,
    SERIOUS,
    Scan,
    chemistry,
    cycle,
    hematology,
    screening,
    urinalysis,
    vital_signs,
)
from whole_study import Person, day, shown_day


@dataclass
class Walk:
    """The people of one walk, who all read one language, and the patient who was enrolled."""

    coordinator: Person
    investigator: Person
    monitor: Person
    by_hand: bool
    """Also the clerical forms of visits that repeat are typed in the browser."""
    refused: str = ""
    subject: str = ""

    def visit(self, event: str, number: int, forms: dict[str, dict[str, str]]) -> None:
        enter = self.coordinator.enter_visit if self.by_hand else self.coordinator.send_visit
        enter(self.subject, event, number, forms)


# ---- Screening -----------------------------------------------------------------------------------------


def screen(coordinator: Person) -> str:
    """A new number and the consent: before it the ledger takes nothing else."""
    page = coordinator.page
    page.goto("/subjects/new/")
    with page.expect_navigation():
        page.locator("main button.ink").click()
    coordinator.ready()
    subject = page.url.split("/")[4]
    coordinator.open(subject, "SCREENING", 1, "demographics")
    coordinator.type({"birth_date": "1961-04", "sex": "M"})
    page.keyboard.press("Control+s")
    expect(page.locator("[data-notices] .error")).to_be_visible()
    coordinator.open(subject, "SCREENING", 1, "informed_consent")
    coordinator.type(CONSENT)
    coordinator.save_and_go_on()
    assert coordinator.form == "demographics"
    return subject


def refuse_one(walk: Walk) -> None:
    """Neutrophils too low: the judgment that says otherwise is contradicted, and the log knows the reason."""
    coordinator, investigator = walk.coordinator, walk.investigator
    words, page = investigator.words, investigator.page
    walk.refused = screen(coordinator)
    evidence = screening() | {"hematology": hematology(-14, neut="1.10")}
    coordinator.send_visit(walk.refused, "SCREENING", 1, evidence)
    investigator.open(walk.refused, "SCREENING", 1, "eligibility")
    investigator.type(JUDGED)
    organs = page.locator("[data-criterion=in04]")
    expect(organs.locator("[data-contradicted]")).to_have_text(words["contradicted"])
    investigator.type({"in04": "NOT_MET", "decision": "NOT_ELIGIBLE", "decision_date": day(-2)})
    expect(organs.locator("[data-result]")).to_have_text(words["result_inclusion_NOT_MET"])
    expect(page.locator("[data-verdict]")).to_contain_text("IN04")
    investigator.save()
    coordinator.page.goto("/subjects/screening/")
    line = coordinator.page.locator("tbody tr", has_text=walk.refused)
    expect(line).to_contain_text(words["outcome_failed"])
    expect(line).to_contain_text("IN04")
    expect(line).to_contain_text(shown_day(-2, coordinator.language))


def enroll_another(walk: Walk) -> None:
    """Evidence, lesions by keyboard, criteria, signature, number; then the regimen."""
    coordinator, investigator = walk.coordinator, walk.investigator
    walk.subject = screen(coordinator)
    walk.visit("SCREENING", 1, screening())
    coordinator.open(walk.subject, "SCREENING", 1, "baseline_lesions")
    coordinator.type({"scan_date": day(-15)})
    for lesion in LESIONS:
        coordinator.press("Control+Enter")
        coordinator.key_in(lesion)
    expect(coordinator.page.locator("[data-guard]")).to_contain_text("70 mm")
    coordinator.save_and_go_on()
    assert coordinator.form == "eligibility"
    investigator.open(walk.subject, "SCREENING", 1, "eligibility")
    investigator.type(
        {**JUDGED, "life_expectancy_weeks": "52", "decision": "ELIGIBLE", "decision_date": day(-2)}
    )
    expect(investigator.page.locator("[data-verdict]")).to_have_text(investigator.words["verdict_eligible"])
    investigator.save()
    sign(investigator)
    number = investigator.words.fill("enrolled_as", number="01-E")
    expect(investigator.page.locator("main")).to_contain_text(re.compile(re.escape(number) + r"\d{3}"))
    investigator.open(walk.subject, "SCREENING", 1, "regimen_decision")
    investigator.type({"decision_date": day(-1), "regimen": "MONO", "reason": "GUIDELINE"})
    investigator.save()


def sign(person: Person) -> None:
    person.page.fill("#password", PASSWORD)
    with person.page.expect_navigation():
        person.page.locator("button[form=sign]").click()
    person.ready()
    expect(person.page.locator(".state-signed").first).to_be_visible()


# ---- Treatment -----------------------------------------------------------------------------------------


def open_log(person: Person, subject: str, form: str) -> None:
    person.page.goto(f"/subjects/{subject}/log/{form}/")
    person.ready()


def save_log(person: Person, rows: int = 1) -> None:
    with person.page.expect_navigation():
        person.press("Control+s")
    person.ready()
    expect(person.page.locator("[data-notices]")).to_contain_text(person.words.fill("saved_rows", count=rows))


def begin_treatment(walk: Walk) -> None:
    """The first dose; what the patient takes besides comes from a spreadsheet."""
    coordinator = walk.coordinator
    open_log(coordinator, walk.subject, "concomitant_medication")
    coordinator.paste(DRUGS)
    coordinator.press("Enter")  # the preview stands at its button
    save_log(coordinator, 2)
    open_log(coordinator, walk.subject, "surufatinib_dosing")
    coordinator.press("Control+Enter")
    coordinator.key_in({"start_date": day(0), "dose_mg": "300", "schedule": "QD", "change_reason": "START"})
    save_log(coordinator)
    expect(coordinator.page.locator(".subject-header")).to_contain_text("300 mg")


def treat_two_cycles(walk: Walk) -> None:
    walk.visit("CYCLE", 1, cycle(0))
    walk.visit("C1D15", 1, {"vital_signs": vital_signs(14), "hematology": hematology(14)})
    walk.visit("CYCLE", 2, cycle(28))


def type_a_laboratory_by_keyboard(walk: Walk) -> None:
    """The results of cycle 3, graded while typed; each save opens the next form at its first field."""
    coordinator = walk.coordinator
    for form, values in (("hematology", hematology(56)), ("chemistry", chemistry(56))):
        coordinator.open(walk.subject, "CYCLE", 3, form)
        coordinator.skip_to_content()
        coordinator.key_in({"collected_date": values.pop("collected_date")})
        coordinator.key_in(values)
        expect(coordinator.page.locator("[data-grade]").first).to_have_text("0")
        coordinator.save_and_go_on()
    coordinator.key_in(urinalysis(56))
    coordinator.save_and_go_on()


# ---- The event -----------------------------------------------------------------------------------------


def find_an_event(walk: Walk) -> None:
    """A pressure of grade 3 becomes an adverse event with one click; its row is finished by keyboard."""
    coordinator = walk.coordinator
    page = coordinator.page
    coordinator.open(walk.subject, "CYCLE", 3, "vital_signs")
    coordinator.type(vital_signs(56, *BLOOD_PRESSURE))
    expect(page.locator("tr[data-field=sbp] [data-grade]")).to_have_text("3")
    expect(page.locator("[data-advice]")).to_be_visible()
    page.locator("input[data-note]").fill("Measured twice")
    coordinator.save()
    page.locator("tr[data-field=sbp] [data-event]").click()
    coordinator.ready()
    coordinator.key_in(EVENT)
    save_log(coordinator)
    saved = coordinator.site.values(f"{walk.subject}/LOG/1/adverse_event/1")
    assert (saved["decod"], saved["soc"], saved["start_date"]) == (
        "Hypertension",
        "Vascular disorders",
        day(56),
    )


def make_it_serious(walk: Walk) -> None:
    """Two days later in hospital: the event becomes serious, and the page leads to its report."""
    coordinator = walk.coordinator
    page = coordinator.page
    open_log(coordinator, walk.subject, "adverse_event")
    coordinator.press("ArrowDown")
    coordinator.key_in({"serious": "Y"})
    give_reason_in_row(coordinator)
    save_log(coordinator)
    page.get_by_role("link", name=coordinator.words.fill("serious_form", number=1)).click()
    coordinator.ready()
    coordinator.key_in(SERIOUS)
    save_log(coordinator)


def give_reason_in_row(person: Person) -> None:
    """Saving asks for the reason of a change and goes to it; it is chosen there by keyboard."""
    person.press("Control+s")
    expect(person.page.locator(".reason select").first).to_be_focused()
    person.choose(person.words["reason_new"], "ArrowDown")


def reduce_the_dose(walk: Walk) -> None:
    """Stopped for a week, then 250 mg, each with the event behind it: three rows with one save."""
    coordinator = walk.coordinator
    open_log(coordinator, walk.subject, "surufatinib_dosing")
    coordinator.press("ArrowDown")
    coordinator.key_in({"end_date": day(57)})
    for dose in DOSES:
        coordinator.press("Control+Enter")
        coordinator.key_in(dose)
    give_reason_in_row(coordinator)
    save_log(coordinator, 3)
    expect(coordinator.page.locator(".subject-header")).to_contain_text("250 mg")


# ---- The tumor -----------------------------------------------------------------------------------------


def assess(walk: Walk, event: str, number: int, scan: Scan) -> None:
    """The lesions by keyboard; the page says the response before the investigator's own call."""
    investigator = walk.investigator
    page, words = investigator.page, investigator.words
    investigator.open(walk.subject, event, number, "tumor_assessment")
    investigator.skip_to_content()
    investigator.key_in({"done": "Y"})
    expect(page.locator("[name=assessment_date]")).to_be_visible()
    investigator.key_in({"assessment_date": day(scan.day)})
    investigator.tab_to("diameter_mm")
    for size in scan.sizes:
        page.keyboard.type(size)
        page.keyboard.press("Enter")
    page.keyboard.press("p")
    expect(page.locator("[data-response] [data-overall]")).to_have_attribute("data-overall", scan.response)
    expect(page.locator("[data-sum]")).to_contain_text(scan.total)
    investigator.type({"overall_response": scan.response})
    expect(page.locator("[data-call]")).to_contain_text(words["call_same"])
    investigator.save()


def scan_outside_the_schedule(walk: Walk) -> None:
    """An unscheduled visit from the patient's page, in two actions, with a scan."""
    coordinator = walk.coordinator
    coordinator.page.goto(f"/subjects/{walk.subject}/")
    coordinator.page.locator("summary", has_text=coordinator.words["add"]).first.click()
    coordinator.page.locator(".popover-body a[href*=UNSCHEDULED]").click()
    coordinator.ready()
    coordinator.type({"visit_date": day(141), "reason": "IMAGING"})
    coordinator.save()
    assess(walk, "UNSCHEDULED", 1, SCANS[2])


# ---- Queries -------------------------------------------------------------------------------------------


def ask_and_answer(walk: Walk) -> None:
    """The monitor asks at the field, the coordinator answers in the inbox, the monitor closes."""
    monitor, coordinator = walk.monitor, walk.coordinator
    monitor.open(walk.subject, "CYCLE", 2, "hematology")
    monitor.page.locator("tr[data-field=hgb] [data-history]").click()
    monitor.page.fill("#say-new", QUESTION)
    monitor.page.locator("[data-panel] [data-send='ask/']").click()
    expect(monitor.page.locator("[data-panel] .thread").first).to_contain_text(QUESTION)
    coordinator.page.goto(f"/queries/?subject={walk.subject}")
    line = coordinator.page.locator("tbody tr", has_text=QUESTION)
    line.locator("summary").click()
    line.locator("textarea").fill(ANSWER)
    with coordinator.page.expect_navigation():
        line.locator("button.ink").click()
    monitor.page.goto(f"/queries/?subject={walk.subject}")
    line = monitor.page.locator("tbody tr", has_text=ANSWER)
    line.locator("summary").click()
    with monitor.page.expect_navigation():
        line.locator("button[formaction$='/close/']").click()
    assert query_of(walk, "CYCLE/2/hematology") == ["OPEN", "ANSWERED", "CLOSED"]


def query_of(walk: Walk, place: str) -> list[str]:
    """The turns of the only query of a record."""
    sql = (
        "SELECT kind FROM ledger_query_message JOIN capture_query ON capture_query.key = query_id "
        "WHERE record_id = ? ORDER BY seq"
    )
    return [kind for (kind,) in walk.monitor.site.read(sql, f"{walk.subject}/{place}/1")]


# ---- The end -------------------------------------------------------------------------------------------


def end_treatment(walk: Walk) -> None:
    coordinator = walk.coordinator
    open_log(coordinator, walk.subject, "surufatinib_dosing")
    coordinator.press("ArrowDown", "Enter", "Enter")  # down to the last row
    coordinator.key_in({"end_date": day(168)})
    give_reason_in_row(coordinator)
    save_log(coordinator)
    open_log(coordinator, walk.subject, "adverse_event")
    coordinator.press("ArrowDown")
    coordinator.key_in({"end_date": day(70), "ongoing": "N", "outcome": "RECOVERED"})
    give_reason_in_row(coordinator)
    save_log(coordinator)
    coordinator.enter_visit(walk.subject, "EOT", 1, {"end_of_treatment": PROGRESSION})
    walk.visit("EOT", 1, {"vital_signs": vital_signs(170), "hematology": hematology(170)})


def follow_up_to_death(walk: Walk) -> None:
    """Two contacts, then a slip in the date of death: a check asks and closes itself."""
    coordinator = walk.coordinator
    page, words = coordinator.page, coordinator.words
    walk.visit("SAFETY_FU", 1, {"safety_followup": FOLLOW_UP})
    for number, elapsed in ((1, 252), (2, 336)):
        contact = {"contact_date": day(elapsed), "status": "ALIVE"}
        coordinator.enter_visit(walk.subject, "SURVIVAL_FU", number, {"survival_followup": contact})
    coordinator.open(walk.subject, "EOS", 1, "death")
    coordinator.type({"death_date": day(305), "cause": "PD"})
    page.locator("[data-save]").click()
    page.locator("input[data-note]").first.fill("Told by the family")
    coordinator.save()
    page.goto(f"/queries/?subject={walk.subject}")
    expect(page.locator("[data-list] tbody tr")).to_contain_text(words["the_system"])
    coordinator.open(walk.subject, "EOS", 1, "death")
    coordinator.type({"death_date": day(350)})
    page.locator("[data-reason=death_date] select").select_option(words["reason_source"])
    coordinator.save()
    assert query_of(walk, "SURVIVAL_FU/2/survival_followup") == ["OPEN", "CLOSED"]
    coordinator.enter_visit(walk.subject, "EOS", 1, {"end_of_study": END})
    page.goto(f"/subjects/{walk.subject}/")
    expect(page.locator(".subject-header")).to_contain_text(words["subject_DEAD"])
    expect(page.locator("[aria-labelledby=response-head]")).to_contain_text(words["response_PR"])


STEPS: tuple[Callable[[Walk], None], ...] = (
    refuse_one,
    enroll_another,
    begin_treatment,
    treat_two_cycles,
    lambda walk: assess(walk, "IMAGING", 1, SCANS[0]),
    type_a_laboratory_by_keyboard,
    find_an_event,
    make_it_serious,
    reduce_the_dose,
    lambda walk: walk.visit("CYCLE", 4, cycle(84)),
    lambda walk: assess(walk, "IMAGING", 2, SCANS[1]),
    lambda walk: walk.visit("CYCLE", 5, cycle(112)),
    ask_and_answer,
    lambda walk: walk.visit("CYCLE", 6, cycle(140)),
    scan_outside_the_schedule,
    lambda walk: assess(walk, "IMAGING", 3, SCANS[3]),
    end_treatment,
    follow_up_to_death,
)
