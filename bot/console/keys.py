"""What is derived from the installation's secret: CSRF tokens, and the key that seals secrets."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken

from bot.channels.tokens import kept_secret
from bot.settings import Settings


class SealBrokenError(ValueError):
    """A sealed secret cannot be opened: it was changed, or USHER_SECRET was."""


class Keys:
    """Keys of the console, each for one purpose.

    Args:
        secret: any bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._csrf = hmac.digest(secret, b"usher-console-csrf", "sha256")
        seal = hmac.digest(secret, b"usher-console-seal", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(seal))

    @classmethod
    def of(cls, configuration: Settings) -> Keys:
        """The keys of this installation."""
        secret = configuration.secret.encode() or kept_secret(configuration.data_dir / "secret")
        return cls(secret)

    def csrf(self, token: str) -> str:
        """The CSRF token that goes with a session's (or a visit's) token."""
        return hmac.new(self._csrf, token.encode(), "sha256").hexdigest()

    def csrf_fits(self, token: str, given: str) -> bool:
        """Whether `given` is the CSRF token of `token`."""
        return hmac.compare_digest(self.csrf(token).encode(), given.encode("utf-8", "replace"))

    def seal(self, secret: str) -> str:
        """`secret` encrypted."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str, seconds: int | None = None) -> str:
        """What was sealed, within the last `seconds` when given.

        Raises:
            SealBrokenError: it was not sealed with this installation's secret, or too long ago.
        """
        try:
            return self._fernet.decrypt(sealed.encode(), ttl=seconds).decode()
        except (InvalidToken, UnicodeError) as error:
            raise SealBrokenError("a sealed secret cannot be opened") from error
