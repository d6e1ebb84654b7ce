"""The worker as a process of the application's settings: `python -m grevy.capture.worker`."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
    django.setup()
    from grevy.capture.jobs import Worker

    Worker().run()
