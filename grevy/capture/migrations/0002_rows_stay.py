"""Database triggers that refuse to change or delete rows of the ledger, on SQLite and on PostgreSQL.

A trigger also refuses a row that does not continue its chain: on SQLite INSERT OR REPLACE would otherwise
remove the row it replaces without asking any trigger, and on both a program could leave a gap.
"""

from django.db import migrations

from grevy.capture import chain
from grevy.capture.chain import IDENTITIES, NUMBERED

# Tables and columns that are there by now: a later migration makes its own triggers.
CHAINS = tuple(table for table in chain.CHAINS if table != "ledger_confirmation")
KEPT_COLUMNS = chain.KEPT_COLUMNS | {"capture_query": ("key", "record_id")}


def sqlite_statements():
    for table in (*CHAINS, *IDENTITIES):
        for verb in ("UPDATE", "DELETE"):
            yield sqlite_refusal(
                f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}", f"{table}: rows stay"
            )
    for table, columns in KEPT_COLUMNS.items():
        yield sqlite_refusal(f"{table}_no_delete", f"BEFORE DELETE ON {table}", f"{table}: rows stay")
        kept = ", ".join(columns)
        yield sqlite_refusal(
            f"{table}_no_update", f"BEFORE UPDATE OF {kept} ON {table}", f"{table}: {kept} stay"
        )
    for table in CHAINS:
        breaks = [f"NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {table})"]
        if table in NUMBERED:
            owner, number = NUMBERED[table]
            breaks.append(
                f"EXISTS (SELECT 1 FROM {table} WHERE {owner} = NEW.{owner} AND {number} = NEW.{number})"
            )
        when = f"BEFORE INSERT ON {table} WHEN {' OR '.join(breaks)}"
        yield sqlite_refusal(f"{table}_next_only", when, f"{table}: a row continues the chain")
    for table, key in (
        ("capture_site", "code"),
        ("capture_study_event", "key"),
        ("capture_form_record", "key"),
        ("capture_subject", "number"),
        ("capture_query", "key"),
    ):
        when = f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        yield sqlite_refusal(f"{table}_new_only", when, f"{table}: the row is there already")


def sqlite_refusal(name, when, message):
    return f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def postgresql_statements():
    yield (
        "CREATE FUNCTION capture_rows_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: rows stay', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    call = "EXECUTE FUNCTION capture_rows_stay()"
    for table in (*CHAINS, *IDENTITIES):
        yield f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}"
    for table, columns in KEPT_COLUMNS.items():
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}"
        kept = ", ".join(columns)
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {kept} ON {table} FOR EACH ROW {call}"
    yield (
        "CREATE FUNCTION capture_next_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ DECLARE last bigint; BEGIN "
        "EXECUTE format('SELECT COALESCE(MAX(seq), 0) FROM %I', TG_TABLE_NAME) INTO last; "
        "IF NEW.seq <> last + 1 THEN RAISE EXCEPTION '%: a row continues the chain', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    for table in CHAINS:
        next_only = "FOR EACH ROW EXECUTE FUNCTION capture_next_only()"
        yield f"CREATE TRIGGER {table}_next_only BEFORE INSERT ON {table} {next_only}"
    for table in (*CHAINS, *IDENTITIES, *KEPT_COLUMNS):
        yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"


STATEMENTS = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}


def create_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor not in STATEMENTS:
        raise NotImplementedError(
            f"The ledger has no triggers for {vendor}; allowed: {', '.join(STATEMENTS)}."
        )
    for statement in STATEMENTS[vendor]():
        schema_editor.execute(statement, params=None)  # the percent signs are PL/pgSQL's


class Migration(migrations.Migration):
    dependencies = (("capture", "0001_initial"),)
    # No way back: a ledger without its triggers is not a ledger.
    operations = (migrations.RunPython(create_triggers),)
