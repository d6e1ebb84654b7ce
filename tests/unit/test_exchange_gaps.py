"""What another system's data cannot tell is left out of the report with the reason, and told once."""

import pyarrow as pa
import pytest

from grevy.exchange import describe_gaps, list_left_out
from grevy.sdtm.domains import DOMAINS

WHOLE = {
    name: pa.table({variable.name: ["x"] for variable in domain.variables})
    for name, domain in DOMAINS.items()
}


def without(*names):
    """All domains with all variables, but for these: a domain, or a variable of one."""
    tables = {name: table for name, table in WHOLE.items() if name not in names}
    for name in names:
        domain, _, variable = name.partition(".")
        if variable:
            tables[domain] = tables[domain].drop_columns([variable])
    return tables


def test_whole_data_have_no_gap():
    assert describe_gaps(WHOLE) == ()


@pytest.mark.parametrize(
    ("missing", "outputs"),
    [
        (["MH"], {"T14.1.8"}),
        (["DV"], {"T14.1.4"}),
        (["PR"], {"T14.1.9.2"}),
        (["AE.AEREL"], {"T14.3.1.5"}),
        (["AE.AESER"], {"T14.3.1.6", "L14.3.2.2"}),
        (["AE.AEACN"], {"T14.3.1.7"}),
        (["AE.AEOUT", "AE.AESDTH"], {"T14.3.1.8"}),
        (["AE.AETOXGR"], {"T14.3.1.3", "T14.3.1.4", "F14.3.1", "F14.3.2", "F14.3.6"}),
        # one of the two says who died
        (["AE.AESDTH"], set()),
    ],
)
def test_an_output_that_could_only_print_zeros_is_left_out(missing, outputs):
    gaps = describe_gaps(without(*missing))
    assert set(list_left_out(gaps)) == outputs
    assert len(gaps) == bool(outputs)
