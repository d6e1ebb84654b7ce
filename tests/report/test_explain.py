"""The walk as text: one sentence with rule, settings and deciding record, then the chain to the entries."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from report_run import Run

from grevy.report import explain

PFS_OF_A_PATIENT = """\
01-001 has an event for progression-free survival on 2025-06-23 (day 169): disease progression. \
Deciding record: ADRS 5. Settings in force: pfs.rule_set = fda; recist.pd_sum_date = earliest.
  ADTTE 1: progression-free survival, 2025-06-23, disease progression
    ADRS 5: overall response at the visit, Imaging 3, PD, 2025-06-23 \
[PD: sum at least 20% and 5 mm above nadir]
      ADRS 6: target lesion response, Imaging 3, PD, 2025-06-23 [PD: sum at least 20% and 5 mm above nadir]
        ADTR 6: sum of diameters, Imaging 3, 45, -10, 2025-06-23
          ADTR 5: diameter of a target lesion, T1, Imaging 3, 45, 2025-06-23
            TR 3: T1, LDIAM, 45.0, mm, 2025-06-23
              Tumor assessment, Tumor imaging 3
                Revision 1 (used), li.na (CRC), 2025-01-06 14:00:00 UTC, first entry
                  Lesion number: T1
                  State: Measured
                  Longest diameter (nodes: short axis): 45 mm"""

SEX_OF_A_PATIENT = """\
T14.1.5|SEX|F|TOTAL：1 (33.3%)
T14.1.5，女，合计
分析集 FAS；数据集 ADSL；方法 count。
该数字对应 1 例受试者的 1 条分析记录，全部列于下方。
- 01-002：64，女，联合，NET G3，2025-01-06。
  ADSL 1：64，女，联合，NET G3，2025-01-06
    DM：1960，女
      人口统计学资料，筛选
        第 1 次修订 (采用), li.na (CRC), 2025-01-06 15:00:00 UTC, 首次录入"""


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.write(tmp_path_factory.mktemp("explain") / "run")


def test_endpoint_of_a_patient_down_to_the_entry(folder: Path, study: Any) -> None:
    assert explain(folder, "ADTTE", "01-001", "PFS", study=study) == PFS_OF_A_PATIENT


def test_number_in_chinese_opens_only_the_domain_it_counts(folder: Path, study: Any) -> None:
    assert explain(folder, "T14.1.5|SEX|F|TOTAL", lang="zh", study=study).startswith(SEX_OF_A_PATIENT)


def test_correction_shows_both_values_author_and_reason(folder: Path, study: Any) -> None:
    told = explain(folder, "ADTR", "01-001", "LDIAM", study=study).splitlines()
    corrected = next(i for i, line in enumerate(told) if "Revision 2 (used)" in line)
    assert "chen.wei (PI)" in told[corrected]
    assert told[corrected].endswith("transcription error")
    assert told[corrected + 1].strip() == "Longest diameter (nodes: short axis): 34 mm → 32 mm"
    assert "Revision 1, li.na (CRC)" in told[corrected + 2]


def test_median_lists_its_subjects_and_says_how_to_go_on(folder: Path) -> None:
    told = explain(folder, "T14.2.1|PFS|median|MONO")
    assert "2 subjects with 2 analysis records" in told
    assert told.count("\n- ") == 2
    assert told.splitlines()[-1].startswith("Add a subject")


def test_result_narrowed_to_a_subject_shows_its_chain(folder: Path) -> None:
    told = explain(folder, "T14.2.1|PFS|median|MONO", "SURU-NEN-02-002")
    assert told.count("\n- ") == 1
    assert "Revision 1 (used)" in told


def test_data_of_another_system_end_at_the_tabulation(run: Run, tmp_path: Path) -> None:
    folder = run.write(tmp_path / "run")
    shutil.rmtree(folder / "snapshot")
    (folder / "sdtm" / "trace.parquet").unlink()
    assert "the trail ends at this record" in explain(folder, "ADTTE", "01-001", "PFS")


@pytest.mark.parametrize(
    ("what", "subject", "parameter", "message"),
    [
        ("T99|x", None, None, "no such result, and no data set of this run .ADAE"),
        ("ADTTE", None, None, "needs a subject"),
        ("ADTTE", "99-999", None, "no record of subject 99-999"),
        ("ADTTE", "01-001", "XYZ", "no parameter XYZ for 01-001; it has PFS, OS"),
        ("T14.2.1|PFS|median|MONO", "01-002", None, "01-002 is not behind this number"),
    ],
)
def test_question_without_answer_says_what_is_allowed(
    folder: Path, what: str, subject: str | None, parameter: str | None, message: str
) -> None:
    with pytest.raises(LookupError, match=message):
        explain(folder, what, subject, parameter)
