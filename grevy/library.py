"""Grevy in a notebook: the folder of a run as data frames, tables as printed, numbers traced and explained.

Reads what the commands wrote and computes nothing of its own: a number here is the number of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from grevy.definition import Study

LAYERS = ("adam", "sdtm")
FONTS = "Source Sans 3, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
STUDY = Path(__file__).parents[1] / "studies" / "surufatinib_nen"


@dataclass(frozen=True)
class Run:
    """What `grevy analyse` or `grevy report` left in a folder. Files are read when they are asked for."""

    folder: Path
    study: Study = field(repr=False)
    _read: dict[Path, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def data_sets(self) -> dict[str, list[str]]:
        """Names of the data sets by layer: `adam` (analysis) and `sdtm` (tabulation)."""
        return {
            layer: [path.stem.upper() for path in sorted((self.folder / layer).glob("*.parquet"))]
            for layer in LAYERS
        }

    def __getitem__(self, name: str) -> pd.DataFrame:
        """One data set by its CDISC name, such as ADTTE or AE; one row per record.

        KeyError names the data sets of the run where this one is not among them.
        """
        for layer in LAYERS:
            path = self.folder / layer / f"{name.lower()}.parquet"
            if path.is_file():
                return self._frame(path)
        held = ", ".join(name for names in self.data_sets.values() for name in names)
        raise KeyError(f"{name}: no such data set in {self.folder}; it has {held}.")

    def results(self, output: str | None = None, parameter: str | None = None) -> pd.DataFrame:
        """All results, or those of an output (T14.2.1) or a parameter (PFS): one row per number.

        `value` has full precision, `value_text` is what is printed.
        """
        rows = self._frame(self.folder / "results.parquet")
        if output is not None:
            rows = rows[rows["output_id"] == self._known_output(output)]
        if parameter is not None:
            rows = rows[rows["parameter"] == parameter]
        return rows.reset_index(drop=True)

    def table(self, output: str, language: str = "en") -> pd.DataFrame:
        """An output as it is printed: one row per line, headings among them, one column per column."""
        from grevy.report.grid import lay_out

        view = self._view(output)
        if view.table is None:
            reason = view.empty or view.title
            return pd.DataFrame({self._known_output(output): [reason.in_language(language)]})
        grid = lay_out(view.table, language)
        heads = [f"{head.label} (N = {head.n})" if head.n else head.label for head in grid.heads]
        lines = [
            [" ".join(value.text for value in cell) for cell in line.cells] or [""] * len(heads)
            for line in grid.lines
        ]
        labels = ["\u2003" * line.indent + line.label for line in grid.lines]
        return pd.DataFrame(lines, columns=heads, index=pd.Index(labels, name=grid.stub or None))

    def figures(self, output: str, language: str = "en") -> list[Figure]:
        """The drawings of a figure; a notebook shows them."""
        from grevy.report.svg import as_print

        return [
            Figure(as_print(str(drawing.in_language(language)), FONTS), drawing.alt.in_language(language))
            for drawing in self._view(output).drawings
        ]

    def records(self, result_id: str) -> pd.DataFrame:
        """The analysis records that a number was made from, whole; none where it was made from none.

        LookupError where the run has no such result.
        """
        rows = self._frame(self.folder / "results.parquet")
        found = rows[rows["result_id"] == result_id]
        if found.empty:
            raise LookupError(f"{result_id}: no such result in {self.folder}; results() lists all of them.")
        trace = self._frame(self.folder / "trace.parquet")
        named = trace[trace["trace_key"] == found["trace_key"].iat[0]]
        if named.empty:
            return named.drop(columns="trace_key")
        keys = ["USUBJID", "ASEQ"]
        return self[named["dataset"].iat[0]].merge(named[keys], on=keys).reset_index(drop=True)

    def explain(self, what: str, subject: str | None = None, language: str = "en") -> str:
        """Where a result or a subject's records in a data set are from, as `grevy explain` tells it."""
        from grevy.report import explain

        return explain(self.folder, what, subject, lang=language, study=self.study)

    def _known_output(self, output: str) -> str:
        held = dict.fromkeys(self._frame(self.folder / "results.parquet")["output_id"])
        if output not in held:
            raise LookupError(f"{output}: no such output in {self.folder}; it has {', '.join(held)}.")
        return output

    def _view(self, output: str) -> Any:
        from grevy.report.document import view_output
        from grevy.report.outputs import list_outputs
        from grevy.report.result_rows import read_result_rows

        self._known_output(output)
        rows = read_result_rows(pq.read_table(self.folder / "results.parquet"))
        declared = next(found for found in list_outputs([output]) if found.id == output)
        return view_output(declared, rows, [], False)

    def _frame(self, path: Path) -> pd.DataFrame:
        if path not in self._read:
            self._read[path] = pq.read_table(path).to_pandas()
        return self._read[path].copy()


@dataclass(frozen=True)
class Figure:
    """One drawing as SVG, with the words that stand for it where it is not seen."""

    svg: str = field(repr=False)
    alt: str

    def _repr_html_(self) -> str:
        return self.svg


def load_run(folder: Path | str, study: Study | Path | str = STUDY) -> Run:
    """Open the folder of a run. FileNotFoundError where it is none."""
    place = Path(folder)
    if not (place / "results.parquet").is_file():
        raise FileNotFoundError(
            f"{place} has no results.parquet; give the folder that `grevy analyse` or `grevy report` wrote."
        )
    return Run(place, _load_study(study))


def analyse(
    sdtm: Path | str | Mapping[str, pd.DataFrame],
    out: Path | str,
    *,
    study: Study | Path | str = STUDY,
    cutoff: date | None = None,
    switches: Mapping[str, object] | None = None,
    documents: Iterable[str] = (),
) -> Run:
    """Analyse tabulation data, from a folder or as data frames by domain, and open the run.

    Does what `grevy analyse` does, with the files in `out`. ValueError for an unknown switch or value,
    `grevy.exchange.ExchangeErrors` with every mistake of the data.
    """
    from grevy.cli.pipeline import Source, Wanted, analyse_tables, write_formats
    from grevy.cli.run_folder import make_run_folder
    from grevy.exchange import read_tabulation

    loaded = _load_study(study)
    plan = loaded.analysis.with_values({key: str(value) for key, value in (switches or {}).items()})
    if isinstance(sdtm, Mapping):
        with TemporaryDirectory() as place:  # frames pass the same checks as files
            for name, frame in sdtm.items():
                frame.to_parquet(Path(place) / f"{name.lower()}.parquet", index=False)
            tabulation = read_tabulation(Path(place))
    else:
        tabulation = read_tabulation(Path(sdtm))
    notes = tuple(map(str, tabulation.notes))
    source = Source(tabulation.tables, tabulation.snapshot_id, notes=notes, as_of=tabulation.as_of)
    with make_run_folder(Path(out)) as folder:
        write_formats(source, folder, ("parquet",))
        wanted = Wanted(documents=tuple(documents), earlier=Path(out))
        analyse_tables(source, loaded, plan, cutoff=cutoff, folder=folder, wanted=wanted)
    return Run(Path(out), loaded)


def simulate(subjects: int, seed: int = 1, study: Study | Path | str = STUDY) -> dict[str, pd.DataFrame]:
    """Tabulation data of virtual patients: one data frame per SDTM domain, the same for the same seed."""
    from grevy.cli.pipeline import simulate_tabulation

    _, source = simulate_tabulation(_load_study(study), seed=seed, subjects=subjects)
    return {name: table.to_pandas() for name, table in source.sdtm.items()}


def _load_study(study: Study | Path | str) -> Any:
    from grevy.definition import load_study

    return load_study(Path(study)) if isinstance(study, Path | str) else study
