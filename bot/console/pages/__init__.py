"""The console's pages, one module a concern.

A module has `routes()`, whose handlers are marked by `access.needs`, and may have `NAVIGATION`, the
places it adds to the navigation, and `prepare(app)`, which makes what it keeps.
"""

from __future__ import annotations

from bot.console.pages import (
    audit_log,
    conversation,
    dashboard,
    export,
    find,
    health,
    home,
    organisation,
    people,
    preferences,
    profile,
    retention,
    sign_in,
)

PAGES = (
    home,
    sign_in,
    organisation,
    preferences,
    find,
    conversation,
    dashboard,
    profile,
    people,
    audit_log,
    retention,
    export,
    health,
)
