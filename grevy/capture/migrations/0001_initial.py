"""The tables of the ledger, as Django wrote them from the models."""

# ruff: noqa: RUF012
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessChange",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("change", models.CharField(max_length=30)),
                ("username", models.CharField(blank=True, max_length=150)),
                ("for_role", models.CharField(blank=True, max_length=40)),
                ("for_site", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "db_table": "ledger_access_change",
            },
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("table", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "capture_chain_head",
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("purpose", models.TextField()),
                ("recipient", models.CharField(max_length=200)),
                ("country", models.CharField(max_length=3)),
                ("files", models.TextField()),
            ],
            options={
                "db_table": "ledger_export",
            },
        ),
        migrations.CreateModel(
            name="LabRange",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("test", models.CharField(max_length=80)),
                ("sex", models.CharField(blank=True, max_length=1)),
                ("age_from", models.PositiveIntegerField()),
                ("age_to", models.PositiveIntegerField()),
                ("valid_from", models.CharField(max_length=10)),
                ("unit", models.CharField(max_length=20)),
                ("low", models.CharField(blank=True, max_length=20)),
                ("high", models.CharField(blank=True, max_length=20)),
                ("origin", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "ledger_lab_range",
                "indexes": (models.Index(fields=("site", "test"), name="lab_range_of_site"),),
                "constraints": (
                    models.CheckConstraint(
                        condition=models.Q(("age_from__lt", models.F("age_to"))),
                        name="lab_range_ages_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("high", ""), ("low", ""), _negated=True),
                        name="lab_range_has_a_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ("", "F", "M"))), name="lab_range_sex_is_known"
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="FormRecord",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=60)),
                ("form_seq", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "capture_form_record",
            },
        ),
        migrations.CreateModel(
            name="LogIn",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("username", models.CharField(db_index=True, max_length=150)),
                ("outcome", models.CharField(max_length=30)),
                ("address", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "db_table": "ledger_log_in",
            },
        ),
        migrations.CreateModel(
            name="StudyEvent",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("event", models.CharField(max_length=40)),
                ("event_seq", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "capture_study_event",
            },
        ),
        migrations.CreateModel(
            name="Lock",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("scope", models.CharField(db_index=True, max_length=180)),
                (
                    "level",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("FROZEN", "Frozen"), ("LOCKED", "Locked")], max_length=10
                    ),
                ),
                ("second_person", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "ledger_lock",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="lock_has_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Query",
            fields=[
                ("key", models.CharField(max_length=180, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("ANSWERED", "Answered"),
                            ("CLOSED", "Closed"),
                            ("REOPENED", "Reopened"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="OPEN",
                        max_length=20,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queries",
                        to="capture.formrecord",
                    ),
                ),
            ],
            options={
                "db_table": "capture_query",
            },
        ),
        migrations.CreateModel(
            name="QueryMessage",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("ANSWERED", "Answered"),
                            ("CLOSED", "Closed"),
                            ("REOPENED", "Reopened"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("item", models.CharField(blank=True, max_length=120)),
                ("row_key", models.CharField(blank=True, max_length=60)),
                ("revision_number", models.PositiveIntegerField()),
                (
                    "query",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="capture.query",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_query_message",
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("revision_number", models.PositiveIntegerField()),
                ("revision_hash", models.CharField(max_length=64)),
                ("meaning", models.TextField()),
                ("printed_name", models.CharField(max_length=200)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="capture.formrecord",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_signature",
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("code", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("name_en", models.CharField(max_length=200)),
                ("name_zh", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "capture_site",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="site_has_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=40)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="capture.site",
                    ),
                ),
            ],
            options={
                "db_table": "capture_membership",
            },
        ),
        migrations.AddField(
            model_name="formrecord",
            name="study_event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="records", to="capture.studyevent"
            ),
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("number", models.CharField(max_length=20, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SCREENING", "Screening"),
                            ("ELIGIBLE", "Eligible"),
                            ("ON_TREATMENT", "On Treatment"),
                            ("TREATMENT_ENDED", "Treatment Ended"),
                            ("FOLLOW_UP", "Follow Up"),
                            ("ENDED", "Ended"),
                            ("DEAD", "Dead"),
                        ],
                        default="SCREENING",
                        max_length=20,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="capture.site",
                    ),
                ),
            ],
            options={
                "db_table": "capture_subject",
            },
        ),
        migrations.AddField(
            model_name="studyevent",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="capture.subject"
            ),
        ),
        migrations.CreateModel(
            name="SubjectStep",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SCREENING", "Screening"),
                            ("ELIGIBLE", "Eligible"),
                            ("ON_TREATMENT", "On Treatment"),
                            ("TREATMENT_ENDED", "Treatment Ended"),
                            ("FOLLOW_UP", "Follow Up"),
                            ("ENDED", "Ended"),
                            ("DEAD", "Dead"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cause", models.CharField(max_length=180)),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="capture.subject",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_subject_step",
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("revision_number", models.PositiveIntegerField()),
                ("item", models.CharField(blank=True, max_length=120)),
                ("row_key", models.CharField(blank=True, max_length=60)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="capture.formrecord",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_verification",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_key", models.CharField(max_length=160)),
                ("content", models.TextField()),
                ("started_from", models.PositiveIntegerField()),
                ("kept_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "capture_draft",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "record_key"), name="draft_once_per_person_and_record"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormRevision",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("site", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                ("base_number", models.PositiveIntegerField()),
                ("study_version", models.CharField(max_length=20)),
                ("content", models.TextField()),
                ("withdrawn", models.BooleanField(default=False)),
                ("origin", models.CharField(max_length=40)),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="capture.formrecord",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_revision",
                "indexes": [models.Index(fields=["at"], name="revision_at")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "number"), name="revision_number_once_per_record"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="revision_counts_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("base_number__lt", models.F("number"))),
                        name="revision_starts_from_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="revision_change_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "ANSWERED", "CLOSED", "REOPENED", "CANCELLED"])),
                name="query_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="querymessage",
            constraint=models.UniqueConstraint(fields=("query", "number"), name="query_message_number_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "site"), name="membership_once_per_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site", None)), fields=("user", "role"), name="membership_once_in_study"
            ),
        ),
        migrations.AddConstraint(
            model_name="formrecord",
            constraint=models.UniqueConstraint(
                fields=("study_event", "form", "form_seq"), name="form_record_once_per_event"
            ),
        ),
        migrations.AddConstraint(
            model_name="formrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("form_seq__gte", 1)), name="form_record_counts_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "SCREENING",
                            "ELIGIBLE",
                            "ON_TREATMENT",
                            "TREATMENT_ENDED",
                            "FOLLOW_UP",
                            "ENDED",
                            "DEAD",
                        ],
                    )
                ),
                name="subject_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="studyevent",
            constraint=models.UniqueConstraint(
                fields=("subject", "event", "event_seq"), name="study_event_once_per_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="studyevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("event_seq__gte", 1)), name="study_event_counts_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectstep",
            constraint=models.UniqueConstraint(fields=("subject", "number"), name="subject_step_number_once"),
        ),
        migrations.AddConstraint(
            model_name="subjectstep",
            constraint=models.UniqueConstraint(
                fields=("subject", "state"), name="subject_reaches_state_once"
            ),
        ),
    ]
