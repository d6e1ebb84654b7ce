"""Soft and hard ranges of items: bounds in the type of the item, and their consistency."""

from grevy.definition.forms import Item, Range
from grevy.definition.partial_values import read_date, read_datetime, read_decimal, read_partial_date
from grevy.definition.study_files import Step, StudyFile

_RANGED = ("integer", "decimal", "quantity", "date", "partial_date", "datetime")


def read_bound(type_: str, text: str | None, *, last: bool = False) -> object:
    """A bound in the type of its item; the high bound of a partial date is its last possible day."""
    if type_ == "partial_date":
        days = read_partial_date(text)
        return None if days is None else days[1 if last else 0]
    if type_ == "date":
        return read_date(text)
    return read_datetime(text) if type_ == "datetime" else read_decimal(text)


def check_ranges(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    for word in ("soft", "hard"):
        limits: Range | None = getattr(item, word)
        if limits is None:
            continue
        line = file.line(*path, word)
        if item.type not in _RANGED:
            file.report(
                line,
                f"item '{item.name}' has a range but is of type {item.type}; allowed: {', '.join(_RANGED)}.",
                found=item.type,
                allowed=", ".join(_RANGED),
            )
            return
        bounds = (read_bound(item.type, limits.low), read_bound(item.type, limits.high, last=True))
        for text, bound in zip((limits.low, limits.high), bounds, strict=True):
            if text is not None and bound is None:
                file.report(
                    line,
                    f"item '{item.name}' has the {word} bound '{text}'; allowed: type {item.type}.",
                    found=text,
                    allowed=item.type,
                )
        if limits.low is None and limits.high is None:
            file.report(
                line,
                f"item '{item.name}' has an empty {word} range. Give low, high or both.",
                found="no bound",
                allowed="low, high",
            )
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            found = f"{limits.low} to {limits.high}"
            file.report(
                line,
                f"item '{item.name}' has the {word} range {found}, upside down. Exchange the bounds.",
                found=found,
                allowed="low not above high",
            )
    _check_soft_inside_hard(file, item, path)


def _check_soft_inside_hard(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    if not item.soft or not item.hard:
        return
    for word, sign in (("low", 1), ("high", -1)):
        soft, hard = (
            read_bound(item.type, getattr(limits, word), last=sign < 0) for limits in (item.soft, item.hard)
        )
        outside = soft is not None and hard is not None and (soft < hard if sign > 0 else soft > hard)  # type: ignore[operator]
        if outside:
            found = f"{getattr(item.soft, word)}, hard {getattr(item.hard, word)}"
            file.report(
                file.line(*path, "soft"),
                f"item '{item.name}' has soft {word} {found}; the soft range must lie inside "
                "the hard one. Correct one of them.",
                found=found,
                allowed="soft inside hard",
            )
