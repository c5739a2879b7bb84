"""The console's pages, one module a concern.

A module has `routes()`, whose handlers are marked by `access.needs`, and may have `NAVIGATION`, the
places it adds to the navigation, and `prepare(app)`, which makes what it keeps.
"""

from __future__ import annotations

from bot.console.pages import (
    approving,
    audit_log,
    canned,
    conversation,
    dashboard,
    export,
    faq,
    find,
    flags,
    handoffs,
    health,
    home,
    invitations,
    moderation,
    organisation,
    own_second_factor,
    people,
    preferences,
    profile,
    retention,
    sign_in,
    talking,
    teaching,
)

PAGES = (
    home,
    sign_in,
    organisation,
    preferences,
    find,
    conversation,
    dashboard,
    handoffs,
    talking,
    canned,
    moderation,
    flags,
    teaching,
    approving,
    faq,
    profile,
    own_second_factor,
    people,
    invitations,
    audit_log,
    retention,
    export,
    health,
)
