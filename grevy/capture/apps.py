"""The Django application."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Registered under its short name, which prefixes tables that are not part of the ledger."""

    name = "grevy.capture"
    label = "capture"
