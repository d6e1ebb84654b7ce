"""The engine for a handful of rows: the expressions of the derivations, computed in this process.

While an investigator types, the response of one subject is computed by the very expressions that make the
data sets. An engine made for millions of rows takes longer to plan their statements than a page may take in
all (docs/adr says how long), so for a few dozen rows the expressions are turned into functions once and then
only called. It knows nothing of medicine: what it computes is what DuckDB computes of the same expressions,
and tests hold the two against each other.
"""

from grevy.adam.few_rows.program import Program, write_program
from grevy.adam.few_rows.relations import Rows

__all__ = ["Program", "Rows", "write_program"]
