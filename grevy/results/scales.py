"""The scales of questionnaires as tables name them: in the order of their scoring tables."""

from dataclasses import dataclass

from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.rules.questionnaires import HIGHER_IS_BETTER, SCALE_LABELS, find_scale_label

INSTRUMENTS = {
    "EORTC QLQ-C30": Label("QLQ-C30", "QLQ-C30"),
    "EORTC QLQ-GINET21": Label("QLQ-GI.NET21", "QLQ-GI.NET21"),
    "EORTC QLQ-GI.NET21": Label("QLQ-GI.NET21", "QLQ-GI.NET21"),
    "ADHERENCE": Label("Adherence", "依从性"),
}
PRIMARY = Label(" (primary)", "（主要）")


@dataclass(frozen=True)
class ScaleOfData:
    """A score that the data have, of which it is known which end is good."""

    code: str
    label: Label
    higher_is_better: bool
    is_primary: bool


def name_instrument(instrument: str) -> Label:
    """The short name of a questionnaire."""
    short = next((name for start, name in INSTRUMENTS.items() if instrument.startswith(start)), None)
    return short or Label(instrument, instrument)


def name_scale(instrument: str, code: str, parameter: str) -> Label:
    """A scale with its questionnaire."""
    words, name = find_scale_label(code), name_instrument(instrument)
    return Label(
        f"{name.en}: {words.en if words else parameter}", f"{name.zh}：{words.zh if words else parameter}"
    )


def place_scale(instrument: str, code: str) -> tuple[int, str, str]:
    """Scales in the order of their scoring tables, others by name after them."""
    order = list(SCALE_LABELS)
    return (order.index(code) if code in order else len(order), instrument, code)


def list_scales(data: AnalysisData) -> list[ScaleOfData]:
    """The scores of 0 to 100 in the data, in order."""
    adqs = data["ADQS"]
    known = adqs[adqs["PARAMCD"].isin(HIGHER_IS_BETTER)]
    names = known[["PARCAT1", "PARAMCD", "PARAM"]].drop_duplicates("PARAMCD").itertuples(index=False)
    found = sorted(((str(a), str(b), str(c)) for a, b, c in names), key=lambda name: place_scale(*name[:2]))
    scales = []
    for instrument, code, parameter in found:
        label, is_primary = name_scale(instrument, code, parameter), code in data.plan.primary_scales
        if is_primary:
            label = Label(label.en + PRIMARY.en, label.zh + PRIMARY.zh)
        if code in data.plan.scale_points:  # the footnotes say those of all others
            own = f"{data.plan.find_points(code):g}"
            label = Label(f"{label.en} [threshold {own} points]", f"{label.zh}【界值{own}分】")
        scales.append(ScaleOfData(code, label, HIGHER_IS_BETTER[code], is_primary))
    return scales
