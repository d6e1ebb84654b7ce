"""T14.1.5 demographics and T14.1.6 disease history: who the subjects are before treatment."""

from collections.abc import Iterator

import numpy as np

from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.rows import Line, Row
from grevy.results.summaries import ONE_DECIMAL
from grevy.results.variables import (
    Categories,
    Measures,
    SubjectValues,
    estimate_categories,
    estimate_class_counts,
    estimate_measures,
    estimate_set_size,
)

YES_NO = ("Y", "N")

DEMOGRAPHICS: tuple[Categories | Measures, ...] = (
    Measures("AGE", Label("Age, years", "年龄，岁"), "years"),
    Categories("AGEGR1", Label("Age group", "年龄组"), order=("<65", ">=65")),
    Categories("SEX", Label("Sex", "性别"), "sex"),
    Categories("ECOGBL", Label("ECOG performance status", "ECOG体力状况评分"), "ecog"),
    Measures("HEIGHT", Label("Height, cm", "身高，cm"), "cm"),
    Measures("WEIGHT", Label("Weight, kg", "体重，kg"), "kg"),
    Measures("BMI", Label("Body mass index, kg/m²", "体重指数，kg/m²"), "kg/m2", ONE_DECIMAL),
)

DISEASE_HISTORY: tuple[Categories | Measures, ...] = (
    Categories("NENGRP", Label("Disease group", "疾病分组"), order=("NET G1/G2", "NET G3", "NEC/MiNEN")),
    Categories(
        "NENCLASS",
        Label("Class of neuroendocrine neoplasm", "神经内分泌肿瘤病理分类"),
        "nen_class",
    ),
    Categories("PRIMSITE", Label("Primary site", "原发部位"), "primary_site"),
    Categories("DIFFER", Label("Differentiation", "分化程度"), "differentiation"),
    Measures("KI67", Label("Ki-67 index, %", "Ki-67增殖指数，%"), "%"),
    Categories("KI67GR1", Label("Ki-67 class", "Ki-67分组"), order=("<3", "3-20", ">20")),
    Categories("FUNCTNL", Label("Functional tumor", "功能性肿瘤"), order=YES_NO),
    Categories("STAGE", Label("Stage", "分期"), "stage"),
    Categories("LIVERMFL", Label("Liver metastasis", "肝转移"), order=YES_NO),
    Categories("BONEMFL", Label("Bone metastasis", "骨转移"), order=YES_NO),
    Categories("NODEMFL", Label("Lymph node metastasis", "淋巴结转移"), order=YES_NO),
    Categories("METORGN", Label("Organs with metastasis", "转移器官数")),
    Categories("LINE", Label("Line of therapy", "治疗线数"), order=("1", "2", "3+")),
    Categories("SSTR", Label("Somatostatin receptor imaging", "生长抑素受体显像"), "sstr"),
)


def estimate_demographics(data: AnalysisData) -> Iterator[Row]:
    """T14.1.5: age, sex, performance status, size."""
    yield from _estimate_variables(data, DEMOGRAPHICS)


def estimate_disease_history(data: AnalysisData) -> Iterator[Row]:
    """T14.1.6: class, site, differentiation, Ki-67, stage, metastases, line, receptor status, CgA."""
    yield from _estimate_variables(data, DISEASE_HISTORY)
    yield from _estimate_chromogranin(data)


def _estimate_variables(data: AnalysisData, variables: tuple[Categories | Measures, ...]) -> Iterator[Row]:
    yield from estimate_set_size(data, data.regimens, "FAS")
    for variable in variables:
        if isinstance(variable, Measures):
            yield from estimate_measures(data, variable, data.regimens, "FAS")
        else:
            yield from estimate_categories(data, variable, data.regimens, "FAS")


def _estimate_chromogranin(data: AnalysisData) -> Iterator[Row]:
    """CgA at most, and above, twice the upper limit of normal, as SANET-p had it."""
    values = data.subjects["CGAXULN"].to_numpy(float)
    classes = (
        ("low", Label("≤2 × ULN", "≤2 × ULN"), values <= 2),
        ("high", Label(">2 × ULN", ">2 × ULN"), values > 2),
        ("missing", Label("Missing", "缺失"), np.isnan(values)),
    )
    base = Line("CGAXULN", Label("", ""), "count", group=Label("Chromogranin A", "嗜铬粒蛋白A"))
    source = SubjectValues("ADSL", values, np.arange(len(values)))
    yield from estimate_class_counts(data, base, source, classes, data.regimens, "FAS")
