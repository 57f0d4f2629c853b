"""What a flow asks its runner to do next, and the answers to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.client.answers import RequiredClaim
from uma_reference.client.claims import ClaimToken
from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer
from uma_reference.client.metadata import ServerMetadata


@dataclass(frozen=True, slots=True)
class SendResourceRequest:
    """Send a resource request; answered by `HttpAnswer` or `NoAnswer`."""

    request: HttpRequest


@dataclass(frozen=True, slots=True)
class FetchDiscovery:
    """Get the discovery document of an issuer; answered by `HttpAnswer` or `NoAnswer`."""

    issuer: str
    url: str


@dataclass(frozen=True, slots=True)
class FindIdentity:
    """Say who the client is at a server, registering where needed; answered by `Identity`."""

    metadata: ServerMetadata


@dataclass(frozen=True, slots=True)
class FindClaims:
    """Look for a claim token; answered by `FoundClaims`."""

    issuer: str
    hints: tuple[RequiredClaim, ...]
    pushed: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendTokenRequest:
    """Authenticate and send a form to the token endpoint; answered by `HttpAnswer`, `NoAnswer`."""

    metadata: ServerMetadata
    client_id: str
    form: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskUser:
    """Send the requesting party to a URL, and wait for the query of the claims redirection URI."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for the resource owner's decision until `until`, in seconds since the epoch."""

    until: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The resource server's answer is the result."""

    answer: HttpAnswer


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more can be done; with `passing`, it may go better at another time."""

    error: str
    why: str
    passing: bool = False


Step = (
    SendResourceRequest
    | FetchDiscovery
    | FindIdentity
    | FindClaims
    | SendTokenRequest
    | AskUser
    | Wait
    | Finish
    | Stop
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the client is at a server, and the PCT it holds there for the requesting party."""

    client_id: str
    pct: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NoIdentity:
    """The client is nobody at this server."""

    why: str
    passing: bool = False


@dataclass(frozen=True, slots=True)
class FoundClaims:
    """A claim token, or nothing."""

    token: ClaimToken | None


Answer = HttpAnswer | NoAnswer | Identity | NoIdentity | FoundClaims
