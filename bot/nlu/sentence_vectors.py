"""Vectors of sentences for the intent classifier, from the encoder of the data folder."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import structlog

from bot.settings import settings
from models.artefact import ArtefactError
from models.encoder.predict import Encoder

logger = structlog.get_logger()


def vector(text: str, language: str | None) -> np.ndarray | None:
    """The vector of `text`, shape (384,); none for Chinese, which the encoder has not learned, and
    where it is away: then the words decide alone."""
    return encoded(text) if language != "zh" else None


@lru_cache(maxsize=64)  # the clauses of a message are asked for several times
def encoded(text: str) -> np.ndarray | None:
    """The vector of an English text; none where the encoder is away."""
    encoder = shared()
    return None if encoder is None else encoder.vector(text)


@lru_cache(maxsize=1)
def shared() -> Encoder | None:
    """The encoder of this process; none, said once in the log, when it cannot be loaded."""
    try:
        return Encoder.load(settings().models_dir / "encoder")
    except ArtefactError as error:
        logger.error("sentence_encoder.unavailable", error=str(error))
        return None
