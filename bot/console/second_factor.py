"""Codes of the second factor: those of an authenticator (RFC 6238), and recovery codes."""

from __future__ import annotations

import hashlib
import logging
import time

import pyotp
from aiohttp import web

from bot.console.keys import SealBrokenError
from bot.console.visit import KEYS, engine
from bot.store import staff
from bot.store.database import writing
from bot.store.staff import Credentials

logger = logging.getLogger(__name__)
TOTP_STEP_SECONDS = 30


def fits(request: web.Request, known: Credentials, code: str) -> bool:
    """Whether a code is right, and unused so far (RFC 6238: one step either way)."""
    plain = code.replace(" ", "").replace("-", "").casefold()
    with writing(engine(request)) as connection:
        if known.totp_sealed and plain.isascii() and plain.isdigit() and len(plain) == 6:
            try:
                totp = pyotp.TOTP(request.app[KEYS].unseal(known.totp_sealed))
            except SealBrokenError:
                logger.error("a second factor cannot be read: was USHER_SECRET changed?")
                return False
            now = int(time.time())
            for drift in (0, -1, 1):
                step = now // TOTP_STEP_SECONDS + drift
                if pyotp.utils.strings_equal(totp.generate_otp(step), plain):
                    return staff.use_totp_step(connection, known.person.id, step)
            return False
        return staff.use_recovery_code(connection, known.person.id, recovery_hash(plain))


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code, which is random enough for a plain hash."""
    return hashlib.sha256(code.replace("-", "").casefold().encode()).hexdigest()
