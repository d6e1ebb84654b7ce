"""The form page: shown, checked while typing, kept as a draft, saved as one revision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from grevy.capture.actions import add_record, discard_draft, keep_draft, save_form, sign
from grevy.capture.addresses import address_of
from grevy.capture.computed import without_computed
from grevy.capture.departures import read_recorded
from grevy.capture.errors import (
    AgainstPolicy,
    Clash,
    ConfirmationNeeded,
    Finding,
    NotPermitted,
    ReasonMissing,
    Refused,
    UnknownPlace,
    ValuesRefused,
)
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.pages.casebook import lock_context
from grevy.capture.pages.layouts import LAYOUTS
from grevy.capture.pages.sent import day_of_typing, posted_number, read_form, texts_by_name, whole_number
from grevy.capture.permissions import can
from grevy.capture.policies import Address, find_form
from grevy.capture.reading.courses import site_today
from grevy.capture.reading.field_panel import read_panel
from grevy.capture.reading.form_page import (
    FormPage,
    Judgment,
    count_queries,
    judge,
    read_content,
    read_field_history,
    read_form_page,
    read_signatures,
    typed_of,
)
from grevy.capture.reading.frame import read_subject_header, visit_records
from grevy.capture.typed import show_value
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words
from grevy.snapshot import ROW_KEY


def show(request: HttpRequest, **kept: Any) -> HttpResponse:
    """The page of one record; posted without a script it saves."""
    address, study = address_of_request(kept), current_study()
    if request.method == "POST":
        return _save_without_script(request, address)
    page = read_form_page(
        study, address, by=request.user.username, language=language_of(request), today=site_today()
    )
    return render(request, template_of(page.form.name), form_context(request, page))


def template_of(form: str) -> str:
    """The page's layout: its own where a form has one, else the general one."""
    return LAYOUTS[form].template if form in LAYOUTS else "capture/form.html"


def form_context(request: HttpRequest, page: FormPage) -> dict[str, Any]:
    """What every layout of a form needs."""
    language, form = language_of(request), page.form.name
    own = LAYOUTS[form].context(page, language) if form in LAYOUTS else {}
    locked = lock_context(request.user.username, page.address, is_saved=page.head is not None)
    return {
        **own,
        "page": page,
        "signatures": read_signatures(page.record),
        "may_review": can(request.user.username, "open_query", _site(page.address)),
        "record_queries": sum(count_queries(page.record).values()),
        "may_sign": can(request.user.username, "sign", _site(page.address)),
        "subject": read_subject_header(current_study(), page.address.subject, language),
        "visit": visit_records(current_study(), page.address, language),
        "may_save": can(request.user.username, "save_form", _site(page.address)) and not locked["lock"],
        **locked,
        "deviations": read_recorded(LedgerTransaction(), page.address),
        "problems": problems_for(page.judgment, language),
        "label": getattr(page.form.label, language),
        "event_label": getattr(page.event.name_of(page.address.event_seq), language),
        "study_version": current_study().version,
        "comparators": COMPARATORS,
        "next_form_url": _next_form(page, language),
        "draft_key": draft_key(request.user.username),
        "script_words": script_words(Words(language)),
        "first_answer": first_answer(page, language),
    }


COMPARATORS = ("", "<", "<=", ">", ">=")
REASONS = ("reason_typing", "reason_source", "reason_new", "reason_query")
SCRIPT_WORDS = (
    "kept", "will_be_sent", "problems_n", "not_saved", "reason_missing", "reason_for_change", "reason_other",
    "choose", "confirm_note", "offline_since", "log_in_again", "merged_fields", "saved_revision",
    "clash_base", "clash_empty", "clash_mine", "clash_theirs", "clash_choose", "clash_take", "clash_later",
    "paste_title", "paste_help", "paste_take", "cancel", "close", "remove_row", "other_person",
)  # fmt: skip


def script_words(t: Words) -> dict[str, Any]:
    """The words that the page's script says by itself."""
    return {key: t[key] for key in SCRIPT_WORDS} | {"reasons": [t[key] for key in REASONS]}


def first_answer(page: FormPage, language: str) -> dict[str, Any]:
    """What the script starts from: the judgment, and the fields of the revision it started from."""
    name = page.form.name
    head = typed_of(page.form, without_computed(name, page.head.values), language) if page.head else {}
    base = without_computed(name, read_content(page.record, page.started_from))
    return {
        "answer": answer_of(page.judgment, language) | own_answer(page.address, page.judgment, language),
        "base": typed_of(page.form, base, language),
        "head": head,
        "sequence": page.draft.sequence if page.draft else 0,
    }


def draft_key(username: str) -> str:
    """The key that encrypts this person's typing in the browser; it is given only to those logged in."""
    return salted_hmac("grevy.draft", username, algorithm="sha256").hexdigest()


def _next_form(page: FormPage, language: str) -> str:
    """The form of the visit after this one, to go on with after saving."""
    lines = visit_records(current_study(), page.address, language)
    following = [line.address for line, before in zip(lines[1:], lines, strict=False) if before.current]
    return reverse("form", kwargs=following[0].__dict__) if following else ""


def of_same_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a page sends says whose it is: it is not taken for the work of whoever logged in since."""

    @wraps(view)
    def guarded(request: HttpRequest, **kept: Any) -> HttpResponse:
        is_plain = request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded")
        by = request.POST.get("by") if is_plain else read_form(request).get("by")
        if by not in (None, request.user.username):
            return JsonResponse({"problem": "other_person"}, status=409)
        return view(request, **kept)

    return guarded


@of_same_person
def check(request: HttpRequest, **kept: Any) -> JsonResponse:
    """What the server says of what was typed; writes nothing."""
    address, sent = address_of_request(kept), read_form(request)
    judgment = judge(current_study(), address, sent["values"], today=site_today())
    language = language_of(request)
    return JsonResponse(answer_of(judgment, language) | own_answer(address, judgment, language))


def own_answer(address: Address, judgment: Judgment, language: str) -> dict[str, Any]:
    """What the form's own layout shows of what was typed."""
    layout = LAYOUTS.get(address.form)
    return layout.answer(address, judgment.values, language) if layout else {}


@of_same_person
def draft(request: HttpRequest, **kept: Any) -> JsonResponse:
    """Keep what was typed, for nobody else."""
    address, sent = address_of_request(kept), read_form(request)
    try:
        kept_at = keep_draft(
            current_study(),
            address,
            sent["values"],
            started_from=whole_number(sent, "started_from"),
            sequence=whole_number(sent, "sequence"),
            by=request.user.username,
        )
    except Refused as refusal:
        return refused(request, refusal)
    return JsonResponse({"kept_at": kept_at.isoformat() if kept_at else None})


@of_same_person
def discard(request: HttpRequest, **kept: Any) -> JsonResponse:
    """Throw the person's own draft away."""
    return JsonResponse({"discarded": discard_draft(address_of_request(kept), by=request.user.username)})


@of_same_person
def save(request: HttpRequest, **kept: Any) -> JsonResponse:
    """Save one form as one revision; the answer says what became of it, and what to do."""
    address, sent = address_of_request(kept), read_form(request)
    try:
        saved = _save(request, address, sent)
    except Refused as refusal:
        return refused(request, refusal)
    return JsonResponse(saved)


def sign_record(request: HttpRequest, **kept: Any) -> HttpResponse:
    """Sign the last revision of a record, with the password again."""
    address, t = address_of_request(kept), Words(language_of(request))
    number = posted_number(request, "revision")
    try:
        sign(
            address,
            by=request.user.username,
            password=request.POST.get("password", ""),
            revision=number,
            meaning=t["meaning_eligible" if address.form == "eligibility" else "meaning_reviewed"],
        )
    except NotPermitted:
        return render(request, "capture/problem.html", {"what": "sign_wrong_password"}, status=403)
    except Refused as refusal:
        context = {"what": "cannot_be_done", "detail": refusal.told(language_of(request))}
        return render(request, "capture/problem.html", context, status=409)
    return redirect("form", **address.__dict__)


def history(request: HttpRequest, **kept: Any) -> HttpResponse:
    """The panel of one field: every value it has had."""
    address, language = address_of_request(kept), language_of(request)
    path = request.GET.get("field", "")
    changes = read_field_history(current_study(), address, path, language)
    context = {"changes": changes, "path": path} | read_panel(
        current_study(), address, path, request.user.username
    )
    return render(request, "capture/parts/history.html", context)


# ---- Saving --------------------------------------------------------------------------------------------


def save_new_record(request: HttpRequest, subject: str, event: str, form: str) -> JsonResponse:
    """Save a record of a repeating form under its next free number; what is sent names the number it saw."""
    sent = read_form(request)
    address = Address(subject, event, 1, form, max(whole_number(sent, "form_seq"), 1))
    try:
        saved = _save(request, address, sent, is_new=True)
    except Refused as refusal:
        return refused(request, refusal)
    return JsonResponse(saved)


def _save(
    request: HttpRequest, address: Address, sent: Mapping[str, Any], *, is_new: bool = False
) -> dict[str, Any]:
    study, by = current_study(), request.user.username
    today = day_of_typing(sent, site_today())
    judgment = judge(study, address, sent["values"], today=today)
    if any(rule == "typed" for _, _, rule, _ in judgment.problems):
        raise Mistakes(address.record, judgment)
    if sent.get("complete") and judgment.count("required"):
        raise Mistakes(address.record, judgment)
    notes = {k: v for k, v in texts_by_name(sent, "notes").items() if v.strip()}
    asked = {f"{path}|{rule}" for path, level, rule, _ in judgment.problems if level == "soft"}
    started_from, values = whole_number(sent, "started_from"), judgment.values
    what = {
        "by": by,
        "reason": compose_reason(texts_by_name(sent, "reasons"), notes),
        "confirmed": asked <= set(notes),
        "submission": str(sent["submission"]) if sent.get("submission") else None,
    }
    try:
        # Two people who each begin a new record of a repeating form mean two records, whatever number they
        # saw.
        if is_new or (study.forms[address.form].repeating and started_from == 0):
            saved = add_record(study, address, values, **what)
        else:
            saved = save_form(study, address, values, started_from=started_from, **what)
    except ConfirmationNeeded as needed:
        raise Unconfirmed(judgment, needed) from needed
    record = saved.revision.split("#")[0]
    if record != address.record:  # begun under a number that somebody else took in the meantime
        discard_draft(address, by=by)
    return {
        "number": saved.number,
        "record": record,
        "url": reverse("form", kwargs=address_of(record).__dict__),
        "base": _fields_of(record, saved.number, language_of(request)),
        "merged": [".".join(part for part in path if part) for path in saved.merged],
        "merged_labels": [_label_of_field(record, path, language_of(request)) for path in saved.merged],
        "saved_at": datetime.now(UTC).isoformat(),
    }


def _fields_of(record: str, number: int, language: str) -> dict[str, Any]:
    """A revision as the text of the fields, from which the page's script goes on."""
    return typed_of(current_study().forms[record.split("/")[3]], read_content(record, number), language)


def compose_reason(reasons: Mapping[str, Any], notes: Mapping[str, str]) -> str:
    """One text for the revision: the text once if all are the same, else each with the field it is for; of a
    field the reason of its change before the notes."""
    given = [(path, str(text).strip()) for path, text in reasons.items()]
    given += [(key.split("|")[0], text.strip()) for key, text in notes.items()]
    each = [one for one in dict.fromkeys(given) if one[1]]
    if len({text for _, text in each}) == 1:
        return each[0][1]
    return "; ".join(f"{path}: {text}" for path, text in sorted(each, key=lambda one: one[0]))


class Mistakes(ValuesRefused):
    """What was typed cannot be saved as it is."""

    def __init__(self, where: str, judgment: Judgment) -> None:
        self.judgment = judgment
        super().__init__(where, ())


class Unconfirmed(ConfirmationNeeded):
    """Unusual values that wait for a note: those of the form itself, and what they bring about elsewhere."""

    def __init__(self, judgment: Judgment, needed: ConfirmationNeeded) -> None:
        self.judgment = judgment
        said = {message for _, _, _, message in judgment.problems}
        self.elsewhere = [finding for finding in needed.details if finding.message not in said]
        super().__init__(needed.where, needed.details)


def refused(request: HttpRequest, refusal: Refused) -> JsonResponse:
    """A refusal as the page shows it, in the reader's language; nothing was written."""
    language = language_of(request)
    t = Words(language)
    if isinstance(refusal, Clash):
        fields = [
            {
                "path": ".".join(part for part in one.field if part),
                "label": _label_of_field(refusal.where, one.field, language),
                "base": _shown(refusal.where, one.field, one.base, language),
                "mine": _shown(refusal.where, one.field, one.mine, language),
                "theirs": _shown(refusal.where, one.field, one.theirs, language),
                "their_name": one.their_name,
                "their_time": one.their_time.isoformat(),
                "their_reason": one.their_reason,
            }
            for one in refusal.fields
        ]
        form = current_study().forms[refusal.where.split("/")[3]]
        answer = {
            "problem": "clash",
            "fields": fields,
            "message": t["clash"],
            "head": refusal.head,
            "base": _fields_of(refusal.where, refusal.head, language),
            "started_base": _fields_of(refusal.where, refusal.started_from, language),
            "mine": typed_of(form, refusal.mine, language),
        }
        return JsonResponse(answer, status=409)
    if isinstance(refusal, Mistakes):
        return JsonResponse(
            {"problem": "mistakes", **answer_of(refusal.judgment, language), "message": t["not_saved"]},
            status=422,
        )
    if isinstance(refusal, Unconfirmed):
        answer = answer_of(refusal.judgment, language)
        answer["elsewhere"] = [_finding(f, "soft", language) for f in refusal.elsewhere]
        return JsonResponse({"problem": "confirm", **answer, "message": t["confirm"]}, status=422)
    if isinstance(refusal, ValuesRefused):
        findings = [_finding(f, "hard", language) for f in refusal.details]
        answer = {"problem": "mistakes", "problems": findings, "message": t["mistakes"]}
        return JsonResponse(answer, status=422)
    words = {
        ReasonMissing: ("reason", "reason_missing", 422),
        NotPermitted: ("refused", "refused", 403),
        AgainstPolicy: ("policy", "against_policy", 409),
        UnknownPlace: ("unknown", "unknown_place", 404),
    }
    problem, word, status = words[type(refusal)]
    return JsonResponse(
        {"problem": problem, "message": t[word], "detail": refusal.told(language)}, status=status
    )


def _finding(finding: Finding, level: str, language: str) -> dict[str, str]:
    """A problem that no rule of the form itself told: the record it is in is the key of its note."""
    message = getattr(finding.message, language)
    return {"path": finding.item, "level": level, "rule": finding.record, "message": message}


def _save_without_script(request: HttpRequest, address: Address) -> HttpResponse:
    """The same save from a plain form post; on refusal the page again, with what was typed."""
    study, language = current_study(), language_of(request)
    typed = _typed_of_post(address, request.POST.dict())
    sent = {
        "values": typed,
        "started_from": posted_number(request, "_started_from"),
        "reasons": {"": request.POST.get("_reason", "")},
        "notes": {},
    }
    judgment = judge(study, address, typed, today=site_today())
    if note := request.POST.get("_reason", "").strip():
        sent["notes"] = {f"{p}|{rule}": note for p, level, rule, _ in judgment.problems if level == "soft"}
    try:
        _save(request, address, sent)
    except Refused as refusal:
        keep_draft(
            study,
            address,
            typed,
            started_from=sent["started_from"],
            sequence=int(timezone.now().timestamp() * 1000),
            by=request.user.username,
        )
        page = read_form_page(study, address, by=request.user.username, language=language, today=site_today())
        context = form_context(request, page) | {"refusal": json.loads(refused(request, refusal).content)}
        return render(request, template_of(page.form.name), context, status=422)
    return redirect("form", **address.__dict__)


# ---- Reading what was sent -----------------------------------------------------------------------------


def address_of_request(kept: Mapping[str, Any]) -> Address:
    address = Address(kept["subject"], kept["event"], kept["event_seq"], kept["form"], kept["form_seq"])
    try:
        find_form(current_study(), address)
    except UnknownPlace as unknown:
        raise Http404 from unknown
    return address


def _site(address: Address) -> str:
    return address.subject.split("-")[0]


def _typed_of_post(address: Address, posted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a plain post: `item`, or `group.key.item` for the rows of a group."""
    form = find_form(current_study(), address)
    typed: dict[str, Any] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name in posted:
        path, _, part = name.partition(":")
        if part == "number" and str(posted[name]).strip():
            sign, unit = posted.get(f"{path}:sign", ""), posted.get(f"{path}:unit", "")
            posted = {**posted, path: f"{sign}{posted[name]} {unit}"}
    for name in posted:
        parts = name.split(".")
        if len(parts) == 1 and form.find(name):
            typed[name] = str(posted[name])
        elif len(parts) == 3 and form.find_group(parts[0]) and parts[1] != "NEW":
            row = rows.setdefault((parts[0], parts[1]), {ROW_KEY: parts[1]})
            row[parts[2]] = str(posted[name])
    for (group, _), row in rows.items():
        typed.setdefault(group, []).append(row)
    return typed


# ---- Answering -----------------------------------------------------------------------------------------


def answer_of(judgment: Judgment, language: str) -> dict[str, Any]:
    """A judgment as the page's script takes it."""
    return {
        "problems": problems_for(judgment, language),
        "shown": dict(judgment.shown),
        "counts": {level: judgment.count(level) for level in ("hard", "soft", "required")},
    }


def problems_for(judgment: Judgment, language: str) -> list[dict[str, str]]:
    return [
        {"path": path, "level": level, "rule": rule, "message": getattr(message, language)}
        for path, level, rule, message in judgment.problems
    ]


def _item_of(record: str, field: tuple[str, ...]) -> Any:
    form = current_study().forms[record.split("/")[3]]
    return form.find(field[0] if len(field) == 1 else f"{field[0]}.{field[-1]}")


def _label_of_field(record: str, field: tuple[str, ...], language: str) -> str:
    item = _item_of(record, field)
    return getattr(item.label, language) if item else ".".join(part for part in field if part)


def _shown(record: str, field: tuple[str, ...], value: Any, language: str) -> str:
    item = _item_of(record, field)
    return show_value(current_study(), item, value, language) if item else str(value or "")
