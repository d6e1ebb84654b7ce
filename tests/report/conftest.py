"""The small run that the tests of the report share."""

from pathlib import Path
from typing import Any

import pytest
from report_run import Run, build_small_run

from grevy.definition import load_study


@pytest.fixture(scope="session")
def study() -> Any:
    return load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


@pytest.fixture(scope="session")
def run(study: Any) -> Run:
    return build_small_run(study)
