"""A small cohort as SAS transport files with its Define-XML, for a checker that is not ours.

    python -m benchmarks.conformance_export FOLDER [SUBJECTS] [--plant]

Data sets without a record are left out: they are no part of a submission, and checkers cannot read them.
With `--plant` one adverse event ends before it began, which a checker has to find.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from grevy.cli import OWN_STUDY
from grevy.cli.pipeline import simulate_tabulation
from grevy.definition import Study, load_study
from grevy.exchange import write_tabulation

SUBJECTS = 20
SEED = 20251
EARLIER = "1999-12-31"


def plant_early_end(events: pa.Table) -> pa.Table:
    """Let the first adverse event that has an end and a complete start end long before it began."""
    complete = pc.and_(pc.is_valid(events["AEENDTC"]), pc.equal(pc.utf8_length(events["AESTDTC"]), 10))
    row = pc.indices_nonzero(pc.fill_null(complete, False))[0].as_py()
    ends = events["AEENDTC"].to_pylist()
    ends[row] = EARLIER
    index = events.schema.get_field_index("AEENDTC")
    return events.set_column(index, "AEENDTC", pa.array(ends, pa.string()))


def write_export(sdtm: Mapping[str, pa.Table], study: Study, folder: Path, *, plant: bool) -> None:
    """Write the data sets that have records, and their Define-XML: no manifest stands among them."""
    tables = {name: table for name, table in sdtm.items() if table.num_rows}
    if plant:
        tables["AE"] = plant_early_end(tables["AE"])
    write_tabulation(tables, folder, "xpt", study=study)
    print(f"{len(tables)} data sets, {sum(t.num_rows for t in tables.values()):,} records: {folder}")


def main(arguments: list[str]) -> int:
    """Simulate, tabulate and write."""
    given = [argument for argument in arguments if argument != "--plant"]
    if not given:
        print(__doc__)
        return 2
    subjects = int(given[1]) if len(given) > 1 else SUBJECTS
    study = load_study(OWN_STUDY)
    _, source = simulate_tabulation(study, seed=SEED, subjects=subjects)
    write_export(source.sdtm, study, Path(given[0]), plant="--plant" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
