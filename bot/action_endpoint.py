"""Custom actions run inside the server's own process, without an HTTP hop."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
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
        _compile_validation_once()

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


def _compile_validation_once() -> None:
    """Have Rasa check the answers of action servers against a schema that is compiled once.

    `RemoteAction` compiles and checks the same schema anew for every answer, which costs more
    (10 to 20 ms) than everything else that is done for a message. The check itself is unchanged;
    the executor in this process has already checked what it answers.
    """
    validator = Draft202012Validator(RemoteAction.action_response_format_spec())

    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        if not isinstance(self.action_endpoint, InProcessActionEndpoint):
            validator.validate(result)
        return True

    RemoteAction._validate_action_result = check
