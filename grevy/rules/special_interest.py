"""Adverse events of special interest under an inhibitor of the VEGF receptors.

Groups with the terms they are looked for by, in small letters; MedDRA is licensed, and a study that has it
looks by its codes instead. The list is the one of the class; the surufatinib trials analyzed hypertension,
proteinuria, hemorrhage and hepatic failure among them.
"""

from dataclasses import dataclass

from grevy.rules.words import Words


@dataclass(frozen=True)
class InterestGroup:
    """A group of events, the words that put a term into it, and the grade it begins with."""

    code: str
    label: Words
    words: tuple[str, ...]
    from_grade: int = 1


SPECIAL_INTEREST: tuple[InterestGroup, ...] = (
    InterestGroup(
        "HYPERTENSION",
        Words("Hypertension", "高血压"),
        ("hypertension", "hypertensive", "blood pressure increased"),
    ),
    InterestGroup(
        "PROTEINURIA",
        Words("Proteinuria", "蛋白尿"),
        ("proteinuria", "protein urine present", "urinary protein increased", "nephrotic"),
    ),
    InterestGroup(
        "HEMORRHAGE",
        Words("Hemorrhage", "出血"),
        (
            "hemorrhage",
            "haemorrhage",
            "bleeding",
            "epistaxis",
            "hemoptysis",
            "haemoptysis",
            "hematuria",
            "haematuria",
            "melena",
            "melaena",
            "hematemesis",
            "haematemesis",
            "hematochezia",
            "haematochezia",
            "occult blood",
        ),
    ),
    InterestGroup(
        "HEPATIC",
        Words("Hepatic disorder", "肝脏异常"),
        (
            "hepatic failure",
            "hepatitis",
            "liver injury",
            "alanine aminotransferase increased",
            "aspartate aminotransferase increased",
            "bilirubin increased",
            "hepatic function abnormal",
        ),
    ),
    InterestGroup(
        "RENAL_FAILURE", Words("Acute renal failure", "急性肾衰竭"), ("acute kidney injury", "renal failure")
    ),
    InterestGroup(
        "THROMBOEMBOLISM",
        Words("Thromboembolism", "血栓栓塞"),
        ("thrombo", "embolism", "stroke", "cerebral infarction", "thrombosis"),
    ),
    InterestGroup(
        "CARDIAC",
        Words("Cardiac disorder", "心脏异常"),
        (
            "heart failure",
            "cardiac failure",
            "ejection fraction",
            "left ventricular",
            "qt corrected",
            "qt prolonged",
            "myocardial",
            "angina",
            "cardiomyopathy",
        ),
    ),
    InterestGroup(
        "PERFORATION",
        Words("Gastrointestinal perforation or fistula", "胃肠穿孔或瘘"),
        ("perforation", "fistula"),
    ),
    InterestGroup(
        "WOUND_HEALING",
        Words("Wound-healing complication", "伤口愈合并发症"),
        ("wound complication", "impaired healing", "wound dehiscence", "impaired wound healing"),
    ),
    InterestGroup(
        "THYROID",
        Words("Thyroid dysfunction", "甲状腺功能异常"),
        ("hypothyroidism", "hyperthyroidism", "thyroid", "tsh increased"),
    ),
    InterestGroup(
        "RPLS",
        Words("Posterior reversible encephalopathy", "可逆性后部脑病"),
        ("leukoencephalopathy", "reversible encephalopathy"),
    ),
    InterestGroup(
        "IMMUNE",
        Words("Pneumonitis and other immune-related events", "肺炎及其他免疫相关事件"),
        ("pneumonitis", "immune-mediated", "immune-related", "myocarditis", "interstitial lung disease"),
    ),
    InterestGroup("INFECTION", Words("Infection", "感染"), ("infection", "pneumonia", "sepsis")),
    InterestGroup(
        "HAND_FOOT",
        Words("Hand-foot syndrome", "手足综合征"),
        ("palmar-plantar erythrodysesthesia", "palmar-plantar erythrodysaesthesia", "hand-foot"),
    ),
    InterestGroup(
        "DIARRHEA",
        Words("Diarrhea of grade 3 or more", "3级及以上腹泻"),
        ("diarrhea", "diarrhoea"),
        from_grade=3,
    ),
)

NOT_OF_INTEREST = ("thrombocyt", "thromboplastin", "portal hypertension", "pulmonary hypertension")
"""Terms that contain a word of a group and mean something else."""


def find_interest_groups(term: str, grade: int | None) -> list[str]:
    """Codes of the groups an event belongs to by its term and grade; a grade not known is at least 1."""
    written = term.casefold()
    for other in NOT_OF_INTEREST:
        written = written.replace(other, "")
    return [
        group.code
        for group in SPECIAL_INTEREST
        if (grade or 1) >= group.from_grade and any(word in written for word in group.words)
    ]
