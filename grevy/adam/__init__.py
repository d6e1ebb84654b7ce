"""Analysis data sets (ADaM) from tabulation data: the decisions of the analysis plan, no statistics."""

from grevy.adam.build import build_adam

__all__ = ["build_adam"]
