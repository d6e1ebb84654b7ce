"""Every measure and colour of the report's figures and tables, as named constants.

No figure has a size or a colour of its own. Lengths are millimetres on the final canvas, type sizes points.
Colours come in pairs for light and dark pages; each regimen and response also has a second sign (line type,
shape, order), so that nothing is lost in grey print.
"""

from __future__ import annotations

from typing import NamedTuple

# ---- Canvas and type -------------------------------------------------------------------------------------
MM_PER_POINT = 0.352778
FIGURE_WIDTH = 170.0
AXIS_TITLE_SIZE = 8.5
TICK_SIZE = 8.0
RISK_TABLE_SIZE = 7.8
NOTE_SIZE = 7.2
MARK_SIZE = 6.5
HEADING_WEIGHT = 600

# ---- Lines, in points ------------------------------------------------------------------------------------
AXIS_LINE = 0.6
CURVE_LINE = 1.4
TOTAL_CURVE_LINE = 1.0
REFERENCE_LINE = 0.6
REFERENCE_DASH = (4.0, 2.0)
COMBINATION_DASH = (5.0, 1.6)
THIRD_DASH = (1.6, 1.4)
TICK_LENGTH = 2.8

# ---- Kaplan-Meier ----------------------------------------------------------------------------------------
KM_AXES_LEFT = 36.0
KM_AXES_WIDTH = 130.0
KM_AXES_HEIGHT = 70.0
KM_BAND_OPACITY = 0.13
KM_BAND_OPACITY_FADED = 0.05
KM_OPACITY_FADED = 0.35
KM_FEW_AT_RISK = 10
KM_CENSOR_HEIGHT = 4.2
KM_CENSOR_LINE = 0.7
KM_RISK_PITCH = 4.2
KM_KEY_PITCH = 4.6
KM_SMALL_AXES_HEIGHT = 52.0  # two panels on a page
KM_PANEL_GAP = 6.0
PAGE_OF_DRAWINGS = 230.0  # millimetres free under the title of an upright page
MONTHS_BETWEEN_TICKS = 3

# ---- Waterfall -------------------------------------------------------------------------------------------
BOLD_WIDER = 1.12  # a bold name beside the estimate of `text_width`
WATERFALL_AXES_LEFT = 18.0
WATERFALL_AXES_WIDTH = 148.0
WATERFALL_AXES_HEIGHT = 72.0
WATERFALL_CUT = 100.0
WATERFALL_TICKS = (100, 75, 50, 20, 0, -30, -50, -75, -100)
WATERFALL_LINES = (20, -30)
WATERFALL_STRIP_HEIGHT = 3.4
WATERFALL_GAPLESS_FROM = 100
WATERFALL_KEY_PITCH = 4.3
WATERFALL_KEY_WIDTH = 62.0
WATERFALL_KEY_HEIGHT = 25.5  # above the line at +20

# ---- Spider ----------------------------------------------------------------------------------------------
SPIDER_HEIGHT = 82.0
SPIDER_LEFT = 15.0
SPIDER_TOP = 6.0
SPIDER_AXES_HEIGHT = 55.0
SPIDER_GAP = 5.0
SPIDER_PANELS_FROM = 60  # lines in one panel
SPIDER_TICKS = (100, 50, 20, 0, -30, -50, -100)
SPIDER_STABLE_LINE, SPIDER_LINE = 0.5, 0.7
SPIDER_STABLE_OPACITY = 0.55
SPIDER_PD_DASH = (3.0, 1.2)
SPIDER_MONTHS = 6

# ---- Swimmer ---------------------------------------------------------------------------------------------
SWIMMER_PITCH = 2.8
SWIMMER_BAR = 0.62  # of the pitch
SWIMMER_ROWS = 60  # on a page
SWIMMER_LEFT, SWIMMER_WIDTH = 26.0, 140.0
SWIMMER_STRIP = 2.6
SWIMMER_NUMBER_SIZE = 7.0
SWIMMER_APART = 0.35  # months between two signs
RESPONSE_LINE, RESPONSE_HALO = 1.1, 2.1
GRID_LINE = 0.4

# ---- Cumulative incidence --------------------------------------------------------------------------------
INCIDENCE_AXES_HEIGHT = 56.0
INCIDENCE_KEY_COLUMNS = (92.0, 118.0, 144.0, 169.0)
INCIDENCE_SWATCH = (6.0, 2.8)
INCIDENCE_VEIL = 0.55

# ---- Butterfly of adverse events -------------------------------------------------------------------------
BUTTERFLY_PITCH = 5.0
BUTTERFLY_BAR = 0.68  # of the pitch
BUTTERFLY_AXIS = 48.0
BUTTERFLY_MIDDLE = 42.0  # for the terms
BUTTERFLY_TOP = 11.0

# ---- Dot plot of adverse events --------------------------------------------------------------------------
DOTS_PITCH = 5.3
DOTS_APART = 0.17  # of the pitch, up and down
DOTS_LEFT, DOTS_WIDTH = 43.0, 56.0
DOTS_COUNTS = 105.0
DOTS_ONSET, DOTS_ONSET_WIDTH = 139.0, 29.0
DOTS_TOP = 11.0
DOTS_DAYS = (7, 14, 28, 56, 112)
DOT_RADIUS = 0.75

# ---- eDISH -----------------------------------------------------------------------------------------------
EDISH_LEFT, EDISH_TOP = 14.0, 8.0
EDISH_SIDE = 70.0
EDISH_GAP = 14.0
EDISH_X = (0.1, 0.3, 1, 3, 10, 30, 100)
EDISH_Y = (0.1, 0.3, 1, 2, 3, 10, 30)
EDISH_RADIUS = 0.6
EDISH_NAMED = 8  # most subjects of the critical range that are named in the drawing
SMALLEST_SIZE = 7.0
LINE_PITCH = 2.5  # between two lines of a name at the smallest size

# ---- Enrollment ------------------------------------------------------------------------------------------
ENROLLMENT_HEIGHT = 92.0
ENROLLMENT_LEFT, ENROLLMENT_WIDTH = 15.0, 68.0
ENROLLMENT_TOP = 6.0
ENROLLMENT_COURSE, ENROLLMENT_MONTHS = 48.0, 16.0
ENROLLMENT_SITES = 123.0
ENROLLMENT_PITCH = 4.2

# ---- Dose over time --------------------------------------------------------------------------------------
DOSE_LEFT, DOSE_WIDTH = 16.0, 116.0
DOSE_TOP = 8.0
DOSE_PANEL = 42.0
DOSE_PANEL_PITCH = 66.0
DOSE_KEY = 138.0
DOSE_WEEKS_BETWEEN_TICKS = 4

# ---- Laboratory over the visits --------------------------------------------------------------------------
COURSE_LEFT, COURSE_WIDTH = 24.0, 138.0
COURSE_TOP = 9.0
COURSE_HEIGHT = 40.0
COURSE_PANELS = 3  # on a page
COURSE_BOX = 0.26  # of the distance of two visits
# ---- Mean change ------------------------------------------------------------------------------------------
CHANGE_AXES_LEFT = 30.0
CHANGE_AXES_WIDTH = 136.0
CHANGE_AXES_HEIGHT = 58.0
CHANGE_TICKS = 5  # points between labelled ticks
CHANGE_APART = 1.6  # millimetres between regimens at one visit
CHANGE_MARK = 1.5
CHANGE_WHISKER = 0.9

# ---- Flow of participants --------------------------------------------------------------------------------
FLOW_BOX_LEFT_WIDTH = 70.0
FLOW_BOX_RIGHT_WIDTH = 74.0
FLOW_BOX_RIGHT_X = 92.0
FLOW_BOX_LEFT_X = 8.0
FLOW_BOX_ALONE = 6.8
FLOW_BOX_HEAD = 7.3
FLOW_LINE_PITCH = 3.75
FLOW_GAP = 10.0
FLOW_REGIMEN_BAR = 1.3
FLOW_INDENT = 2.2


class Ink(NamedTuple):
    """One colour: its name in the style sheet, on white, on the dark page."""

    name: str
    light: str
    dark: str

    @property
    def var(self) -> str:
        return f"var(--{self.name})"


TEXT = Ink("ink", "#1A1A1A", "#ECEDEB")
SECONDARY = Ink("secondary", "#5F6670", "#A9AFB5")
RULE = Ink("rule", "#8A9097", "#7F878E")
FAINT = Ink("faint", "#767C84", "#8C9298")
BAND = Ink("band", "#F4F6F7", "#22262A")
PAPER = Ink("paper", "#FFFFFF", "#191C1F")

MONO = Ink("mono", "#4B2E83", "#B9A4E8")
COMBO = Ink("combo", "#B87A00", "#E0A63A")
COMBO_TEXT = Ink("combo-text", "#875900", "#E0A63A")
TOTAL = Ink("total", "#1A1A1A", "#ECEDEB")

# Disease classes as areas (strips) ...
NET_LOW = Ink("net-low", "#DDE2E7", "#5A646E")
NET_G3 = Ink("net-g3", "#98A3AE", "#98A3AE")
NEC = Ink("nec", "#4A545E", "#DDE2E7")
# ... and as lines, where the palest grey would vanish on white
NET_LOW_LINE = Ink("net-low-line", "#7E8A96", "#7E8A96")
NET_G3_LINE = Ink("net-g3-line", "#55606B", "#B3BCC5")
NEC_LINE = Ink("nec-line", "#1F262D", "#ECEDEB")

CR = Ink("resp-cr", "#0B3C6F", "#BBDCFF")
PR = Ink("resp-pr", "#5B9BCB", "#3F8FD6")
SD = Ink("resp-sd", "#C3C8CD", "#5F6870")
PD = Ink("resp-pd", "#B63E22", "#E0663F")
NE = Ink("resp-ne", "#FFFFFF", "#191C1F")

# Responses as lines
PR_LINE = Ink("resp-pr-line", "#3F86BC", "#5FA8E0")
SD_LINE = Ink("resp-sd-line", "#8A9097", "#7F878E")

# Dose levels, darkest first; what is none of them stands between
GRID = Ink("grid", "#E4E7EA", "#2C3136")
DOSE_300 = Ink("dose-300", "#0E5A5A", "#7CC9C5")
DOSE_250 = Ink("dose-250", "#4FA3A0", "#3E8582")
DOSE_200 = Ink("dose-200", "#B9DFDB", "#21504E")
DOSE_NONE = Ink("dose-none", "#E2A93B", "#E2A93B")

# Causes that end a time, in the order in which they are stacked: neighbours differ also in grey
CAUSE_1 = Ink("cause-1", "#4A545E", "#6E7A86")
CAUSE_2 = Ink("cause-2", "#D9795D", "#E58A6C")
CAUSE_3 = Ink("cause-3", "#1A1A1A", "#ECEDEB")
CAUSE_4 = Ink("cause-4", "#98A3AE", "#A9B3BD")
CAUSE_5 = Ink("cause-5", "#DDE2E7", "#3A424A")
CAUSES = {
    "TTF": (CAUSE_1, CAUSE_2, CAUSE_3, CAUSE_4, CAUSE_5),
    "TTHYP": (CAUSE_2, CAUSE_4, CAUSE_3),
}
# Grades of adverse events, the lightest first
GRADE_1 = Ink("grade-1", "#F8E3D6", "#3A2A24")
GRADE_2 = Ink("grade-2", "#EEB597", "#6E4230")
GRADE_3 = Ink("grade-3", "#D87250", "#B85A3C")
GRADE_4 = Ink("grade-4", "#9C3226", "#E48A72")
GRADE_5 = Ink("grade-5", "#3D0C0C", "#F6D9CE")
GRADE_MISSING = Ink("grade-missing", "#FFFFFF", "#191C1F")
CRITICAL = Ink("critical", "#FBEDE8", "#33211C")
ENDED = Ink("ended", "#F4F6F7", "#22262A")

INKS = (
    TEXT, SECONDARY, RULE, FAINT, BAND, PAPER, MONO, COMBO, COMBO_TEXT, TOTAL, NET_LOW, NET_G3, NEC,
    NET_LOW_LINE, NET_G3_LINE, NEC_LINE, CR, PR, SD, PD, NE, PR_LINE, SD_LINE, GRID,
    DOSE_300, DOSE_250, DOSE_200, DOSE_NONE, CAUSE_1, CAUSE_2, CAUSE_3, CAUSE_4, CAUSE_5,
    GRADE_1, GRADE_2, GRADE_3, GRADE_4, GRADE_5, GRADE_MISSING, CRITICAL, ENDED,
)  # fmt: skip


class Stroke(NamedTuple):
    """How one group is drawn: line colour, text colour, line type and width in points."""

    ink: Ink
    text: Ink
    dash: tuple[float, ...] | None
    width: float


STROKES = {
    "MONO": Stroke(MONO, MONO, None, CURVE_LINE),
    "COMBO": Stroke(COMBO, COMBO_TEXT, COMBINATION_DASH, CURVE_LINE),
    "TOTAL": Stroke(TOTAL, TOTAL, None, TOTAL_CURVE_LINE),
    "NET G1/G2": Stroke(NET_LOW_LINE, NET_G3_LINE, None, CURVE_LINE),
    "NET G3": Stroke(NET_G3_LINE, NET_G3_LINE, COMBINATION_DASH, CURVE_LINE),
    "NEC/MiNEN": Stroke(NEC_LINE, NEC_LINE, THIRD_DASH, CURVE_LINE),
}
GRADE_FILL = {"1": GRADE_1, "2": GRADE_2, "3": GRADE_3, "4": GRADE_4, "5": GRADE_5, "0": GRADE_MISSING}
LEVEL_STROKES = (
    Stroke(TEXT, TEXT, None, CURVE_LINE),
    Stroke(SECONDARY, SECONDARY, COMBINATION_DASH, CURVE_LINE),
    Stroke(FAINT, FAINT, THIRD_DASH, CURVE_LINE),
    Stroke(SECONDARY, SECONDARY, (7.0, 1.6, 1.6, 1.6), TOTAL_CURVE_LINE),
    Stroke(TEXT, TEXT, THIRD_DASH, TOTAL_CURVE_LINE),
)
"""Levels of a subgroup by their order: greys and line types, for the colours have a meaning already."""
RESPONSE_STROKES = {
    "CR": Stroke(CR, CR, None, SPIDER_LINE),
    "PR": Stroke(PR_LINE, PR_LINE, None, SPIDER_LINE),
    "SD": Stroke(SD_LINE, SECONDARY, None, SPIDER_STABLE_LINE),
    "PD": Stroke(PD, PD, SPIDER_PD_DASH, SPIDER_LINE),
    "NE": Stroke(SD_LINE, SECONDARY, THIRD_DASH, SPIDER_STABLE_LINE),
}
DOSE_FILL = {300: DOSE_300, 250: DOSE_250, 200: DOSE_200, 0: DOSE_NONE}
RESPONSE_FILL = {"CR": CR, "PR": PR, "SD": SD, "NON-CR/NON-PD": SD, "NED": SD, "PD": PD, "NE": NE}
COHORT_FILL = {"MONO": MONO, "COMBO": COMBO}
DISEASE_FILL = {"NET G1/G2": NET_LOW, "NET G3": NET_G3, "NEC/MiNEN": NEC}


def style_tokens() -> str:
    """The colours as custom properties of the style sheet, light and dark."""
    light = "".join(f"--{ink.name}:{ink.light};" for ink in INKS)
    dark = "".join(f"--{ink.name}:{ink.dark};" for ink in INKS)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
