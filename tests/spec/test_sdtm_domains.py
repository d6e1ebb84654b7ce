"""Domains: the declarations, and conforming what another system tabulated."""

import re
from datetime import date, datetime

import ibis
import pytest

from grevy.sdtm.domains import DOMAINS, build_empty, conform, get_domain


def read(table):
    return table.to_pyarrow().to_pylist()


@pytest.mark.parametrize("domain", DOMAINS.values(), ids=DOMAINS.keys())
def test_declaration_fits_transport_files_and_names_its_keys(domain):
    names = [variable.name for variable in domain.variables]
    assert len(names) == len(set(names))
    assert set(domain.keys) <= set(names)
    for variable in domain.variables:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", variable.name)
        assert 0 < len(variable.label) <= 40
        assert variable.type in ("Char", "Num")
        assert variable.core in ("Req", "Exp", "Perm")


def test_conform_adds_absent_variables_with_their_types():
    conformed = conform(ibis.memtable({"USUBJID": ["1"], "AETERM": ["Rash"]}), "AE")
    assert [v.name for v in DOMAINS["AE"].variables] == list(conformed.columns)
    assert conformed.schema()["AESTDTC"].is_string()
    assert conformed.schema()["AESEQ"].is_float64()
    assert read(conformed)[0]["AESEQ"] is None


def test_conform_raises_names_converts_types_and_keeps_extra_variables():
    foreign = ibis.memtable(
        {
            "usubjid": ["1"],
            "aeseq": ["7"],
            "aetoxgr": [3.0],
            "aestdtc": [date(2024, 3, 1)],
            "aeendtc": [datetime.fromisoformat("2024-03-02T08:30")],
            "aeterm": ["  "],
            "ZSITE": ["03"],
        }
    )
    row = read(conform(foreign, "AE"))[0]
    expected = {
        "AESEQ": 7.0,
        "AETOXGR": "3",
        "AESTDTC": "2024-03-01",
        "AEENDTC": "2024-03-02T08:30:00",
        "AETERM": None,
        "ZSITE": "03",
    }
    assert {name: row[name] for name in expected} == expected


def test_conform_treats_not_a_number_and_blank_numbers_as_missing():
    assert read(conform(ibis.memtable({"TRSTRESN": [float("nan"), 12.5]}), "TR"))[0]["TRSTRESN"] is None
    assert read(conform(ibis.memtable({"TRSTRESN": ["", "12.5"]}), "TR"))[1]["TRSTRESN"] == 12.5


def test_conform_refuses_names_that_differ_only_in_case():
    with pytest.raises(ValueError, match="AETERM"):
        conform(ibis.memtable({"AETERM": ["a"], "aeterm": ["b"]}), "AE")


def test_supplement_of_any_parent_is_known_and_an_unknown_domain_is_refused():
    assert get_domain("SUPPLB").keys == DOMAINS["SUPPAE"].keys
    with pytest.raises(ValueError, match="'ZZ' is not known"):
        get_domain("ZZ")


def test_empty_domain_has_the_variables_of_the_conformed_one():
    empty = build_empty("TU")
    assert read(empty) == []
    assert conform(empty, "TU").schema() == empty.schema()
