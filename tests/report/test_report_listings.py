"""The listings as PDF and RTF, read back: nothing lost, clipped, on another, or spilled over."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from documents_read import LANGUAGES, Pdf, find_overlaps, read_pdf, read_rtf, without_blanks
from report_run import Run

from grevy.report.document import Document
from grevy.report.listing_documents import describe_listings, write_listings_pdf
from grevy.report.listing_pages import HAN, POINTS, SIGNS, measure_at_most
from grevy.report.listing_views import ListingView, lay_out_listing
from grevy.report.pdf import compile_pages, open_compiler, read_template
from grevy.report.rtf import write_listings_rtf
from grevy.report.words import Words, same

MARGIN = 56.0  # 20 mm in points, less half a point
EN = (
    "2024-05-01",
    "Alanine aminotransferase increased",
    "ALT/AST above three times the upper limit",
    "−12.5",
)
ZH = ("第11周期第15天", "丙氨酸氨基转移酶升高", "ALT/AST 高于正常上限三倍并持续存在，需要调整剂量", "−12.5")


def make_view(number: str, columns: int, subjects: int, lines: int) -> ListingView:
    """Lines of texts long and short, numbered so that each stands once."""
    names = [f"SURU-NEN-01-{place:03d}" for place in range(subjects) for _ in range(lines)]
    texts = {
        language: [
            [f"{row}.{column} {source[(row + column) % 4]}" for row in range(len(names))]
            for column in range(columns)
        ]
        for language, source in (("en", EN), ("zh", ZH))
    }
    return ListingView(
        f"L{number}", Words(f"Listing {number}", f"列表 {number}"), Words("Adverse events", "不良事件"),
        "ADAE",
        [Words(f"Column {place}", f"第{place}列") for place in range(columns)],
        names, [(1,)] * len(names), texts["en"], texts["zh"],
        {name: Words(f"{name}, Monotherapy, Female", f"{name}，单药治疗，女") for name in names},
        Words("Listed: those of grade 3.", "所列为3级者。") if columns > 4 else None,
    )  # fmt: skip


VIEWS = {view.id: view for view in (make_view("16.2.7", 4, 12, 7), make_view("16.2.8", 7, 3, 9))}


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    return replace(run.describe(), listings=VIEWS)


@pytest.fixture(scope="module")
def pdfs(document, tmp_path_factory) -> dict[str, Pdf]:
    folder = tmp_path_factory.mktemp("listings")
    return {
        language: read_pdf(write_listings_pdf(document, language, folder / f"{language}.pdf"))
        for language in LANGUAGES
    }


def lines_of(view: ListingView, language: str) -> list[str]:
    return [
        without_blanks("".join([line.label, *(cell[0].text for cell in line.cells)]))
        for line in lay_out_listing(view, language).lines
        if not line.is_heading
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_spills_over_to_one_without_title_and_head(language, pdfs):
    kind, head = ("Listing", "Column 0") if language == "en" else ("列表", "第0列")
    for page in pdfs[language].pages[2:]:
        assert without_blanks(f"{kind} 16.2.") in without_blanks(page.text)
        assert without_blanks(head) in without_blanks(page.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_character_is_outside_the_page_or_on_another(language, pdfs):
    for number, page in enumerate(pdfs[language].pages, start=1):
        assert page.boxes[:, 0].min() >= MARGIN, number
        assert page.boxes[:, 2].max() <= page.width - MARGIN, number
        assert page.boxes[:, 1].min() >= 20, number
        assert find_overlaps(page) == [], number


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_line_is_printed(language, pdfs):
    """Texts that wrap are read by their parts: cells of one row stand beside each other."""
    text = pdfs[language].text
    for view in VIEWS.values():
        numbers = [
            f"{row}.{column}" for row in range(len(view.subjects)) for column in range(len(view.heads))
        ]
        assert [number for number in numbers if number not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_subject_that_goes_on_is_named_again(language, pdfs):
    again = "(continued)" if language == "en" else "（续）"
    pages = [page.text for page in pdfs[language].pages[2:]]
    assert any(without_blanks(f"Female{again}" if language == "en" else f"女{again}") in without_blanks(p)
               for p in pages)  # fmt: skip
    assert all("SURU-NEN-01" in page for page in pages)


def test_bookmarks_name_the_listings(pdfs):
    assert [title for _, title in pdfs["en"].bookmarks] == [view.heading("en") for view in VIEWS.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_rtf_has_every_line_in_its_order(language, document, tmp_path):
    text = without_blanks(read_rtf(write_listings_rtf(document, language, tmp_path / "x.rtf")))
    place = 0
    for view in VIEWS.values():
        for line in lines_of(view, language):
            place = text.find(line, place)
            assert place >= 0, line


def test_a_line_too_many_on_a_page_is_noticed(document, tmp_path, monkeypatch):
    monkeypatch.setattr("grevy.report.listing_documents.LINES_OF_PAGE", {"en": 120.0})
    pdf = read_pdf(write_listings_pdf(document, "en", tmp_path / "x.pdf"))
    assert any("Listing16.2." not in without_blanks(page.text) for page in pdf.pages[2:])


def test_a_character_that_no_face_has_is_spelled_out(document, tmp_path):
    odd = replace(VIEWS["L16.2.7"], title=same("Events \U0001f993"))
    made = replace(document, listings={odd.id: odd})
    pdf = read_pdf(write_listings_pdf(made, "en", tmp_path / "x.pdf"))
    assert "Events[U+1F993]" in pdf.text


# ---- Heights that are known before they are measured -------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_the_same_to_the_byte_when_every_row_is_measured(document, language):
    """The slow twin: the compiler measures each row itself."""
    template = read_template("listings.typ")
    document = replace(document, listings=VIEWS | {"wide": make_view("16.2.9", 2, 2, 3)})
    pages = describe_listings(document, language)
    known = [page for listing in pages["listings"] for page in listing["known"]]
    assert {one for page in known for one in page} == {True, False}, "rows of one line, and others"

    def compile_with(change) -> bytes:
        listings = [
            listing | {"known": [[change(one) for one in page] for page in listing["known"]]}
            for listing in pages["listings"]
        ]
        changed = pages | {"listings": listings}
        return compile_pages(changed, document.date, template=template, is_tagged=False)

    as_written = compile_with(lambda one: one)
    assert as_written == compile_with(lambda _: False)
    assert as_written != compile_with(lambda _: True), "a row of two lines would be written over"


WIDE = (
    "HYPERTENSION",
    "Life-threatening",
    "2024-10-06 (11)",
    "1/2/3",
    "WWW mmm @@@",
    "ill 'till' [it]",
    "10%&",
)
MEASURE = b"""#set text(
  font: ("Source Sans Pro", "Noto Sans CJK SC"), size: 8pt, number-width: "tabular", hyphenate: false,
  ligatures: false, fallback: false, lang: "zh", region: "CN",
)
#context for (words, most) in json(bytes(sys.inputs.texts)) {
  let width = measure(text(words)).width.mm()
  assert(width <= most, message: words + " takes " + str(width) + ", not " + str(most))
}"""


def test_no_text_is_wider_than_its_bound():
    plain = [chr(code) for code in range(0x20, 0x7F)]
    han = [c for code in range(0x3000, 0xFF5F, 7) if HAN.match(c := chr(code))]
    texts = [
        *(10 * c for c in [*plain, *SIGNS, *han]),
        *WIDE,
        *ZH,
        *EN,
        "第1周期",
        "1第2周期3",
        "QTc间期 ≥ 500 ms",
    ]

    def check(shrunk: float) -> None:
        bounds = [(text, shrunk * measure_at_most(text, POINTS)) for text in texts]
        with open_compiler() as compiler:
            compiler.compile(MEASURE, format="pdf", sys_inputs={"texts": json.dumps(bounds)})

    check(1.0)
    with pytest.raises(Exception, match="takes"):
        check(0.9)
    assert measure_at_most("\U00013000", POINTS) > measure_at_most("[U+13000]", POINTS), "spelled out"
