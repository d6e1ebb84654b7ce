"""The laboratory inbox of a site: a file is read, mapped, shown with every problem, then imported."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from grevy.capture.actions.lab_files import (
    find_lab_mapping,
    import_lab_file,
    keep_lab_file,
    put_lab_file_aside,
    save_lab_mapping,
    sheet_of,
)
from grevy.capture.errors import Refused
from grevy.capture.hospital_files import FileRefused, Sheet, read_sheet
from grevy.capture.lab_import import LABORATORY_FORMS, ColumnMap, lab_items, plan_import, suggest_tests
from grevy.capture.models import LabFile, Site
from grevy.capture.pages.eligibility import sites_to_write_at
from grevy.capture.policies import Address
from grevy.capture.reading.courses import site_today
from grevy.capture.typed import show_value
from grevy.capture.web import current_study, language_of

MOST_SHOWN = 200
COLUMNS = ("subject", "day", "test", "result", "unit")
GUESSES = {
    "subject": ("subject", "subject number", "受试者", "受试者编号", "筛选号", "编号"),
    "day": ("date", "sampled", "collected", "采样日期", "采样时间", "标本采集时间", "日期"),
    "test": ("test", "item", "检验项目", "项目", "项目名称"),
    "result": ("result", "value", "结果", "检验结果"),
    "unit": ("unit", "units", "单位"),
}


def inbox(request: HttpRequest) -> HttpResponse:
    """Files that wait, and a place for another one; a file that cannot be read says why."""
    language = language_of(request)
    sites, problems = sites_to_write_at(request.user.username), []
    if request.method == "POST":
        site, upload = request.POST.get("site", ""), request.FILES.get("file")
        if upload is None or site not in {one.code for one in sites}:
            return redirect("laboratory")
        try:
            sheet = read_sheet(str(upload.name), upload.read())
        except FileRefused as refused:
            problems = [getattr(message, language) for message in refused.messages]
        else:
            return redirect("lab_file", keep_lab_file(site, sheet, by=request.user.username))
    context = {
        "sites": [(one.code, _name(one, language)) for one in sites],
        "problems": problems,
        "waiting": LabFile.objects.filter(user=request.user).order_by("-kept_at"),
        "imported": request.GET,
    }
    return render(request, "capture/laboratory.html", context, status=422 if problems else 200)


def _name(site: Site, language: str) -> str:
    return site.name_zh if language == "zh" else site.name_en


def lab_file(request: HttpRequest, number: int) -> HttpResponse:
    """One file: its columns and names mapped, and what an import would do."""
    kept = _own_file(request, number)
    sheet, study, language = sheet_of(kept), current_study(), language_of(request)
    posted = request.method == "POST"
    mapping = _posted_mapping(request, sheet) if posted else find_lab_mapping(kept.site_id, sheet)
    if posted and mapping is not None:
        save_lab_mapping(kept.site_id, sheet, mapping, by=request.user.username)
    guessed = mapping or _guess(sheet)
    tests = {**suggest_tests(study, _names_in(sheet, guessed.test)), **(mapping.tests if mapping else {})}
    ready = mapping is not None or (guessed.is_complete and all(tests.values()))
    shown = ColumnMap(**{**guessed.__dict__, "tests": tests})
    plan = plan_import(study, kept.site_id, sheet, shown, today=site_today()) if ready else None
    items = lab_items(study)
    context = {
        "file": kept,
        "sheet": sheet,
        "mapping": shown,
        "columns": [(name, getattr(shown, name)) for name in COLUMNS],
        "tests": sorted(tests.items()),
        "units": [(unit, shown.units.get(unit, unit)) for unit in _names_in(sheet, shown.unit)],
        "choices": [
            (
                getattr(study.forms[form].label, language),
                [
                    (path, getattr(item.label, language))
                    for path, item in items.items()
                    if path.startswith(f"{form}.")
                ],
            )
            for form in LABORATORY_FORMS
        ],
        "plan": plan,
        "problems": [
            (one.row, one.column, getattr(one.message, language)) for one in plan.problems[:MOST_SHOWN]
        ]
        if plan
        else [],
        "conflicts": [
            (
                one,
                _place(one.address, language),
                getattr(items[f"{one.address.form}.{one.item}"].label, language),
                show_value(study, items[f"{one.address.form}.{one.item}"], one.entered, language),
            )
            for one in plan.conflicts[:MOST_SHOWN]
        ]
        if plan
        else [],
        "added": [
            (
                one,
                _place(one.address, language),
                getattr(items[f"{one.address.form}.{one.item}"].label, language),
            )
            for one in plan.added[:MOST_SHOWN]
        ]
        if plan
        else [],
    }
    return render(request, "capture/lab_file.html", context)


def _place(address: Address, language: str) -> str:
    """Where a result goes, in words: subject, visit, form."""
    study = current_study()
    visit = getattr(study.event(address.event).name_of(address.event_seq), language)
    return f"{address.subject} · {visit} · {getattr(study.forms[address.form].label, language)}"


def import_file(request: HttpRequest, number: int) -> HttpResponse:
    """Carry the import out, or put the file aside."""
    kept = _own_file(request, number)
    if request.POST.get("aside"):
        put_lab_file_aside(number, by=request.user.username)
        return redirect("laboratory")
    sheet = sheet_of(kept)
    mapping = find_lab_mapping(kept.site_id, sheet)
    if mapping is None:
        return redirect("lab_file", number)
    try:
        done = import_lab_file(
            current_study(), kept.site_id, sheet, mapping, by=request.user.username, today=site_today()
        )
    except Refused as refusal:
        context = {"what": "import_refused", "detail": refusal.told_with_place(language_of(request))}
        return render(request, "capture/problem.html", context, status=409)
    put_lab_file_aside(number, by=request.user.username)
    told = {"records": done.records, "values": done.values, "conflicts": done.conflicts}
    return redirect(f"{reverse('laboratory')}?{urlencode(told)}")


def _own_file(request: HttpRequest, number: int) -> LabFile:
    kept = LabFile.objects.filter(pk=number, user=request.user).first()
    if kept is None or kept.site_id not in {one.code for one in sites_to_write_at(request.user.username)}:
        raise Http404
    return kept


# ---- Mapping -------------------------------------------------------------------------------------------


def _guess(sheet: Sheet) -> ColumnMap:
    """Columns by their usual names; what is not found is left for the person to choose."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        known = {guess.lower() for guess in GUESSES[name]}
        found[name] = next((column for column in sheet.header if column.strip().lower() in known), "")
    return ColumnMap(**found, tests={}, units={})


def _posted_mapping(request: HttpRequest, sheet: Sheet) -> ColumnMap | None:
    """The mapping as chosen in the page; None while a column that is needed is not chosen."""
    chosen = {name: request.POST.get(f"column:{name}", "") for name in COLUMNS}
    if any(chosen[name] not in sheet.header for name in COLUMNS if name != "unit"):
        return None
    tests = {name: request.POST.get(f"test:{name}", "") for name in _names_in(sheet, chosen["test"])}
    units = {name: request.POST.get(f"unit:{name}", name) for name in _names_in(sheet, chosen["unit"])}
    return ColumnMap(**chosen, tests=tests, units=units)


def _names_in(sheet: Sheet, column: str) -> list[str]:
    """The different texts of a column."""
    if column not in sheet.header:
        return []
    place = sheet.header.index(column)
    return sorted({row[place] for row in sheet.rows if row[place]})
