"""Analysis results of the study's endpoints (ARM 1.0): which display shows them, from which records."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import groupby

from grevy.definition import AnalysisPlan
from grevy.definition.analysis_plan import Endpoint
from grevy.exchange.define.parts import Analysis, Condition, Display, Used
from grevy.results import OUTPUTS
from grevy.results.frames import SET_FLAGS


@dataclass(frozen=True)
class Shown:
    """The output that shows a parameter, and the variables of its data set that the output analyses."""

    output: str
    data_set: str
    variables: tuple[str, ...]
    by: str = "PARAMCD"


SHOWN = {
    "PFS": Shown("T14.2.1", "ADTTE", ("AVAL", "CNSR")),
    "OS": Shown("T14.2.3", "ADTTE", ("AVAL", "CNSR")),
    "CBOR": Shown("T14.2.4", "ADRS", ("AVALC",)),
    "CRSD": Shown("T14.2.5", "ADTTE", ("AVAL", "CNSR")),
    "CTTR": Shown("T14.2.5", "ADTTE", ("AVAL",)),
    "TRTEMFL": Shown("T14.3.1.1", "ADAE", ("AEDECOD", "ATOXGR"), by="TRTEMFL"),
}
"""Parameter of an endpoint to where its main result is printed."""

PURPOSES = {
    "primary": "PRIMARY OUTCOME MEASURE",
    "secondary": "SECONDARY OUTCOME MEASURE",
    "safety": "SECONDARY OUTCOME MEASURE",
}


def list_displays(plan: AnalysisPlan, data_sets: Set[str]) -> tuple[Display, ...]:
    """The displays of the endpoints whose data sets are there, each with its results."""
    shown = [(SHOWN[one.parameter], one) for one in plan.endpoints if one.parameter in SHOWN]
    there = [pair for pair in shown if {pair[0].data_set, "ADSL"} <= data_sets]
    ordered = sorted(there, key=lambda pair: _ORDER[pair[0].output])
    return tuple(
        Display(
            f"RD.{output}",
            output,
            _OUTPUTS[output].title.en,
            tuple(_describe_results(output, [(place, one) for place, one in pairs], plan)),
        )
        for output, pairs in groupby(ordered, key=lambda pair: pair[0].output)
    )


_OUTPUTS = {output.id: output for output in OUTPUTS}
_ORDER = {output.id: place for place, output in enumerate(OUTPUTS)}


def _describe_results(
    output: str, pairs: list[tuple[Shown, Endpoint]], plan: AnalysisPlan
) -> Iterator[Analysis]:
    flag = SET_FLAGS[_OUTPUTS[output].set_in_force(plan)]
    subjects = Used("IG.ADSL", Condition(f"WC.ADSL.{flag}.Y", f"IT.ADSL.{flag}", "Y"), (f"IT.ADSL.{flag}",))
    for place, endpoint in pairs:
        name = place.data_set
        value = endpoint.parameter if place.by == "PARAMCD" else "Y"
        condition = Condition(f"WC.{name}.{place.by}.{value}", f"IT.{name}.{place.by}", value)
        records = Used(
            f"IG.{name}", condition, tuple(f"IT.{name}.{variable}" for variable in place.variables)
        )
        yield Analysis(
            oid=f"AR.{output}.{endpoint.id}",
            title=endpoint.label.en,
            parameter=condition.of if place.by == "PARAMCD" else "",
            purpose=PURPOSES[endpoint.kind],
            words=endpoint.definition.en,
            used=(subjects, records),
        )
