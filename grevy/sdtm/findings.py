"""Findings from the items that are declared for a test: LB, VS, EG, CV, QS, FA, DA and SC alike.

`LB.LBORRES WHEN LBTESTCD = ALB` says what a record of an item is; the form says once when it was done, or why
it was not. Every form is turned from one column per item into one row per result, and from then on all forms
of a domain are one table: results and units are parted, converted, and set beside the ranges of normal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.sdtm.laboratory_ranges import derive_ranges
from grevy.sdtm.mapping import (
    ENTRY_ORDER,
    PROVENANCE,
    FormTables,
    compute_digits,
    compute_submission,
    read_form,
)
from grevy.sdtm.terminology import find_test_name
from grevy.sdtm.timing import derive_visit
from grevy.sdtm.units import build_factors, compute_submitted_unit

_NULL = ibis.null("string")
_ENTRY = ["STUDYID", "SITEID", "USUBJID", *(name for name in PROVENANCE if name != "PART")]
_QUANTITY = r"^((?:<=|>=|<|>)?-?[0-9]+(?:\.[0-9]+)?) (.+)$"
_NUMBER = r"^(<=|>=|<|>)?(-?[0-9]+(?:\.[0-9]+)?)$"
_ALL_TESTS = {
    "LB": "All Laboratory Tests",
    "VS": "All Vital Signs",
    "EG": "All ECG Tests",
    "CV": "All Cardiovascular Tests",
    "QS": "All Questions",
    "FA": "All Findings",
    "DA": "All Amounts",
    "SC": "All Characteristics",
    "RS": "All Assessments",
}


@dataclass(frozen=True)
class Test:
    """An item of a form that is one test of a findings domain."""

    form: str
    item: Item
    code: str

    @property
    def key(self) -> str:
        return f"{self.form}.{self.item.name}"


def find_tests(study: Study, domain: str) -> list[Test]:
    """Every item that is declared for a result of the domain, in the order of the forms."""
    return [
        Test(form.name, item, target.test)
        for form in study.forms.values()
        for item in form.items
        for target in item.targets
        if target.domain == domain and target.variable == f"{domain}ORRES" and target.test
    ]


def build_findings(
    tables: FormTables, study: Study, domain: str, subjects: ir.Table, period: ir.Table
) -> ir.Table | None:
    """One row per result and one per form that was not done; None if the study declares nothing for it.

    `subjects` has SEX and BRTHDTC, which the ranges of the laboratory depend on; `period` the first dose.
    """
    tests = [test for test in find_tests(study, domain) if test.form in tables]
    if not tests:
        return None
    forms = dict.fromkeys(test.form for test in tests)
    entries = [_unpivot(tables, study, domain, form, tests) for form in forms]
    results = ibis.union(*entries) if len(entries) > 1 else entries[0]
    described = results.left_join(_describe_tests(study, domain, tests), "KEY").drop("KEY_right")
    measured = _derive_results(described, tests)
    if domain == "LB":
        measured = derive_ranges(measured, tables.get("lab_range"), subjects)
    named = _name_variables(measured, domain)
    return derive_visit(flag_last_before_exposure(named, domain, period))


# --- Entries -------------------------------------------------------------------------------------


def _unpivot(tables: FormTables, study: Study, domain: str, name: str, tests: list[Test]) -> ir.Table:
    """One row per item that has a value, and one per record of the form that says why it was not done."""
    form, rows = study.forms[name], _read_dated(tables, study, name, domain)
    items = [test.item.name for test in tests if test.form == name]
    reason = _find_target(form, domain, f"{domain}REASND")
    not_done = _compute_text(rows, study, form, reason) if reason else _NULL
    columns = {item: _compute_text(rows, study, form, form_item(form, item)) for item in items}
    wide = rows.select(
        *_ENTRY,
        *(f"Q_{variable}" for variable in _list_qualifiers(study, domain)),
        *(column for column in rows.columns if column.startswith("D_")),
        REASND=not_done,
        **{f"R_{item}": column.fill_null("") for item, column in columns.items()},
        R_=ibis.ifelse(not_done.notnull(), "NOT DONE", ""),
    )
    long = wide.pivot_longer(
        [f"R_{item}" for item in ["", *items]],
        names_to="PART",
        values_to="RAW",
        names_transform=lambda n: n[2:],
    ).filter(_.RAW != "")
    dates = [(item, f"D_{item}") for item in items if f"D_{item}" in rows.columns]
    date = (
        long.PART.cases(*((item, long[column]) for item, column in dates), else_=long.D_)
        if dates
        else long.D_
    )
    return long.select(
        *_ENTRY,
        *(f"Q_{variable}" for variable in _list_qualifiers(study, domain)),
        "PART",
        KEY=ibis.literal(f"{name}.") + long.PART,
        RAW=_.RAW,
        DTC=date,
        REASND=ibis.ifelse(_.PART == "", _.REASND, _NULL),
    )


def form_item(form: Form, name: str) -> Item:
    """An item of a form that is known to be there."""
    return next(item for item in form.items if item.name == name)


def _read_dated(tables: FormTables, study: Study, name: str, domain: str) -> ir.Table:
    """Records of a form with their date (D_), dates of single items (D_item) and qualifiers (Q_variable).

    Demographics have no date: that of the consent is taken.
    """
    form, rows = study.forms[name], read_form(tables, name)
    general = _find_target(form, domain, f"{domain}DTC")
    if general is None and "informed_consent" in tables:
        consents = tables["informed_consent"].group_by("USUBJID").agg(CONSENTED=_.consent_date.min())
        rows = rows.left_join(consents, "USUBJID").drop("USUBJID_right")
    date = rows[general.name] if general else rows.CONSENTED if "CONSENTED" in rows.columns else _NULL
    dated = {item.name: _find_own_date(form, domain, item) for item in form.items if item.test}
    own = {f"D_{name}": rows[found.name].cast("string") for name, found in dated.items() if found}
    qualifiers = {}
    for variable in _list_qualifiers(study, domain):
        source = _find_target(form, domain, variable)
        qualifiers[f"Q_{variable}"] = _compute_text(rows, study, form, source) if source else _NULL
    return rows.mutate(D_=date.cast("string"), **own, **qualifiers)


def _find_target(form: Form, domain: str, variable: str) -> Item | None:
    """The item that fills a variable for all tests of the form."""
    for item in form.items:
        for target in item.targets:
            if (target.domain, target.variable, target.test) == (domain, variable, None):
                return item
    return None


def _find_own_date(form: Form, domain: str, item: Item) -> Item | None:
    """The date of an item that has another one than the first of its form; None where that one holds.

    A date that is declared for the test, or else the last one above the item: a date holds for the values
    after it. A date that was left empty is not replaced by an earlier one, which is known to be wrong.
    """
    declared = _list_dates(form.items, domain, item.test)
    above = _list_dates(form.items[: form.items.index(item)], domain, None)
    return declared[0] if declared else above[-1] if len(above) > 1 else None


def _list_dates(items: Iterable[Item], domain: str, test: str | None) -> list[Item]:
    wanted = (domain, f"{domain}DTC", test)
    return [item for item in items if wanted in ((t.domain, t.variable, t.test) for t in item.targets)]


def _list_qualifiers(study: Study, domain: str) -> list[str]:
    """Variables beside the result that items or forms declare, the same for every form of the domain."""
    own = {f"{domain}{name}" for name in ("ORRES", "DTC", "REASND", "TESTCD")}
    typed = {
        target.variable
        for form in study.forms.values()
        for item in form.items
        for target in item.targets
        if target.domain == domain and target.test is None
    }
    return sorted((typed | set(_list_assigned(study, domain))) - own)


def _list_assigned(study: Study, domain: str) -> Iterator[str]:
    for form in study.forms.values():
        for assigned in (form.assigned, *(item.assigned for item in form.items)):
            yield from (name.split(".")[1] for name in assigned if name.split(".")[0] == domain)


def _compute_text(rows: ir.Table, study: Study, form: Form, item: Item) -> ir.StringValue:
    """What is submitted of an item; a code without a submission value is submitted by its name."""
    if item.codelist is None:
        return compute_submission(rows, study, form.name, item.name)
    codes = study.codelists[item.codelist].codes
    return rows[item.name].cases(*((code.code, code.sdtm or code.en.upper()) for code in codes), else_=_NULL)


# --- Tests ---------------------------------------------------------------------------------------


def _describe_tests(study: Study, domain: str, tests: list[Test]) -> ir.Table:
    """One row per item: its test, the name of the test, its standard unit and what is assigned to it."""
    qualifiers = _list_qualifiers(study, domain)
    rows = []
    for test in tests:
        assigned = study.forms[test.form].assigned | test.item.assigned
        name = find_test_name(domain, test.code) or test.item.label.en[:40].rstrip()
        rows.append(
            {
                "KEY": test.key,
                "TESTCD": test.code,
                "TEST": name,
                "UNIT": test.item.unit,
                "TYPE": test.item.type,
            }
            | {f"A_{variable}": assigned.get(f"{domain}.{variable}") for variable in qualifiers}
        )
    for form in dict.fromkeys(test.form for test in tests):
        assigned = study.forms[form].assigned
        rows.append(
            {
                "KEY": f"{form}.",
                "TESTCD": f"{domain}ALL",
                "TEST": _ALL_TESTS[domain],
                "UNIT": None,
                "TYPE": None,
            }
            | {f"A_{variable}": assigned.get(f"{domain}.{variable}") for variable in qualifiers}
        )
    return ibis.memtable(rows, schema=ibis.schema(dict.fromkeys(rows[0], "string")))


# --- Results -------------------------------------------------------------------------------------


def _derive_results(rows: ir.Table, tests: list[Test]) -> ir.Table:
    """Part a result from its unit, and convert it: 13.2 g/dL is ORRES 13.2, STRESN 132 g/L.

    A result beyond what can be measured keeps its sign in STRESC and has no STRESN; AMOUNT is the number
    behind the sign, with which it is still known to lie outside a range.
    """
    quantity = rows.TYPE == "quantity"
    typed = rows.mutate(
        STAT=ibis.ifelse(_.PART == "", "NOT DONE", _NULL),
        ORRES=ibis.cases((_.PART == "", _NULL), (quantity, _.RAW.re_extract(_QUANTITY, 1)), else_=_.RAW),
        TYPED_UNIT=ibis.cases(
            (_.PART == "", _NULL), (quantity, _.RAW.re_extract(_QUANTITY, 2)), else_=_.UNIT
        ),
    )
    factors = build_factors((test.code, test.item.unit) for test in tests if test.item.unit)
    joined = typed.left_join(
        factors,
        [("TESTCD", "TEST"), ("TYPED_UNIT", "FROM_UNIT"), ("UNIT", "TO_UNIT")],
        rname="{name}_factor",
    ).drop("TEST_factor", "FROM_UNIT", "TO_UNIT")
    numeric = joined.ORRES.re_search(_NUMBER) & (joined.TYPE.isin(["quantity", "integer", "decimal", "code"]))
    number = ibis.ifelse(numeric, joined.ORRES.re_extract(_NUMBER, 2), _NULL).cast("decimal(16, 6)")
    factor = ibis.ifelse(joined.UNIT.isnull(), Decimal(1), joined.FACTOR).cast("decimal(20, 12)")
    sized = joined.mutate(
        COMPARATOR=ibis.ifelse(numeric, joined.ORRES.re_extract(_NUMBER, 1), ""),
        AMOUNT=(number * factor).cast("decimal(18, 6)"),
        NUMERIC=numeric,
    )
    digits = compute_digits(sized.AMOUNT)
    return sized.mutate(
        ORRESU=compute_submitted_unit(sized.TYPED_UNIT),
        STRESC=ibis.ifelse(sized.NUMERIC, sized.COMPARATOR + digits, sized.ORRES),
        STRESN=ibis.ifelse(sized.COMPARATOR == "", sized.AMOUNT, ibis.null("decimal(18, 6)")).cast("float64"),
        STRESU=ibis.ifelse(sized.STAT.isnull(), compute_submitted_unit(sized.UNIT), _NULL),
    )


def _name_variables(rows: ir.Table, domain: str) -> ir.Table:
    """Give the variables their domain; what was entered goes before what is assigned."""
    qualifiers = [name.removeprefix("Q_") for name in rows.columns if name.startswith("Q_")]
    shared = ["TESTCD", "TEST", "ORRES", "ORRESU", "STRESC", "STRESN", "STRESU", "STAT", "REASND", "DTC"]
    ranged = [name for name in ("ORNRLO", "ORNRHI", "STNRLO", "STNRHI", "NRIND") if name in rows.columns]
    return rows.select(
        "STUDYID",
        "USUBJID",
        *PROVENANCE,
        **{f"{domain}{name}": rows[name] for name in [*shared, *ranged]},
        **{name: ibis.coalesce(rows[f"Q_{name}"], rows[f"A_{name}"]) for name in qualifiers},
    )


def flag_last_before_exposure(rows: ir.Table, domain: str, period: ir.Table) -> ir.Table:
    """--LOBXFL: the last result of a test on or before the day of the first dose.

    Several readings on one day: the one that --SEQ numbers last, as the baseline of the analysis takes it.
    The same test in two specimens is two tests.
    """
    apart = [name for name in (f"{domain}CAT", f"{domain}SPEC", f"{domain}OBJ") if name in rows.columns]
    dosed = rows.left_join(period.select("USUBJID", DOSED=_.FIRST_DOSE.cast("string")), "USUBJID").drop(
        "USUBJID_right"
    )
    candidate = (dosed[f"{domain}DTC"] <= dosed.DOSED) & dosed[f"{domain}STRESC"].notnull()
    marked = dosed.mutate(CANDIDATE=candidate.fill_null(False))
    order = [marked[name].desc() for name in (f"{domain}DTC", *ENTRY_ORDER)]
    window = ibis.window(group_by=["USUBJID", f"{domain}TESTCD", *apart, "CANDIDATE"], order_by=order)
    last = marked.CANDIDATE & (ibis.row_number().over(window) == 0)
    return marked.mutate(**{f"{domain}LOBXFL": ibis.ifelse(last, "Y", _NULL)}).drop("DOSED", "CANDIDATE")
