"""CTCAE grades test by test in plain if and else: the twin of the tables, written from the domain document.

Nothing here comes from `grevy`. A function per test and direction: value, then limits and baseline as
decimals in SI units; symptoms as a flag. Limits are always given; the tables' own tests look at missing ones.
"""

from __future__ import annotations

from decimal import Decimal as D


def hgb_low(v, *, lln, **_):
    if v < 80:
        return 3
    if v < 100:
        return 2
    return 1 if v < lln else 0


def hgb_high(v, *, uln, **_):
    above = v - uln
    if above > 40:
        return 3
    if above > 20:
        return 2
    return 1 if above > 0 else 0


def wbc_low(v, *, lln, **_):
    if v < 1:
        return 4
    if v < 2:
        return 3
    if v < 3:
        return 2
    return 1 if v < lln else 0


def wbc_high(v, **_):
    return 3 if v > 100 else 0


def neut_low(v, *, lln, version, **_):
    if version == "6.0":
        if v < D("0.1"):
            return 4
        if v < D("0.5"):
            return 3
        if v < 1:
            return 2
        return 1 if v < D("1.5") else 0
    if v < D("0.5"):
        return 4
    if v < 1:
        return 3
    if v < D("1.5"):
        return 2
    return 1 if v < lln else 0


def lym_low(v, *, lln, version, **_):
    if version == "6.0":
        return 1 if v < lln else 0
    if v < D("0.2"):
        return 4
    if v < D("0.5"):
        return 3
    if v < D("0.8"):
        return 2
    return 1 if v < lln else 0


def lym_high(v, **_):
    if v > 20:
        return 3
    return 2 if v > 4 else 0


def plat_low(v, *, lln, version, **_):
    if v < (10 if version == "6.0" else 25):
        return 4
    if v < 50:
        return 3
    if v < 75:
        return 2
    return 1 if v < lln else 0


def aminotransferase_high(v, *, uln, base, base_uln, version, **_):
    if base is not None and base > base_uln:
        if version == "6.0":
            if v > 4 * base:
                return 4
            if v > 2 * base:
                return 3
            if v > D("1.5") * base:
                return 2
            return 1 if v >= base else 0
        if v > 20 * base:
            return 4
        if v > 5 * base:
            return 3
        if v > 3 * base:
            return 2
        return 1 if v >= D("1.5") * base else 0
    if v > 20 * uln:
        return 4
    if v > 5 * uln:
        return 3
    if v > 3 * uln:
        return 2
    return 1 if v > uln else 0


def alp_high(v, *, uln, base, base_uln, version, **_):
    if version == "6.0":
        return 1 if v > uln else 0
    return _cholestasis_v5(v, uln, base, base_uln)


def ggt_high(v, *, uln, base, base_uln, version, **_):
    if version == "6.0" and base is not None and base > base_uln:
        if v > 10 * base:
            return 4
        if v > 3 * base:
            return 3
        if v > D("1.5") * base:
            return 2
        return 1 if v >= base else 0
    return _cholestasis_v5(v, uln, base, base_uln)


def _cholestasis_v5(v, uln, base, base_uln):
    if base is not None and base > base_uln:
        if v > 20 * base:
            return 4
        if v > 5 * base:
            return 3
        if v > D("2.5") * base:
            return 2
        return 1 if v >= 2 * base else 0
    if v > 20 * uln:
        return 4
    if v > 5 * uln:
        return 3
    if v > D("2.5") * uln:
        return 2
    return 1 if v > uln else 0


def bili_high(v, *, uln, base, base_uln, version, **_):
    if base is not None and base > base_uln:
        if v > 10 * base:
            return 4
        if v > (D("2.5") if version == "6.0" else 3) * base:
            return 3
        if v > D("1.5") * base:
            return 2
        if version == "6.0":
            return 1 if v >= base else 0
        return 1 if v > base else 0
    if v > 10 * uln:
        return 4
    if v > 3 * uln:
        return 3
    if v > D("1.5") * uln:
        return 2
    return 1 if v > uln else 0


def above_uln_only(v, *, uln, **_):
    return 1 if v > uln else 0


def creat_high(v, *, uln, base, base_lln, version, **_):
    compares_with_base = base is not None and (version == "5.0" or base < base_lln)
    if v > 6 * uln:
        return 4
    if v > 3 * uln or (compares_with_base and v > 3 * base):
        return 3
    if v > D("1.5") * uln or (compares_with_base and v > D("1.5") * base):
        return 2
    return 1 if v > uln else 0


def ck_high(v, *, uln, **_):
    if v > 10 * uln:
        return 4
    if v > 5 * uln:
        return 3
    if v > D("2.5") * uln:
        return 2
    return 1 if v > uln else 0


def lipase_high(v, *, uln, symptoms, version, **_):
    return _pancreas(v, uln, symptoms, 3 if version == "6.0" else 2)


def amylase_high(v, *, uln, symptoms, **_):
    return _pancreas(v, uln, symptoms, 2)


def _pancreas(v, uln, symptoms, limit):
    if symptoms:
        if v > 5 * uln:
            return 4
        if v > limit * uln:
            return 3
    elif v > 5 * uln:
        return 3
    if v > D("1.5") * uln:
        return 2
    return 1 if v > uln else 0


def alb_low(v, *, lln, **_):
    if v < 20:
        return 3
    if v < 30:
        return 2
    return 1 if v < lln else 0


def egfr_low(v, *, lln, **_):
    if v < 15:
        return 4
    if v < 30:
        return 3
    if v < 60:
        return 2
    return 1 if v < lln else 0


def crcl_low(v, *, lln, version, **_):
    if version == "5.0":
        return egfr_low(v, lln=lln)
    # 26 to 49 and 10 to 25, gaps closed upwards as for chronic kidney disease
    if v < 26:
        return 3
    return 2 if v < 50 else 0


def protein_24h_high(v, *, uln, **_):
    if v >= D("3.5"):
        return 3
    if v >= 1:
        return 2
    return 1 if v >= uln else 0


def protein_ratio_high(v, *, uln, **_):
    if v > D("3.5"):
        return 3
    if v >= 1:
        return 2
    return 1 if v >= uln else 0


def ca_low(v, *, lln, **_):
    if v < D("1.5"):
        return 4
    if v < D("1.75"):
        return 3
    if v < 2:
        return 2
    return 1 if v < lln else 0


def ca_high(v, *, uln, **_):
    if v > D("3.4"):
        return 4
    if v > D("3.1"):
        return 3
    if v > D("2.9"):
        return 2
    return 1 if v > uln else 0


def k_low(v, *, lln, symptoms, **_):
    if v < D("2.5"):
        return 4
    if v < 3:
        return 3
    if v < lln:
        return 2 if symptoms else 1
    return 0


def k_high(v, *, uln, **_):
    if v > 7:
        return 4
    if v > 6:
        return 3
    if v > D("5.5"):
        return 2
    return 1 if v > uln else 0


def na_low(v, *, lln, symptoms, **_):
    if v < 120:
        return 4
    if v < 125:
        return 3
    if v < 130:
        return 3 if symptoms else 2
    return 1 if v < lln else 0


def na_high(v, *, uln, **_):
    if v > 160:
        return 4
    if v > 155:
        return 3
    if v > 150:
        return 2
    return 1 if v > uln else 0


def mg_low(v, *, lln, **_):
    if v < D("0.3"):
        return 4
    if v < D("0.4"):
        return 3
    if v < D("0.5"):
        return 2
    return 1 if v < lln else 0


def mg_high(v, *, uln, **_):
    if v > D("3.3"):
        return 4
    if v > D("1.23"):
        return 3
    return 1 if v > uln else 0


def below_lln_only(v, *, lln, **_):
    return 1 if v < lln else 0


def gluc_low(v, *, lln, **_):
    if v < D("1.7"):
        return 4
    if v < D("2.2"):
        return 3
    if v < 3:
        return 2
    return 1 if v < lln else 0


def gluc_high(v, *, uln, **_):
    if v > D("27.8"):
        return 4
    if v > D("13.9"):
        return 3
    if v > D("8.9"):
        return 2
    return 1 if v > uln else 0


def trig_high(v, **_):
    if v > D("11.4"):
        return 4
    if v > D("5.7"):
        return 3
    if v > D("3.42"):
        return 2
    return 1 if v >= D("1.71") else 0


def chol_high(v, *, uln, **_):
    if v > D("12.92"):
        return 4
    if v > D("10.34"):
        return 3
    if v > D("7.75"):
        return 2
    return 1 if v > uln else 0


def urate_high(v, *, uln, symptoms, **_):
    if v > uln:
        return 3 if symptoms else 1
    return 0


def inr_high(v, *, base, symptoms, **_):
    anticoagulated = symptoms and base is not None  # the worst case takes anticoagulation for granted too
    if v > D("2.5") or (anticoagulated and v > D("2.5") * base):
        return 3
    if v > D("1.5") or (anticoagulated and v > D("1.5") * base):
        return 2
    return 1 if v > D("1.2") or (anticoagulated and v > base) else 0


def aptt_high(v, *, uln, **_):
    if v > D("2.5") * uln:
        return 3
    if v > D("1.5") * uln:
        return 2
    return 1 if v > uln else 0


def fibrinogen_low(v, *, lln, base, **_):
    if v < D("0.5"):
        return 4
    if v >= lln:
        return 0
    fall = 0 if base is None else (base - v) / base * 100
    if v < D("0.25") * lln or fall >= 75:
        return 4
    if v < D("0.5") * lln or fall >= 50:
        return 3
    if v < D("0.75") * lln or fall >= 25:
        return 2
    return 1


def sbp_high(v, *, base, version, **_):
    if version == "6.0":
        if v >= 180:
            return 4
        if v >= 160 or (v > 140 and base is not None and v - base > 20):
            return 3
        return 2 if v >= 140 else 0
    if v >= 160:
        return 3
    if v >= 140:
        return 2
    return 1 if v >= 120 else 0


def dbp_high(v, *, base, symptoms, version, **_):
    if version == "6.0":
        if v >= 110:
            return 4
        if v >= 100:
            return 3
        return 2 if v >= 90 else 0
    if v >= 100:
        return 3
    if v >= 90 or (symptoms and base is not None and v - base > 20):
        return 2
    return 1 if v >= 80 else 0


def weight_low(v, *, base, **_):
    if base is None:
        return None
    loss = 100 * (base - v)  # percent times the baseline
    if loss >= 20 * base:
        return 3
    if loss >= 10 * base:
        return 2
    return 1 if loss >= 5 * base else 0


def qtc_high(v, *, base, **_):
    if v > 500 or (base is not None and v - base > 60):
        return 3
    if v > 480:
        return 2
    return 1 if v >= 450 else 0


def lvef_low(v, *, base, version, marker=False, **_):
    if version == "6.0":
        if v < 40:
            if base is None:
                return None
            return 3 if base >= 40 else 0
        has_fallen = base is not None and base - v >= 10
        if v < 50:
            return 2 if marker or has_fallen else 0
        return 1 if marker else 0
    if v < 20:
        return 4
    if v < 40 or (base is not None and base - v >= 20):
        return 3
    return 2 if v < 50 or (base is not None and base - v >= 10) else 0


BOTH = ("5.0", "6.0")
TWIN = {
    (version, test, direction): function
    for versions, test, direction, function in [
        (BOTH, "HGB", "LOW", hgb_low),
        (BOTH, "HGB", "HIGH", hgb_high),
        (BOTH, "WBC", "LOW", wbc_low),
        (BOTH, "WBC", "HIGH", wbc_high),
        (BOTH, "NEUT", "LOW", neut_low),
        (BOTH, "LYM", "LOW", lym_low),
        (BOTH, "LYM", "HIGH", lym_high),
        (BOTH, "PLAT", "LOW", plat_low),
        (BOTH, "ALT", "HIGH", aminotransferase_high),
        (BOTH, "AST", "HIGH", aminotransferase_high),
        (BOTH, "ALP", "HIGH", alp_high),
        (BOTH, "GGT", "HIGH", ggt_high),
        (BOTH, "BILI", "HIGH", bili_high),
        (BOTH, "LDH", "HIGH", above_uln_only),
        (BOTH, "CREAT", "HIGH", creat_high),
        (("5.0",), "CK", "HIGH", ck_high),
        (BOTH, "LIPASET", "HIGH", lipase_high),
        (BOTH, "AMYLASE", "HIGH", amylase_high),
        (BOTH, "ALB", "LOW", alb_low),
        (BOTH, "GFRBSCRT", "LOW", egfr_low),
        (BOTH, "CREATCLR", "LOW", crcl_low),
        (BOTH, "PROTEXR", "HIGH", protein_24h_high),
        (("6.0",), "PROTCRT", "HIGH", protein_ratio_high),
        (BOTH, "CACRALB", "LOW", ca_low),
        (BOTH, "CACRALB", "HIGH", ca_high),
        (BOTH, "K", "LOW", k_low),
        (BOTH, "K", "HIGH", k_high),
        (BOTH, "SODIUM", "LOW", na_low),
        (BOTH, "SODIUM", "HIGH", na_high),
        (BOTH, "MG", "LOW", mg_low),
        (BOTH, "MG", "HIGH", mg_high),
        (BOTH, "PHOS", "LOW", below_lln_only),
        (BOTH, "GLUC", "LOW", gluc_low),
        (("6.0",), "GLUC", "HIGH", gluc_high),
        (BOTH, "TRIG", "HIGH", trig_high),
        (BOTH, "CHOL", "HIGH", chol_high),
        (BOTH, "URATE", "HIGH", urate_high),
        (BOTH, "TSH", "HIGH", above_uln_only),
        (BOTH, "INR", "HIGH", inr_high),
        (BOTH, "APTT", "HIGH", aptt_high),
        (BOTH, "FIBRINO", "LOW", fibrinogen_low),
        (BOTH, "SYSBP", "HIGH", sbp_high),
        (BOTH, "DIABP", "HIGH", dbp_high),
        (BOTH, "WEIGHT", "LOW", weight_low),
        (BOTH, "QTCFAG", "HIGH", qtc_high),
        (BOTH, "LVEF", "LOW", lvef_low),
    ]
    for version in versions
}
"""Version, test and direction to the function that grades it; all that the document gives numbers for."""
