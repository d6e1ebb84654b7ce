"""Every address of the application, each with who may use it."""

from grevy.capture.pages import (
    account,
    casebook,
    checks,
    dashboard,
    eligibility,
    forms,
    laboratory,
    listings,
    logs,
    own_account,
    patient,
    people,
    problems,
    queries,
    start,
    subjects,
)
from grevy.capture.pages.routes import ANYONE, LOGGED_IN, OWN_ACCOUNT, STUDY, Page

RECORD = "subjects/<str:subject>/<str:event>/<int:event_seq>/<str:form>/<int:form_seq>/"

PAGES = (
    Page("log-in/", account.log_in, "log_in", {"GET": ANYONE, "POST": ANYONE}),
    Page("log-in/second-factor/", account.second_factor, "second_factor", {"GET": ANYONE, "POST": ANYONE}),
    Page("log-in/extend/", account.extend, "extend", {"POST": OWN_ACCOUNT}),
    Page("log-out/", account.log_out, "log_out", {"POST": ANYONE}),
    Page("language/", account.set_language, "set_language", {"POST": ANYONE}),
    Page("account/", own_account.show, "account", {"GET": OWN_ACCOUNT, "POST": OWN_ACCOUNT}),
    Page(
        "account/password/",
        own_account.password,
        "account_password",
        {"GET": OWN_ACCOUNT, "POST": OWN_ACCOUNT},
    ),
    Page(
        "account/second-factor/",
        own_account.second_factor,
        "account_second_factor",
        {"GET": OWN_ACCOUNT, "POST": OWN_ACCOUNT},
    ),
    Page("people/", people.people, "people", {"GET": "change_access", "POST": "change_access"}, STUDY),
    Page(
        "people/<str:username>/",
        people.person,
        "person",
        {"GET": "change_access", "POST": "change_access"},
        STUDY,
    ),
    Page("", start.start, "start", {"GET": LOGGED_IN}),
    Page("report/", start.report, "report", {"GET": "view"}, STUDY),
    Page(
        "subjects/new/",
        eligibility.new_subject,
        "new_subject",
        {"GET": "create_subject", "POST": "create_subject"},
    ),
    Page("dashboard/", dashboard.dashboard, "dashboard", {"GET": "view"}),
    Page("subjects/", subjects.patients, "patients", {"GET": "view", "POST": "view"}),
    Page("subjects/screening/", subjects.screening_log, "screening_log", {"GET": "view"}),
    Page("subjects/<str:subject>/", patient.patient, "patient", {"GET": "view"}, "subject"),
    Page(
        "subjects/<str:subject>/all/<str:form>/",
        patient.patient_log,
        "patient_log",
        {"GET": "view"},
        "subject",
    ),
    Page("subjects/<str:subject>/review/", casebook.casebook, "casebook", {"GET": "view"}, "subject"),
    Page(
        "subjects/<str:subject>/review/sign/",
        casebook.sign_casebook,
        "casebook_sign",
        {"POST": "sign"},
        "subject",
    ),
    Page(
        "subjects/<str:subject>/review/lock/",
        casebook.lock_scope,
        "casebook_lock",
        {"POST": "lock"},
        "subject",
    ),
    Page(
        "subjects/<str:subject>/review/unlock/",
        casebook.unlock_scope,
        "casebook_unlock",
        {"POST": "unlock"},
        "subject",
    ),
    Page("subjects/<str:subject>/log/<str:form>/", logs.show, "log", {"GET": "view"}, "subject"),
    Page("subjects/<str:subject>/log/<str:form>/add/", logs.add, "log_add", {"POST": "save_form"}, "subject"),
    Page("queries/", queries.inbox, "queries", {"GET": "view"}),
    Page("queries/batch/<str:batch>/undo/", queries.undo, "batch_undo", {"POST": "open_query"}),
    Page("queries/<int:query>/", queries.thread, "query", {"GET": "view"}, "query"),
    Page("queries/<int:query>/answer/", queries.answer, "query_answer", {"POST": "answer_query"}, "query"),
    Page("queries/<int:query>/close/", queries.close, "query_close", {"POST": "close_query"}, "query"),
    Page("queries/<int:query>/reopen/", queries.reopen, "query_reopen", {"POST": "open_query"}, "query"),
    Page("queries/<int:query>/cancel/", queries.cancel, "query_cancel", {"POST": "open_query"}, "query"),
    Page("checks/", checks.checks, "checks", {"GET": "publish_checks"}),
    Page("listings/", listings.listing, "listings", {"GET": "view"}),
    Page("listings/preview/", listings.preview, "listing_preview", {"POST": "open_query"}),
    Page("listings/queries/", listings.ask, "listing_ask", {"POST": "open_query"}),
    Page("laboratory/", laboratory.inbox, "laboratory", {"GET": "save_form", "POST": "save_form"}),
    Page(
        "laboratory/<int:number>/",
        laboratory.lab_file,
        "lab_file",
        {"GET": "save_form", "POST": "save_form"},
    ),
    Page("laboratory/<int:number>/import/", laboratory.import_file, "lab_import", {"POST": "save_form"}),
    Page(RECORD, forms.show, "form", {"GET": "view", "POST": "save_form"}, "subject"),
    Page(RECORD + "check/", forms.check, "form_check", {"POST": "save_form"}, "subject"),
    Page(RECORD + "draft/", forms.draft, "form_draft", {"POST": "save_form"}, "subject"),
    Page(RECORD + "save/", forms.save, "form_save", {"POST": "save_form"}, "subject"),
    Page(RECORD + "discard/", forms.discard, "form_discard", {"POST": "save_form"}, "subject"),
    Page(RECORD + "sign/", forms.sign_record, "form_sign", {"POST": "sign"}, "subject"),
    Page(RECORD + "ask/", queries.ask, "form_ask", {"POST": "open_query"}, "subject"),
    Page(RECORD + "verify/", queries.verify_record, "form_verify", {"POST": "verify"}, "subject"),
    Page(RECORD + "withdraw/", logs.withdraw, "form_withdraw", {"POST": "withdraw_record"}, "subject"),
    Page(RECORD + "history/", forms.history, "form_history", {"GET": "view"}, "subject"),
)

urlpatterns = [page.pattern() for page in PAGES]

handler400 = problems.unreadable
handler403 = problems.refused
handler404 = problems.not_found
handler500 = problems.failed
