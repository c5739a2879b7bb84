"""Custom actions run inside the server's own process, without an HTTP hop."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActionEndpoint(EndpointConfig):
    """Stands where Rasa expects an action server's address and calls the executor instead.

    Only `request`, `url` and `kwargs` of an endpoint are used by Rasa 3.6 (RemoteAction).
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Run the action named in `kwargs["json"]` and return its events and responses.

        Raises:
            rasa_sdk.interfaces.ActionNotFoundException: no such action is registered.
        """
        return await self.executor.run(kwargs["json"])
