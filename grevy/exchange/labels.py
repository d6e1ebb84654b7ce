"""Labels of the variables of a domain, and of those that a long text goes on in."""

import pyarrow as pa

from grevy.sdtm.domains import Domain


def find_labels(table: pa.Table, domain: Domain) -> dict[str, str]:
    """Variable to label, in the order of the table; what no domain declares is labelled by its name."""
    declared = {variable.name: variable.label for variable in domain.variables}
    if domain.name == "CO":  # a long comment goes on in variables that no domain declares
        declared |= {f"COVAL{number}": f"{declared['COVAL']} {number}" for number in range(1, 10)}
    return {column: declared.get(column, column) for column in table.column_names}
