"""The second factor of a log-in: one-time codes, security keys and recovery codes, kept by django-allauth.

The pages are our own; what a code or key is worth is decided by allauth. Secrets are encrypted in the
database with a key of the application's secret, so a copy of the database alone makes no codes.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

CODES, TIME_CODES, KEYS = (
    Authenticator.Type.RECOVERY_CODES,
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
)


class Adapter(DefaultMFAAdapter):
    """Where allauth asks how this application keeps secrets."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(f"second factor {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@dataclass(frozen=True)
class SecondFactor:
    """What a person has set up."""

    time_codes: Authenticator | None
    keys: tuple[Authenticator, ...]
    codes_left: int | None

    @property
    def is_set_up(self) -> bool:
        return self.time_codes is not None or bool(self.keys)


def read_second_factor(user: User) -> SecondFactor:
    kept = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one for one in kept if one.type == CODES), None)
    return SecondFactor(
        next((one for one in kept if one.type == TIME_CODES), None),
        tuple(one for one in kept if one.type == KEYS),
        len(RecoveryCodes(codes).get_unused_codes()) if codes else None,
    )


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=(TIME_CODES, KEYS)).exists()


def is_code_right(user: User, code: str) -> bool:
    """Whether a typed code is the one of this moment or a recovery code; either is taken once only."""
    code = code.replace(" ", "").replace("-", "")
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user=user, type__in=(TIME_CODES, CODES))
        by_type = {one.type: one for one in kept}
        right = TIME_CODES in by_type and _take_time_code(by_type[TIME_CODES], code)
        if not right and CODES in by_type:
            right = RecoveryCodes(by_type[CODES]).validate_code(code)
    return right


def _take_time_code(kept: Authenticator, code: str) -> bool:
    """A code at or before the last one taken is refused (RFC 6238, 5.2): allauth remembers taken codes in a
    cache that each process has for itself."""
    counter = counter_of(decrypt(kept.data["secret"]), code)
    if counter is None or counter <= kept.data.get("last_counter", 0):
        return False
    kept.data["last_counter"] = counter
    kept.save(update_fields=["data"])
    kept.record_usage()
    return True


def counter_of(secret: str, code: str) -> int | None:
    """The moment whose code this is, counted in half minutes; None where it is none of now."""
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


def is_key_right(user: User, credential: dict[str, Any]) -> bool:
    """Whether the answer of a security key to the question in this session is right."""
    try:
        webauthn.complete_authentication(user, credential).record_usage()
    except (ValidationError, ValueError, TypeError, KeyError):  # what is no answer of a key at all
        return False
    return True


def set_up_time_codes(user: User, secret: str, code: str) -> bool:
    """Keep the secret once a code shows that the device has it."""
    counter = counter_of(secret, code.replace(" ", ""))
    if counter is None:
        return False
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=TIME_CODES).delete()
        kept = TOTP.activate(user, secret).instance
        kept.data["last_counter"] = counter
        kept.save(update_fields=["data"])
    return True


def add_key(user: User, name: str, credential: dict[str, Any]) -> bool:
    """Keep a security key that answered the question in this session."""
    try:
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    webauthn.WebAuthn.add(user, name, credential)
    return True


def make_recovery_codes(user: User) -> list[str]:
    """New codes; those before hold no longer."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=CODES).delete()
        return RecoveryCodes.activate(user).generate_codes()


def remove_factor(user: User, number: int) -> bool:
    """Take one away; without any other the recovery codes go too."""
    with transaction.atomic():
        gone, _ = Authenticator.objects.filter(user=user, pk=number, type__in=(TIME_CODES, KEYS)).delete()
        if gone and not has_second_factor(user):
            Authenticator.objects.filter(user=user, type=CODES).delete()
    return bool(gone)
