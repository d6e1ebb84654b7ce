"""Lists, threads, counts and ages of queries; checks run anew over what is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grevy.capture.actions import answer_query, open_query
from grevy.capture.actions.check_data import changed_checks, check_data, preview_checks
from grevy.capture.models import Query, QueryMessage
from grevy.capture.reading.queries import count_unsettled, list_queries, query_ages, read_thread
from grevy.capture.verify import verify_ledger

FEVER = {"assessed_date": "2024-04-08", "temperature": "38.5"}


def simulated(desk, values, event_seq=1):
    desk.save("vital_signs", values, event="CYCLE", event_seq=event_seq, origin="simulated", confirmed=True)


def without(study, check):
    form = study.forms["vital_signs"]
    kept = tuple(one for one in form.checks if one.id != check)
    forms = {**study.forms, "vital_signs": form.model_copy(update={"checks": kept})}
    return study.model_copy(update={"forms": forms, "version": "0.9"})


def test_a_preview_writes_nothing_and_says_what_the_run_then_does_once(desk, study):
    simulated(desk, FEVER)
    preview = preview_checks(study)
    assert Query.objects.count() == 0
    assert (preview.opened, preview.by_check, preview.by_site) == (1, {"VS_FEVER": 1}, {"01": 1})
    assert preview.records == (desk.address("vital_signs", "CYCLE").record,)
    assert check_data(study) == preview
    again = check_data(study)
    assert (again.opened, again.closed, Query.objects.count()) == (0, 0, 1)


def test_only_the_checks_that_a_version_brings_are_previewed(desk, study):
    new = changed_checks(without(study, "VS_FEVER"), study)
    assert new == {"VS_FEVER"}
    simulated(desk, {**FEVER, "weight": "200"})
    assert preview_checks(study, checks=new).by_check == {"VS_FEVER": 1}
    assert preview_checks(study).opened == 2


def test_a_list_is_filtered_and_a_thread_is_in_both_languages(desk, study, django_assert_max_num_queries):
    simulated(desk, FEVER)
    check_data(study)
    asked = open_query(
        desk.address("informed_consent"), "Which version?", by="monitor", item="consent_version"
    )
    answer_query(asked, "1.0", by="crc01")
    with django_assert_max_num_queries(2):
        rows = list_queries()
    assert [(row.check_id, row.who_acts) for row in rows] == [("VS_FEVER", "site"), ("", "sponsor")]
    assert [row.key for row in list_queries(who_acts="sponsor")] == [asked]
    assert [row.key for row in list_queries(form="informed_consent", states=["ANSWERED"])] == [asked]
    assert list_queries(sites=["02"]) == list_queries(subject="02-001") == []
    (turn,) = read_thread(rows[0].key)
    assert turn.text.en.startswith("The temperature is 38")
    assert turn.text.zh.startswith("体温")
    record = desk.address("informed_consent").record
    assert count_unsettled([record]) == {record: {("consent_version", ""): 1}}


def test_ages_equal_a_recount_from_the_messages(desk, study):
    for number in (1, 2, 3):
        simulated(desk, FEVER, number)
    check_data(study)
    now = datetime.now(UTC) + timedelta(days=20)
    (age,) = query_ages(now, over_days=14)
    days = [(now - at).days for at in QueryMessage.objects.filter(number=1).values_list("at", flat=True)]
    assert (age.site, age.who_acts, age.queries, age.median_days) == ("01", "site", 3, sorted(days)[1])
    assert age.over == sum(day > 14 for day in days) == 3
    assert query_ages(now, over_days=20)[0].over == 0
    assert list_queries(older_than_days=20, now=now) == []


COMMAND = """
import sys
from click.testing import CliRunner
from grevy.cli import cli
print(CliRunner().invoke(cli, ["check-data", "--db", *sys.argv[1:]]).output)
"""


def test_the_command_writes_only_when_told_and_once(ledger_file, python):
    def ask(*options):
        return python(COMMAND, ledger_file.database, *options).strip().splitlines()[-1]

    preview = ask()
    assert preview.startswith("Queries would open: ")
    assert "would open: 0 " not in preview
    assert ask("--open-queries") == preview.replace("would open", "opened")
    assert ask().startswith("Queries would open: 0 on 0 records; closed: 0;")
    assert verify_ledger(ledger_file.database) == []
