"""Queries say which check asks, about which item and row, and in which batch; confirmations are a chain.

The queries that are there take item and row from their first message, and are no check's.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from grevy.capture.chain import KEPT_COLUMNS

CHAIN, QUERIES = "ledger_confirmation", "capture_query"
KEPT = ", ".join(KEPT_COLUMNS[QUERIES])

FIRST = "FROM ledger_query_message m WHERE m.query_id = capture_query.key AND m.number = 1"
TAKE_FROM_FIRST_MESSAGE = (
    f"UPDATE capture_query SET item = (SELECT m.item {FIRST}), row_key = (SELECT m.row_key {FIRST}) "
    f"WHERE EXISTS (SELECT 1 {FIRST})"
)


def sqlite_statements():
    refusal = import_module("grevy.capture.migrations.0002_rows_stay").sqlite_refusal
    for verb in ("UPDATE", "DELETE"):
        yield refusal(f"{CHAIN}_no_{verb.lower()}", f"BEFORE {verb} ON {CHAIN}", f"{CHAIN}: rows stay")
    when = f"BEFORE INSERT ON {CHAIN} WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {CHAIN})"
    yield refusal(f"{CHAIN}_next_only", when, f"{CHAIN}: a row continues the chain")
    for name in ("no_delete", "no_update", "new_only"):  # all of them: a table made anew has lost them
        yield f"DROP TRIGGER IF EXISTS {QUERIES}_{name}"
    yield refusal(f"{QUERIES}_no_delete", f"BEFORE DELETE ON {QUERIES}", f"{QUERIES}: rows stay")
    yield refusal(f"{QUERIES}_no_update", f"BEFORE UPDATE OF {KEPT} ON {QUERIES}", f"{QUERIES}: {KEPT} stay")
    when = f"BEFORE INSERT ON {QUERIES} WHEN EXISTS (SELECT 1 FROM {QUERIES} WHERE key = NEW.key)"
    yield refusal(f"{QUERIES}_new_only", when, f"{QUERIES}: the row is there already")


def postgresql_statements():
    call = "EXECUTE FUNCTION capture_rows_stay()"
    yield f"CREATE TRIGGER {CHAIN}_no_change BEFORE UPDATE OR DELETE ON {CHAIN} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {CHAIN}_no_truncate BEFORE TRUNCATE ON {CHAIN} FOR EACH STATEMENT {call}"
    next_only = "FOR EACH ROW EXECUTE FUNCTION capture_next_only()"
    yield f"CREATE TRIGGER {CHAIN}_next_only BEFORE INSERT ON {CHAIN} {next_only}"
    yield f"DROP TRIGGER {QUERIES}_no_update ON {QUERIES}"
    yield f"CREATE TRIGGER {QUERIES}_no_update BEFORE UPDATE OF {KEPT} ON {QUERIES} FOR EACH ROW {call}"


def create_triggers(apps, schema_editor):
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}
    for statement in statements[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def text(length, **more):
    return models.CharField(blank=True, max_length=length, **more)


def added(name, length):
    field = text(length, default="", db_default="")
    return migrations.AddField(model_name="query", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = (("capture", "0004_saved_views"),)
    operations = (
        migrations.CreateModel(
            name="Confirmation",
            fields=(
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("role", text(40)),
                ("site", text(10)),
                ("reason", models.TextField(blank=True)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("revision_number", models.PositiveIntegerField()),
                ("check_id", models.CharField(max_length=60)),
                ("item", text(120)),
                ("row_key", text(60)),
                ("study_version", models.CharField(max_length=20)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="capture.formrecord",
                    ),
                ),
            ),
            options={
                "db_table": CHAIN,
                "constraints": (
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="confirmation_has_note"
                    ),
                ),
            },
        ),
        added("item", 120),
        added("row_key", 60),
        added("check_id", 60),
        added("study_version", 20),
        added("batch", 40),
        migrations.RunSQL(TAKE_FROM_FIRST_MESSAGE, migrations.RunSQL.noop),
        migrations.AddIndex(model_name="query", index=models.Index(fields=("state",), name="query_state")),
        migrations.AddIndex(model_name="query", index=models.Index(fields=("batch",), name="query_batch")),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.UniqueConstraint(
                fields=("record", "check_id", "item", "row_key"),
                condition=~models.Q(check_id="") & models.Q(state__in=("OPEN", "ANSWERED", "REOPENED")),
                name="query_of_check_open_once",
            ),
        ),
        migrations.RunPython(create_triggers),
    )
