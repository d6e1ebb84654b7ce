"""The tumor assessment: lesions in the order of baseline, the response as typed, the investigator's call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string

from grevy.adam.course import Course
from grevy.capture.computed import BASELINE, code_of, follow_all_lesions
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.policies import Address, other_values
from grevy.capture.reading.form_page import Field, FormPage
from grevy.capture.reading.lesion_map import Sketch, draw_lesions
from grevy.capture.reading.tumor_course import read_course
from grevy.capture.reading.tumor_panel import LETTERS, Panel, describe_response, in_percent
from grevy.capture.reading.tumor_plot import Plot, draw_sums, draw_trend
from grevy.capture.typed import show_date, show_value
from grevy.capture.web import current_study
from grevy.capture.words import Words
from grevy.definition import Study
from grevy.snapshot import ROW_KEY

EARLIER_VISITS = 2
TARGET_STATES = ("MEASURED", "TOO_SMALL", "ABSENT", "NOT_EVALUABLE", "SPLIT", "MERGED")
NON_TARGET_STATES = ("ABSENT", "PRESENT", "UNEQUIVOCAL_PD", "NOT_EVALUABLE")
CALLS = ("CR", "PR", "SD", "PD", "NE")
CALLS_WITHOUT_TARGETS = ("CR", "NON_CR_NON_PD", "PD", "NE", "NED")
ROW_ITEMS = ("fragments", "merged_into", "ne_reason")
MORE_ITEMS = ("scan_date", "method")
CALL_ITEMS = ("call_reason", "call_comment")
SEPARATE_CALLS = ("target_response", "non_target_response")


@dataclass(frozen=True)
class Row:
    """One lesion of baseline: what it is, what it was, and the controls of this visit."""

    lesion: str
    place: str
    axis: str
    measured: bool
    earlier: tuple[str, ...]
    id_field: Field
    state: Field
    states: tuple[tuple[str, str], ...]
    size: Field
    others: tuple[Field, ...]
    more: tuple[Field, ...]
    told: str
    change: str
    trend: str


def layout_context(page: FormPage, language: str) -> dict[str, Any]:
    """The table of lesions, the response panel, the plot and the call."""
    study, t, address = current_study(), Words(language), page.address
    values = page.judgment.values
    baseline = other_values(study, LedgerTransaction(), address, values).get(BASELINE, {})
    course = read_course(study, address, values)
    shown = _Shown(study, address, course, baseline, t)
    fields = {field.path: field for field in page.fields}
    rows = shown.rows(page)
    return {
        "head_fields": [fields[name] for name in ("done", "not_done_reason", "assessment_date")],
        "columns": shown.columns(),
        "targets": [row for row in rows if not row.lesion.startswith("NT")],
        "non_targets": [row for row in rows if row.lesion.startswith("NT")],
        "sum_row": shown.sum_row(),
        "new_grid": next(grid for grid in page.grids if grid.name == "new_lesions"),
        "seen_before": shown.seen_before(values),
        "call": fields["overall_response"],
        "calls": shown.calls(),
        "call_fields": [fields[name] for name in CALL_ITEMS],
        "separate_calls": [fields[name] for name in SEPARATE_CALLS],
        "visit_name": shown.visit_name,
        "sketch": _sketch(study, baseline, values, language),
        **shown.computed(values),
    }


def layout_answer(address: Address, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the page's script puts in place of the old result, made by the same templates."""
    study, t = current_study(), Words(language)
    course = read_course(study, address, values)
    shown = _Shown(study, address, course, {}, t)
    computed = shown.computed(values)
    baseline = other_values(study, LedgerTransaction(), address, values).get(BASELINE, {})
    sketch = _sketch(study, baseline, values, language)
    context = {**computed, "sketch": sketch, "t": t, "language": language}
    changes = {
        str(row.get(ROW_KEY)): shown.change(str(row.get("lesion_id"))) for row in values.get("lesions") or ()
    }
    return {
        "sketch": render_to_string("capture/parts/lesion_sketch.html", context),
        "tumor": {
            "response": render_to_string("capture/parts/tumor_response.html", context),
            "plot": render_to_string("capture/parts/tumor_plot.html", context),
            "call": render_to_string("capture/parts/tumor_call.html", context),
            "changes": changes,
            "sum": shown.sum_row(),
            "computed": computed["panel"].overall,
        },
    }


def _sketch(study: Study, baseline: Mapping[str, Any], values: Mapping[str, Any], language: str) -> Sketch:
    """The lesions of baseline with the new ones of this visit."""
    rows = [*(baseline.get("lesions") or ()), *(values.get("new_lesions") or ())]
    return draw_lesions(study, rows, language)


@dataclass(frozen=True)
class _Shown:
    """What one page shows of a course."""

    study: Study
    address: Address
    course: Course
    baseline: Mapping[str, Any]
    t: Words

    @property
    def visit_name(self) -> str:
        event = self.study.event(self.address.event)
        return str(getattr(event.name_of(self.address.event_seq), self.t.language))

    @property
    def assessment(self) -> int | None:
        visit = self.course.visit(self.address.event, self.address.event_seq)
        return int(visit["ASMT"]) if visit else None

    def _earlier(self) -> list[dict[str, Any]]:
        """The last assessments before this one; before it has a date, the last of all."""
        here = self.assessment
        before = [v for v in self.course.visits if here is None or v["ASMT"] < here]
        before = [
            v for v in before if (v["EVENTID"], v["EVENTSEQ"]) != (self.address.event, self.address.event_seq)
        ]
        return sorted(before, key=lambda v: v["ASMT"])[-EARLIER_VISITS:]

    def _name(self, visit: Mapping[str, Any]) -> str:
        if not visit["EVENTID"]:
            return str(visit["VISIT"] or "")
        event = self.study.event(str(visit["EVENTID"]))
        return str(getattr(event.name_of(int(visit["EVENTSEQ"])), self.t.language))

    def _short(self, visit: Mapping[str, Any]) -> str:
        if not visit["EVENTID"]:
            return str(visit["VISIT"] or "")
        return self.study.event(str(visit["EVENTID"])).short_of(int(visit["EVENTSEQ"]))

    def columns(self) -> list[tuple[str, str]]:
        """Name and date of baseline and of the visits before this one."""
        baseline = str(self.baseline.get("scan_date") or "")
        found = [(self.t["lesion_baseline"], show_date(baseline, self.t.language) if baseline else "")]
        for visit in self._earlier():
            row = self.course.response("OVR", visit["ASMT"])
            day = row["ADT"].isoformat() if row and row["ADT"] else ""
            found.append((self._short(visit), show_date(day, self.t.language) if day else ""))
        return found

    def _cell(self, lesion: str, assessment: int) -> str:
        found = (r for r in self.course.lesions if r["LNKID"] == lesion and r["ASMT"] == assessment)
        row = next(found, None)
        if row is None:
            return "—"
        if row["ROLE"] == "T" and row["STATE"] in ("MEASURED", "SPLIT", "TTSM") and row["SIZE"] is not None:
            return f"{row['SIZE'] / 100:g}"
        return self.t[f"lesion_{row['STATE']}"]

    def change(self, lesion: str) -> str:
        """Change of a target from its baseline, as ADTR has it."""
        found = (
            row["PCHG"]
            for row in self.course.adtr
            if row["PARAMCD"] == "LDIAM" and row["TRLNKID"] == lesion and row["ASMT"] == self.assessment
        )
        return in_percent(next(found, None)) if self.assessment else ""

    def rows(self, page: FormPage) -> list[Row]:
        """The lesions of baseline in their order, then whatever else was entered."""
        grid = next(grid for grid in page.grids if grid.name == "lesions")
        painted = {row.key: {field.item.name: field for field in row.fields} for row in grid.rows}
        empty = {field.item.name: field for field in grid.empty.fields}
        typed = [
            {ROW_KEY: row.key, "lesion_id": next(f.typed for f in row.fields if f.item.name == "lesion_id")}
            for row in grid.rows
        ]
        known = {str(row.get("lesion_id")): row for row in self.baseline.get("lesions") or ()}
        rows = []
        for one in follow_all_lesions(self.baseline, {"lesions": typed})["lesions"]:
            key, lesion = str(one[ROW_KEY]), str(one["lesion_id"])
            fields = painted.get(key) or {
                name: replace(field, path=field.path.replace(".NEW.", f".{key}."))
                for name, field in empty.items()
            }
            fields["lesion_id"] = replace(fields["lesion_id"], typed=lesion)
            rows.append(self._row(lesion, known.get(lesion, {}), fields))
        return rows

    def _row(self, lesion: str, at_baseline: Mapping[str, Any], fields: Mapping[str, Field]) -> Row:
        is_target = not lesion.startswith("NT")
        nodal = at_baseline.get("kind") == "NODAL" or at_baseline.get("organ") == "LYMPH_NODE"
        codes = TARGET_STATES if is_target else ("MEASURED",) * nodal + NON_TARGET_STATES
        visits = [0, *(v["ASMT"] for v in self._earlier())]
        names = ROW_ITEMS if is_target else ("ne_reason",)
        return Row(
            lesion=lesion,
            place=self._place(at_baseline),
            axis=self.t["axis_short" if nodal else "axis_long"] if is_target or nodal else "",
            measured=is_target or nodal,
            earlier=tuple(self._cell(lesion, visit) for visit in visits),
            id_field=fields["lesion_id"],
            state=fields["state"],
            states=tuple((code, self.t[f"lesion_{code}"]) for code in codes),
            size=fields["diameter_mm"],
            others=tuple(self._among_lesions(fields[name], lesion) for name in names),
            more=tuple(fields[name] for name in MORE_ITEMS),
            told=", ".join(shown for name in MORE_ITEMS if (shown := _told(fields[name]))),
            change=self.change(lesion) if is_target else "",
            trend=draw_trend(self._sizes(lesion)) if is_target else "",
        )

    def _among_lesions(self, field: Field, lesion: str) -> Field:
        """The lesion that another merged into is one of the subject's other targets; what stands there and is
        none of them stays, to be seen and corrected."""
        if field.item.name != "merged_into":
            return field
        known = [str(row.get("lesion_id")) for row in self.baseline.get("lesions") or ()]
        others = [one for one in known if one != lesion and not one.startswith("NT")]
        stays = [field.typed] if field.typed and field.typed not in others else []
        return replace(field, control="list", options=tuple((one, one) for one in [*others, *stays]))

    def _sizes(self, lesion: str) -> list[float]:
        rows = [r for r in self.course.lesions if r["LNKID"] == lesion and r["SIZE"] is not None]
        return [float(row["SIZE"]) for row in sorted(rows, key=lambda row: row["ASMT"])]

    def _place(self, at_baseline: Mapping[str, Any]) -> str:
        items = self.study.forms[BASELINE].find_group("lesions")
        parts = []
        for name in ("organ", "site_detail", "side"):
            item = items.find(name) if items else None
            if item and at_baseline.get(name) and at_baseline.get(name) != "NA":
                parts.append(show_value(self.study, item, at_baseline[name], self.t.language))
        return ("，" if self.t.language == "zh" else ", ").join(parts)

    def sum_row(self) -> dict[str, Any]:
        """The sums of baseline and earlier visits, this visit's with its change, and the nadir."""
        earlier = [self.course.sum_at(asmt) for asmt in (0, *(v["ASMT"] for v in self._earlier()))]
        here = self.course.sum_at(self.assessment) if self.assessment else None
        available = here["AVALAV"] if here and here["AVAL"] is None and here["AVALAV"] else None
        return {
            "earlier": [_mm(row["AVAL"]) if row else "" for row in earlier],
            "now": _mm(here["AVAL"]) if here else "",
            "available": self.t.fill("sum_available", sum=_mm(available)) if available else "",
            "nadir": self.t.fill("smallest_before", sum=_mm(here["NADIR"]))
            if here and here["NADIR"] is not None
            else "",
            "change": in_percent(here["PCHG"]) if here else "",
        }

    def seen_before(self, values: Mapping[str, Any]) -> list[dict[str, str]]:
        """New lesions of earlier visits that were equivocal and never proven, not in this form yet."""
        group = self.study.forms["tumor_assessment"].find_group("new_lesions")
        assert group is not None  # the form is the study's own
        typed = {str(row.get("lesion_id")) for row in values.get("new_lesions") or ()}
        earlier = {v["ASMT"] for v in self.course.visits} - {self.assessment}
        rows = [row for row in self.course.lesions if row["ROLE"] == "X" and row["ASMT"] in earlier]
        proven = {row["LNKID"] for row in rows if row["PROGRESSED"]}
        first: dict[str, dict[str, Any]] = {}
        for row in sorted(rows, key=lambda row: row["ASMT"]):
            first.setdefault(str(row["LNKID"]), row)
        found = []
        for lesion, row in first.items():
            if lesion in proven or lesion in typed:
                continue
            day = show_date(_date_of(self.course, row["DAY"]), self.t.language)
            organ = self._organ_of_new(lesion)
            item = group.find("organ")
            place = show_value(self.study, item, organ, self.t.language) if item else organ
            found.append(
                {
                    "lesion": lesion,
                    "organ": organ,
                    "first_seen": day,
                    "told": self.t.fill("seen_since", lesion=lesion, organ=place, date=day),
                }
            )
        return found

    def _organ_of_new(self, lesion: str) -> str:
        """The organ that a new lesion was entered with, at the visit that saw it first."""
        ledger = LedgerTransaction()
        for visit in sorted(self.course.visits, key=lambda visit: visit["ASMT"]):
            if not visit["EVENTID"]:
                continue
            place = Address(self.address.subject, visit["EVENTID"], int(visit["EVENTSEQ"]), self.address.form)
            head = ledger.head(place.record)
            for row in (head.values.get("new_lesions") or ()) if head else ():
                if row.get("lesion_id") == lesion:
                    return str(row.get("organ") or "")
        return ""

    def calls(self) -> list[tuple[str, str]]:
        """The responses that an investigator may call: letters, or words where there is no target."""
        has_targets = any(row["ROLE"] == "T" and row["ASMT"] == 0 for row in self.course.lesions)
        codes = CALLS if has_targets or not self.course.lesions else CALLS_WITHOUT_TARGETS
        shown = {
            code: code
            if code in LETTERS
            else self.t["recist_" + code.replace("NON_CR_NON_PD", "NON-CR/NON-PD")]
            for code in codes
        }
        return list(shown.items())

    def computed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Panel, plot and the sentence under the call."""
        place = self.address
        panel: Panel = describe_response(
            self.course, values, place.event, place.event_seq, self.study.analysis, self.t, self.visit_name
        )
        names = {0: self.t["lesion_baseline"]} | {int(v["ASMT"]): self._short(v) for v in self.course.visits}
        plot: Plot | None = draw_sums(self.course, names, self.assessment)
        call = str(values.get("overall_response") or "")
        return {
            "panel": panel,
            "plot": plot,
            "plot_sums": ", ".join(f"{p.name} {p.label}" for p in plot.points) if plot else "",
            "call_code": call,
            "call_differs": bool(call and panel.overall and call != code_of(panel.overall)),
            "letters": LETTERS,
        }


def _date_of(course: Course, day: int) -> str:
    from datetime import timedelta

    reference = course.subject[0]["TRTSDT"] or course.subject[0]["RFICDT"]
    return str((reference + timedelta(days=int(day))).isoformat())


def _told(field: Field) -> str:
    return dict(field.options).get(field.typed, field.typed)


def _mm(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
