"""Text over 200 bytes: parted into supplemental qualifiers where it is handed on, whole where it is read."""

import pyarrow as pa
import pytest

from grevy.exchange import ExchangeErrors, read_tabulation, write_tabulation
from grevy.exchange.long_texts import join_parts, part_text

WORDS = "Rash of both forearms that itched, spread to the trunk (about 20 % of it) and faded under cream; "
TERM = (WORDS * 5)[:450].rstrip()
CHINESE = "患者双侧前臂出现红色皮疹伴瘙痒，逐渐扩展至躯干，予激素乳膏后好转。Grade 2 皮疹" * 5
DM = pa.table({"STUDYID": ["S"], "DOMAIN": ["DM"], "USUBJID": ["S-1"], "SUBJID": ["1"], "RACE": ["MULTIPLE"]})
SUPPDM = pa.table(
    {"STUDYID": ["S"] * 2, "RDOMAIN": ["DM"] * 2, "USUBJID": ["S-1"] * 2}
    | {"IDVAR": pa.array([None] * 2, pa.string()), "IDVARVAL": pa.array([None] * 2, pa.string())}
    | {
        "QNAM": ["RACE1", "RACE2"],
        "QLABEL": ["Race 1", "Race 2"],
        "QVAL": ["ASIAN", "WHITE"],
        "QORIG": ["CRF"] * 2,
    }
)


def events(*terms, **more):
    number = len(terms)
    return pa.table(
        {"STUDYID": ["S"] * number, "DOMAIN": ["AE"] * number, "USUBJID": ["S-1"] * number}
        | {"AESEQ": [float(n) for n in range(1, number + 1)], "AETERM": list(terms)}
        | more
    )


def supplement(qnam, qval, sequence="1"):
    return pa.table(
        {"STUDYID": ["S"], "RDOMAIN": ["AE"], "USUBJID": ["S-1"], "IDVAR": ["AESEQ"], "IDVARVAL": [sequence]}
        | {"QNAM": [qnam], "QLABEL": ["A label"], "QVAL": [qval], "QORIG": ["CRF"]}
    )


@pytest.mark.parametrize("text", [TERM, CHINESE, "x" * 200, "皮疹" * 40])
def test_parts_have_at_most_200_bytes_and_make_the_same_text_again(text):
    parts = part_text(text)
    assert all(len(part.encode()) <= 200 and part == part.strip() for part in parts)
    assert join_parts(parts) == text


def test_words_and_characters_stay_whole():
    assert part_text(TERM)[0].endswith("cream; Rash")
    assert [len(part) for part in part_text("疹" * 100)] == [66, 34]
    assert part_text("x" * 199 + " yes") == ["x" * 199, "yes"]
    assert part_text("x" * 200 + " yes") == ["x" * 200, "yes"]


def test_text_that_cannot_be_parted_without_loss_stays_whole():
    assert part_text("x" * 201) == ["x" * 201]
    assert part_text("two  spaces  " * 20) == ["two  spaces  " * 20]
    assert part_text(TERM * 5) == [TERM * 5]  # an eleventh part has no digit


def test_term_of_450_bytes_stands_in_a_transport_file_in_three_parts(tmp_path):
    paths = write_tabulation({"DM": DM, "AE": events("Cough", TERM)}, tmp_path, "xpt")
    assert [path.name for path in paths] == ["ae.xpt", "dm.xpt", "suppae.xpt"]
    import pyreadstat

    written, _ = pyreadstat.read_xport(str(tmp_path / "ae.xpt"))
    further, _ = pyreadstat.read_xport(str(tmp_path / "suppae.xpt"))
    assert len(TERM) > 440
    assert written.AETERM.to_list() == ["Cough", part_text(TERM)[0]]
    assert further[["RDOMAIN", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QORIG"]].to_numpy().tolist() == [
        ["AE", "AESEQ", "2", "AETERM1", "Reported Term for the Adverse Event 1", "CRF"],
        ["AE", "AESEQ", "2", "AETERM2", "Reported Term for the Adverse Event 2", "CRF"],
    ]
    assert further.QVAL.to_list() == part_text(TERM)[1:]


@pytest.mark.parametrize(
    ("format", "term"), [("xpt", TERM), ("dataset-json", TERM), ("dataset-json", CHINESE), ("parquet", TERM)]
)
@pytest.mark.parametrize("own", [{}, {"SUPPAE": supplement("RELPART", "NOT RELATED")}])
def test_text_is_whole_where_it_is_read_and_the_data_are_still_of_their_snapshot(tmp_path, format, term, own):
    write_tabulation({"DM": DM, "AE": events(term, "Cough"), **own}, tmp_path, format, snapshot_id="abc")
    read = read_tabulation(tmp_path)
    assert read.tables["AE"]["AETERM"].to_pylist() == [term, "Cough"]
    assert read.snapshot_id == "abc"
    left = read.tables["SUPPAE"]["QNAM"].to_pylist() if "SUPPAE" in read.tables else []
    assert left == ["RELPART" for _ in own]


def test_name_of_eight_letters_gives_its_last_to_the_digit(tmp_path):
    write_tabulation({"DM": DM, "AE": events("Rash", AEACNOTH=[TERM])}, tmp_path, "xpt")
    import pyreadstat

    further, _ = pyreadstat.read_xport(str(tmp_path / "suppae.xpt"))
    assert further.QNAM.to_list() == ["AEACNOT1", "AEACNOT2"]
    assert read_tabulation(tmp_path).tables["AE"]["AEACNOTH"].to_pylist() == [TERM]


def test_values_of_their_own_are_not_taken_for_further_parts(tmp_path):
    own = {"AE": events("Rash"), "SUPPAE": supplement("AETERM1", "itching")}
    write_tabulation({"DM": DM, "SUPPDM": SUPPDM, **own}, tmp_path, "xpt")
    tables = read_tabulation(tmp_path).tables
    assert (tables["DM"]["RACE"].to_pylist(), tables["AE"]["AETERM"].to_pylist()) == (["MULTIPLE"], ["Rash"])
    assert tables["SUPPDM"].num_rows == 2
    assert tables["SUPPAE"].num_rows == 1


def test_transport_file_still_refuses_what_no_part_can_hold(tmp_path):
    with pytest.raises(ExchangeErrors) as caught:
        write_tabulation({"DM": DM, "AE": events("x" * 201)}, tmp_path, "xpt")
    assert [(f.variable, f.found) for f in caught.value.findings] == [
        ("AETERM", "text too long (first in row 1)")
    ]


@pytest.mark.parametrize("format", ["xpt", "dataset-json"])
def test_a_long_comment_goes_on_in_further_variables_of_its_record(tmp_path, format):
    comments = pa.table(
        {"STUDYID": ["S"] * 2, "DOMAIN": ["CO"] * 2, "RDOMAIN": ["RS"] * 2, "USUBJID": ["S-1"] * 2}
        | {"COSEQ": [1.0, 2.0], "IDVAR": ["RSSEQ"] * 2, "IDVARVAL": ["3", "6"], "COVAL": ["Short.", TERM]}
    )
    paths = write_tabulation({"DM": DM, "CO": comments}, tmp_path, format, snapshot_id="abc")
    assert [path.stem for path in paths] == ["co", "dm"]
    if format == "xpt":
        import pyreadstat

        written, meta = pyreadstat.read_xport(str(tmp_path / "co.xpt"))
        assert written[["COVAL", "COVAL1", "COVAL2"]].to_numpy().tolist() == [
            ["Short.", "", ""],
            part_text(TERM),
        ]
        assert meta.column_names_to_labels["COVAL1"] == "Comment 1"
    read = read_tabulation(tmp_path)
    assert read.tables["CO"]["COVAL"].to_pylist() == ["Short.", TERM]
    assert "COVAL1" not in read.tables["CO"].column_names
    assert read.snapshot_id == "abc"
