"""What stands in the navigation, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.visit import Visit


@dataclass(frozen=True)
class Entry:
    """A place of the console.

    Args:
        name: its word is `nav.<name>`; its icon is of the same name unless `icon` says otherwise.
        path: of its first page; the place is the current one on every path below it.
        permission: who sees it.
        order: places are sorted by it; those of one hundred stand together.
        key: pressed after `g`, it leads there.
        count: the name of a number that is shown beside it when it is not 0 (see `live.counts`).
    """

    name: str
    path: str
    permission: str
    order: int
    key: str = ""
    icon: str = ""
    count: str = ""


_entries: list[Entry] = []


def register(entries: tuple[Entry, ...]) -> None:
    """Add the places of a group of pages."""
    known = {each.name for each in _entries}
    _entries.extend(each for each in entries if each.name not in known)
    _entries.sort(key=lambda each: each.order)


def of(asking: Visit) -> list[Entry]:
    """The places that the visitor may go to, in order."""
    if asking.session is None or asking.session.stage != "open":
        return []
    return [each for each in _entries if asking.may(each.permission)]
