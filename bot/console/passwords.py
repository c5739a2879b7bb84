"""Passwords: hashed by Argon2id, checked in the same time whether or not somebody exists."""

from __future__ import annotations

import secrets
import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 12, 200
ONE_TIME_HOURS = 72
# Each hash takes 64 MiB for a moment: not all threads at once.
_few = threading.BoundedSemaphore(2)
# RFC 9106, second recommendation: Argon2id, t = 3, 64 MiB, 4 lanes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# Without letters that are mistaken for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_of(password: str) -> str:
    """The hash to keep."""
    with _few:
        return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of `password`; None takes as long to say no."""
    with _few:
        try:
            _hasher.verify(kept or _nobody(), password[:MAX_LENGTH])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def one_time() -> str:
    """A password for one sign-in, to be read aloud or copied: four groups, 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def complaint(password: str, email: str, name: str = "") -> str | None:
    """Why a password is not good enough: the name of a word; None when it is (NIST 800-63B)."""
    if len(password) < MIN_LENGTH:
        return "password.short"
    if len(password) > MAX_LENGTH:
        return "password.long"
    folded = password.casefold()
    if len(set(folded)) < 5 or folded in _common():
        return "password.common"
    own = [email.casefold(), email.split("@")[0].casefold(), name.casefold()]
    if any(len(each) > 3 and each in folded and len(folded) - len(each) < 6 for each in own):
        return "password.own"
    return None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _common() -> frozenset[str]:
    words = ("password", "usher", "qwerty", "letmein", "welcome", "admin", "iloveyou", "woaini")
    ends = ("", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789")
    return frozenset(
        {word + end for word in words for end in ends}
        | {word * 2 + end for word in words for end in ends}
        | {"123456789012", "1234567890123", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas"}
    )
