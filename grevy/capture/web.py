"""What every page needs: the reader's language, and headers that let a page load nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from grevy.capture.words import Words, choose_language
from grevy.definition import Study, load_study

LANGUAGE_COOKIE = "grevy_language"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The report is one self-contained file with its own style and script; it may load nothing, and has no origin.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "font-src data:; frame-ancestors 'none'; sandbox allow-scripts allow-downloads"
)


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: our own styles and scripts only, none inline."""

    def add_header(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return add_header


def language_of(request: HttpRequest) -> str:
    return choose_language(request.COOKIES.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=4)
def _load(folder: Path) -> Study:
    return load_study(folder)


def current_study() -> Study:
    """The study that this application runs, loaded once."""
    return _load(settings.GREVY_STUDY)


def page_words(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: words, language, and the study's title in it."""
    language = language_of(request)
    study = current_study()
    return {
        "t": Words(language),
        "language": language,
        "other_language": "zh" if language == "en" else "en",
        "study_title": getattr(study.title, language),
        "study_short_title": getattr(study.short_title, language),
    }
