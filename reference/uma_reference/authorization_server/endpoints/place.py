"""What an endpoint is: a method and a path, and what answers there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from uma_reference.authorization_server.core import Core


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request whose body was read in full."""

    request: Request
    body: bytes = field(repr=False)

    def path_value(self, name: str) -> str:
        """Return what stands in the path for a name."""
        value: str = self.request.path_params[name]
        return value


Handler = Callable[[Core, Incoming], Response]


@dataclass(frozen=True, slots=True)
class Place:
    """One method at one path below the issuer; a handler raises `WireError` for an error."""

    method: str
    path: str
    handler: Handler
