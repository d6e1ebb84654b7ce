"""The application for a server: `granian --interface wsgi grevy.capture.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
application = get_wsgi_application()
