"""The check of values against controlled terminology, seen to fail at every rule."""

import ibis
import pytest

from grevy.sdtm.terminology import (
    Extension,
    check_terminology,
    find_codelist,
    find_test_name,
    load_package,
    read_extensions,
)


def check(domain, extensions=(), **columns):
    table = ibis.memtable({name: [value] for name, value in columns.items()})
    return [(found.variable, found.level) for found in check_terminology({domain: table}, extensions)]


def test_values_of_the_lists_are_silent():
    assert check("AE", AESER="Y", AEOUT="FATAL") == []
    assert check("LB", LBTESTCD="ALB", LBTEST="Albumin", LBORRESU="g/L") == []


def test_value_outside_a_closed_list_is_an_error():
    assert check("AE", AEOUT="CURED") == [("AEOUT", "error")]


def test_value_outside_an_extensible_list_is_a_warning():
    assert check("LB", LBORRESU="thimbles") == [("LBORRESU", "warning")]


def test_extension_of_the_study_silences_its_own_value_alone():
    extension = Extension("UNIT", "thimbles", "the unit of the source")
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


def test_extensions_are_refused_with_all_their_mistakes(tmp_path):
    path = tmp_path / "terminology_extensions.yaml"
    path.write_text(
        "extensions:\n"
        "  - {codelist: UNIT, value: thimbles}\n"
        "  - {codelist: NY, value: MAYBE, reason: asked}\n"
        "  - {codelist: NOLIST, value: X, reason: asked}\n"
        "  - {codelist: UNIT, value: g/L, reason: asked}\n"
    )
    with pytest.raises(ValueError, match="terminology_extensions") as refused:
        read_extensions(path)
    for mistake in ("no reason", "is closed", "'NOLIST'", "stands in UNIT"):
        assert mistake in str(refused.value)


def test_number_as_a_result_and_the_code_for_all_tests_are_no_terms():
    assert check("TR", TRTESTCD="TRALL", TRSTRESC="12.5") == []
    assert check("TR", TRSTRESC="LARGE") == [("TRSTRESC", "warning")]


def test_study_without_extensions_adds_nothing(tmp_path):
    assert read_extensions(tmp_path / "terminology_extensions.yaml") == ()
