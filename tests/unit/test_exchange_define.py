"""Define-XML: valid by its schema, every reference resolved, and true of the data it stands beside."""

import json
from datetime import UTC, datetime

import ibis
import pyarrow as pa
import pytest
from lxml import etree
from odmlib import define_loader, loader
from odmlib.oid_generator import create_oid_checker
from odmlib.schema_manager import get_schema_path

from grevy.adam.specification import DATA_SETS
from grevy.adam.specification.checks import ARROW_TYPES
from grevy.exchange import read_tabulation, write_analysis, write_tabulation
from grevy.exchange.define.shapes import measure, measure_texts
from grevy.sdtm.domains import conform
from grevy.sdtm.domains.roles import find_role

CREATED = datetime(2025, 6, 30, 12, tzinfo=UTC)
ODM, DEF = "{http://www.cdisc.org/ns/odm/v1.3}", "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
SCHEMAS = {
    "DEFINE.SURU-NEN.tabulation": ("define", "2.1"),
    "DEFINE.SURU-NEN.analysis": ("arm", "1.0-define2.1"),
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SUBJECT = {"STUDYID": "S", "USUBJID": "S-1"}
LONG = " ".join(["reported by the ward"] * 12)

RECORDS = {
    "DM": [{"DOMAIN": "DM", "SUBJID": "1", "SEX": "F", "RFSTDTC": "2025-01-06", "BRTHDTC": "1960"}],
    "AE": [
        {"AESEQ": 1, "AETERM": "Rash", "AESER": "N", "AETOXGR": "2", "AESTDTC": "2025-02-01"},
        {"AESEQ": 2, "AETERM": LONG, "AESER": "Y", "AETOXGR": "3", "AESTDTC": "2025-03"},
    ],
    "TR": [
        {"TRSEQ": 1, "TRTESTCD": "LDIAM", "TRTEST": "Longest Diameter", "TRSTRESC": "23.5", "TRSTRESN": 23.5},
        {"TRSEQ": 2, "TRTESTCD": "TUMSTATE", "TRTEST": "Tumor State", "TRSTRESC": "PRESENT"},
        {"TRSEQ": 3, "TRTESTCD": "OWN", "TRTEST": "A Test of Ours", "TRSTRESC": "whatever"},
    ],
    "SUPPMH": [{"RDOMAIN": "MH", "QNAM": "KI67", "QLABEL": "Ki-67 Index", "QVAL": "12", "QORIG": "CRF"}],
}


def tabulate():
    tables = {}
    for domain, records in RECORDS.items():
        names = list(dict.fromkeys(name for record in records for name in record))
        rows = {name: [record.get(name) for record in records] for name in names}
        rows |= {key: [value] * len(records) for key, value in SUBJECT.items()}
        tables[domain] = conform(ibis.memtable(pa.table(rows)), domain).to_pyarrow()
    return tables


def analyse(name, **values):
    """A data set with the declared variables, of which some have values."""
    count = len(next(iter(values.values())))
    return pa.table(
        {
            variable.name: pa.array(values.get(variable.name, [None] * count), ARROW_TYPES[variable.type])
            for variable in DATA_SETS[name].variables
        }
    )


@pytest.fixture(scope="module")
def sdtm(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdtm")
    write_tabulation(tabulate(), folder, "dataset-json", created=CREATED, snapshot_id="x", study=study)
    return folder


@pytest.fixture(scope="module")
def adam(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("adam")
    day = datetime(2025, 1, 6, tzinfo=UTC).date()
    subjects = analyse("ADSL", STUDYID=["S"], USUBJID=["S-1"], SEX=["F"], COHORT=["MONO"], TRTSDT=[day],
                       BMI=[100 / 3], SAFFL=["Y"], AGE=[61.0])  # fmt: skip
    times = analyse(
        "ADTTE", STUDYID=["S", "S"], USUBJID=["S-1", "S-1"], ASEQ=[1, 2], PARAMCD=["PFS", "TTDQL"],
        PARAM=["Progression-free survival", "Time to deterioration: QL"], AVAL=[99, 1001], CNSR=[0, 1],
        AVALU=["DAYS", "DAYS"], STARTDT=[day, day], ADT=[day, day],
    )  # fmt: skip
    write_analysis({"ADSL": subjects, "ADTTE": times}, folder, "dataset-json", study, created=CREATED)
    return folder


@pytest.fixture(params=["sdtm", "adam"])
def layer(request):
    return request.getfixturevalue(request.param)


def read(folder):
    return etree.parse(str(folder / "define.xml")).getroot()


def find(root, tag, **attributes):
    return next(e for e in root.iter(ODM + tag) if all(e.get(k) == v for k, v in attributes.items()))


def find_schema_errors(root):
    schema = etree.XMLSchema(etree.parse(str(get_schema_path(*SCHEMAS[root.get("FileOID")]))))
    schema.validate(root)
    return [error.message for error in schema.error_log]


def check_references(path):
    """Raises where a reference has no definition."""
    model = "arm_1_0" if ARM[1:-1] in path.read_text(encoding="utf-8") else "define_2_1"
    reader = define_loader.XMLDefineLoader(model_package=model, ns_uri=DEF[1:-1])
    document = loader.ODMLoader(reader)
    document.open_odm_document(str(path))
    checker = create_oid_checker(model)
    document.root().verify_oids(checker)
    checker.check_oid_refs()


# --- By the standard ---------------------------------------------------------------------------------


def test_it_is_valid_by_the_schema(layer):
    assert find_schema_errors(read(layer)) == []


def test_the_schema_finds_a_planted_error(layer):
    root = read(layer)
    find(root, "ItemGroupDef").set("Repeating", "Maybe")
    assert "Maybe" in find_schema_errors(root)[0]


def test_every_reference_has_its_definition(layer):
    check_references(layer / "define.xml")


@pytest.mark.parametrize("tag", ["CodeList", "MethodDef", "ItemDef"])
def test_a_missing_definition_is_found(layer, tmp_path, tag):
    root = read(layer)
    found = find(root, tag)
    found.getparent().remove(found)
    path = tmp_path / "define.xml"
    path.write_bytes(etree.tostring(root))
    with pytest.raises(Exception, match=found.get("OID")):
        check_references(path)


# --- Beside the data ---------------------------------------------------------------------------------


def test_names_labels_order_and_oids_are_those_of_dataset_json(layer):
    root = read(layer)
    labels = {
        item.get("OID"): item.find(f"{ODM}Description/{ODM}TranslatedText").text
        for item in root.iter(ODM + "ItemDef")
    }
    for group in root.iter(ODM + "ItemGroupDef"):
        head = json.loads((layer / f"{group.get('Name').lower()}.json").read_text(encoding="utf-8"))
        assert head["itemGroupOID"] == group.get("OID")
        references = [one.get("ItemOID") for one in group.iter(ODM + "ItemRef")]
        assert references == [column["itemOID"] for column in head["columns"]]
        assert [labels[oid] for oid in references] == [column["label"] for column in head["columns"]]
        assert (
            group.find(f"{DEF}leaf").get("{http://www.w3.org/1999/xlink}href")
            == f"{head['name'].lower()}.json"
        )


def test_no_length_is_shorter_than_a_value(layer):
    root = read(layer)
    lengths = {item.get("OID"): item.get("Length") for item in root.iter(ODM + "ItemDef")}
    for path in layer.glob("[!m]*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        for place, column in enumerate(data["columns"]):
            texts = [row[place] for row in data["rows"] if isinstance(row[place], str)]
            if lengths[column["itemOID"]] and column["dataType"] == "string":
                assert max(map(len, texts), default=0) <= int(lengths[column["itemOID"]])


def test_equal_data_give_equal_bytes_with_the_moment_that_is_said(study, sdtm, tmp_path):
    write_tabulation(tabulate(), tmp_path, "dataset-json", created=CREATED, study=study)
    assert (tmp_path / "define.xml").read_bytes() == (sdtm / "define.xml").read_bytes()
    assert read(sdtm).get("CreationDateTime") == "2025-06-30T12:00:00+00:00"


def test_a_folder_with_it_is_read_again_without_a_remark_and_with_its_moment(sdtm):
    found = read_tabulation(sdtm)
    assert "define.xml" not in " ".join(map(str, found.notes))
    assert found.as_of == CREATED


# --- The tabulation ----------------------------------------------------------------------------------


def test_every_variable_of_the_tabulation_has_its_role(sdtm):
    root = read(sdtm)
    assert {one.get("Role") for one in root.iter(ODM + "ItemRef")} >= {"Identifier", "Topic", "Timing"}
    assert all(one.get("Role") for one in root.iter(ODM + "ItemRef"))


@pytest.mark.parametrize(
    ("domain", "variable", "role"),
    [
        ("AE", "AETERM", "Topic"),
        ("SV", "VISITNUM", "Topic"),
        ("LB", "VISITNUM", "Timing"),
        ("VS", "VSLAT", "Result Qualifier"),
        ("AE", "AESER", "Record Qualifier"),
    ],
)
def test_roles_are_those_of_the_implementation_guide(domain, variable, role):
    assert find_role(domain, variable) == role


def test_a_code_list_has_the_terms_used_with_their_concepts(sdtm):
    codes = find(read(sdtm), "CodeList", OID="CL.NY")
    assert [item.get("CodedValue") for item in codes.iter(ODM + "EnumeratedItem")] == ["N", "Y"]
    assert [alias.get("Name") for alias in codes.iter(ODM + "Alias")] == ["C49487", "C49488", "C66742"]


def test_a_test_of_the_studys_own_extends_the_list(sdtm):
    codes = find(read(sdtm), "CodeList", OID="CL.TRTESTCD")
    extended = {i.get("CodedValue"): i.get(f"{DEF}ExtendedValue") for i in codes.iter(ODM + "CodeListItem")}
    assert extended == {"LDIAM": None, "OWN": "Yes", "TUMSTATE": None}


def test_grades_refer_to_the_version_of_ctcae(sdtm):
    external = find(read(sdtm), "CodeList", OID="CL.CTCAE").find(f"{ODM}ExternalCodeList")
    assert dict(external.attrib) == {"Dictionary": "CTCAE", "Version": "5.0"}


def test_results_have_their_type_and_codes_by_test(sdtm):
    root = read(sdtm)
    value, state = (find(root, "ItemDef", OID=f"IT.TR.TRSTRESC.{code}") for code in ("LDIAM", "TUMSTATE"))
    assert (value.get("DataType"), value.get("SignificantDigits")) == ("float", "1")
    assert state.find(f"{ODM}CodeListRef").get("CodeListOID") == "CL.TRPROPRS.TR.TUMSTATE"
    condition = next(e for e in root.iter(f"{DEF}WhereClauseDef") if e.get("OID") == "WC.TR.TRTESTCD.LDIAM")
    assert condition.find(f"{ODM}RangeCheck/{ODM}CheckValue").text == "LDIAM"


def test_a_collected_variable_names_the_items_of_the_forms(sdtm):
    origin = find(read(sdtm), "ItemDef", OID="IT.DM.SEX").find(f"{DEF}Origin")
    assert (origin.get("Type"), origin.get("Source")) == ("Collected", "Investigator")
    assert origin.find(f"{ODM}Description/{ODM}TranslatedText").text == "Forms: demographics.sex"


def test_a_long_text_goes_on_in_a_qualifier_that_is_described(sdtm):
    root = read(sdtm)
    assert int(find(root, "ItemDef", OID="IT.AE.AETERM").get("Length")) <= 200
    assert find(root, "ItemDef", OID="IT.SUPPAE.QVAL.AETERM1") is not None


def test_what_has_no_data_says_so(sdtm):
    reference = find(read(sdtm), "ItemRef", ItemOID="IT.AE.AEMODIFY")
    assert reference.get(f"{DEF}HasNoData") == "Yes"


# --- The analysis data sets --------------------------------------------------------------------------


def test_a_copy_names_its_source_and_a_derivation_its_method_in_both_languages(adam):
    root = read(adam)
    origin = find(root, "ItemDef", OID="IT.ADSL.SUBJID").find(f"{DEF}Origin")
    assert origin.get("Type") == "Predecessor"
    assert origin.find(f"{ODM}Description/{ODM}TranslatedText").text == "DM.SUBJID"
    reference = find(root, "ItemRef", ItemOID="IT.ADSL.TRTSDT")
    texts = find(root, "MethodDef", OID=reference.get("MethodOID")).iter(ODM + "TranslatedText")
    assert {text.get(LANGUAGE) for text in texts} == {"en", "zh"}


def test_occurrences_follow_a_guide_of_their_own(study, adam, tmp_path):
    events = analyse("ADAE", STUDYID=["S"], USUBJID=["S-1"])
    write_analysis({"ADAE": events}, tmp_path, "parquet", study, created=CREATED)
    assert find_schema_errors(read(tmp_path)) == []
    for folder, name, guide in ((tmp_path, "ADAE", "STD.ADaM-OCCDSIG"), (adam, "ADTTE", "STD.ADaMIG")):
        assert find(read(folder), "ItemGroupDef", Name=name).get(f"{DEF}StandardOID") == guide


def test_dates_are_sas_dates_and_numbers_keep_their_digits(adam):
    root = read(adam)
    day, number = find(root, "ItemDef", OID="IT.ADSL.TRTSDT"), find(root, "ItemDef", OID="IT.ADSL.BMI")
    assert (day.get("DataType"), day.get(f"{DEF}DisplayFormat")) == ("integer", "DATE9.")
    assert int(number.get("Length")) >= len(repr(100 / 3))


def test_each_parameter_has_its_method_also_by_the_beginning_of_its_code(adam):
    root = read(adam)
    lists = next(e for e in root.iter(f"{DEF}ValueListDef") if e.get("OID") == "VL.ADTTE.AVAL")
    methods = {one.get("ItemOID"): one.get("MethodOID") for one in lists}
    assert methods == {
        "IT.ADTTE.AVAL.PFS": "MT.ADTTE.AVAL.PFS",
        "IT.ADTTE.AVAL.TTDQL": "MT.ADTTE.AVAL.TTDANY",
    }
    assert find(root, "ItemDef", OID="IT.ADTTE.AVAL.TTDQL").get("Length") == "4"


def test_a_subset_keeps_the_concept_of_its_list(adam):
    codes = find(read(adam), "CodeList", OID="CL.NY.YN")
    assert [alias.get("Name") for alias in codes.iter(ODM + "Alias")] == ["C49488", "C66742"]


def test_an_endpoint_names_its_display_its_records_and_its_purpose(adam):
    result = next(one for one in read(adam).iter(f"{ARM}AnalysisResult") if one.get("OID").endswith(".PFS"))
    assert result.getparent().get("Name") == "T14.2.1"
    assert result.get("AnalysisPurpose") == "PRIMARY OUTCOME MEASURE"
    conditions = [one.get("WhereClauseOID") for one in result.iter(f"{DEF}WhereClauseRef")]
    assert conditions == ["WC.ADSL.FASFL.Y", "WC.ADTTE.PARAMCD.PFS"]


def test_a_display_without_its_data_set_is_not_named(adam):
    assert {one.get("Name") for one in read(adam).iter(f"{ARM}ResultDisplay")} == {
        "T14.2.1",
        "T14.2.3",
        "T14.2.5",
    }


def test_a_transport_file_of_analysis_data_has_labels_and_sas_dates(study, tmp_path):
    import pyreadstat

    day = datetime(2025, 1, 6, tzinfo=UTC).date()
    subjects = analyse("ADSL", STUDYID=["S", "S"], USUBJID=["S-1", "S-2"], TRTSDT=[day, None])
    write_analysis({"ADSL": subjects}, tmp_path, "xpt", study, created=CREATED)
    frame, facts = pyreadstat.read_xport(str(tmp_path / "adsl.xpt"))
    assert frame["TRTSDT"].tolist()[0] == day
    assert frame["TRTSDT"].isna().tolist() == [False, True]
    assert facts.column_names_to_labels["TRTSDT"] == "Date of First Exposure to Treatment"


def test_a_copy_of_a_long_text_is_its_first_part_when_handed_on(study, tmp_path):
    events = analyse("ADAE", STUDYID=["S"], USUBJID=["S-1"], AETERM=[LONG])
    write_analysis({"ADAE": events}, tmp_path, "dataset-json", study, created=CREATED)
    data = json.loads((tmp_path / "adae.json").read_text(encoding="utf-8"))
    place = [column["name"] for column in data["columns"]].index("AETERM")
    written = data["rows"][0][place]
    assert len(written) <= 200
    assert LONG.startswith(written)


# --- Shapes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("AESTDTC", ["2025-01-01"], ("date", None, None)),
        ("AESTDTC", ["2025-01", "2025"], ("partialDate", None, None)),
        ("AESTDTC", ["2025-01-01T08:30"], ("datetime", None, None)),
        ("AESTDTC", ["2025-01-01", "2025-01-01T08:30"], ("incompleteDatetime", None, None)),
        ("AETERM", ["药疹", None], ("text", 6, None)),
        ("AETERM", [None], ("text", 1, None)),
        ("AESEQ", [1.0, 12.0], ("integer", 2, None)),
        ("AESTDY", [-100.0, 7.0], ("integer", 4, None)),
        ("AVAL", [1.25, 100.0], ("float", 4, 2)),
        ("AVAL", [5.0], ("float", 1, 0)),
    ],
)
def test_the_shape_of_a_column_is_that_of_its_values(name, values, found):
    kind = pa.float64() if isinstance(values[0], float) else pa.string()
    shape = measure(name, pa.chunked_array([pa.array(values, kind)]))
    assert (shape.type, shape.length, shape.decimals) == found


def test_results_as_text_are_whole_numbers_numbers_or_text():
    assert [measure_texts(texts).type for texts in (["1", "-2"], ["1", "2.5"], ["1", "<2"], [])] == [
        "integer",
        "float",
        "text",
        "text",
    ]
