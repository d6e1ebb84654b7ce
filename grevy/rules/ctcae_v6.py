"""CTCAE v6.0 (NCI, 2025) as far as numbers decide: what differs from v5.0, in SI units.

Creatine kinase and a decreased lymphocyte count have left the numbers; lymphopenia is grade 1 when present.
High HDL and LDL cholesterol are new terms whose numbers were not at hand: they are not graded here.
Of a creatinine clearance below 10 mL/min the grade is at least 3; a grade 4 was not read.
"""

from grevy.rules.ctcae_criteria import Baseline, Condition, Criterion, Direction, band, bands
from grevy.rules.ctcae_v5 import (
    ALP_INCREASED,
    ALT_INCREASED,
    AST_INCREASED,
    BILIRUBIN_INCREASED,
    GGT_INCREASED,
    UNCHANGED,
    UPPER_LIMIT_24H_PROTEIN,
    by_baseline,
    pancreatic_bands,
)

HIGH, LOW = Direction.HIGH, Direction.LOW

# ---------------------------------------------------------------------------------------------------
# Blood count
# ---------------------------------------------------------------------------------------------------

NEUTROPHILS_DECREASED = Criterion(
    "Neutrophil count decreased",
    "中性粒细胞计数降低",
    "NEUT",
    LOW,
    "10^9/L",
    bands("< 1.5", "< 1", "< 0.5", "< 0.1"),
)
THROMBOCYTOPENIA = Criterion(
    "Thrombocytopenia", "血小板减少症", "PLAT", LOW, "10^9/L", bands("< LLN", "< 75", "< 50", "< 10")
)
LYMPHOPENIA = Criterion("Lymphopenia", "淋巴细胞减少症", "LYM", LOW, "10^9/L", bands("< LLN"))

# ---------------------------------------------------------------------------------------------------
# Liver
# ---------------------------------------------------------------------------------------------------

_AMINOTRANSFERASE = bands("> ULN", "> 3 ULN", "> 5 ULN", "> 20 ULN")
_AMINOTRANSFERASE_OF_BASE = bands(">= BASE", "> 1.5 BASE", "> 2 BASE", "> 4 BASE")
_GGT = bands("> ULN", "> 2.5 ULN", "> 5 ULN", "> 20 ULN")
_GGT_OF_BASE = bands(">= BASE", "> 1.5 BASE", "> 3 BASE", "> 10 BASE")
_BILIRUBIN = bands("> ULN", "> 1.5 ULN", "> 3 ULN", "> 10 ULN")
_BILIRUBIN_OF_BASE = bands(">= BASE", "> 1.5 BASE", "> 2.5 BASE", "> 10 BASE")

# ---------------------------------------------------------------------------------------------------
# Kidney, pancreas, metabolism
# ---------------------------------------------------------------------------------------------------

_CREATININE = ("Creatinine increased", "血肌酐升高", "CREAT", HIGH, "umol/L")
CREATININE_INCREASED = Criterion(
    *_CREATININE, bands("> ULN", "> 1.5 ULN", "> 3 ULN", "> 6 ULN"), baseline=Baseline.NOT_LOW
)
CREATININE_INCREASED_FROM_LOW = Criterion(
    *_CREATININE,
    (
        band(4, "> 6 ULN"),
        band(3, "> 3 ULN"),
        band(3, "> 3 BASE", if_known=True),
        band(2, "> 1.5 ULN"),
        band(2, "> 1.5 BASE", if_known=True),
        band(1, "> ULN"),
    ),
    baseline=Baseline.LOW,
)
CLEARANCE_DECREASED = Criterion(
    "Creatinine clearance decreased", "肌酐清除率降低", "CREATCLR", LOW, "mL/min", bands(None, "< 50", "< 26")
)
_URINARY_PROTEIN = ("Urinary protein increased", "尿蛋白升高")
URINARY_PROTEIN_INCREASED = Criterion(
    *_URINARY_PROTEIN,
    "PROTEXR",
    HIGH,
    "g/day",
    bands(">= ULN", ">= 1", ">= 3.5"),
    default_uln=UPPER_LIMIT_24H_PROTEIN,
)
URINARY_PROTEIN_BY_RATIO = Criterion(
    *_URINARY_PROTEIN,
    "PROTCRT",
    HIGH,
    "g/g",
    bands(">= ULN", ">= 1", "> 3.5"),
    default_uln=UPPER_LIMIT_24H_PROTEIN,  # protein per g of creatinine is close to protein per day
)
LIPASE_INCREASED = Criterion("Lipase increased", "脂肪酶升高", "LIPASET", HIGH, "U/L", pancreatic_bands(3))
HYPERGLYCEMIA = Criterion(
    "Hyperglycemia", "高血糖", "GLUC", HIGH, "mmol/L", bands("> ULN", "> 8.9", "> 13.9", "> 27.8")
)

# ---------------------------------------------------------------------------------------------------
# Vital signs and heart
# ---------------------------------------------------------------------------------------------------

_HYPERTENSION = ("Hypertension", "高血压")
HYPERTENSION_SYSTOLIC = Criterion(
    *_HYPERTENSION,
    "SYSBP",
    HIGH,
    "mmHg",
    (
        band(4, ">= 180"),
        band(3, ">= 160"),
        band(3, "> 140 and > BASE + 20", if_known=True),
        band(2, ">= 140"),
    ),
    domain="VS",
)
"""Above 140 with a mean pressure risen by more than 15 is grade 3 as well: `grade_blood_pressure`."""
HYPERTENSION_DIASTOLIC = Criterion(
    *_HYPERTENSION, "DIABP", HIGH, "mmHg", bands(None, ">= 90", ">= 100", ">= 110"), domain="VS"
)
LEFT_VENTRICULAR_DYSFUNCTION = Criterion(
    "Left ventricular dysfunction",
    "左心室功能不全",
    "LVEF",
    LOW,
    "%",
    (
        band(3, "< 40 and BASE >= 40"),
        band(2, "< 50 and >= 40", Condition.CARDIAC_MARKER),
        band(2, "< 50 and >= 40 and <= BASE - 10", if_known=True),
        band(1, ">= 50", Condition.CARDIAC_MARKER),
    ),
    domain="CV",
)

CTCAE_V6: tuple[Criterion, ...] = (
    *UNCHANGED,
    NEUTROPHILS_DECREASED,
    THROMBOCYTOPENIA,
    LYMPHOPENIA,
    *by_baseline(ALT_INCREASED, _AMINOTRANSFERASE, _AMINOTRANSFERASE_OF_BASE),
    *by_baseline(AST_INCREASED, _AMINOTRANSFERASE, _AMINOTRANSFERASE_OF_BASE),
    Criterion(*ALP_INCREASED, bands=bands("> ULN")),
    *by_baseline(GGT_INCREASED, _GGT, _GGT_OF_BASE),
    *by_baseline(BILIRUBIN_INCREASED, _BILIRUBIN, _BILIRUBIN_OF_BASE),
    CREATININE_INCREASED,
    CREATININE_INCREASED_FROM_LOW,
    CLEARANCE_DECREASED,
    URINARY_PROTEIN_INCREASED,
    URINARY_PROTEIN_BY_RATIO,
    LIPASE_INCREASED,
    HYPERGLYCEMIA,
    HYPERTENSION_SYSTOLIC,
    HYPERTENSION_DIASTOLIC,
    LEFT_VENTRICULAR_DYSFUNCTION,
)
