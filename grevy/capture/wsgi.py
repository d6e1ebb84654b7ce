"""The application for a server: `granian --interface wsgi grevy.capture.wsgi:application`."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from grevy.capture.database_address import is_postgresql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
if not os.environ.get("GREVY_SECRET_KEY") and is_postgresql(os.environ.get("GREVY_DB", "")):
    # Each process would draw its own, and a log-in would hold in one process only.
    raise ImproperlyConfigured("GREVY_SECRET_KEY: missing; with PostgreSQL give all processes the same one.")
application = get_wsgi_application()
