"""The console's pages, one module a concern.

A module has `routes()`, whose handlers are marked by `access.needs`, and may have `NAVIGATION`, the
places it adds to the navigation.
"""

from __future__ import annotations

from bot.console.pages import conversation, dashboard, find, home, preferences, sign_in

PAGES = (home, sign_in, preferences, find, conversation, dashboard)
