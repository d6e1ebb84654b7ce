"""The same expressions on DuckDB and on Apache Spark give the same rows, to the last digit."""

from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from grevy.adam import build_adam
from grevy.definition import Study, load_study
from grevy.sdtm import build_sdtm
from grevy.sdtm.domains import DOMAINS, build_empty, conform
from grevy.simulate import simulate_tables
from tests.oracles.generate import generate_subjects
from tests.oracles.subjects import conform_all, tabulate

STUDY = Path(__file__).parents[2] / "studies" / "surufatinib_nen"
GENERATED = 2_000
DEMO_SEED = 1
SUBJECTS = 30  # some 15,000 laboratory results; the corners of responses are among the generated ones

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def study():
    return load_study(STUDY)


def tabulate_demo(study: Study) -> dict[str, pa.Table]:
    """A cohort as the demo has it, smaller, as conformed SDTM."""
    tables = simulate_tables(study, DEMO_SEED, subjects=SUBJECTS)
    forms = {name: ibis.memtable(table) for name, table in tables.items()}
    sdtm = build_sdtm(forms, study)
    return {
        name: conform(sdtm[name], name).to_pyarrow() if name in sdtm else build_empty(name).to_pyarrow()
        for name in DOMAINS
    }


def tabulate_generated() -> dict[str, pa.Table]:
    """Generated subjects in which the corner cases occur."""
    tables = conform_all(tabulate(generate_subjects(GENERATED, seed=20260131)))
    return {name: table.to_pyarrow() for name, table in tables.items()}


def derive_on_spark(spark, sdtm: dict[str, pa.Table], plan) -> dict[str, pa.Table]:
    tables = {}
    for name, table in sdtm.items():
        spark._session.createDataFrame(table).createOrReplaceTempView(f"input_{name}")
        tables[name] = spark.table(f"input_{name}")
    return {name: table.to_pyarrow() for name, table in build_adam(tables, plan).items()}


def derive_on_duckdb(sdtm: dict[str, pa.Table], plan) -> dict[str, pa.Table]:
    tables = {name: ibis.memtable(table) for name, table in sdtm.items()}
    return {name: table.to_pyarrow() for name, table in build_adam(tables, plan).items()}


def differing_columns(one: pa.Table, other: pa.Table) -> list[str]:
    """Columns in which two tables differ once both are in the order of their keys."""
    keys = [(key, "ascending") for key in ("STUDYID", "USUBJID", "ASEQ")]
    one, other = one.sort_by(keys), other.select(one.column_names).sort_by(keys)
    return [name for name in one.column_names if one[name].to_pylist() != other[name].to_pylist()]


def test_duckdb_and_spark_agree_exactly(spark, study):
    """Both kinds of subjects in one study: Spark takes most of its time to plan, not to compute."""
    demo, generated = tabulate_demo(study), tabulate_generated()
    assert not {*demo["DM"]["USUBJID"].to_pylist()} & {*generated["DM"]["USUBJID"].to_pylist()}
    sdtm = {
        name: pa.concat_tables([table, generated[name].select(table.column_names)])
        for name, table in demo.items()
    }
    on_duckdb, on_spark = derive_on_duckdb(sdtm, study.analysis), derive_on_spark(spark, sdtm, study.analysis)
    assert on_duckdb["ADTTE"].num_rows > 300
    assert {name: differing_columns(table, on_spark[name]) for name, table in on_duckdb.items()} == {
        name: [] for name in on_duckdb
    }


def test_a_planted_difference_is_seen():
    table = pa.table({"STUDYID": ["S"], "USUBJID": ["1"], "ASEQ": [1], "AVAL": [1.0]})
    other = table.set_column(3, "AVAL", pa.array([1.0000000000000002]))
    assert differing_columns(table, other) == ["AVAL"]
