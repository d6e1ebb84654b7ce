"""JSON Schemas of the study files, so that an editor completes keys and marks mistakes while one writes."""

import json
from pathlib import Path

from pydantic import BaseModel

from grevy.definition.analysis_plan import AnalysisFile
from grevy.definition.forms import CodeListFile, Form
from grevy.definition.instruments import Instrument
from grevy.definition.schedule import ScheduleFile
from grevy.definition.study import EligibilityFile, StudyIdentity
from grevy.definition.terminology import TerminologyFile
from grevy.definition.terms import TermsFile
from grevy.definition.trial_design import TrialDesignFile
from grevy.definition.wording import WordingFile

FILES: dict[str, type[BaseModel]] = {
    "study": StudyIdentity,
    "schedule": ScheduleFile,
    "eligibility": EligibilityFile,
    "form": Form,
    "codelists": CodeListFile,
    "analysis": AnalysisFile,
    "instrument": Instrument,
    "wording": WordingFile,
    "trial_design": TrialDesignFile,
    "terms": TermsFile,
    "terminology_extensions": TerminologyFile,
}


def build_json_schemas() -> dict[str, str]:
    """File name → JSON Schema, as text that is the same every time."""
    schemas = {}
    for name, model in FILES.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(by_alias=True),
        }
        schemas[f"{name}.schema.json"] = (
            json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        )
    return schemas


def write_json_schemas(folder: str | Path) -> list[Path]:
    """Write one schema per kind of file into a folder and say which."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in build_json_schemas().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
