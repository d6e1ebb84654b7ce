"""The application for a server: `granian --interface wsgi grevy.capture.wsgi:application`."""

import os
import threading

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from grevy.capture.database_address import is_postgresql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
if not os.environ.get("GREVY_SECRET_KEY") and is_postgresql(os.environ.get("GREVY_DB", "")):
    # Each process would draw its own, and a log-in would hold in one process only.
    raise ImproperlyConfigured("GREVY_SECRET_KEY: missing; with PostgreSQL give all processes the same one.")
application = get_wsgi_application()


def _read_ahead() -> None:
    """The first tumor form would wait for the programs of the response, the first list for the courses of all
    subjects; so both are made ready meanwhile."""
    from django.db import connection

    from grevy.capture.models import FormRecord, Subject
    from grevy.capture.reading.courses import read_ahead
    from grevy.capture.reading.tumor_course import warm_up
    from grevy.capture.web import current_study

    try:
        if Subject._meta.db_table in connection.introspection.table_names():
            if FormRecord.objects.filter(form="baseline_lesions").exists():
                warm_up(current_study())
            read_ahead(current_study(), Subject.objects.order_by("number").values_list("number", flat=True))
    finally:
        connection.close()


threading.Thread(target=_read_ahead, name="read-ahead", daemon=True).start()
