"""CTCAE v5.0 (NCI, 27 November 2017) as far as numbers decide, in SI units.

Bands are written grade 1 to 4 as their open side only: the highest that holds counts. The text has two gaps:
sodium between 129 and 130 belongs to 125 to 130, an eGFR between 59 and 60 to 30 to 60, as v6.0 writes them.
Hyperglycemia is clinical in this version and has no numbers.
"""

from decimal import Decimal

from grevy.rules.ctcae_criteria import Band, Baseline, Condition, Criterion, Direction, band, bands

HIGH, LOW = Direction.HIGH, Direction.LOW
SYMPTOMATIC, ASYMPTOMATIC = Condition.SYMPTOMATIC, Condition.ASYMPTOMATIC

# ---------------------------------------------------------------------------------------------------
# Blood count
# ---------------------------------------------------------------------------------------------------

ANEMIA = Criterion("Anemia", "贫血", "HGB", LOW, "g/L", bands("< LLN", "< 100", "< 80"))
HEMOGLOBIN_INCREASED = Criterion(
    "Hemoglobin increased", "血红蛋白升高", "HGB", HIGH, "g/L", bands("> ULN", "> ULN + 20", "> ULN + 40")
)
WBC_DECREASED = Criterion(
    "White blood cell decreased", "白细胞计数降低", "WBC", LOW, "10^9/L", bands("< LLN", "< 3", "< 2", "< 1")
)
LEUKOCYTOSIS = Criterion("Leukocytosis", "白细胞增多", "WBC", HIGH, "10^9/L", bands(None, None, "> 100"))
NEUTROPHILS_DECREASED = Criterion(
    "Neutrophil count decreased",
    "中性粒细胞计数降低",
    "NEUT",
    LOW,
    "10^9/L",
    bands("< LLN", "< 1.5", "< 1", "< 0.5"),
)
LYMPHOCYTES_DECREASED = Criterion(
    "Lymphocyte count decreased",
    "淋巴细胞计数降低",
    "LYM",
    LOW,
    "10^9/L",
    bands("< LLN", "< 0.8", "< 0.5", "< 0.2"),
)
LYMPHOCYTES_INCREASED = Criterion(
    "Lymphocyte count increased", "淋巴细胞计数升高", "LYM", HIGH, "10^9/L", bands(None, "> 4", "> 20")
)
PLATELETS_DECREASED = Criterion(
    "Platelet count decreased",
    "血小板计数降低",
    "PLAT",
    LOW,
    "10^9/L",
    bands("< LLN", "< 75", "< 50", "< 25"),
)

# ---------------------------------------------------------------------------------------------------
# Liver: multiples of the upper limit, of the baseline where that was above it
# ---------------------------------------------------------------------------------------------------

ALT_INCREASED = ("Alanine aminotransferase increased", "丙氨酸氨基转移酶升高", "ALT", HIGH, "U/L")
AST_INCREASED = ("Aspartate aminotransferase increased", "天门冬氨酸氨基转移酶升高", "AST", HIGH, "U/L")
ALP_INCREASED = ("Alkaline phosphatase increased", "血碱性磷酸酶升高", "ALP", HIGH, "U/L")
GGT_INCREASED = ("GGT increased", "γ-谷氨酰转移酶升高", "GGT", HIGH, "U/L")
BILIRUBIN_INCREASED = ("Blood bilirubin increased", "血胆红素升高", "BILI", HIGH, "umol/L")

_AMINOTRANSFERASE = bands("> ULN", "> 3 ULN", "> 5 ULN", "> 20 ULN")
_AMINOTRANSFERASE_OF_BASE = bands(">= 1.5 BASE", "> 3 BASE", "> 5 BASE", "> 20 BASE")
_CHOLESTASIS = bands("> ULN", "> 2.5 ULN", "> 5 ULN", "> 20 ULN")
_CHOLESTASIS_OF_BASE = bands(">= 2 BASE", "> 2.5 BASE", "> 5 BASE", "> 20 BASE")
_BILIRUBIN = bands("> ULN", "> 1.5 ULN", "> 3 ULN", "> 10 ULN")
_BILIRUBIN_OF_BASE = bands("> BASE", "> 1.5 BASE", "> 3 BASE", "> 10 BASE")


def by_baseline(
    term: tuple[str, str, str, Direction, str], normal: tuple[Band, ...], abnormal: tuple[Band, ...]
) -> tuple[Criterion, Criterion]:
    """The two criteria of a term: for a baseline that was normal and for one that was not."""
    return (
        Criterion(*term, bands=normal, baseline=Baseline.NORMAL),
        Criterion(*term, bands=abnormal, baseline=Baseline.ABNORMAL),
    )


LDH_INCREASED = Criterion(
    "Blood lactate dehydrogenase increased", "血乳酸脱氢酶升高", "LDH", HIGH, "U/L", bands("> ULN")
)
ALBUMIN_DECREASED = Criterion(
    "Hypoalbuminemia", "低白蛋白血症", "ALB", LOW, "g/L", bands("< LLN", "< 30", "< 20")
)

# ---------------------------------------------------------------------------------------------------
# Kidney, muscle, pancreas
# ---------------------------------------------------------------------------------------------------

CREATININE_INCREASED = Criterion(
    "Creatinine increased",
    "血肌酐升高",
    "CREAT",
    HIGH,
    "umol/L",
    (
        band(4, "> 6 ULN"),
        band(3, "> 3 ULN"),
        band(3, "> 3 BASE", if_known=True),
        band(2, "> 1.5 ULN"),
        band(2, "> 1.5 BASE", if_known=True),
        band(1, "> ULN"),
    ),
)
CK_INCREASED = Criterion(
    "CPK increased", "肌酸磷酸激酶升高", "CK", HIGH, "U/L", bands("> ULN", "> 2.5 ULN", "> 5 ULN", "> 10 ULN")
)


def pancreatic_bands(limit: int) -> tuple[Band, ...]:
    """Lipase and amylase: above `limit` times the upper limit, symptoms make grade 3 of grade 2."""
    return (
        band(4, "> 5 ULN", SYMPTOMATIC),
        band(3, "> 5 ULN", ASYMPTOMATIC),
        band(3, f"> {limit} ULN", SYMPTOMATIC),
        band(2, "> 1.5 ULN"),
        band(1, "> ULN"),
    )


LIPASE_INCREASED = Criterion("Lipase increased", "脂肪酶升高", "LIPASET", HIGH, "U/L", pancreatic_bands(2))
AMYLASE_INCREASED = Criterion(
    "Serum amylase increased", "血淀粉酶升高", "AMYLASE", HIGH, "U/L", pancreatic_bands(2)
)
KIDNEY_DISEASE = Criterion(
    "Chronic kidney disease",
    "慢性肾脏病",
    "GFRBSCRT",
    LOW,
    "mL/min/1.73m2",
    bands("< LLN", "< 60", "< 30", "< 15"),
)
KIDNEY_DISEASE_BY_CLEARANCE = Criterion(
    "Chronic kidney disease", "慢性肾脏病", "CREATCLR", LOW, "mL/min", bands("< LLN", "< 60", "< 30", "< 15")
)

UPPER_LIMIT_24H_PROTEIN = Decimal("0.15")
"""g per day where the laboratory prints no limit."""

PROTEINURIA = Criterion(
    "Proteinuria",
    "蛋白尿",
    "PROTEXR",
    HIGH,
    "g/day",
    bands(">= ULN", ">= 1", ">= 3.5"),
    default_uln=UPPER_LIMIT_24H_PROTEIN,
)

# ---------------------------------------------------------------------------------------------------
# Electrolytes and metabolism
# ---------------------------------------------------------------------------------------------------

HYPOCALCEMIA = Criterion(
    "Hypocalcemia", "低钙血症", "CACRALB", LOW, "mmol/L", bands("< LLN", "< 2", "< 1.75", "< 1.5")
)
HYPERCALCEMIA = Criterion(
    "Hypercalcemia", "高钙血症", "CACRALB", HIGH, "mmol/L", bands("> ULN", "> 2.9", "> 3.1", "> 3.4")
)
HYPOKALEMIA = Criterion(
    "Hypokalemia",
    "低钾血症",
    "K",
    LOW,
    "mmol/L",
    (band(4, "< 2.5"), band(3, "< 3"), band(2, "< LLN", SYMPTOMATIC), band(1, "< LLN")),
)
HYPERKALEMIA = Criterion(
    "Hyperkalemia", "高钾血症", "K", HIGH, "mmol/L", bands("> ULN", "> 5.5", "> 6", "> 7")
)
HYPONATREMIA = Criterion(
    "Hyponatremia",
    "低钠血症",
    "SODIUM",
    LOW,
    "mmol/L",
    (
        band(4, "< 120"),
        band(3, "< 125"),
        band(3, "< 130", SYMPTOMATIC),
        band(2, "< 130"),
        band(1, "< LLN"),
    ),
)
HYPERNATREMIA = Criterion(
    "Hypernatremia", "高钠血症", "SODIUM", HIGH, "mmol/L", bands("> ULN", "> 150", "> 155", "> 160")
)
HYPOMAGNESEMIA = Criterion(
    "Hypomagnesemia", "低镁血症", "MG", LOW, "mmol/L", bands("< LLN", "< 0.5", "< 0.4", "< 0.3")
)
HYPERMAGNESEMIA = Criterion(
    "Hypermagnesemia", "高镁血症", "MG", HIGH, "mmol/L", bands("> ULN", None, "> 1.23", "> 3.3")
)
HYPOPHOSPHATEMIA = Criterion("Hypophosphatemia", "低磷血症", "PHOS", LOW, "mmol/L", bands("< LLN"))
HYPOGLYCEMIA = Criterion(
    "Hypoglycemia", "低血糖", "GLUC", LOW, "mmol/L", bands("< LLN", "< 3", "< 2.2", "< 1.7")
)
HYPERTRIGLYCERIDEMIA = Criterion(
    "Hypertriglyceridemia",
    "高甘油三酯血症",
    "TRIG",
    HIGH,
    "mmol/L",
    bands(">= 1.71", "> 3.42", "> 5.7", "> 11.4"),
)
CHOLESTEROL_HIGH = Criterion(
    "Cholesterol high", "血胆固醇升高", "CHOL", HIGH, "mmol/L", bands("> ULN", "> 7.75", "> 10.34", "> 12.92")
)
HYPERURICEMIA = Criterion(
    "Hyperuricemia",
    "高尿酸血症",
    "URATE",
    HIGH,
    "umol/L",
    (band(3, "> ULN", SYMPTOMATIC), band(1, "> ULN")),
)
TSH_INCREASED = Criterion("Blood TSH increased", "血促甲状腺激素升高", "TSH", HIGH, "mIU/L", bands("> ULN"))

# ---------------------------------------------------------------------------------------------------
# Coagulation
# ---------------------------------------------------------------------------------------------------

INR_INCREASED = Criterion(
    "INR increased",
    "INR升高",
    "INR",
    HIGH,
    "RATIO",
    (
        band(3, "> 2.5"),
        band(3, "> 2.5 BASE", Condition.ANTICOAGULATED, if_known=True),
        band(2, "> 1.5"),
        band(2, "> 1.5 BASE", Condition.ANTICOAGULATED, if_known=True),
        band(1, "> 1.2"),
        band(1, "> BASE", Condition.ANTICOAGULATED, if_known=True),
    ),
)
APTT_PROLONGED = Criterion(
    "Activated partial thromboplastin time prolonged",
    "活化部分凝血活酶时间延长",
    "APTT",
    HIGH,
    "s",
    bands("> ULN", "> 1.5 ULN", "> 2.5 ULN"),
)
FIBRINOGEN_DECREASED = Criterion(
    "Fibrinogen decreased",
    "纤维蛋白原降低",
    "FIBRINO",
    LOW,
    "g/L",
    (
        band(4, "< 0.5"),
        band(4, "< 0.25 LLN"),
        band(4, "< LLN and <= 0.25 BASE", if_known=True),
        band(3, "< 0.5 LLN"),
        band(3, "< LLN and <= 0.5 BASE", if_known=True),
        band(2, "< 0.75 LLN"),
        band(2, "< LLN and <= 0.75 BASE", if_known=True),
        band(1, "< LLN"),
    ),
)

# ---------------------------------------------------------------------------------------------------
# Vital signs and heart
# ---------------------------------------------------------------------------------------------------

_HYPERTENSION = ("Hypertension", "高血压")
HYPERTENSION_SYSTOLIC = Criterion(
    *_HYPERTENSION, "SYSBP", HIGH, "mmHg", bands(">= 120", ">= 140", ">= 160"), domain="VS"
)
HYPERTENSION_DIASTOLIC = Criterion(
    *_HYPERTENSION,
    "DIABP",
    HIGH,
    "mmHg",
    (
        band(3, ">= 100"),
        band(2, ">= 90"),
        band(2, "> BASE + 20", SYMPTOMATIC, if_known=True),
        band(1, ">= 80"),
    ),
    domain="VS",
)
WEIGHT_LOSS = Criterion(
    "Weight loss",
    "体重降低",
    "WEIGHT",
    LOW,
    "kg",
    bands("<= 0.95 BASE", "<= 0.9 BASE", "<= 0.8 BASE"),
    domain="VS",
)
QTC_PROLONGED = Criterion(
    "Electrocardiogram QT corrected interval prolonged",
    "心电图QTc间期延长",
    "QTCFAG",
    HIGH,
    "ms",
    (band(3, "> 500"), band(3, "> BASE + 60", if_known=True), band(2, "> 480"), band(1, ">= 450")),
    domain="EG",
)
EJECTION_FRACTION_DECREASED = Criterion(
    "Ejection fraction decreased",
    "射血分数降低",
    "LVEF",
    LOW,
    "%",
    (
        band(4, "< 20"),
        band(3, "< 40"),
        band(3, "<= BASE - 20", if_known=True),
        band(2, "< 50"),
        band(2, "<= BASE - 10", if_known=True),
    ),
    domain="CV",
)

UNCHANGED = (
    ANEMIA,
    HEMOGLOBIN_INCREASED,
    WBC_DECREASED,
    LEUKOCYTOSIS,
    LYMPHOCYTES_INCREASED,
    LDH_INCREASED,
    AMYLASE_INCREASED,
    ALBUMIN_DECREASED,
    KIDNEY_DISEASE,
    HYPOCALCEMIA,
    HYPERCALCEMIA,
    HYPOKALEMIA,
    HYPERKALEMIA,
    HYPONATREMIA,
    HYPERNATREMIA,
    HYPOMAGNESEMIA,
    HYPERMAGNESEMIA,
    HYPOPHOSPHATEMIA,
    HYPOGLYCEMIA,
    HYPERTRIGLYCERIDEMIA,
    CHOLESTEROL_HIGH,
    HYPERURICEMIA,
    TSH_INCREASED,
    INR_INCREASED,
    APTT_PROLONGED,
    FIBRINOGEN_DECREASED,
    WEIGHT_LOSS,
    QTC_PROLONGED,
)
"""Criteria that v6.0 keeps."""

CTCAE_V5: tuple[Criterion, ...] = (
    *UNCHANGED,
    NEUTROPHILS_DECREASED,
    LYMPHOCYTES_DECREASED,
    PLATELETS_DECREASED,
    *by_baseline(ALT_INCREASED, _AMINOTRANSFERASE, _AMINOTRANSFERASE_OF_BASE),
    *by_baseline(AST_INCREASED, _AMINOTRANSFERASE, _AMINOTRANSFERASE_OF_BASE),
    *by_baseline(ALP_INCREASED, _CHOLESTASIS, _CHOLESTASIS_OF_BASE),
    *by_baseline(GGT_INCREASED, _CHOLESTASIS, _CHOLESTASIS_OF_BASE),
    *by_baseline(BILIRUBIN_INCREASED, _BILIRUBIN, _BILIRUBIN_OF_BASE),
    CREATININE_INCREASED,
    CK_INCREASED,
    LIPASE_INCREASED,
    KIDNEY_DISEASE_BY_CLEARANCE,
    PROTEINURIA,
    HYPERTENSION_SYSTOLIC,
    HYPERTENSION_DIASTOLIC,
    EJECTION_FRACTION_DECREASED,
)
