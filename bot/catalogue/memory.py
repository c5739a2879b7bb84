"""Building large structures without paying for the collector of garbage again and again."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside; what is alive at the end is left out of later ones.

    Hundreds of thousands of objects that stay would otherwise be walked through at each full
    collection, while they are made and ever after.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
        gc.freeze()
        _give_back()


def _give_back() -> None:
    """Let the C library return to the system what is free; where it cannot, nothing happens."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # not glibc
        return
