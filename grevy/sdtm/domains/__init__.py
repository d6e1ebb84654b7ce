"""The SDTM domains Grevy writes and reads: names, labels, types and core designation of their variables.

Tables of declarations after SDTMIG 3.4, one module per class (for each domain all required and expected
variables, and the permissible ones that are used here or that other systems commonly fill). The same tables
conform what another system tabulated, label transport files, and make the Define-XML. `conform` is the door:
behind it a derivation may rely on every variable being there, with its type.
"""

from grevy.sdtm.domains.catalog import DOMAINS, get_domain
from grevy.sdtm.domains.conforming import build_empty, conform, select_variables
from grevy.sdtm.domains.declaration import Domain, Variable

__all__ = ["DOMAINS", "Domain", "Variable", "build_empty", "conform", "get_domain", "select_variables"]
