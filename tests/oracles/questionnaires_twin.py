"""Questionnaires scored scale by scale in floating point, written from the domain document alone."""

from __future__ import annotations


def half_mean(answers, items):
    given = [answers[item] for item in items if answers.get(item) is not None]
    missing = len(items) - len(given)
    if len(items) == 1 and missing:
        return None
    if missing > len(items) / 2:
        return None
    return sum(given) / len(given)


def functional(answers, *items):
    raw = half_mean(answers, items)
    return None if raw is None else (1 - (raw - 1) / 3) * 100


def symptom(answers, *items):
    raw = half_mean(answers, items)
    return None if raw is None else (raw - 1) / 3 * 100


def quality_of_life(answers):
    raw = half_mean(answers, [29, 30])
    return None if raw is None else (raw - 1) / 6 * 100


def qlq_c30(a):
    return {
        "QL": quality_of_life(a),
        "PF": functional(a, 1, 2, 3, 4, 5),
        "RF": functional(a, 6, 7),
        "EF": functional(a, 21, 22, 23, 24),
        "CF": functional(a, 20, 25),
        "SF": functional(a, 26, 27),
        "FA": symptom(a, 10, 12, 18),
        "NV": symptom(a, 14, 15),
        "PA": symptom(a, 9, 19),
        "DY": symptom(a, 8),
        "SL": symptom(a, 11),
        "AP": symptom(a, 13),
        "CO": symptom(a, 16),
        "DI": symptom(a, 17),
        "FI": symptom(a, 28),
    }


def summary(s):
    functions = [s["PF"], s["RF"], s["EF"], s["CF"], s["SF"]]
    symptoms = [s["FA"], s["NV"], s["PA"], s["DY"], s["SL"], s["AP"], s["CO"], s["DI"]]
    if None in functions or None in symptoms:
        return None
    return (sum(functions) + sum(100 - each for each in symptoms)) / 13


def qlq_ginet21(a, variant):
    scores = {
        "ED": symptom(a, 31, 32, 33),
        "GI": symptom(a, 34, 35, 36, 37, 38),
        "SF21": symptom(a, 42, 44, 49),
        "DRW": symptom(a, 41, 43, 47),
        "MBP": symptom(a, 48),
        "BI": symptom(a, 45),
        "INF": symptom(a, 50),
        "SX": symptom(a, 51),
    }
    if variant == "manual":
        scores["TR"] = symptom(a, 39, 40, 46)
    else:
        scores["TR"] = symptom(a, 39, 40)
        scores["WG"] = symptom(a, 46)
    return scores


def eq5d_china(mo, sc, ua, pd, ad):
    if None in (mo, sc, ua, pd, ad):
        return None
    loss = 0.0
    if mo == 2:
        loss += 0.066
    elif mo == 3:
        loss += 0.158
    elif mo == 4:
        loss += 0.287
    elif mo == 5:
        loss += 0.345
    if sc == 2:
        loss += 0.048
    elif sc == 3:
        loss += 0.116
    elif sc == 4:
        loss += 0.210
    elif sc == 5:
        loss += 0.253
    if ua == 2:
        loss += 0.045
    elif ua == 3:
        loss += 0.107
    elif ua == 4:
        loss += 0.194
    elif ua == 5:
        loss += 0.233
    if pd == 2:
        loss += 0.058
    elif pd == 3:
        loss += 0.138
    elif pd == 4:
        loss += 0.252
    elif pd == 5:
        loss += 0.302
    if ad == 2:
        loss += 0.049
    elif ad == 3:
        loss += 0.118
    elif ad == 4:
        loss += 0.215
    elif ad == 5:
        loss += 0.258
    return 1 - loss


def definitive_deterioration(baseline, scores, higher_is_better, definition):
    """Position of the first definitive deterioration by comparing each form with every later one."""
    for i, score in enumerate(scores):
        if score is None:
            continue
        fell = score <= baseline - 10 if higher_is_better else score >= baseline + 10
        if not fell:
            continue
        undone = False
        for later in scores[i + 1 :]:
            if later is None:
                continue
            if definition == "def1":
                undone |= later > baseline + 10 if higher_is_better else later < baseline - 10
            elif definition == "def2":
                undone |= later > baseline - 10 if higher_is_better else later < baseline + 10
            else:
                undone |= later > score + 10 if higher_is_better else later < score - 10
        if not undone:
            return i
    return None
