"""Keeps personal data and secrets out of the log."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

from bot.store.privacy import mask

# Credentials as they turn up in log lines: in an address, in a header, as a named value.
_LOGIN = re.compile(r"(?<=://)[^/\s:@]{1,200}:[^/\s@]{1,200}(?=@)")
_NAMED = re.compile(
    r"((?:\b|_)(?:password|passwd|secret|token|api[_-]?key|authorization|cookie|signature)"
    r"['\"]? {0,2}[:=] {0,2}['\"]?(?:bearer |basic )?)([^\s'\",;&}]{4,2000})",
    re.IGNORECASE,
)


class MaskingFilter(logging.Filter):
    """Rewrites records so that what is written holds no personal data and no secrets.

    It lets every record pass. Put it on the handlers: a logger's own filter does not see the
    records of its children.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message, and the traceback when there is one."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # A wrong format string; logging would report it with the arguments in clear.
            message = f"{record.msg} (its arguments do not fit)"
        record.msg, record.args = masked(message), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = masked("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = masked(record.exc_text)
        if record.stack_info:
            record.stack_info = masked(record.stack_info)
        return True


def masked(text: str) -> str:
    """`text` without personal data and secrets."""
    text = _LOGIN.sub("[secret]", text)
    text = _NAMED.sub(r"\1[secret]", text)
    return mask(text)


def mask_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor that masks the texts of an event; Rasa logs by structlog as well."""
    return {
        name: masked(value) if isinstance(value, str) else value for name, value in event.items()
    }


def install(logger: logging.Logger | None = None) -> None:
    """Mask everything that the handlers of `logger` (by default the root) write.

    Handlers added later are masked by calling it again; a handler is never masked twice.
    """
    for handler in (logger or logging.getLogger()).handlers:
        if not any(isinstance(each, MaskingFilter) for each in handler.filters):
            handler.addFilter(MaskingFilter())
