"""What every page needs: the reader's language, and headers that let a page load nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from grevy.capture.admission import setting_of
from grevy.capture.permissions import ROLES_THAT_MAY, roles_of
from grevy.capture.reading.query_inbox import count_waiting
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


def kept_report_policy(script: str) -> str:
    """The policy of a kept report: as above, and the one script that runs is named by its hash, so that
    no text of an entry can become one. Its styles stand in attributes as well, which no hash can name."""
    return REPORT_POLICY.replace("script-src 'unsafe-inline'", f"script-src '{script}'") + (
        "; form-action 'none'; base-uri 'none'"
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


def load_study_at(folder: Path) -> Study:
    """The study of a folder, loaded once."""
    return _load(folder)


def current_study() -> Study:
    """The study that this application runs, loaded once."""
    return _load(settings.GREVY_STUDY)


def next_study() -> Study:
    """The version that is to be published, where the server has one; else the present one."""
    return _load(settings.GREVY_NEXT_STUDY) if settings.GREVY_NEXT_STUDY else current_study()


@dataclass(frozen=True)
class Place:
    """One of the places in the top bar."""

    name: str
    url: str
    label: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Frame:
    """What the frame of a page shows beside the page: where one can go, and as whom."""

    request: HttpRequest

    @cached_property
    def held(self) -> frozenset[tuple[str, str | None]]:
        """The roles of the person, read once for the page."""
        return roles_of(self.request.user.username)

    @property
    def training(self) -> bool:
        return bool(settings.GREVY_TRAINING)

    @property
    def roles(self) -> list[str]:
        t = Words(language_of(self.request))
        return sorted({t[f"role_{role}"] for role, _ in self.held})

    @property
    def may_search(self) -> bool:
        """Whether the person reads data anywhere: the search finds nothing else."""
        return any(role in ROLES_THAT_MAY["view"] for role, _ in self.held)

    @property
    def lasts(self) -> int:
        """Seconds until a log-in without a request ends."""
        return int(settings.SESSION_COOKIE_AGE)

    @property
    def warns_before(self) -> int:
        return int(settings.GREVY_WARN_BEFORE_END)

    @property
    def session_words(self) -> dict[str, str]:
        t = Words(language_of(self.request))
        return {key: t[key] for key in SESSION_WORDS}

    @property
    def places(self) -> list[Place]:
        """The places that the person's roles open."""
        from grevy.capture.urls import PAGES  # the addresses import the pages, which import this module

        t, here = Words(language_of(self.request)), self.request.resolver_match
        pages = {page.name: page for page in PAGES}
        held = self.held
        counts = {"queries": count_waiting(held)}
        return [
            Place(
                name,
                reverse(name),
                t[f"nav_{name}"],
                current=bool(here) and here.url_name == name,
                count=counts.get(name, 0),
            )
            for name in PLACES_OF_FRAME
            if name in pages and pages[name].is_given(held, pages[name].rights["GET"], None)
        ]


SESSION_WORDS = (
    "idle_title",
    "idle_text",
    "idle_stay",
    "again_title",
    "again_text",
    "again_away",
    "again_page",
    "password",
    "code_or_recovery",
    "log_in",
    "wrong",
    "paused",
    "wrong_code",
)
PLACES_OF_FRAME = (
    "start",
    "patients",
    "queries",
    "listings",
    "checks",
    "laboratory",
    "dashboard",
    "reports",
    "people",
)


def _likes(request: HttpRequest) -> dict[str, str]:
    """Density and theme as the person likes them; none before the log-in, or while no page can be made."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    setting = setting_of(user)
    return {"density": setting.density, "theme": setting.theme}


def page_words(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: words, language, the study's title in it, and the frame around the page."""
    language = language_of(request)
    study = current_study()
    likes = _likes(request)
    return {
        **likes,
        "frame": Frame(request),
        "t": Words(language),
        "language": language,
        "other_language": "zh" if language == "en" else "en",
        "study_title": getattr(study.title, language),
        "study_short_title": getattr(study.short_title, language),
    }
