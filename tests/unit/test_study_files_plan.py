"""What the study files must say: forms, schedule, regimens, switches; the editors' schemas are current."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from grevy.definition import inventory, load_study, write_json_schemas
from grevy.definition.analysis_plan import IMPLEMENTED
from grevy.definition.editor_schemas import FILES, build_json_schemas
from grevy.definition.schedule import Event
from grevy.definition.translations import list_untranslated
from grevy.definition.words import Text

FOLDER = Path("studies/surufatinib_nen")
SCHEMAS = Path("studies/schemas")
STUDY = load_study(FOLDER)
PLAN = STUDY.analysis

HAN = re.compile("[\u2e80-\u9fff]")
ENGLISH_PROSE = re.compile(r"\b[a-z]{2,} [a-z]{2,}")  # names of guidelines and authors may keep theirs
DEFAULTS = {
    "time.origin": "first_dose",
    "time.duration": "inclusive",
    "time.days_per_month": Decimal("30.4375"),
    "recist.sd_min_days": 49,
    "recist.sd_from": "first_dose",
    "recist.confirm_min_days": 28,
    "recist.max_ne_between": 1,
    "recist.accept_sd_between": False,
    "recist.pr_policy": "strict",
    "recist.reappearance_after_cr": "PD",
    "recist.ttsm_default_mm": Decimal("5"),
    "recist.missing_target": "pd_if_proven",
    "recist.pd_sum_date": "earliest",
    "recist.response_date": "latest",
    "recist.equivocal_date": "first_seen",
    "recist.new_therapy": "until_start",
    "recist.same_date": "worst",
    "recist.response_source": "lesions",
    "recist.evaluator": "INVESTIGATOR",
    "recist.cb_min_days": 168,
    "pfs.rule_set": "fda",
    "pfs.missed_assessments": "by_rule_set",
    "pfs.missed_tolerance_days": 7,
    "pfs.new_therapy": "by_rule_set",
    "pfs.no_baseline": "by_rule_set",
    "pfs.clinical_progression": "ignore",
    "os.censoring": "last_alive",
    "ttf.progression": "ignore",
    "te.days_after_last_dose": 30,
    "te.end_at_new_therapy": False,
    "dates.ae_start": "treatment_emergent",
    "dates.ae_end": "last",
    "dates.death": "first",
    "dates.new_therapy": "first",
    "ae.missing_causality": "related",
    "baseline.same_day": "unless_timed_after",
    "measurement.readings": "average",
    "lab.below_quantification": "limit",
    "ctcae.version": "5.0",
    "ctcae.symptoms": "recorded",
    "liver.hys_law_bilirubin": "above",
    "pro.deterioration_points": Decimal(10),
    "pro.deterioration": "def2",
    "pro.deterioration_events": "death",
    "pro.ginet21_variant": "manual",
    "sets.effectiveness": "full",
    "sets.starting_dose": True,
    "sets.minimum_intensity": Decimal(50),
    "sets.intensity_weeks": 8,
    "exposure.planned": "with_interruptions",
    "confidence.level": Decimal("0.95"),
    "confidence.km": "log_log",
    "confidence.rate": "clopper_pearson",
    "comparison.weights": "stabilized",
    "comparison.truncation": Decimal("0.01"),
    "imputation.copies": 20,
    "imputation.seed": 20260101,
    "prediction.penalty": "ridge",
    "prediction.repeats": 500,
    "prediction.seed": 20260102,
}


# ---- forms -----------------------------------------------------------------------------------------------


COURSE = {
    "informed_consent", "demographics", "nen_diagnosis", "eligibility", "regimen_decision",
    "surufatinib_dosing", "baseline_lesions", "tumor_assessment", "adverse_event", "end_of_treatment",
    "survival_followup", "subsequent_therapy", "death", "end_of_study",
}  # fmt: skip
RECORDS = {
    "reconsent", "disease_extent", "prior_therapy", "medical_history", "previous_malignancy",
    "concomitant_medication", "procedure", "physical_examination", "partner_dosing", "drug_accountability",
    "serious_adverse_event", "pregnancy_report", "safety_followup", "protocol_deviation", "unscheduled_visit",
}  # fmt: skip
MEASUREMENTS = {
    "vital_signs", "ecog", "hematology", "chemistry", "urinalysis", "coagulation", "thyroid", "lipids",
    "tumor_markers", "cardiac_markers", "pregnancy_test", "ecg", "echocardiogram", "qlq_c30",
    "qlq_ginet21", "eq5d5l", "adherence",
}  # fmt: skip


def test_the_forms_of_the_study():
    assert set(STUDY.forms) - MEASUREMENTS == COURSE | RECORDS
    repeating = {name for name, form in STUDY.forms.items() if form.repeating}
    assert repeating == {
        "surufatinib_dosing", "adverse_event", "subsequent_therapy", "reconsent", "prior_therapy",
        "medical_history", "previous_malignancy", "concomitant_medication", "procedure", "partner_dosing",
        "serious_adverse_event", "pregnancy_report", "protocol_deviation",
    }  # fmt: skip
    groups = {f"{name}.{group.name}" for name, form in STUDY.forms.items() for group in form.groups}
    assert groups == {
        "regimen_decision.partners",
        "baseline_lesions.lesions",
        "tumor_assessment.lesions",
        "tumor_assessment.new_lesions",
        "physical_examination.systems",
    }


def test_repeating_forms_stand_in_the_log_alone():
    log = set(STUDY.event("LOG").forms)
    assert log == {name for name, form in STUDY.forms.items() if form.repeating}
    assert [e.id for e in STUDY.events if e.id != "LOG" and log & set(e.forms)] == []


def test_partial_dates_where_the_exact_day_may_be_unknown():
    partial = {
        f"{form.name}.{name}" for form in STUDY.forms.values() for name, item in form.all_items()
        if item.type == "partial_date"
    }  # fmt: skip
    assert partial == {
        "demographics.birth_date", "nen_diagnosis.diagnosis_date", "nen_diagnosis.advanced_date",
        "eligibility.major_surgery_date", "regimen_decision.partners.start_date", "adverse_event.start_date",
        "adverse_event.end_date", "end_of_treatment.progression_date", "subsequent_therapy.start_date",
        "subsequent_therapy.end_date", "death.death_date", "medical_history.start_date",
        "medical_history.end_date", "previous_malignancy.diagnosis_date", "prior_therapy.start_date",
        "prior_therapy.end_date", "concomitant_medication.start_date", "concomitant_medication.end_date",
        "procedure.procedure_date", "serious_adverse_event.onset_date", "pregnancy_report.last_menses",
        "pregnancy_report.due_date", "protocol_deviation.deviation_date",
    }  # fmt: skip


def test_the_inventory_counts_the_study():
    counted = inventory(STUDY)
    assert counted.forms == len(STUDY.forms)
    assert counted.criteria == 12
    assert counted.checks >= 200
    assert counted.switches == len(DEFAULTS)
    assert counted.unused_codelists == ()
    assert counted.criteria_without_condition == ()
    assert counted.items == counted.submitted_items + counted.not_submitted_items
    assert (counted.untargeted_items, counted.untranslated, counted.instruments) == (0, (), 4)
    assert f"{counted.forms} forms" in "\n".join(counted.sentences())


def test_the_inventory_says_the_same_numbers_in_both_languages():
    counted = inventory(STUDY)
    english, chinese = counted.sentences("en"), counted.sentences("zh")
    assert len(english) == len(chinese)
    for one, other in zip(english, chinese, strict=True):
        assert sorted(re.findall(r"\d+", one)) == sorted(re.findall(r"\d+", other))


@pytest.mark.parametrize(
    ("chinese", "found"), [("Death", ["Death"]), ("死亡", []), ("250 mg", []), ("≤10%", []), ("PET/CT", [])]
)
def test_a_text_whose_chinese_has_words_but_no_character_is_untranslated(chinese, found):
    form = STUDY.forms["death"]
    changed = form.model_copy(update={"label": Text(en="Death", zh=chinese)})
    assert list_untranslated(STUDY.model_copy(update={"forms": {**STUDY.forms, "death": changed}})) == found


INTERNAL_LISTS = {"reconsent_reason", "sae_report_type", "pregnancy_of", "pregnancy_outcome"}


def test_every_submitted_code_has_its_value_unless_it_never_leaves_the_forms():
    """Lists of items that stay out of the tabulation have none, nor do answers that mean no answer."""
    without = {
        f"{codelist.name}.{code.code}"
        for codelist in STUDY.codelists.values()
        for code in codelist.codes
        if code.sdtm is None and codelist.name not in INTERNAL_LISTS
    }
    assert without == {
        "criterion.MET", "criterion.NOT_MET", "criterion.NOT_APPLICABLE", "criterion.NOT_ASSESSED",
        "eligibility_decision.PENDING", "side.NA", "response.NA", "contact_mode.NOT_REACHED",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(INTERNAL_LISTS))
def test_a_list_without_values_feeds_no_submitted_item(name):
    items = [item for form in STUDY.forms.values() for _, item in form.all_items() if item.codelist == name]
    assert items
    assert [item.name for item in items if item.targets] == []


# ---- schedule and regimens -------------------------------------------------------------------------------


def test_imaging_every_8_weeks_to_week_48_then_every_12():
    days = PLAN.imaging.planned_days(until=700)
    assert days == (56, 112, 168, 224, 280, 336, 420, 504, 588, 672)
    assert [PLAN.imaging.planned_day(k) for k in (1, 6, 7, 8)] == [56, 336, 420, 504]
    assert (PLAN.imaging.window.before, PLAN.imaging.window.after) == (7, 7)


def test_cycles_of_28_days_and_survival_follow_up_every_12_weeks():
    assert STUDY.event("CYCLE").planned_days(until=84) == (0, 28, 56, 84)
    assert STUDY.event("SURVIVAL_FU").planned_days(until=252) == (84, 168, 252)
    assert STUDY.event("C1D15").planned_days(until=100) == (14,)
    assert STUDY.event("LOG").planned_days(until=100) == ()


def test_forms_are_expected_at_the_repeats_that_the_schedule_says():
    event = Event(
        id="CYCLE",
        label=Text(en="Cycle", zh="周期"),
        kind="scheduled",
        planned_forms=(
            "vital_signs",
            {"form": "qlq_c30", "first": 3, "every": 2, "also": (2,)},
            {"form": "ecg", "optional": True},
        ),
    )
    assert event.forms == ("vital_signs", "qlq_c30", "ecg")
    with_questions = [seq for seq in range(1, 9) if "qlq_c30" in event.expected_forms(seq)]
    assert with_questions == [2, 3, 5, 7]
    assert all("vital_signs" in event.expected_forms(seq) for seq in range(1, 9))
    assert not any("ecg" in event.expected_forms(seq) for seq in range(1, 9))


def test_a_log_and_an_unscheduled_visit_expect_no_form():
    assert STUDY.event("LOG").expected_forms() == ()
    assert STUDY.event("UNSCHEDULED").expected_forms() == ()
    assert "unscheduled_visit" in STUDY.event("UNSCHEDULED").forms


def test_an_event_without_repeats_has_one_occurrence():
    with pytest.raises(ValueError, match="event C1D15 has no occurrence 2"):
        STUDY.event("C1D15").planned_day(2)
    with pytest.raises(ValueError, match="unknown event 'C2D1'; allowed: SCREENING, CYCLE"):
        STUDY.event("C2D1")


def test_the_two_regimens():
    mono, combo = STUDY.regimens
    assert (mono.code, mono.start_dose_mg, mono.dose_levels_mg, mono.partners) == (
        "MONO",
        300,
        (300, 250, 200),
        (),
    )
    assert (combo.code, combo.start_dose_mg, combo.dose_levels_mg) == ("COMBO", 250, (250, 200))
    assert {partner.partner_class for partner in combo.partners} >= {"PD1", "SSA", "CHEMO"}


# ---- analysis plan ---------------------------------------------------------------------------------------


def test_the_switches_and_their_defaults():
    assert {key: PLAN.value(key) for key in PLAN.switches} == DEFAULTS
    assert set(DEFAULTS) == set(IMPLEMENTED)
    assert {key: type(PLAN.value(key)) for key in DEFAULTS} == {
        key: type(value) for key, value in DEFAULTS.items()
    }


@pytest.mark.parametrize("key", [key for key, options in IMPLEMENTED.items() if isinstance(options, tuple)])
def test_every_option_of_a_switch_can_be_chosen(key):
    assert PLAN.switches[key].options == IMPLEMENTED[key]
    for option in PLAN.switches[key].options:
        assert PLAN.with_values({key: option}).value(key) == option


def test_every_switch_says_where_it_comes_from_and_why_in_both_languages():
    for key, switch in PLAN.switches.items():
        for words in (switch.source, switch.reason):
            assert not HAN.search(words.en), key
            assert not ENGLISH_PROSE.search(words.zh), key


def test_values_are_converted_from_text_and_the_plan_itself_stays():
    changed = PLAN.with_values({"recist.sd_min_days": "42", "te.end_at_new_therapy": "true"})
    assert (changed.value("recist.sd_min_days"), changed.value("te.end_at_new_therapy")) == (42, True)
    assert changed.changed_switches() == ("recist.sd_min_days", "te.end_at_new_therapy")
    assert (PLAN.value("recist.sd_min_days"), PLAN.changed_switches()) == (49, ())
    assert changed.with_values({"recist.sd_min_days": "49"}).changed_switches() == ("te.end_at_new_therapy",)


def test_all_values_that_are_not_allowed_are_named_at_once():
    with pytest.raises(ValueError, match=r"unknown switch 'recist\.sd'") as raised:
        PLAN.with_values(
            {
                "recist.sd": "42",
                "pfs.rule_set": "nice",
                "recist.sd_min_days": "6 weeks",
                "confidence.level": "nan",
                "te.end_at_new_therapy": "perhaps",
            }
        )
    lines = str(raised.value).splitlines()
    assert len(lines) == 5
    assert lines[1] == "switch 'pfs.rule_set' cannot be 'nice'; allowed: fda, ema"
    assert lines[2] == "switch 'recist.sd_min_days' cannot be '6 weeks'; allowed: a whole number"


def test_an_unknown_switch_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"unknown switch 'recist.sd'; allowed: time.origin, "):
        PLAN.value("recist.sd")


def test_sets_endpoints_and_subgroups():
    assert [s.flag for s in PLAN.analysis_sets] == [
        "SCRNFL",
        "ENRLFL",
        "FASFL",
        "SAFFL",
        "RSPEVFL",
        "PPROTFL",
    ]
    assert {e.id for e in PLAN.endpoints if e.kind == "primary"} == {"PFS", "ORR", "DCR", "OS"}
    assert PLAN.study_drugs == ("SURUFATINIB", "SULFATINIB")
    assert PLAN.landmarks_months == (6, 12, 18, 24)
    assert "SUBSEQUENT" in PLAN.new_therapy_categories
    assert len(PLAN.subgroups) == 14


# ---- files -----------------------------------------------------------------------------------------------


def test_the_schemas_for_editors_are_current(tmp_path):
    written = write_json_schemas(tmp_path)
    assert {path.name for path in written} == {f"{name}.schema.json" for name in FILES}
    assert {
        path.name: path.read_text(encoding="utf-8") for path in sorted(SCHEMAS.iterdir())
    } == build_json_schemas()


def test_every_file_names_its_schema():
    for path in FOLDER.rglob("*.yaml"):
        # read by the simulator and the terminology checker, no part of the study's definition
        if path.name in ("simulation.yaml", "terminology_extensions.yaml"):
            continue
        folders = {"forms": "form", "codelists": "codelists", "instruments": "instrument"}
        kind = folders.get(path.parent.name, path.stem)
        depth = "../" * len(path.relative_to(FOLDER.parent).parent.parts)
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema={depth}schemas/{kind}.schema.json"


def test_no_file_needs_anything_but_plain_values():
    for path in FOLDER.rglob("*.yaml"):
        events = yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        assert not any(getattr(event, "anchor", None) or getattr(event, "tag", None) for event in events)
