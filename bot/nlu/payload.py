"""Buttons speak in payloads, `/intent{"entity": value}`; understanding leaves them alone.

Rasa's RegexMessageHandler, which runs after the pipeline, unpacks them.
"""

from __future__ import annotations

import re

_PAYLOAD = re.compile(r"\s*/[a-z_]+(?:@[0-9.]+)?\s*(?:\{.*\})?\s*", re.DOTALL)


def is_payload(text: str) -> bool:
    """Whether `text` is a button's payload rather than something a viewer wrote."""
    return text.lstrip().startswith("/") and _PAYLOAD.fullmatch(text) is not None
