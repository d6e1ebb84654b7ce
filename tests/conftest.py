"""What every kind of test may ask for."""

from pathlib import Path

import pytest

from grevy.definition import Study, load_study


@pytest.fixture(scope="session")
def study() -> Study:
    """The surufatinib study as it stands in the repository."""
    return load_study(Path(__file__).parents[1] / "studies" / "surufatinib_nen")
