"""Study files → frozen models; versions and their difference; conditions. No clinical knowledge lives here."""

from grevy.definition.loading import load_study
from grevy.definition.mistakes import Mistake, StudyMistakes
from grevy.definition.study import Study

__all__ = ["Mistake", "Study", "StudyMistakes", "load_study"]
