"""Keeping the libraries quiet and single-threaded: banners, warnings, bars, telemetry."""

from __future__ import annotations

import logging
import os

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TQDM_DISABLE": "1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # A message's matrices are small: a second thread costs more than it helps.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def python_and_tensorflow() -> None:
    """Set what must be set before the libraries are imported."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # The libraries set filters of their own, so warnings are shown as log lines, and not at all
    # unless the log is turned up.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def loggers(level: str = "WARNING") -> None:
    """Set the level of the libraries' loggers, and of structlog, which Rasa logs through."""
    import structlog

    number = logging.getLevelName(level.upper())
    number = number if isinstance(number, int) else logging.WARNING
    for name in ("rasa", "rasa_sdk", "sanic.root", "sanic.access", "alembic", "apscheduler"):
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(max(number, logging.WARNING)),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
