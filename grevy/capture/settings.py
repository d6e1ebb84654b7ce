"""Settings of the application. Everything that differs between places comes from the environment.

GREVY_DB           the SQLite file (default: grevy.sqlite3 in the working folder), or the address of a
                   PostgreSQL database such as postgresql://grevy@database/grevy (password: PGPASSFILE)
GREVY_STUDY        the study folder (default: studies/surufatinib_nen)
GREVY_NEXT_STUDY   the folder of the version to be published next, whose checks can be tried (default: none)
GREVY_ANCHOR       the folder of the daily digests (default: anchor beside the file, or in the working folder)
GREVY_REPORT       a report file that the start page links to (default: none)
GREVY_REPORTS      the folder of the reports that pages build (default: reports beside the file, or in the
                   working folder)
GREVY_TRAINING     anything: a training environment, marked as such on every page
GREVY_SECOND_FACTOR  required: nobody goes on without a second factor (set this in production);
                   optional (default): who has set one up is asked for it
GREVY_HOSTS        host names served, with commas; naming any switches to HTTPS only (default: this machine)
GREVY_SECRET_KEY   secret of log-ins (default: a file beside the SQLite file, made once; with PostgreSQL it
                   must be given)
"""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from grevy.capture.database_address import is_postgresql, postgresql_settings


def _kept_secret(path: Path) -> str:
    """A secret that only this account of the machine can read, made at first use."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made at an earlier start, or by a sibling process just now
    return path.read_text(encoding="utf-8")


BASE_DIR = Path(__file__).resolve().parent
_address = os.environ.get("GREVY_DB", "grevy.sqlite3")
# None with PostgreSQL: then nothing is kept beside the database.
DATABASE_FILE = None if is_postgresql(_address) else Path(_address).absolute()
GREVY_STUDY = Path(os.environ.get("GREVY_STUDY", "studies/surufatinib_nen")).absolute()
_next = os.environ.get("GREVY_NEXT_STUDY", "")
GREVY_NEXT_STUDY = Path(_next).absolute() if _next else None
GREVY_ANCHOR = Path(
    os.environ.get("GREVY_ANCHOR", (DATABASE_FILE or Path("grevy").absolute()).parent / "anchor")
).absolute()
GREVY_REPORT = os.environ.get("GREVY_REPORT", "")
GREVY_REPORTS = Path(
    os.environ.get("GREVY_REPORTS", (DATABASE_FILE or Path("grevy").absolute()).parent / "reports")
).absolute()
GREVY_TRAINING = os.environ.get("GREVY_TRAINING", "")


def _secret() -> str:
    """Kept beside a ledger that is there; before the first one, log-ins need not outlive the process."""
    given = os.environ.get("GREVY_SECRET_KEY")
    if given:
        return given
    return (
        _kept_secret(DATABASE_FILE.with_suffix(".secret"))
        if DATABASE_FILE and DATABASE_FILE.exists()
        else secrets.token_urlsafe(64)
    )


SECRET_KEY = _secret()
DEBUG = False
_hosts = [host.strip() for host in os.environ.get("GREVY_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = _hosts or ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",  # asked for by allauth.mfa; none of its pages is used
    "allauth.mfa",
    "grevy.capture.apps.CaptureConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "grevy.capture.web.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "grevy.capture.urls"
WSGI_APPLICATION = "grevy.capture.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "grevy.capture.web.page_words",
            ]
        },
    }
]


def sqlite_database(file: Path) -> dict[str, Any]:
    """Settings of a ledger in a file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            # A writer takes its place at once instead of failing at its first write; and
            # FULL, because a power
            # cut must not lose a save that somebody saw acknowledged.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON;"
            ),
        },
        # A file also under test, one per run: triggers and locks of a real file are what is tested.
        "TEST": {"NAME": Path(tempfile.gettempdir(), f"grevy-test-{os.getpid()}.sqlite3")},
    }


def postgresql_database(address: str) -> dict[str, Any]:
    """Settings of a ledger on a server: connections stay open between requests, and are tried before use."""
    return {
        **postgresql_settings(address),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"grevy_test_{os.getpid()}"},
    }


DATABASES = {"default": sqlite_database(DATABASE_FILE) if DATABASE_FILE else postgresql_database(_address)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "log_in"

_second_factor = os.environ.get("GREVY_SECOND_FACTOR", "optional")
if _second_factor not in ("required", "optional"):
    raise ValueError(f"GREVY_SECOND_FACTOR: found '{_second_factor}', allowed are required and optional.")
GREVY_SECOND_FACTOR_REQUIRED = _second_factor == "required"
MFA_ADAPTER = "grevy.capture.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Grevy"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off; a code is taken once all the same
# Browsers give keys over HTTPS and on this machine only; on this machine the address may be plain HTTP.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _hosts

SESSION_COOKIE_AGE = 30 * 60  # a log-in ends half an hour after the last request
GREVY_WARN_BEFORE_END = 2 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "grevy.capture.pages.problems.foreign"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Named hosts mean a server behind a proxy; without them it is this machine only, where HTTPS would be in
# the way.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = bool(_hosts)
SECURE_HSTS_SECONDS = 31_536_000 if _hosts else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _hosts else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _hosts]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # both languages stand side by side in grevy.capture.words

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_values": {"()": "grevy.capture.logs.WithoutValues"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["without_values"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Statements carry values, and a patient's value belongs in no log.
        "django.db.backends": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
