"""The catalogue and the index of names of this process, loaded once."""

from __future__ import annotations

import threading

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.store.database import engine

_lock = threading.RLock()
_catalogue: Catalogue | None = None
_names: NameIndex | None = None


def catalogue() -> Catalogue:
    """The catalogue of the settings' database.

    Raises:
        DatabaseUnavailable: it cannot be read.
    """
    global _catalogue
    with _lock:
        if _catalogue is None:
            _catalogue = Catalogue.load(engine())
        return _catalogue


def names() -> NameIndex:
    """The index of the names in `catalogue()`; raises like it."""
    global _names
    with _lock:
        if _names is None:
            _names = NameIndex(catalogue())
        return _names


def use(replacement: Catalogue | None) -> None:
    """Make `replacement` the catalogue of this process; none: load it again when asked for."""
    global _catalogue, _names
    with _lock:
        _catalogue, _names = replacement, None
