"""The check of values against controlled terminology, seen to fail at every rule."""

import ibis
import pytest

from grevy.definition import load_study
from grevy.definition.terminology import TermExtension
from grevy.exchange import describe_terms
from grevy.sdtm.terminology import (
    check_extensions,
    check_terminology,
    find_codelist,
    find_test_name,
    load_package,
)


def check(domain, extensions=(), **columns):
    table = ibis.memtable({name: [value] for name, value in columns.items()})
    return [(found.variable, found.level) for found in check_terminology({domain: table}, extensions)]


def extend(codelist, value, test=None):
    return TermExtension(codelist=codelist, value=value, reason="the word of the source", test=test)


def test_values_of_the_lists_are_silent():
    assert check("AE", AESER="Y", AEOUT="FATAL") == []
    assert check("LB", LBTESTCD="ALB", LBTEST="Albumin", LBORRESU="g/L") == []


def test_value_outside_a_closed_list_is_an_error():
    assert check("AE", AEOUT="CURED") == [("AEOUT", "error")]


def test_value_outside_an_extensible_list_is_a_warning():
    assert check("LB", LBORRESU="thimbles") == [("LBORRESU", "warning")]


def test_extension_of_the_study_silences_its_own_value_alone():
    extension = extend("UNIT", "thimbles")
    assert check("LB", [extension], LBORRESU="thimbles") == []
    assert check("LB", [extension], LBORRESU="buckets") == [("LBORRESU", "warning")]


def test_value_that_differs_only_in_case_is_an_error_even_in_an_extensible_list():
    assert check("LB", LBORRESU="G/L") == [("LBORRESU", "error")]


def test_code_and_name_of_a_test_are_of_one_concept():
    assert check("LB", LBTESTCD="ALB", LBTEST="Protein") == [("LBTEST", "error")]
    assert check("QS", QSTESTCD="EQ5D0201", QSTEST="EQ5D02-Self-Care") == [("QSTEST", "error")]


def test_names_of_tests_come_from_the_list_of_their_domain():
    assert find_test_name("LB", "ALB") == "Albumin"
    assert find_test_name("EG", "QTCFAG") == "QTcF Interval, Aggregate"
    assert find_test_name("RS", "ECOG101") == "ECOG1-Performance Status"
    assert find_test_name("LB", "NOSUCH") is None


def test_package_is_pinned_and_an_unknown_list_is_refused():
    assert (load_package()["date"], "NCI EVS" in load_package()["source"]) == ("2025-03-28", True)
    assert (find_codelist("NY").concept, find_codelist("NY").extensible) == ("C66742", False)
    with pytest.raises(ValueError, match="'NOLIST' is not in the package"):
        find_codelist("NOLIST")


def test_code_of_the_sponsor_is_known_by_the_name_that_the_study_gives_it():
    extension = extend("FATESTCD", "KRENNING", "Krenning score")
    assert check("FA", [extension], FATESTCD="KRENNING", FATEST="Krenning score") == []
    assert ("FATEST", "error") in check("FA", [extension], FATESTCD="KRENNING", FATEST="Liver burden")


def test_extensions_of_no_list_of_a_closed_list_and_of_no_need_are_mistakes():
    asked = [extend("NY", "MAYBE"), extend("NOLIST", "X"), extend("UNIT", "g/L"), extend("UNIT", "thimbles")]
    mistakes = check_extensions(asked)
    for mistake, told in zip(mistakes, ("is closed", "'NOLIST'", "stands in UNIT"), strict=True):
        assert told in mistake


def test_extensions_of_the_study_are_right_and_each_has_a_reason():
    study = load_study("studies/surufatinib_nen")
    assert check_extensions(study.term_extensions) == ()
    assert all(extension.reason for extension in study.term_extensions)


def test_number_as_a_result_and_the_code_for_all_tests_are_no_terms():
    assert check("TR", TRTESTCD="TRALL", TRTEST="All Tumor Results", TRSTRESC="12.5") == []
    assert check("TR", TRTESTCD="VERTICAL") == [("TRTESTCD", "warning")]
    assert check("TR", TRSTRESC="LARGE") == [("TRSTRESC", "warning")]


# --- In words --------------------------------------------------------------------------------------


def describe(domain, **columns):
    return describe_terms(check_terminology({domain: ibis.memtable(columns)}))


def test_every_problem_is_told_with_its_place_and_what_to_do_in_both_languages():
    (closed,) = describe("AE", AEOUT=["CURED", "HEALED"])
    assert closed.en == (
        "AE.AEOUT, error: 'CURED', 'HEALED' not in the closed list OUT. "
        "Correct the value, or how it is mapped."
    )
    assert closed.zh == "AE.AEOUT，错误：'CURED', 'HEALED'不在封闭代码表OUT中。请更正该值或其映射。"
    (case,) = describe("LB", LBORRESU=["G/L"])
    assert "differs only in case from a term of UNIT: 'g/L'" in case.en
    (name,) = describe("LB", LBTESTCD=["ALB"], LBTEST=["Protein"])
    assert "'Protein' is not the name of ALB, which is 'Albumin'" in name.en


def test_errors_come_first_and_of_many_values_five_are_named():
    error, warning = describe("LB", LBSTAT=["DONE"] * 7, LBORRESU=[f"thimbles {n}" for n in range(7)])
    assert error.en.startswith("LB.LBSTAT, error")
    assert "'thimbles 4' and 2 more not in the extensible list UNIT" in warning.en
    assert "等7个值" in warning.zh
