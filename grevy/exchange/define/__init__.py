"""Define-XML 2.1: what the data sets of a layer are, for whoever reads them without Grevy."""

from grevy.exchange.define.analysis import define_analysis
from grevy.exchange.define.document import write_define
from grevy.exchange.define.tabulation import define_tabulation

DEFINE = "define.xml"

__all__ = ["DEFINE", "define_analysis", "define_tabulation", "write_define"]
