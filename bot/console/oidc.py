"""OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import jwt

from bot.console.keys import Keys, SealBrokenError
from bot.settings import Settings

FLOW_SECONDS = 600
_KEEP_SECONDS = 3_600.0
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_PATIENCE = aiohttp.ClientTimeout(total=10)
_LOCAL = ("localhost", "127.0.0.1", "::1")


class ProviderError(RuntimeError):
    """The provider cannot be reached, or what it says cannot be trusted; the message is for the
    log, not for people."""


@dataclass(frozen=True)
class Identity:
    """Who the provider says somebody is; `email` is "" when it does not vouch for it."""

    subject: str
    email: str


@dataclass(frozen=True)
class Flow:
    """A sign-in under way, kept sealed by the browser that began it."""

    state: str
    nonce: str
    verifier: str
    next: str

    def seal(self, keys: Keys) -> str:
        """For a cookie."""
        return keys.seal(json.dumps(vars(self)))

    @classmethod
    def unseal(cls, keys: Keys, sealed: str) -> Flow:
        """The flow of a cookie.

        Raises:
            ProviderError: there is none, or it took too long.
        """
        try:
            return cls(**json.loads(keys.unseal(sealed, FLOW_SECONDS)))
        except (SealBrokenError, ValueError, TypeError) as error:
            raise ProviderError("no sign-in was under way in this browser") from error


class Provider:
    """The provider of the settings. Methods raise `ProviderError`."""

    def __init__(self, configuration: Settings) -> None:
        self._issuer = configuration.console_oidc_issuer.rstrip("/")
        self._client = configuration.console_oidc_client
        self._secret = configuration.console_oidc_secret
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys: jwt.PyJWKSet | None = None

    async def begin(self, redirect: str, next_: str) -> tuple[str, Flow]:
        """Where to send the browser, and the flow that it keeps."""
        found = await self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, next_)
        challenge = hashlib.sha256(flow.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": redirect,
            "scope": "openid email profile",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        address = _address(found, "authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", flow

    async def finish(self, flow: Flow, state: str, code: str, redirect: str) -> Identity:
        """Who has signed in."""
        if not secrets.compare_digest(flow.state.encode(), state.encode("utf-8", "replace")):
            raise ProviderError("the state is not that of the sign-in under way")
        found = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": self._client,
            "code_verifier": flow.verifier,
        }
        answer = await self._call("POST", _address(found, "token_endpoint"), form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the provider sent no identity token")
        return await self._identity(token, flow.nonce)

    async def _identity(self, token: str, nonce: str) -> Identity:
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims = jwt.decode(
                token,
                key.key,
                algorithms=list(_ALGORITHMS),
                audience=self._client,
                issuer=(await self._discover())["issuer"],
                leeway=60,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise ProviderError(f"the identity token is not valid: {error}") from error
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise ProviderError("the identity token was made for another sign-in")
        if isinstance(claims["aud"], list) and claims.get("azp", self._client) != self._client:
            raise ProviderError("the identity token was made for another client")
        vouched = claims.get("email_verified") is True
        return Identity(
            f"{claims['iss']} {claims['sub']}", str(claims.get("email", "")) if vouched else ""
        )

    async def _key(self, name: str) -> jwt.PyJWK:
        for again in (False, True):
            if self._keys is None or again:  # keys change; an unknown one is asked for once
                found = await self._discover()
                answer = await self._call("GET", _address(found, "jwks_uri"))
                try:
                    self._keys = jwt.PyJWKSet.from_dict(answer)
                except jwt.PyJWTError as error:
                    raise ProviderError(f"the provider's keys cannot be read: {error}") from error
            fitting = [each for each in self._keys.keys if not name or each.key_id == name]
            if fitting:
                return fitting[0]
        raise ProviderError("the identity token names an unknown key")

    async def _discover(self) -> dict[str, Any]:
        if self._known and time.monotonic() - self._known[0] < _KEEP_SECONDS:
            return self._known[1]
        _secure(self._issuer)
        found = await self._call("GET", f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderError(f"the provider calls itself {found.get('issuer')!r}")
        self._known = (time.monotonic(), found)
        return found

    async def _call(
        self, method: str, address: str, form: dict[str, str] | None = None
    ) -> dict[str, Any]:
        login = None
        if form is not None and self._secret:
            login = aiohttp.BasicAuth(self._client, self._secret)
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE, auth=login) as http,
                http.request(method, address, data=form, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise ProviderError(f"{urlsplit(address).path} answered {response.status}")
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ProviderError(f"the provider cannot be asked: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise ProviderError("the provider's answer is no object")
        return answer


def _address(found: dict[str, Any], name: str) -> str:
    address = str(found.get(name, ""))
    _secure(address)
    return address


def _secure(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ProviderError(f"{address!r} is not reached by https")
