"""Blood pressure, weight, performance status, electrocardiogram and ejection fraction over time."""

from __future__ import annotations

from grevy.simulate.health import Health
from grevy.simulate.records import Values, between, decimal

PRESSURE_BY_GRADE = {0: (104, 130), 1: (124, 138), 2: (142, 157), 3: (161, 177), 4: (182, 198)}
SYSTEMS = ("GENERAL", "SKIN", "CHEST", "HEART", "ABDOMEN", "NERVE")


def vital_signs(health: Health, day: int) -> Values:
    """Systolic pressure in the band of the grade of hypertension; two readings when it is raised."""
    rng, patient = health.rng, health.patient
    grade = health.grade("hypertension", day)
    low, high = PRESSURE_BY_GRADE[grade]
    share = 0.5 + 0.25 * health.trait("sbp") + 0.2 * health.noise()
    systolic = round(low + (high - low) * between(share, 0, 1))
    forced = health.forced("vital_signs.sbp", day)
    systolic = systolic if forced is None else round(forced)
    diastolic = round(systolic * 0.6 + 1.5 * health.noise())
    loss = (0.0, 0.07, 0.13, 0.21, 0.21)[health.grade("weight_decreased", day)]
    weight = patient.weight_kg * (1 - loss) * (1 + 0.004 * health.noise())
    fever = (0.0, 1.4, 2.3, 3.2, 3.4)[health.grade("pyrexia", day)]
    values: Values = {
        "assessed_date": health.text(day),
        "position": "SITTING",
        "sbp": systolic,
        "dbp": diastolic,
        "pulse": round(76 + 8 * health.trait("pulse") + 4 * health.noise()),
        "temperature": decimal(round(36.5 + fever + 0.15 * health.noise(), 1)),
        "weight": decimal(round(weight, 1)),
    }
    if grade >= 2 or forced is not None:
        values |= {"sbp_2": systolic - int(rng.integers(0, 6)), "dbp_2": diastolic - int(rng.integers(0, 4))}
    return values


def ecog(health: Health, day: int) -> Values:
    worse = int(health.grade("fatigue", day) >= 3) + int(health.has_progressed(day) and health.noise() > 0)
    return {"assessed_date": health.text(day), "score": str(min(health.patient.ecog + worse, 3))}


def physical_examination(health: Health, day: int) -> Values:
    found = {"ABDOMEN": "abdominal_pain", "SKIN": "rash", "GENERAL": "peripheral_oedema"}
    rows = []
    for system in SYSTEMS:
        grade = health.grade(found.get(system), day)
        row = {"system": system, "result": "NORMAL" if not grade else "ABN_CS" if grade > 1 else "ABN_NCS"}
        if grade:
            row["finding"] = str(found[system]).replace("_", " ").capitalize()
        rows.append(row)
    return {"exam_date": health.text(day), "systems": rows}


def ecg(health: Health, day: int) -> Values:
    """QT from the heart rate and a QTcF of the patient's own, so that the printed QTcF agrees."""
    rate = round(72 + 8 * health.trait("pulse") + 4 * health.noise())
    middle = 408 if health.patient.sex == "M" else 418
    corrected = middle + 10 * health.trait("qtcf") + 6 * health.noise() + (4 if day > 0 else 0)
    forced = health.forced("ecg.qtcf", day)
    corrected = corrected if forced is None else forced
    interval = round(60000 / rate)
    qt = round(corrected * (interval / 1000) ** (1 / 3))
    changed = health.grade("ecg_t_wave_or_st_change", day)
    values: Values = {
        "ecg_date": health.text(day),
        "heart_rate": rate,
        "pr_ms": round(160 + 12 * health.trait("pr") + 4 * health.noise()),
        "qrs_ms": round(92 + 6 * health.trait("qrs") + 2 * health.noise()),
        "qt_ms": qt,
        "rr_ms": interval,
        "qtcf_ms": round(qt / (interval / 1000) ** (1 / 3)),
        "interpretation": "NORMAL" if not changed else "ABNORMAL_CS" if changed > 1 else "ABNORMAL_NCS",
    }
    if forced is not None:
        return values | {"interpretation": "ABNORMAL_CS", "finding": "Prolonged QT interval"}
    return values | ({"finding": "ST-T change"} if changed else {})


def echocardiogram(health: Health, day: int) -> Values:
    fall = (0, 12, 16, 24, 45)[health.grade("heart_failure", day)]
    fraction = 64 + 2 * health.trait("lvef") + 1.0 * health.noise() - fall
    strain = -19.5 + 1.2 * health.trait("gls") + 0.5 * health.noise() + fall / 4
    forced = health.forced("echocardiogram.lvef", day)
    fraction = fraction if forced is None else forced
    values: Values = {
        "exam_date": health.text(day),
        "method": "ECHO",
        "lvef": decimal(round(fraction, 1)),
        "gls": decimal(round(strain, 1)),
    }
    if health.cause is not None and day < 0 and "echocardiogram.nyha" in health.cause.say:
        values["nyha"] = health.cause.say["echocardiogram.nyha"]
    return values
