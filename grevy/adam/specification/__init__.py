"""The specification of the analysis data sets: what each variable is, where it comes from, how it is made.

Checks, Define-XML, the labels of transport files and the reference pages are made from it. What is built is
held to it by the tests: a variable or parameter that is not declared here fails them.
"""

from grevy.adam.specification.code_lists import CODE_LISTS, DICTIONARIES
from grevy.adam.specification.declaration import SUBSETS, DataSet, Parameter, Variable
from grevy.adam.specification.exposure import ADEX
from grevy.adam.specification.measurements import ADCV, ADECOG, ADEG, ADLB, ADQS, ADVS
from grevy.adam.specification.occurrences import ADAE, ADCM, ADDV, ADMH, ADPR
from grevy.adam.specification.subjects import ADSL
from grevy.adam.specification.tumor import ADRS, ADTR, ADTTE

__all__ = ["CODE_LISTS", "DATA_SETS", "DICTIONARIES", "SUBSETS", "DataSet", "Parameter", "Variable"]

_ALL = (ADSL, ADTR, ADRS, ADTTE, ADAE, ADEX, ADCM, ADMH, ADPR, ADDV, ADLB, ADVS, ADEG, ADCV, ADECOG, ADQS)
DATA_SETS: dict[str, DataSet] = {data_set.name: data_set for data_set in _ALL}
