"""Study files → frozen models; versions and their difference; conditions. No clinical knowledge here."""

from grevy.definition.analysis_plan import AnalysisPlan
from grevy.definition.differences import describe_difference
from grevy.definition.editor_schemas import write_json_schemas
from grevy.definition.eligibility import EligibilityResult, evaluate_eligibility
from grevy.definition.inventory import Inventory, inventory
from grevy.definition.loading import load_study
from grevy.definition.mistakes import Mistake, StudyMistakes
from grevy.definition.study import Study
from grevy.definition.values import Problem, find_shown, validate_values
from grevy.definition.wording import Wording, load_wording

__all__ = [
    "AnalysisPlan",
    "EligibilityResult",
    "Inventory",
    "Mistake",
    "Problem",
    "Study",
    "StudyMistakes",
    "Wording",
    "describe_difference",
    "evaluate_eligibility",
    "find_shown",
    "inventory",
    "load_study",
    "load_wording",
    "validate_values",
    "write_json_schemas",
]
