"""Parts of the report by name: an interim safety report for a data-monitoring meeting is a selection."""

from collections.abc import Iterable

from grevy.results.labels import Label
from grevy.results.outputs import OUTPUTS, Output

SELECTIONS: dict[str, tuple[str, ...]] = {"safety": ("T14.1.1", "14.3")}
"""Named selections. Safety: disposition, adverse events with deaths, exposure, laboratory, vital signs, heart
(ICH E3, 14.3)."""
SELECTION_LABELS = {"safety": Label("Interim safety report", "中期安全性报告")}
ALWAYS = "T14.1.2"
"""The analysis sets belong to every selection: the N of each output is read from them."""


def select_outputs(only: Iterable[str] = ()) -> tuple[Output, ...]:
    """The outputs that the names choose, in the order of the report; no name, all of them.

    A name is a selection (`safety`), an output (`T14.1.1`) or a section with all below it (`14.3`).
    ValueError says which names choose nothing.
    """
    names = [part for name in only for part in SELECTIONS.get(name, (name,))]
    if not names:
        return OUTPUTS
    unknown = [name for name in names if not any(_is_within(output.id, name) for output in OUTPUTS)]
    if unknown:
        raise ValueError(
            f"{', '.join(unknown)}: no such output; give an output (T14.2.1), a section (14.3) or a "
            f"selection ({', '.join(SELECTIONS)})."
        )
    return tuple(o for o in OUTPUTS if o.id == ALWAYS or any(_is_within(o.id, name) for name in names))


def _is_within(output_id: str, name: str) -> bool:
    """Whether an output is the named one, or stands in the section of that number."""
    number = output_id[1:].lstrip("-")
    return output_id == name or number == name or number.startswith(f"{name}.")
