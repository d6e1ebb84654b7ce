"""From tumor records (TU, TR, RS) to one row per lesion and assessment.

Other systems write the same finding in several ways; here, and only here, they are made alike. What
comes out is the input of `assessments`: which lesion, when, how large, still there, progressed.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import MM, NODE_IS_NORMAL_BELOW, least, true
from grevy.adam.dates import compute_date
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.sdtm.dates import is_complete

SIZES = ["LDIAM", "LPERP", "DIAMETER"]
SEPARATORS = r"[+,;&|\s]+"
"""What may stand between lesion ids in the id of a merged lesion, besides a slash."""


@dataclass(frozen=True)
class TumorRecords:
    """Tumor records made alike.

    lesions: one row per lesion and assessment (see `assessments.derive_assessments`), with LNKID, STATE,
        SRCSEQ. visits: one row per subject and assessment: ASMT, VISITNUM, VISIT. assessor: one row per
        subject and assessment that an assessor judged: RESPONSE, TARGET, NON_TARGET, DAY, SRCSEQ.
    baseline: one row per subject that was assessed at baseline: BASELINE_DAY, MEASURABLE.
    """

    lesions: ir.Table
    visits: ir.Table
    assessor: ir.Table
    baseline: ir.Table


def full_date(dtc: ir.StringValue) -> ir.DateValue:
    """The date of a complete ISO 8601 text; an assessment with a partial date cannot be placed (W7)."""
    return ibis.cases((is_complete(dtc), compute_date(dtc, "first")))


def _upper(*texts: ir.StringValue) -> ir.StringValue:
    return ibis.coalesce(*texts).upper().strip()


def _prepare(table: ir.Table, prefix: str, subjects: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Records of the chosen evaluator with SUBJECT, DAY (elapsed since first dose) and VISITKEY."""
    table = table.rename(lambda name: name[2:] if name.startswith(prefix) else name)
    table = table.mutate(
        **{name: ibis.null("string") for name in ("REFID", "BLFL") if name not in table.columns}
    )
    evaluator = str(plan.value("recist.evaluator")).upper()
    table = table.filter(_.EVAL.isnull() | (_.EVAL.upper() == evaluator))
    table = table.inner_join(
        subjects.select("STUDYID", "USUBJID", "SUBJECT", "REFDT"), ["STUDYID", "USUBJID"]
    )
    dated = table.mutate(DAY=full_date(_.DTC).delta(_.REFDT, unit="day").cast("int64"))
    return dated.mutate(
        VISITKEY=ibis.coalesce(
            "N" + _.VISITNUM.round(4).cast("string"),
            "V" + _.VISIT.upper(),
            "G" + _.LNKGRP,
            _date_key(),
        ),
        AT_BASELINE=true(_.DAY <= 0) | true(_.LOBXFL == "Y") | true(_.BLFL == "Y"),
    )


def _date_key() -> ir.StringValue:
    return "D" + _.DTC.substr(0, 10)


WEEKS_APART = 21
"""Records of one visit further apart than this, in days, belong to several unscheduled visits."""


def _find_shared_keys(measured: ir.Table) -> ir.Table:
    """Visit keys that several unscheduled visits of a subject share (all of them "99", say)."""
    unscheduled = measured.filter(true(_.VISIT.upper().contains("UNSCH")) & ~_.AT_BASELINE)
    spans = unscheduled.group_by("SUBJECT", "VISITKEY").agg(SPAN=_.DAY.max() - _.DAY.min())
    return spans.filter(_.SPAN > WEEKS_APART).mutate(SHARED=ibis.literal(True)).drop("SPAN")


def _split_shared_keys(records: ir.Table, shared: ir.Table) -> ir.Table:
    """Where a key is shared, the date tells the visits apart."""
    joined = records.left_join(shared, ["SUBJECT", "VISITKEY"]).drop("SUBJECT_right", "VISITKEY_right")
    by_date = true(_.SHARED) & _.DTC.notnull()
    return joined.mutate(VISITKEY=ibis.ifelse(by_date, _date_key(), _.VISITKEY)).drop("SHARED")


def build_tumor_records(
    tu: ir.Table, tr: ir.Table, rs: ir.Table, subjects: ir.Table, plan: AnalysisPlan, *, keep: Keep
) -> TumorRecords:
    """Make the tumor records of every subject alike.

    ``subjects``: SUBJECT, STUDYID, USUBJID, REFDT (first dose; any fixed date where there was none).
    """
    measured = keep(_prepare(tr.filter(_.TRTESTCD.isin([*SIZES, "TUMSTATE", "TRALL"])), "TR", subjects, plan))
    shared = keep(_find_shared_keys(measured))
    measured = keep(_split_shared_keys(measured, shared))
    found = keep(_split_shared_keys(_prepare(tu, "TU", subjects, plan), shared))
    judged = keep(_split_shared_keys(_prepare(_response_records(rs), "RS", subjects, plan), shared))
    identity = keep(_identify(found, measured))
    roots = _resolve_ids(found, measured, identity, keep)
    rows = keep(_value_lesions(measured, identity, roots, plan, keep))
    new = keep(_date_new_lesions(found, rows, identity))
    known = rows.filter(_.ROLE != "X")
    baseline_rows = keep(_choose_baseline(known, identity))
    followed = known.filter(~_.AT_BASELINE).semi_join(baseline_rows, ["SUBJECT", "LNKID"])
    followed = keep(_complete_merged(followed, roots.merges))
    visits = keep(_order_visits(measured, found, followed, new, judged))
    lesions = keep(_number_assessments(baseline_rows, followed, new, visits))
    baseline = keep(_summarise_baseline(lesions, judged, tu, tr, subjects))
    lesions = keep(ibis.union(lesions, _empty_assessments(lesions, visits, baseline)))
    return TumorRecords(lesions, visits, keep(_read_assessor(judged, visits)), baseline)


# ── who is who ──────────────────────────────────────────────────────────────────────────────────────


def _role(text: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (text.startswith("NON"), "N"), (text.startswith("NEW"), "X"), (text.startswith("TARGET"), "T")
    )


def _identify(found: ir.Table, measured: ir.Table) -> ir.Table:
    """One row per subject and lesion: ROLE (T, N, X), NODAL, AT_BASELINE.

    TU tells; where it is silent, the group of the measurement does (TRGRPID), and a lesion measured only
    by its short axis is a node.
    """
    told = (
        found.filter(_.TESTCD.isin(["TUMIDENT", "LESIDENT"]) & _.LNKID.notnull())
        .mutate(ROLE=_role(_upper(_.STRESC, _.ORRES)), NODE=true(_.LOC.upper().contains("NODE")))
        .group_by("SUBJECT", "LNKID")
        .agg(
            TOLD_T=(_.ROLE == "T").any(),
            TOLD_N=(_.ROLE == "N").any(),
            TOLD_X=(_.ROLE == "X").any(),
            NODE=_.NODE.any(),
            TOLD_BASELINE=(_.AT_BASELINE | _.DAY.isnull()).any(),
        )
    )
    grouped = (
        measured.filter(_.LNKID.notnull())
        .mutate(ROLE=_role(_upper(_.GRPID)))
        .group_by("SUBJECT", "LNKID")
        .agg(
            GROUP_ROLE=_.ROLE.min(),
            SHORT_ONLY=(_.TESTCD == "LPERP").any() & ~(_.TESTCD == "LDIAM").any(),
            SEEN_BASELINE=_.AT_BASELINE.any(),
        )
    )
    both = told.outer_join(grouped, ["SUBJECT", "LNKID"])
    both = both.mutate(
        SUBJECT=_.SUBJECT.coalesce(_.SUBJECT_right), LNKID=_.LNKID.coalesce(_.LNKID_right)
    ).drop("SUBJECT_right", "LNKID_right")
    return both.select(
        "SUBJECT",
        "LNKID",
        ROLE=ibis.cases(
            (true(_.TOLD_T), "T"), (true(_.TOLD_N), "N"), (true(_.TOLD_X), "X"), else_=_.GROUP_ROLE
        ),
        NODAL=true(_.NODE) | (_.NODE.isnull() & true(_.SHORT_ONLY)),
        AT_BASELINE=true(_.TOLD_BASELINE) | true(_.SEEN_BASELINE),
    )


@dataclass(frozen=True)
class _Roots:
    """alias: SUBJECT, LNKID, ROOT, FRAGMENT; merges: SUBJECT, MERGED_SET, LNKID, SINCE."""

    alias: ir.Table
    merges: ir.Table


def _resolve_ids(found: ir.Table, measured: ir.Table, identity: ir.Table, keep: Keep) -> _Roots:
    """Which ids are fragments of a split target, and which targets merged into one.

    Split (TUSPLIT): the fragment's own id, its parent named by TUGRPID or TUREFID or by the id itself
    (T1.1, T1-a, T1a). Merged (TUMERGE): one record per member or one for all, members named in the id,
    the group or the result (T1/T2).
    """
    targets = identity.filter(_.ROLE == "T").select("SUBJECT", "LNKID")
    declared = found.filter((_.TESTCD == "TUSPLIT") & _.LNKID.notnull())
    unknown = (
        measured.filter(_.LNKID.notnull())
        .select("SUBJECT", "LNKID")
        .distinct()
        .semi_join(identity.filter(_.ROLE.isnull()), ["SUBJECT", "LNKID"])
    )
    unknown = keep(unknown)
    by_id = ibis.union(declared.select("SUBJECT", "LNKID"), unknown).distinct()
    candidates = ibis.union(
        declared.select("SUBJECT", "LNKID", PARENT=_.GRPID, PRIORITY=ibis.literal(1)),
        declared.select("SUBJECT", "LNKID", PARENT=_.REFID, PRIORITY=ibis.literal(2)),
        by_id.mutate(PARENT=_.LNKID.re_replace(r"[._\-][0-9A-Za-z]+$", ""), PRIORITY=ibis.literal(3)),
        by_id.mutate(PARENT=_.LNKID.re_replace(r"[A-Za-z]$", ""), PRIORITY=ibis.literal(4)),
    ).filter(_.PARENT.notnull() & (_.PARENT != _.LNKID))
    known = candidates.semi_join(targets, [("SUBJECT", "SUBJECT"), ("PARENT", "LNKID")])
    best = known.group_by("SUBJECT", "LNKID").agg(PRIORITY=_.PRIORITY.min())
    fragments = (
        known.inner_join(best, ["SUBJECT", "LNKID", "PRIORITY"])
        .group_by("SUBJECT", "LNKID")
        .agg(ROOT=_.PARENT.min())
        .mutate(FRAGMENT=ibis.literal(True))
    )
    fragments = keep(fragments)
    merges, merged_ids = _find_merges(found, unknown, measured, targets, fragments)
    return _Roots(keep(ibis.union(fragments, merged_ids)), keep(merges))


def _find_merges(
    found: ir.Table, unknown: ir.Table, measured: ir.Table, targets: ir.Table, fragments: ir.Table
) -> tuple[ir.Table, ir.Table]:
    """Members of each merged set since when, and the ids under which merged lesions are measured."""
    declared = found.filter(_.TESTCD == "TUMERGE")
    spoken = declared.select(
        "SUBJECT",
        "LNKID",
        "DAY",
        "VISITKEY",
        MERGED_SET=ibis.coalesce(_.GRPID, _.VISITKEY),
        NAMES=_.LNKID.fill_null("")
        + "/"
        + _.GRPID.fill_null("")
        + "/"
        + _.REFID.fill_null("")
        + "/"
        + _.ORRES.fill_null("")
        + "/"
        + _.STRESC.fill_null(""),
    )
    joined_id = (
        measured.semi_join(unknown, ["SUBJECT", "LNKID"])
        .filter(_.LNKID.re_search(r"[/+]"))
        .select("SUBJECT", "LNKID", "DAY", "VISITKEY", MERGED_SET=_.LNKID, NAMES=_.LNKID)
    )
    spoken = ibis.union(spoken, joined_id).mutate(NAMES="/" + _.NAMES.re_replace(SEPARATORS, "/") + "/")
    members = spoken.rename(TOLD="LNKID").inner_join(targets, "SUBJECT")
    members = members.filter(_.NAMES.contains("/" + _.LNKID + "/"))
    # a merge holds for the whole visit that tells of it, also for what was scanned some days before
    scanned = measured.group_by("SUBJECT", "VISITKEY").agg(SCANNED=_.DAY.min())
    dated = members.left_join(scanned, ["SUBJECT", "VISITKEY"]).mutate(SINCE=least(_.DAY, _.SCANNED))
    merges = dated.group_by("SUBJECT", "MERGED_SET", "LNKID").agg(SINCE=_.SINCE.min())
    outside = members.filter(_.TOLD.notnull() & (_.TOLD != _.LNKID)).anti_join(
        targets, [("SUBJECT", "SUBJECT"), ("TOLD", "LNKID")]
    )
    merged_ids = (
        outside.group_by("SUBJECT", "TOLD")
        .agg(ROOT=_.LNKID.min())
        .rename(LNKID="TOLD")
        .anti_join(fragments, ["SUBJECT", "LNKID"])
        .mutate(FRAGMENT=ibis.literal(False))
    )
    return merges, merged_ids


# ── what was seen ───────────────────────────────────────────────────────────────────────────────────


def _value_lesions(
    measured: ir.Table, identity: ir.Table, roots: _Roots, plan: AnalysisPlan, keep: Keep
) -> ir.Table:
    """One row per lesion and visit: ROLE, SIZE, EVALUATED, GONE, PROGRESSED, STATE, DAY."""
    rows = measured.filter(_.LNKID.notnull()).left_join(roots.alias, ["SUBJECT", "LNKID"])
    rows = rows.mutate(ROOT=_.ROOT.coalesce(_.LNKID), FRAGMENT=true(_.FRAGMENT)).drop(
        "SUBJECT_right", "LNKID_right"
    )
    rows = rows.inner_join(
        identity.select("SUBJECT", "LNKID", "ROLE", "NODAL").filter(_.ROLE.notnull()),
        [("SUBJECT", "SUBJECT"), ("ROOT", "LNKID")],
        rname="{name}_known",
    )
    text = _upper(_.STRESC, _.ORRES)
    number = ibis.coalesce(_.STRESN, _.STRESC.try_cast("float64"), _.ORRES.try_cast("float64"))
    unit = _upper(_.STRESU, _.ORRESU)
    size = (number * ibis.ifelse(true(unit == "CM"), 10 * MM, MM)).round().cast("int64")
    is_size = _.TESTCD.isin(SIZES)
    rows = rows.mutate(
        MEASURE=ibis.cases((is_size, size)),
        TOO_SMALL=true(text.startswith("TOO SMALL")) | true(text == "TTSM"),
        BLAMES_MERGE=true(_.REASND.upper().re_search("MERG|COALES|CONFLU")),
        STATE=ibis.cases(
            (true(text.startswith("UNEQUIVOCAL")) | true(text.startswith("INCREASED")), "PROGRESSED"),
            (true(text.startswith("EQUIVOCAL")), "EQUIVOCAL"),
            (true(text.startswith("ABSENT")), "ABSENT"),
            (true(text.isin(["NE", "NOT EVALUABLE", "UNEVALUABLE"])) | true(_.STAT == "NOT DONE"), "NE"),
            (~is_size & text.notnull(), "PRESENT"),
        ),
    )
    one = rows.group_by("SUBJECT", "VISITKEY", "ROOT", "LNKID", "ROLE", "NODAL", "FRAGMENT").agg(
        LONG=_.MEASURE.max(where=_.TESTCD == "LDIAM"),
        SHORT=_.MEASURE.max(where=_.TESTCD == "LPERP"),
        PLAIN=_.MEASURE.max(where=_.TESTCD == "DIAMETER"),
        TOO_SMALL=_.TOO_SMALL.any(),
        ABSENT=true((_.STATE == "ABSENT").any()),
        PRESENT=true((_.STATE == "PRESENT").any()),
        WORSE=true((_.STATE == "PROGRESSED").any()),
        EQUIVOCAL=true((_.STATE == "EQUIVOCAL").any()),
        NOT_DONE=true(((_.STATE == "NE") & ~_.BLAMES_MERGE).any()),
        DAY=_.DAY.min(),
        AT_BASELINE=_.AT_BASELINE.any(),
        SRCSEQ=_.SEQ.min(),
    )
    small = round(float(plan.value("recist.ttsm_default_mm")) * MM)
    one = one.mutate(
        SIZE=ibis.coalesce(
            ibis.ifelse(
                _.NODAL, ibis.coalesce(_.SHORT, _.PLAIN, _.LONG), ibis.coalesce(_.LONG, _.PLAIN, _.SHORT)
            ),
            ibis.cases((_.TOO_SMALL, small), (_.ABSENT, 0)),
        )
    )
    one = keep(one)
    # once a lesion has split, its fragments speak for it
    split = one.group_by("SUBJECT", "VISITKEY", "ROOT").agg(IN_PARTS=_.FRAGMENT.any())
    one = one.inner_join(split, ["SUBJECT", "VISITKEY", "ROOT"]).filter(_.FRAGMENT == _.IN_PARTS)
    lesion = one.group_by("SUBJECT", "VISITKEY", "ROOT", "ROLE", "NODAL").agg(
        TOTAL=_.SIZE.sum().cast("int64"),
        MISSING=_.LNKID.count(where=_.SIZE.isnull()),
        FRAGMENTS=_.LNKID.count(where=_.FRAGMENT),
        TOO_SMALL=_.TOO_SMALL.any(),
        ABSENT=_.ABSENT.any(),
        PRESENT=_.PRESENT.any(),
        WORSE=_.WORSE.any(),
        EQUIVOCAL=_.EQUIVOCAL.any(),
        NOT_DONE=_.NOT_DONE.any(),
        DAY=_.DAY.min(),
        AT_BASELINE=_.AT_BASELINE.any(),
        SRCSEQ=_.SRCSEQ.min(),
    )
    return _judge_presence(lesion.rename(LNKID="ROOT"))


def _judge_presence(lesion: ir.Table) -> ir.Table:
    """Is the lesion evaluated, gone, worse? By its size if it has one, else by the state recorded."""
    lesion = lesion.mutate(SIZE=ibis.cases((_.MISSING == 0, _.TOTAL)))
    gone = ibis.ifelse(_.NODAL, _.SIZE < NODE_IS_NORMAL_BELOW, _.SIZE == 0)
    is_target = _.ROLE == "T"
    told = _.WORSE | _.PRESENT | _.ABSENT | _.EQUIVOCAL
    return lesion.mutate(
        EVALUATED=ibis.ifelse(is_target, _.SIZE.notnull(), told | _.SIZE.notnull()),
        GONE=ibis.ifelse(
            is_target,
            true(gone),
            ibis.ifelse(_.WORSE | _.PRESENT, ibis.literal(False), _.ABSENT | true(gone)),
        ),
        PROGRESSED=(_.ROLE == "N") & _.WORSE,
        PROVEN=(_.ROLE == "X") & (_.WORSE | _.PRESENT | (~_.EQUIVOCAL & true(_.SIZE > 0))),
        STATE=ibis.cases(
            (is_target & _.SIZE.isnull(), "NE"),
            (is_target & (_.FRAGMENTS > 0), "SPLIT"),
            (is_target & _.TOO_SMALL, "TTSM"),
            (is_target & true(gone) & ~_.NODAL, "ABSENT"),
            (is_target, "MEASURED"),
            (_.WORSE, "UNEQUIVOCAL"),
            (_.EQUIVOCAL, "EQUIVOCAL"),
            (_.ABSENT, "ABSENT"),
            (told | _.SIZE.notnull(), "PRESENT"),
            else_="NE",
        ),
    )


LESION_COLUMNS = [
    "SUBJECT", "VISITKEY", "LNKID", "ROLE", "NODAL", "DAY", "SIZE", "EVALUATED", "GONE", "MERGED",
    "PROGRESSED", "REDATED", "STATE", "SRCSEQ",
]  # fmt: skip


def _date_new_lesions(found: ir.Table, rows: ir.Table, identity: ir.Table) -> ir.Table:
    """One row per new lesion and visit at which it was seen, PROGRESSED where it was unequivocal.

    A new lesion identified in TU without any state in TR is unequivocal. One that is equivocal and
    proven later is REDATED from its first sight on (RECIST 1.1, 4.3.5).
    """
    named = found.filter(_.TESTCD.isin(["TUMIDENT", "LESIDENT"])).semi_join(
        identity.filter(_.ROLE == "X"), ["SUBJECT", "LNKID"]
    )
    sight = named.group_by("SUBJECT", "VISITKEY", "LNKID").agg(
        SIGHT_DAY=_.DAY.min(),
        SIGHT_SEQ=_.SEQ.min(),
        PLACED=(_.VISITNUM.notnull() | _.VISIT.notnull() | _.LNKGRP.notnull()).any(),
    )
    states = rows.filter(_.ROLE == "X")
    told = states.group_by("SUBJECT", "LNKID").agg(
        TOLD=_.VISITKEY.count(), PROOF_DAY=_.DAY.min(where=_.PROVEN), FIRST_STATE=_.DAY.min()
    )
    both = sight.outer_join(
        states.select("SUBJECT", "VISITKEY", "LNKID", "DAY", "EQUIVOCAL", "PROVEN", "SRCSEQ", "EVALUATED"),
        ["SUBJECT", "VISITKEY", "LNKID"],
    )
    both = both.mutate(
        SUBJECT=_.SUBJECT.coalesce(_.SUBJECT_right),
        VISITKEY=_.VISITKEY.coalesce(_.VISITKEY_right),
        LNKID=_.LNKID.coalesce(_.LNKID_right),
    ).drop("SUBJECT_right", "VISITKEY_right", "LNKID_right")
    both = both.left_join(told, ["SUBJECT", "LNKID"]).drop("SUBJECT_right", "LNKID_right")
    first_sight = named.group_by("SUBJECT", "LNKID").agg(FIRST_SIGHT=_.DAY.min())
    both = both.left_join(first_sight, ["SUBJECT", "LNKID"]).drop("SUBJECT_right", "LNKID_right")
    # an identification that names no visit only dates the states recorded in TR
    both = both.filter(_.EVALUATED.notnull() | _.TOLD.isnull() | true(_.PLACED))
    first_row = true(_.DAY == _.FIRST_STATE)
    both = both.mutate(
        DAY=ibis.coalesce(
            ibis.cases((first_row & (_.FIRST_SIGHT < _.DAY) & ~true(_.PLACED), _.FIRST_SIGHT)),
            ibis.cases((_.SIGHT_DAY < _.DAY, _.SIGHT_DAY)),
            _.DAY,
            _.SIGHT_DAY,
        ),
        PROVEN_HERE=ibis.ifelse(_.TOLD.isnull(), ibis.literal(True), true(_.PROVEN)),
        ONLY_SEEN=_.TOLD.notnull() & (true(_.EQUIVOCAL) | _.EVALUATED.isnull()),
    )
    return both.select(
        "SUBJECT",
        "VISITKEY",
        "LNKID",
        "DAY",
        ROLE=ibis.literal("X"),
        NODAL=ibis.literal(False),
        SIZE=ibis.null("int64"),
        EVALUATED=ibis.literal(True),
        GONE=ibis.literal(False),
        MERGED=ibis.literal(False),
        PROGRESSED=_.PROVEN_HERE,
        REDATED=_.ONLY_SEEN & ~_.PROVEN_HERE & _.PROOF_DAY.notnull(),
        STATE=ibis.ifelse(_.PROVEN_HERE, "UNEQUIVOCAL", "EQUIVOCAL"),
        SRCSEQ=_.SRCSEQ,
    ).select(*LESION_COLUMNS)


def _choose_baseline(known: ir.Table, identity: ir.Table) -> ir.Table:
    """Targets and non-targets expected at every visit, with the last value on or before first dose."""
    before = known.filter(_.AT_BASELINE)
    newest = ibis.window(
        group_by=["SUBJECT", "LNKID"],
        order_by=[ibis.desc("EVALUATED"), ibis.desc("DAY"), ibis.desc("SRCSEQ")],
    )
    last = before.mutate(PLACE=ibis.row_number().over(newest)).filter(_.PLACE == 0)
    expected = identity.filter(_.AT_BASELINE & _.ROLE.isin(["T", "N"]))
    values = last.select("SUBJECT", "LNKID", "DAY", "SIZE", "EVALUATED", "STATE", "SRCSEQ")
    joined = expected.left_join(values, ["SUBJECT", "LNKID"])
    return joined.select(
        "SUBJECT",
        "LNKID",
        "ROLE",
        "NODAL",
        "DAY",
        "SIZE",
        VISITKEY=ibis.literal("BASELINE"),
        EVALUATED=true(_.EVALUATED),
        GONE=ibis.literal(False),
        MERGED=ibis.literal(False),
        PROGRESSED=ibis.literal(False),
        REDATED=ibis.literal(False),
        STATE=_.STATE.fill_null("NE"),
        SRCSEQ=_.SRCSEQ,
    ).select(*LESION_COLUMNS)


def _complete_merged(followed: ir.Table, merges: ir.Table) -> ir.Table:
    """Add the partners of merged lesions: 0 mm each, and not gone while the merged lesion is there.

    A lesion's own record at a visit goes before: "not done" stays so, unless the merge is its reason.
    """
    own_word = followed.filter(_.EVALUATED | _.NOT_DONE).select("SUBJECT", "VISITKEY", "LNKID")
    followed = followed.mutate(MERGED=ibis.literal(False), REDATED=ibis.literal(False)).select(
        *LESION_COLUMNS
    )
    members = followed.inner_join(merges, ["SUBJECT", "LNKID"]).filter(_.DAY >= _.SINCE)
    measured = (
        members.filter(_.EVALUATED)
        .group_by("SUBJECT", "MERGED_SET", "VISITKEY")
        .agg(
            DAY=_.DAY.min(), TOTAL=_.SIZE.sum().cast("int64"), SRCSEQ=_.SRCSEQ.min(), SET_NODAL=_.NODAL.all()
        )
    )
    partners = measured.inner_join(merges, ["SUBJECT", "MERGED_SET"]).anti_join(
        own_word, ["SUBJECT", "VISITKEY", "LNKID"]
    )
    partners = partners.select(
        "SUBJECT",
        "VISITKEY",
        "LNKID",
        "DAY",
        ROLE=ibis.literal("T"),
        NODAL=_.SET_NODAL,
        SIZE=ibis.literal(0, "int64"),
        EVALUATED=ibis.literal(True),
        GONE=ibis.ifelse(_.SET_NODAL, _.TOTAL < NODE_IS_NORMAL_BELOW, _.TOTAL == 0),
        MERGED=ibis.literal(True),
        PROGRESSED=ibis.literal(False),
        REDATED=ibis.literal(False),
        STATE=ibis.literal("MERGED"),
        SRCSEQ=_.SRCSEQ,
    ).select(*LESION_COLUMNS)
    replaced = followed.anti_join(partners, ["SUBJECT", "VISITKEY", "LNKID"])
    return ibis.union(replaced, partners)


# ── when ────────────────────────────────────────────────────────────────────────────────────────────


def _order_visits(
    measured: ir.Table, found: ir.Table, followed: ir.Table, new: ir.Table, judged: ir.Table
) -> ir.Table:
    """One row per subject and assessment after baseline, numbered in time: ASMT, VISITKEY, FIRST_DAY."""
    lesions = ibis.union(
        followed.select("SUBJECT", "VISITKEY", "DAY"), new.select("SUBJECT", "VISITKEY", "DAY")
    )
    columns = ["SUBJECT", "VISITKEY", "DAY", "VISITNUM", "VISIT"]
    identified = found.semi_join(new, ["SUBJECT", "VISITKEY"])
    named = ibis.union(
        measured.filter(~_.AT_BASELINE).select(columns), identified.filter(~_.AT_BASELINE).select(columns)
    )
    called = judged.filter(~_.AT_BASELINE).select(columns)
    unnamed = lesions.mutate(VISITNUM=ibis.null("float64"), VISIT=ibis.null("string"))
    rows = ibis.union(
        named.mutate(FROM_RS=ibis.literal(False)),
        unnamed.mutate(FROM_RS=ibis.literal(False)),
        called.mutate(FROM_RS=ibis.literal(True)),
    )
    visits = rows.group_by("SUBJECT", "VISITKEY").agg(
        SCAN_DAY=_.DAY.min(where=~_.FROM_RS),
        CALL_DAY=_.DAY.min(where=_.FROM_RS),
        VISITNUM=_.VISITNUM.min(),
        VISIT=_.VISIT.min(),
    )
    visits = visits.mutate(FIRST_DAY=_.SCAN_DAY.coalesce(_.CALL_DAY)).filter(_.FIRST_DAY > 0)
    order = ibis.window(group_by="SUBJECT", order_by=["FIRST_DAY", "VISITNUM", "VISITKEY"])
    return visits.mutate(ASMT=(ibis.row_number().over(order) + 1).cast("int64")).drop("SCAN_DAY", "CALL_DAY")


def _number_assessments(
    baseline_rows: ir.Table, followed: ir.Table, new: ir.Table, visits: ir.Table
) -> ir.Table:
    """Lesion rows with ASMT; a row without a date of its own takes its visit's."""
    later = ibis.union(followed, new).inner_join(
        visits.select("SUBJECT", "VISITKEY", "ASMT", "FIRST_DAY"), ["SUBJECT", "VISITKEY"]
    )
    later = later.mutate(DAY=_.DAY.coalesce(_.FIRST_DAY)).select(*LESION_COLUMNS, "ASMT")
    return ibis.union(
        baseline_rows.mutate(ASMT=ibis.literal(0, "int64")).select(*LESION_COLUMNS, "ASMT"), later
    )


def _summarise_baseline(
    lesions: ir.Table, judged: ir.Table, tu: ir.Table, tr: ir.Table, subjects: ir.Table
) -> ir.Table:
    """Who was assessed at baseline: lesions recorded then, or an assessor's "no evidence of disease".

    Where no lesion of anybody was recorded, only responses can be read and a baseline is taken as given.
    """
    recorded = lesions.filter(_.ASMT == 0)
    seen = recorded.group_by("SUBJECT").agg(
        BASELINE_DAY=_.DAY.max(), MEASURABLE=((_.ROLE == "T") & _.EVALUATED).any()
    )
    free = judged.filter((_.TESTCD == "OVRLRESP") & (_upper(_.STRESC, _.ORRES) == NED_TEXT))
    free = free.select("SUBJECT").distinct()
    lesion_records = tr.count() + tu.count()
    assumed = subjects.select("SUBJECT").mutate(N=lesion_records).filter(_.N == 0).select("SUBJECT")
    others = ibis.union(free, assumed).distinct().anti_join(seen, "SUBJECT")
    return ibis.union(seen, others.mutate(BASELINE_DAY=ibis.null("int64"), MEASURABLE=ibis.literal(False)))


def _empty_assessments(lesions: ir.Table, visits: ir.Table, baseline: ir.Table) -> ir.Table:
    """Rows that say "assessed, no lesion row": visits that only an assessor's call or TRALL tells of."""
    silent = ibis.union(
        visits.select("SUBJECT", "VISITKEY", "ASMT", DAY=_.FIRST_DAY),
        baseline.select(
            "SUBJECT", VISITKEY=ibis.literal("BASELINE"), ASMT=ibis.literal(0, "int64"), DAY=_.BASELINE_DAY
        ),
    ).anti_join(lesions, ["SUBJECT", "ASMT"])
    return silent.mutate(
        LNKID=ibis.null("string"),
        ROLE=ibis.literal("-"),
        NODAL=ibis.literal(False),
        SIZE=ibis.null("int64"),
        EVALUATED=ibis.literal(False),
        GONE=ibis.literal(False),
        MERGED=ibis.literal(False),
        PROGRESSED=ibis.literal(False),
        REDATED=ibis.literal(False),
        STATE=ibis.literal("NE"),
        SRCSEQ=ibis.null("float64"),
    ).select(*LESION_COLUMNS, "ASMT")


# ── what an assessor said ───────────────────────────────────────────────────────────────────────────

NED_TEXT = "NED"


def _response_records(rs: ir.Table) -> ir.Table:
    recist = _.RSCAT.isnull() | _.RSCAT.upper().contains("RECIST")
    return rs.filter(recist & _.RSTESTCD.isin(["OVRLRESP", "TRGRESP", "NTRGRESP"]))


def _response_code(text: ir.StringValue) -> ir.StringValue:
    """The response as CDISC writes it, from the ways it is written."""
    plain = text.re_replace(r"[\s_-]+", "")
    return ibis.cases(
        (plain.isin(["CR", "COMPLETERESPONSE"]), "CR"),
        (plain.isin(["PR", "PARTIALRESPONSE"]), "PR"),
        (plain.isin(["SD", "STABLEDISEASE"]), "SD"),
        (plain.isin(["PD", "PROGRESSIVEDISEASE"]), "PD"),
        (plain.isin(["NONCR/NONPD", "NONCRNONPD"]), "NON-CR/NON-PD"),
        (plain.isin(["NED", "ND"]), NED_TEXT),
        else_="NE",
    )


def _read_assessor(judged: ir.Table, visits: ir.Table) -> ir.Table:
    """One row per subject and assessment that an assessor judged."""
    rows = judged.filter(~_.AT_BASELINE).mutate(
        CODE=_response_code(_upper(_.STRESC, _.ORRES).fill_null("NE"))
    )
    said = rows.group_by("SUBJECT", "VISITKEY").agg(
        RESPONSE=_.CODE.max(where=_.TESTCD == "OVRLRESP"),
        TARGET=_.CODE.max(where=_.TESTCD == "TRGRESP"),
        NON_TARGET=_.CODE.max(where=_.TESTCD == "NTRGRESP"),
        FIRST_PD=_.DAY.min(where=_.CODE == "PD"),
        LAST=_.DAY.max(),
        SRCSEQ=_.SEQ.min(where=_.TESTCD == "OVRLRESP"),
    )
    said = said.filter(_.RESPONSE.notnull()).inner_join(
        visits.select("SUBJECT", "VISITKEY", "ASMT"), ["SUBJECT", "VISITKEY"]
    )
    return said.select(
        "SUBJECT",
        "ASMT",
        "RESPONSE",
        "TARGET",
        "NON_TARGET",
        "SRCSEQ",
        DAY=ibis.ifelse(_.RESPONSE == "PD", _.FIRST_PD, _.LAST).coalesce(_.LAST),
    )
