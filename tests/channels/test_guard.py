from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import guard
from bot.channels.problem import Problem


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def request(ip: str = "127.0.0.1", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(ip=ip, headers=named, method="GET")


def test_a_burst_is_allowed_then_a_wait_is_told() -> None:
    clock = Clock()
    limit = guard.RateLimit(3, 0.5, clock)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(Problem) as refused:
        limit.take("a")
    assert refused.value.status_code == 429
    assert refused.value.headers["Retry-After"] == "2"
    limit.take("b")
    clock.now += 2
    limit.take("a")


def test_what_a_rate_limit_remembers_is_bounded() -> None:
    limit = guard.RateLimit(1, 1, Clock())
    for number in range(guard._REMEMBERED + 50):
        limit.take(str(number))
    assert len(limit._callers) == guard._REMEMBERED


@pytest.mark.parametrize("ip", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_programs_on_this_machine_need_no_token(ip: str) -> None:
    guard.only_trusted(request(ip), "")


@pytest.mark.parametrize(
    "asking",
    [
        request("10.0.0.7"),
        request("::ffff:8.8.8.8"),
        request(x_forwarded_for="8.8.8.8"),
        request(forwarded="for=8.8.8.8"),
        request(origin="http://evil.example"),
    ],
)
def test_others_are_refused_without_a_token(asking: Any) -> None:
    with pytest.raises(Problem) as refused:
        guard.only_trusted(asking, "")
    assert refused.value.status_code == 403


def test_with_a_token_only_its_bearer_is_served() -> None:
    guard.only_trusted(request("8.8.8.8", authorization="Bearer sesame"), "sesame")
    guard.only_trusted(request("8.8.8.8", authorization="bearer sesame"), "sesame")
    for given in ("Bearer Sesame", "Bearer ", "Basic sesame", "sesame", "Bearer 芝麻"):
        with pytest.raises(Problem) as refused:
            guard.only_trusted(request(authorization=given), "sesame")
        assert refused.value.status_code == 401
    with pytest.raises(Problem):
        guard.only_trusted(request(), "sesame")


def test_only_configured_origins_may_read() -> None:
    origins = guard.Origins("https://films.example, https://tv.example/,*")

    def allowed(origin: str) -> str | None:
        answer = SimpleNamespace(headers={})
        origins.mark(request(origin=origin), answer)
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed("https://films.example") == "https://films.example"
    assert allowed("https://tv.example") == "https://tv.example"
    for other in ("https://evil.example", "null", "*", "https://films.example.evil.example"):
        assert allowed(other) is None
