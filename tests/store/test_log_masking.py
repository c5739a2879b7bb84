from __future__ import annotations

import io
import logging

import pytest

from bot.store.log_masking import install, mask_event


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    written = io.StringIO()
    logger = logging.Logger("test")  # one of its own, not the tree's
    logger.addHandler(logging.StreamHandler(written))
    install(logger)
    return logger, written


def test_arguments_are_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.info("mail to %s from %s in %d ms", "mei@example.com", {"phone": "13812345678"}, 1917)
    assert written.getvalue() == "mail to [email] from {'phone': '[phone]'} in 1917 ms\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("postgresql://usher:hunter2@db/usher", "postgresql://[secret]@db/usher"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [secret]"),
        ('{"password": "pa55word", "a": 1}', '{"password": "[secret]", "a": 1}'),
        ("POST /webhook?token=abcdef&x=1", "POST /webhook?token=[secret]&x=1"),
        ("title tt0113277 of 1995 took 12.5 ms", "title tt0113277 of 1995 took 12.5 ms"),
    ],
)
def test_secrets_are_masked(
    log: tuple[logging.Logger, io.StringIO], line: str, expected: str
) -> None:
    logger, written = log
    logger.warning(line)
    assert written.getvalue().strip() == expected


def test_tracebacks_are_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        raise ValueError("no account for mei@example.com")
    except ValueError:
        logger.exception("failed")
    assert "ValueError: no account for [email]" in written.getvalue()
    assert "test_log_masking.py" in written.getvalue()
    assert "mei@" not in written.getvalue()


def test_a_wrong_format_string_does_not_leak(
    log: tuple[logging.Logger, io.StringIO], capsys: pytest.CaptureFixture[str]
) -> None:
    logger, written = log
    logger.error("%d of %s", "mei@example.com")
    assert "do not fit" in written.getvalue()
    assert "mei@" not in written.getvalue() + capsys.readouterr().err


def test_installing_twice_masks_once(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, _ = log
    install(logger)
    assert len(logger.handlers[0].filters) == 1


def test_structlog_events_are_masked() -> None:
    event = {"event": "turn for 13812345678", "number": 5, "text": "a@b.com"}
    assert mask_event(None, "info", event) == {
        "event": "turn for [phone]",
        "number": 5,
        "text": "[email]",
    }
