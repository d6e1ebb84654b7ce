"""The answers that saves got, which stay like the ledger's rows; and the order in which drafts were typed."""

from importlib import import_module

from django.db import migrations, models

TABLE = "capture_submission"


def sqlite_statements():
    refusal = import_module("grevy.capture.migrations.0002_rows_stay").sqlite_refusal
    for verb in ("UPDATE", "DELETE"):
        yield refusal(f"{TABLE}_no_{verb.lower()}", f"BEFORE {verb} ON {TABLE}", f"{TABLE}: rows stay")
    # INSERT OR REPLACE would remove the older row without asking the trigger for deletions.
    when = f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE key = NEW.key)"
    yield refusal(f"{TABLE}_new_only", when, f"{TABLE}: the row is there already")


def postgresql_statements():
    call = "EXECUTE FUNCTION capture_rows_stay()"
    yield f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {call}"


def create_triggers(apps, schema_editor):
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}
    for statement in statements[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = (("capture", "0002_rows_stay"),)
    operations = (
        migrations.CreateModel(
            name="Submission",
            fields=(
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("record_key", models.CharField(max_length=160)),
                ("by", models.CharField(max_length=150)),
                ("content_hash", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                ("merged", models.TextField()),
                ("at", models.DateTimeField()),
            ),
            options={
                "db_table": TABLE,
                "constraints": (
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="submission_names_a_revision"
                    ),
                ),
            },
        ),
        migrations.RunPython(create_triggers),
        migrations.AddField(model_name="draft", name="sequence", field=models.BigIntegerField(default=0)),
    )
