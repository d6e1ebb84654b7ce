"""Rows of the ledger stay: through the ORM, in bulk, and in SQL past the application."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from small_study import PASSWORD, PERSON

from grevy.capture.actions import (
    lock,
    open_query,
    record_export,
    record_log_in,
    set_lab_range,
    sign,
    verify,
)
from grevy.capture.chain import CHAINS, IDENTITIES, KEPT_COLUMNS
from grevy.capture.models import (
    CHAINED_MODELS,
    FormRecord,
    FormRevision,
    LedgerRowsStay,
    Query,
    Site,
    StudyEvent,
    Subject,
)
from grevy.snapshot import LabRange

WEIGHT_LIMITS = LabRange(
    site="01", test="demographics.weight_kg", sex="", age_from=18, age_to=150, valid_from=date(2026, 1, 1),
    unit="kg", low=Decimal(30), high=None, by="data_manager", role="", at=datetime.now(UTC),
)  # fmt: skip
ADDED_MODELS = (*CHAINED_MODELS, Site, StudyEvent, FormRecord)


@pytest.fixture
def full(desk):
    """A row in every table of the ledger."""
    desk.save("demographics", {**PERSON, "ecog": "4"}, confirmed=True, reason="Bedridden since Monday")
    address = desk.address("demographics")
    open_query(address, "Is this right", by="monitor")
    verify(address, by="monitor", revision=1)
    sign(address, by="inv01", password=PASSWORD, revision=1, meaning="I confirm")
    lock(address.record, by="data_manager", reason="Test", level="FROZEN")
    record_log_in("crc01", outcome="SUCCESS")
    record_export(by="data_manager", purpose="a", recipient="b", country="CN", files={"x": "0"})
    set_lab_range(desk.study, WEIGHT_LIMITS)
    return desk


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def replace(table: str, columns: list[str], rows: str) -> str:
    """A statement that puts rows in the place of those with the same key, in the words of the database."""
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "sqlite":
        # REPLACE removes the older row without asking a trigger for deletions
        return f"INSERT OR REPLACE INTO {table} ({names}) {rows}"
    key = next(
        model._meta.pk.column for model in (*ADDED_MODELS, Subject, Query) if model._meta.db_table == table
    )
    changes = ", ".join(f'"{column}" = EXCLUDED."{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) {rows} ON CONFLICT ({key}) DO UPDATE SET {changes}"


@pytest.mark.parametrize("model", ADDED_MODELS, ids=lambda model: model.__name__)
def test_the_models_refuse_change_and_deletion_alone_and_in_bulk(full, model):
    row = model.objects.first()
    assert row is not None
    field = model._meta.fields[-1].name
    for attempt in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(**{field: getattr(row, field)}),
        lambda: model.objects.bulk_update([row], [field]),
        lambda: model.objects.update_or_create(pk=row.pk),
        lambda: model.objects.bulk_create([row], ignore_conflicts=True),
    ):
        with pytest.raises(LedgerRowsStay):
            attempt()


@pytest.mark.parametrize("table", [*CHAINS, *IDENTITIES, *KEPT_COLUMNS])
def test_the_database_refuses_change_and_deletion_in_sql(full, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        before = cursor.fetchall()
        assert before
        columns = [column[0] for column in cursor.description]
    kept = KEPT_COLUMNS.get(table, columns)
    for column in kept:
        with pytest.raises(DatabaseError, match="stay"):
            run(f'UPDATE {table} SET "{column}" = "{column}"')
    with pytest.raises(DatabaseError, match="stay"):
        run(f"DELETE FROM {table}")
    names = ", ".join(f'"{column}"' for column in columns)
    with pytest.raises(DatabaseError, match=r"continues the chain|there already|stay"):
        run(replace(table, columns, f"SELECT {names} FROM {table} LIMIT 1"))
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="stay"):
            run(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        assert cursor.fetchall() == before


@pytest.mark.parametrize("table", CHAINS)
def test_the_database_takes_only_the_next_row_of_a_chain(full, table):
    names = ", ".join(f'"{column}"' for column in (*CHAINS[table], "hash") if column != "seq")
    with pytest.raises(DatabaseError, match="continues the chain"):
        run(f"INSERT INTO {table} (seq, {names}) SELECT seq + 100, {names} FROM {table} WHERE seq = 1")


def test_a_revision_cannot_be_replaced_under_its_own_number(full):
    columns = [*CHAINS["ledger_revision"], "hash"]
    names = ", ".join(f'"{column}"' for column in columns if column != "seq")
    rows = f"SELECT (SELECT MAX(seq) + 1 FROM ledger_revision), {names} FROM ledger_revision WHERE seq = 1"
    with pytest.raises(DatabaseError, match=r"continues the chain|revision_number_once_per_record"):
        run(replace("ledger_revision", columns, rows))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"number": 0, "base_number": -1}, "base_number"),
        ({"number": 5, "base_number": 5, "reason": "Why"}, "revision_starts_from_earlier"),
        ({"number": 5, "base_number": 1, "reason": ""}, "revision_change_has_reason"),
    ],
)
def test_what_must_hold_is_a_named_constraint(full, change, constraint):
    last = FormRevision.objects.order_by("-seq").first()
    values = {field.attname: getattr(last, field.attname) for field in FormRevision._meta.fields}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FormRevision(**{**values, "seq": last.seq + 1, **change}).save()
