"""Every route × every role, and a stranger: only who may, gets in."""

from __future__ import annotations

import itertools
import re

import pytest
from aiohttp import web

from bot.console.access import (
    EVERYBODY,
    HALF_SIGNED_IN,
    PERMISSIONS,
    ROLES,
    SIGNED_IN,
    allowed,
    check_every_route,
    needed,
    needs,
)
from bot.console.application import application
from bot.settings import Settings
from bot.store.audit import AuditLog
from tests.console.served import Console

REFUSED = {401, 403}


# What is put into a path's places: nothing that exists.
FILLERS = ("999999", "no-such", "none.css", "jsonl")


def _routes() -> list[tuple[str, str, str]]:
    app = application(Settings(database_url="sqlite://", secret="any"))
    found = set()
    for route in app.router.routes():
        assert route.resource is not None
        if route.method == "HEAD":  # GET without its body: the same handler
            continue
        path = _filled(route.resource.canonical, route.resource.get_info().get("pattern"))
        found.add((route.method, path, needed(route.handler) or ""))
    return sorted(found)


def _filled(path: str, pattern: re.Pattern[str] | None) -> str:
    """A path that the pattern of its route accepts."""
    places = len(re.findall(r"\{[^}]+\}", path))
    for values in itertools.product(FILLERS, repeat=places):
        filled = path
        for value in values:
            filled = re.sub(r"\{[^}]+\}", value, filled, count=1)
        if pattern is None or pattern.fullmatch(filled):
            return filled
    raise AssertionError(f"add to FILLERS what fits {path}")


ROUTES = _routes()


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_route_and_every_role(console: Console, role: str | None) -> None:
    client = console.client(console.add(role) if role else None)
    client.refresh()
    wrong = []
    for method, path, permission in sorted(ROUTES, key=lambda route: route[1] == "/sign-out"):
        response = client.request(method, path, headers={"X-CSRF-Token": client.csrf}, stream=True)
        response.close()
        may = (
            permission == EVERYBODY
            or (role is not None and permission in (SIGNED_IN, HALF_SIGNED_IN))
            or (role is not None and permission in PERMISSIONS and allowed(role, permission))
        )
        to_sign_in = response.headers.get("Location", "").startswith("/sign-in")
        refused = response.status_code in REFUSED or (role is None and to_sign_in)
        if path == "/sign-in" and method == "POST":
            refused = response.status_code not in (401, 429)  # it asks for a password
        elif path == "/sign-out":
            refused = not to_sign_in  # it ends there
        if refused == may:
            wrong.append(f"{method} {path}: {response.status_code}, needs {permission}")
    assert wrong == []


@pytest.mark.parametrize("role", [*ROLES, None])
def test_no_post_without_its_token(console: Console, role: str | None) -> None:
    client, before = console.client(role), AuditLog(console.engine).head()
    anothers = console.client("viewer").csrf if role != "viewer" else console.client("agent").csrf
    for path in [path for method, path, _ in ROUTES if method == "POST"]:
        for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": anothers}):
            response = client.post(path, {"csrf": "no"}, csrf=False, headers=headers)
            assert response.status_code in REFUSED | {303}, path
            if response.status_code == 303:  # the stage of signing in is over
                assert response.headers["Location"] == "/", path
    assert AuditLog(console.engine).head() == before  # nothing was done


def test_no_post_from_another_site(console: Console) -> None:
    response = console.client("admin").post(
        "/preferences", {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403


def test_a_route_without_a_permission_is_an_error_at_start() -> None:
    async def forgotten(request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/forgotten", forgotten)
    with pytest.raises(RuntimeError, match="/forgotten"):
        check_every_route(app.router.routes())


def test_a_permission_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="mange"):
        needs("people.mange")


def test_an_unknown_role_may_nothing() -> None:
    assert not any(allowed("nobody", permission) for permission in PERMISSIONS)


def test_only_administrators_administer() -> None:
    for permission in ("people.manage", "audit.read", "retention"):
        assert [role for role in ROLES if allowed(role, permission)] == ["admin"]


def test_who_teaches_does_not_approve() -> None:
    for role, permissions in ROLES.items():
        assert role == "admin" or not {"teach.annotate", "teach.approve"} <= permissions
