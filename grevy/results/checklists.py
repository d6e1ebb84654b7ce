"""TX9.1 to TX9.4: reporting checklists filled with places in this report; the rest is the author's."""

from collections.abc import Callable, Iterator, Mapping

from grevy.results.checklist_items import (
    AUTHOR,
    GROW,
    METHODS,
    RECORD,
    STROBE,
    TRIPOD_AI,
    Item,
)
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import Label
from grevy.results.rows import Line, Row

WHERE = Column("WHERE", Label("Where in this report", "本报告中的位置"))
PLACE = "place"  # the operation of an entry of a checklist, which is no figure of the data
BY_AUTHOR = Column("AUTHOR", Label("Left to the author", "由作者填写"))
BY_HAND = Label("[to be written]", "[待填写]")
KINDS = {"T": Label("Table", "表"), "F": Label("Figure", "图"), "L": Label("Listing", "列表")}
WORDS = {
    METHODS: Label("Settings of the analysis", "分析设置"),
    "L-issues": Label("Data issues", "数据问题"),
}


def name_place(place: str) -> Label:
    """How a place is called in print: Table 14.2.1, or what is no output."""
    if place in WORDS:
        return WORDS[place]
    if place.startswith("DRAFT:"):
        number = place.removeprefix("DRAFT:")
        return Label(f"Report draft, {number}", f"报告草案{number}")
    kind = KINDS[place[0]]
    return Label(f"{kind.en} {place[1:]}", f"{kind.zh}{place[1:]}")


def places_of(item: Item) -> list[str]:
    """The places that answer an item, without what is left to the author."""
    return [place for place in item.places if place != AUTHOR]


def _estimate(items: tuple[Item, ...]) -> Callable[[AnalysisData], Iterator[Row]]:
    """The rows of a checklist; they depend on no data."""

    def estimate(_: AnalysisData) -> Iterator[Row]:
        for item in items:
            line = Line(
                item.number,
                Label(f"{item.number} {item.en}", f"{item.number}、{item.zh}"),
                PLACE,
                group=Label(*item.section),
                indent=1,
            )
            names = [name_place(place) for place in places_of(item)]
            # every list begins with an item of the author's: the columns stand in one order in all of them
            if AUTHOR in item.places:
                yield Row(line, BY_AUTHOR, None, BY_HAND.en, text_zh=BY_HAND.zh)
            if names:
                text = ", ".join(name.en for name in names)
                yield Row(line, WHERE, None, text, text_zh="、".join(name.zh for name in names))

    return estimate


CHECKLISTS: Mapping[str, tuple[Item, ...]] = {
    "TX9.1": STROBE, "TX9.2": RECORD, "TX9.3": GROW, "TX9.4": TRIPOD_AI,
}  # fmt: skip
estimate_strobe, estimate_record, estimate_grow, estimate_tripod_ai = map(_estimate, CHECKLISTS.values())
