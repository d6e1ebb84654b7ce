"""Texts of a study in both languages, and those whose Chinese is still to be written."""

import re
from collections.abc import Iterator

from grevy.definition.study import Study

SAME_IN_BOTH = frozenset(
    (
        *("68Ga-DOTANOC", "68Ga-DOTATATE", "68Ga-DOTATOC", "EQ-5D-5L", "CT", "MRI", "PET/CT"),
        *("NET G1", "NET G2", "NET G3", "NX", "TX", "GBq", "IU", "mL", "mg/kg", "mg/m²", "μg", "µg"),
    )
)
"""Names and symbols that Chinese readers write in Latin letters, beside the units of the study."""

_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile("[A-Za-zµμ]{2}")
_AMOUNT = re.compile(r"[\d.]+ ")


def list_texts(study: Study) -> list[tuple[str, str]]:
    """Every text of a study as English and Chinese."""
    return list(_walk(study.model_dump()))


def list_untranslated(study: Study) -> list[str]:
    """Texts whose Chinese has words but no Chinese character, without names, units and amounts of them."""
    same = SAME_IN_BOTH | study.units.keys() | {unit.zh for unit in study.units.values()}
    return sorted({en for en, zh in list_texts(study) if _lacks_chinese(zh) and _name(zh) not in same})


def _lacks_chinese(text: str) -> bool:
    return bool(_WORD.search(text)) and not _CHINESE.search(text)


def _name(text: str) -> str:
    """The text without a number before it: `250 mg` is as well known as `mg`."""
    return _AMOUNT.sub("", text, count=1) if _AMOUNT.match(text) else text


def _walk(content: object) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        if "en" in content and "zh" in content:
            yield content["en"], content["zh"]
        for value in content.values():
            yield from _walk(value)
    elif isinstance(content, (list, tuple)):
        for value in content:
            yield from _walk(value)
