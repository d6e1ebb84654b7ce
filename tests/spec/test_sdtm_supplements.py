"""Supplemental qualifiers of adverse events: what their own form and the last report add."""

from grevy.definition import load_study
from grevy.sdtm.adverse_events import build_event_supplement

STUDY = load_study("studies/surufatinib_nen")


def derive_supplement(events, reports):
    return build_event_supplement(events, {"serious_adverse_event": reports}, STUDY)


def test_causality_of_the_partner_and_the_last_serious_report_stand_with_their_event(spec):
    spec(
        derive_supplement,
        given={
            "events": """
                STUDYID | USUBJID | AESEQ | FORMSEQ | related_partner
                S       | S-1     | 1     | 1       | NOT_RELATED
                S       | S-1     | 2     | 2       | POSSIBLE
                # the third record of the form was removed, so that number and sequence differ
                S       | S-1     | 3     | 4       |
                # another subject's second event
                S       | S-2     | 1     | 2       |
            """,
            "reports": """
                STUDYID | USUBJID | FORMSEQ | ae_number | admission_date | discharge_date | expected
                # first and last report of one event
                S       | S-1     | 1       | 2         | 2024-04-02     |                | N
                S       | S-1     | 2       | 2         | 2024-04-03     | 2024-04-09     | N
                S       | S-1     | 3       | 4         |                |                | Y
                # of an event that is not there
                S       | S-1     | 4       | 9         | 2024-05-01     |                | N
            """,
        },
        expect="""
            USUBJID | IDVAR | IDVARVAL | QNAM     | QVAL        | QLABEL
            S-1     | AESEQ | 1        | RELPART  | NOT RELATED | Relationship to the combination partner
            S-1     | AESEQ | 2        | RELPART  | POSSIBLE    | Relationship to the combination partner
            S-1     | AESEQ | 2        | ADMDTC   | 2024-04-03  | Date of admission
            S-1     | AESEQ | 2        | DISDTC   | 2024-04-09  | Date of discharge (empty if in hospital)
            S-1     | AESEQ | 2        | AEEXPECT | N           | Expected by the label
            S-1     | AESEQ | 3        | AEEXPECT | Y           | Expected by the label
        """,
    )
