"""What the resource server reads from the discovery document (Grant 2, FedAuthz 2)."""

from dataclasses import dataclass

from uma_reference.client.messages import HttpRequest, NoAnswer, parse_object, text_of
from uma_reference.client.transport import Sender
from uma_reference.client.urls import problem_of
from uma_reference.clock import Clock
from uma_reference.names import WELL_KNOWN
from uma_reference.resource_server.errors import Unavailable

LIMIT_BYTES = 1_048_576
_NEEDED = ("token_endpoint", "permission_endpoint", "resource_registration_endpoint")
_OPTIONAL = ("introspection_endpoint", "authorization_endpoint", "jwks_uri")
_KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The places at an authorization server; an empty string where it has none."""

    issuer: str
    token_endpoint: str
    permission_endpoint: str
    resource_registration_endpoint: str
    introspection_endpoint: str = ""
    authorization_endpoint: str = ""
    jwks_uri: str = ""


class Discovery:
    """Fetches the discovery document of an issuer and keeps it for ten minutes."""

    def __init__(self, issuer: str, sender: Sender, clock: Clock) -> None:
        self.issuer = issuer
        self._sender = sender
        self._clock = clock
        self._kept: tuple[int, Endpoints] | None = None

    def endpoints(self) -> Endpoints:
        """Return the endpoints; raise `Unavailable`."""
        now, kept = self._clock.now(), self._kept
        if kept is None or kept[0] <= now:
            # Two threads may fetch at once; neither has to wait for a server that is slow.
            self._kept = kept = (now + _KEPT_SECONDS, self._fetched())
        return kept[1]

    def _fetched(self) -> Endpoints:
        request = HttpRequest("GET", self.issuer + WELL_KNOWN, (("Accept", "application/json"),))
        answer = self._sender.send(request, LIMIT_BYTES)
        if isinstance(answer, NoAnswer):
            raise Unavailable(f"the authorization server cannot be reached: {answer.why}")
        document = parse_object(answer.body)
        if answer.status != 200 or document is None:
            raise Unavailable("the authorization server has no discovery document")
        if text_of(document, "issuer") != self.issuer:
            raise Unavailable("the issuer in the discovery document is another one")
        found = {name: text_of(document, name) for name in (*_NEEDED, *_OPTIONAL)}
        for name, url in found.items():
            if not url and name in _NEEDED:
                raise Unavailable(f"the discovery document lacks {name}")
            problem = problem_of(url) if url else ""
            if problem:
                raise Unavailable(f"{name} in the discovery document: {problem}")
        return Endpoints(issuer=self.issuer, **found)
