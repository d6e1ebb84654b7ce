"""Supplemental qualifiers of adverse events, and comments: what stands beside a record and names it."""

from grevy.definition import load_study
from grevy.sdtm.adverse_events import build_event_supplement
from grevy.sdtm.comments import build_comments

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


def derive_comments(assessments, responses):
    return build_comments({"tumor_assessment": assessments}, STUDY, {"RS": responses})


def test_a_comment_on_a_call_stands_with_the_overall_response_that_it_is_about(spec):
    spec(
        derive_comments,
        given={
            "assessments": """
                STUDYID | USUBJID | EVENTID | EVENTSEQ | FORMSEQ | REVISION | call_comment
                S       | S-1     | IMAGING | 1        | 1       | 2        | Seen on one slice only
                # nothing to say
                S       | S-1     | IMAGING | 2        | 1       | 1        |
                S       | S-2     | IMAGING | 1        | 1       | 1        | Necrosis
            """,
            "responses": """
                USUBJID | FORM             | EVENTID | EVENTSEQ | FORMSEQ | PART             | RSSEQ
                S-1     | tumor_assessment | IMAGING | 1        | 1       | target_response  | 1
                S-1     | tumor_assessment | IMAGING | 1        | 1       | overall_response | 3
                S-1     | tumor_assessment | IMAGING | 2        | 1       | overall_response | 6
                # the performance status is no call
                S-2     | ecog             | IMAGING | 1        | 1       | overall_response | 1
                S-2     | tumor_assessment | IMAGING | 1        | 1       | overall_response | 2
            """,
        },
        expect="""
            USUBJID | RDOMAIN | IDVAR | IDVARVAL | COVAL                  | COEVAL       | REVISION
            S-1     | RS      | RSSEQ | 3        | Seen on one slice only | INVESTIGATOR | 2
            S-2     | RS      | RSSEQ | 2        | Necrosis               | INVESTIGATOR | 1
        """,
    )
