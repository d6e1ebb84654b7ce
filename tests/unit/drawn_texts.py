"""The texts of a drawing, read back: what they say, and whether any stands outside of it."""

import re
from html import unescape

from grevy.report.figures import draw_figures
from grevy.report.outputs import list_outputs
from grevy.report.result_rows import read_result_rows
from grevy.report.svg import text_width
from grevy.results import build_results

TEXT = re.compile(
    r'<text x="(?P<x>[-\d.]+)" y="(?P<y>[-\d.]+)" font-size="(?P<size>[\d.]+)" text-anchor="(?P<anchor>\w+)"'
    r"(?P<more>[^>]*)>(?P<text>[^<]*)</text>"
)
CANVAS = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
SHIFT = {"start": 0.0, "middle": -0.5, "end": -1.0}
WIDE_SIDE = 0.8  # widths are estimated to the wide side: a proportional face needs less


def draw(output_id, adam, study, plan):
    """The drawings of an output in both languages: [(English, Chinese), ...]."""
    rows = read_result_rows(build_results(adam, study, plan, "x", only=[output_id]).rows)
    output = next(o for o in list_outputs([output_id]) if o.id == output_id)
    drawings = draw_figures(output, rows, is_simulated=True)
    for drawing in drawings:
        assert drawing.alt.en, "a figure has words for those who do not see it"
        assert drawing.alt.zh
    return [(str(drawing.en), str(drawing.zh)) for drawing in drawings]


def list_texts(drawing):
    return [unescape(found["text"]) for found in TEXT.finditer(drawing)]


def list_texts_outside(drawing):
    """Texts that do not lie within the canvas, by an estimate of their width."""
    width, height = map(float, CANVAS.search(drawing).groups())
    outside = []
    for found in TEXT.finditer(drawing):
        x, y, size = (float(found[name]) for name in ("x", "y", "size"))
        length = WIDE_SIDE * text_width(unescape(found["text"]), size / 0.352778)
        if "rotate" in found["more"]:
            top = y - length * (1 + SHIFT[found["anchor"]])
            inside = top >= 0 and top + length <= height and 0 <= x <= width
        else:
            left = x + SHIFT[found["anchor"]] * length
            inside = left >= 0 and left + length <= width and 0 <= y <= height
        if not inside:
            outside.append(found["text"])
    return outside
