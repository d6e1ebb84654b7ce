"""The ledger and what gives it order: sites, people, subjects, events, records.

Tables named `ledger_` are chains of rows that are only ever added: database triggers, this module and
tests all
say so. Everything else is either identity (added, never changed) or computed from the ledger for quick lists.
"""

from __future__ import annotations

from typing import NoReturn

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from grevy.capture.chain import CHAINS, START, moment_text, row_hash
from grevy.snapshot import name_record, name_revision


class LedgerRowsStay(Exception):
    """A row of the ledger was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and adds; there is no way to change or delete."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise LedgerRowsStay(f"{self.model._meta.db_table}: rows are added, never changed or deleted.")

    update = delete = bulk_update = update_or_create = _raw_delete = _refuse
    aupdate = adelete = abulk_update = aupdate_or_create = _refuse

    def bulk_create(self, objs, *args, **kwargs):
        if kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            self._refuse()
        return super().bulk_create(objs, *args, **kwargs)


class Added(models.Model):
    """A row that is added once and stays as it is."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise LedgerRowsStay(f"{self._meta.db_table}: rows are added, never changed.")
        super().save(force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise LedgerRowsStay(f"{self._meta.db_table}: rows are never deleted.")


class Chained(Added):
    """A row of a chain: its place, who, in which role, at which site, when (UTC), why; and the two hashes."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    site = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def compute_hash(self) -> str:
        values = [getattr(self, column) for column in CHAINS[self._meta.db_table]]
        values[1] = moment_text(self.at)
        return row_hash(int(value) if isinstance(value, bool) else value for value in values)


class ChainHead(models.Model):
    """The last link of each chain, so that a save finds it at once; locked while a row is added."""

    table = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=START)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "capture_chain_head"


# ----------------------------------------------------------------------------------------------------------
# Sites, people, subjects, records
# ----------------------------------------------------------------------------------------------------------


class Site(Added):
    """A hospital that takes part."""

    code = models.CharField(max_length=10, primary_key=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)

    class Meta:
        db_table = "capture_site"
        constraints = (CheckConstraint(condition=~Q(code=""), name="site_has_code"),)


class UserSetting(models.Model):
    """How a person likes the pages, and whether the password must be changed first; no part of the record."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="setting")
    language = models.CharField(max_length=2, blank=True)
    density = models.CharField(max_length=20, blank=True)
    theme = models.CharField(max_length=20, blank=True)
    password_is_temporary = models.BooleanField(default=False)

    class Meta:
        db_table = "capture_user_setting"


class OpenLogIn(models.Model):
    """A log-in that may still be open: whose session it is, since when and from where."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="open_log_ins")
    session_key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()
    address = models.CharField(max_length=60, blank=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "capture_open_log_in"


class Membership(models.Model):
    """A role that a person holds now, at one site or (without site) in the whole study. Replayed from
    AccessChange."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="memberships")

    class Meta:
        db_table = "capture_membership"
        constraints = (
            UniqueConstraint(fields=("user", "role", "site"), name="membership_once_per_site"),
            # A site that is null equals no other null, so the study-wide role needs its own constraint.
            UniqueConstraint(
                fields=("user", "role"), condition=Q(site=None), name="membership_once_in_study"
            ),
        )


class SubjectState(models.TextChoices):
    """How far a subject has come, in order."""

    SCREENING = "SCREENING"
    ELIGIBLE = "ELIGIBLE"
    ON_TREATMENT = "ON_TREATMENT"
    TREATMENT_ENDED = "TREATMENT_ENDED"
    FOLLOW_UP = "FOLLOW_UP"
    ENDED = "ENDED"
    DEAD = "DEAD"


class Subject(models.Model):
    """A screened person, known by the number the site gave. `state` is the furthest of the subject's
    steps."""

    number = models.CharField(max_length=20, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="subjects")
    state = models.CharField(max_length=20, choices=SubjectState.choices, default=SubjectState.SCREENING)

    class Meta:
        db_table = "capture_subject"
        constraints = (
            CheckConstraint(condition=Q(state__in=SubjectState.values), name="subject_state_is_known"),
        )


class StudyEvent(Added):
    """An occasion of one subject: an event of the schedule and its number."""

    key = models.CharField(max_length=80, primary_key=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="events")
    event = models.CharField(max_length=40)
    event_seq = models.PositiveIntegerField()

    class Meta:
        db_table = "capture_study_event"
        constraints = (
            UniqueConstraint(fields=("subject", "event", "event_seq"), name="study_event_once_per_subject"),
            CheckConstraint(condition=Q(event_seq__gte=1), name="study_event_counts_from_one"),
        )

    @staticmethod
    def name(subject: str, event: str, event_seq: int) -> str:
        return f"{subject}/{event}/{event_seq}"


class FormRecord(Added):
    """One form of one occasion; what stands in it is its last revision."""

    key = models.CharField(max_length=160, primary_key=True)
    study_event = models.ForeignKey(StudyEvent, models.PROTECT, related_name="records")
    form = models.CharField(max_length=60)
    form_seq = models.PositiveIntegerField()

    class Meta:
        db_table = "capture_form_record"
        constraints = (
            UniqueConstraint(fields=("study_event", "form", "form_seq"), name="form_record_once_per_event"),
            CheckConstraint(condition=Q(form_seq__gte=1), name="form_record_counts_from_one"),
        )

    @staticmethod
    def name(subject: str, event: str, event_seq: int, form: str, form_seq: int) -> str:
        return name_record(subject, event, event_seq, form, form_seq)


class FormRevision(Chained):
    """One saved state of a record. `content` is canonical JSON; `base_number` is the revision its author
    saw."""

    record = models.ForeignKey(FormRecord, models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    base_number = models.PositiveIntegerField()
    study_version = models.CharField(max_length=20)
    content = models.TextField()
    withdrawn = models.BooleanField(default=False)
    origin = models.CharField(max_length=40)

    class Meta:
        db_table = "ledger_revision"
        constraints = (
            UniqueConstraint(fields=("record", "number"), name="revision_number_once_per_record"),
            CheckConstraint(condition=Q(number__gte=1), name="revision_counts_from_one"),
            CheckConstraint(condition=Q(base_number__lt=F("number")), name="revision_starts_from_earlier"),
            CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="revision_change_has_reason"),
        )
        indexes = (models.Index(fields=("at",), name="revision_at"),)

    @property
    def name(self) -> str:
        return name_revision(self.record_id, self.number)


class SubjectStep(Chained):
    """A state that a subject reached, and the record that says so."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="steps", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SubjectState.choices)
    cause = models.CharField(max_length=180)

    class Meta:
        db_table = "ledger_subject_step"
        constraints = (
            UniqueConstraint(fields=("subject", "number"), name="subject_step_number_once"),
            UniqueConstraint(fields=("subject", "state"), name="subject_reaches_state_once"),
        )


class Draft(models.Model):
    """What one person has typed and not saved. Private, overwritten while typing, gone after the save."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    record_key = models.CharField(max_length=160)
    content = models.TextField()
    started_from = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    sequence = models.BigIntegerField(default=0)

    class Meta:
        db_table = "capture_draft"
        constraints = (
            UniqueConstraint(fields=("user", "record_key"), name="draft_once_per_person_and_record"),
        )


class JobState(models.TextChoices):
    """How far work in the background is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Job(models.Model):
    """Work that a person asked for and that takes too long for a page; no part of the ledger."""

    key = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=40)
    asked = models.TextField()
    by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    stop = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.TextField(default="")
    problem = models.CharField(max_length=40, default="")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "capture_job"
        indexes = (models.Index(fields=("state", "asked_at"), name="job_next"),)


class SavedView(models.Model):
    """A filter of the subject list that a person keeps under a name; nobody else sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        db_table = "capture_saved_view"
        constraints = (UniqueConstraint(fields=("user", "name"), name="saved_view_name_once_per_person"),)


class LabMapping(Added):
    """How a site's export of results is to be read; of one layout of columns the last one holds."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="lab_mappings")
    signature = models.CharField(max_length=64)
    content = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "capture_lab_mapping"
        indexes = (models.Index(fields=("site", "signature"), name="lab_mapping_of_layout"),)


class LabFile(models.Model):
    """A file that a person is about to import; private, and gone once it is imported or put aside."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lab_files")
    site = models.ForeignKey(Site, models.PROTECT, related_name="lab_files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "capture_lab_file"
        constraints = (UniqueConstraint(fields=("user", "site", "sha256"), name="lab_file_once"),)


class Submission(Added):
    """The answer a save got, under the key its browser made: the same save sent again is stored once."""

    key = models.CharField(max_length=64, primary_key=True)
    record_key = models.CharField(max_length=160)
    by = models.CharField(max_length=150)
    content_hash = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    merged = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "capture_submission"
        constraints = (CheckConstraint(condition=Q(number__gte=1), name="submission_names_a_revision"),)


# ----------------------------------------------------------------------------------------------------------
# Review
# ----------------------------------------------------------------------------------------------------------


class QueryState(models.TextChoices):
    """Where a query stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    CANCELLED = "CANCELLED"


class Query(models.Model):
    """A question about a record, a row or an item; its story is its messages, `state` that of the last
    one.

    `check_id` is the rule that asks, in the words of a version of the study; empty where a person asks of
    their own accord. Queries that were opened in one go share a `batch`.
    """

    key = models.CharField(max_length=180, primary_key=True)
    record = models.ForeignKey(FormRecord, models.PROTECT, related_name="queries")
    state = models.CharField(max_length=20, choices=QueryState.choices, default=QueryState.OPEN)
    item = models.CharField(max_length=120, blank=True, default="", db_default="")
    row_key = models.CharField(max_length=60, blank=True, default="", db_default="")
    check_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    study_version = models.CharField(max_length=20, blank=True, default="", db_default="")
    batch = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        db_table = "capture_query"
        constraints = (
            CheckConstraint(condition=Q(state__in=QueryState.values), name="query_state_is_known"),
            UniqueConstraint(
                fields=("record", "check_id", "item", "row_key"),
                condition=~Q(check_id="") & Q(state__in=("OPEN", "ANSWERED", "REOPENED")),
                name="query_of_check_open_once",
            ),
        )
        indexes = (
            models.Index(fields=("state",), name="query_state"),
            models.Index(fields=("batch",), name="query_batch"),
        )


class QueryMessage(Chained):
    """One turn of a query: opened, answered, closed, reopened or cancelled, with what was written."""

    query = models.ForeignKey(Query, models.PROTECT, related_name="messages", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=QueryState.choices)
    text = models.TextField()
    item = models.CharField(max_length=120, blank=True)
    row_key = models.CharField(max_length=60, blank=True)
    revision_number = models.PositiveIntegerField()

    class Meta:
        db_table = "ledger_query_message"
        constraints = (UniqueConstraint(fields=("query", "number"), name="query_message_number_once"),)


class Confirmation(Chained):
    """A person stands by a value that a rule of the study asked about; `reason` is the note."""

    record = models.ForeignKey(FormRecord, models.PROTECT, related_name="confirmations")
    revision_number = models.PositiveIntegerField()
    check_id = models.CharField(max_length=60)
    item = models.CharField(max_length=120, blank=True)
    row_key = models.CharField(max_length=60, blank=True)
    study_version = models.CharField(max_length=20)

    class Meta:
        db_table = "ledger_confirmation"
        constraints = (CheckConstraint(condition=~Q(reason=""), name="confirmation_has_note"),)


class Verification(Chained):
    """Source data verification of a record or one item, as it stood in one revision."""

    record = models.ForeignKey(FormRecord, models.PROTECT, related_name="verifications")
    revision_number = models.PositiveIntegerField()
    item = models.CharField(max_length=120, blank=True)
    row_key = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "ledger_verification"


class Signature(Chained):
    """An electronic signature, bound to the content it was given for by that revision's hash (21 CFR
    11.70)."""

    record = models.ForeignKey(FormRecord, models.PROTECT, related_name="signatures")
    revision_number = models.PositiveIntegerField()
    revision_hash = models.CharField(max_length=64)
    meaning = models.TextField()
    printed_name = models.CharField(max_length=200)

    class Meta:
        db_table = "ledger_signature"


class LockLevel(models.TextChoices):
    """Frozen: no entry, queries go on. Locked: nothing goes on. Open: as before."""

    OPEN = "OPEN"
    FROZEN = "FROZEN"
    LOCKED = "LOCKED"


class Lock(Chained):
    """A change of the lock on a scope: a record's address, a subject's number, `site:` and a code, or
    `study`."""

    scope = models.CharField(max_length=180, db_index=True)
    level = models.CharField(max_length=10, choices=LockLevel.choices)
    second_person = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "ledger_lock"
        constraints = (CheckConstraint(condition=~Q(reason=""), name="lock_has_reason"),)


# ----------------------------------------------------------------------------------------------------------
# Access
# ----------------------------------------------------------------------------------------------------------


class AccessChange(Chained):
    """A site opened, an account made or closed, a role granted or revoked, training or delegation recorded,
    a password or second factor reset (21 CFR 11.300; ICH E6(R3) 4.3.8)."""

    change = models.CharField(max_length=30)
    username = models.CharField(max_length=150, blank=True)
    for_role = models.CharField(max_length=40, blank=True)
    for_site = models.CharField(max_length=10, blank=True)

    class Meta:
        db_table = "ledger_access_change"


class LogIn(Chained):
    """An attempt to log in, to sign or to log out, with its outcome."""

    username = models.CharField(max_length=150, db_index=True)
    outcome = models.CharField(max_length=30)
    address = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "ledger_log_in"


class Export(Chained):
    """Data that left: for what, to whom, to which country, and the hash of each file as JSON."""

    purpose = models.TextField()
    recipient = models.CharField(max_length=200)
    country = models.CharField(max_length=3)
    files = models.TextField()

    class Meta:
        db_table = "ledger_export"


class LabRange(Chained):
    """Limits of normal of one laboratory test at a site, for a sex and an age, from a day on.

    The limits are text as they were entered; `test` is the item, such as `chemistry.alt`; `sex` is empty for
    both. They hold until the next `valid_from` of the same site, test, sex and age.
    """

    test = models.CharField(max_length=80)
    sex = models.CharField(max_length=1, blank=True)
    age_from = models.PositiveIntegerField()
    age_to = models.PositiveIntegerField()
    valid_from = models.CharField(max_length=10)
    unit = models.CharField(max_length=20)
    low = models.CharField(max_length=20, blank=True)
    high = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=40)

    class Meta:
        db_table = "ledger_lab_range"
        constraints = (
            CheckConstraint(condition=Q(age_from__lt=F("age_to")), name="lab_range_ages_in_order"),
            CheckConstraint(condition=~Q(low="", high=""), name="lab_range_has_a_limit"),
            CheckConstraint(condition=Q(sex__in=("", "F", "M")), name="lab_range_sex_is_known"),
        )
        indexes = (models.Index(fields=("site", "test"), name="lab_range_of_site"),)


CHAINED_MODELS: tuple[type[Chained], ...] = (
    FormRevision,
    SubjectStep,
    QueryMessage,
    Confirmation,
    Verification,
    Signature,
    Lock,
    AccessChange,
    LogIn,
    Export,
    LabRange,
)
