"""What resource servers send to the authorization server, recorded like everything else."""

import queue
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from uma_conformance.trace import Failure, FailureKind, Response
from uma_conformance.wire import Context, Message, Wire
from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer
from uma_reference.client.transport import Sender

# Where the reference has its endpoints.
_ENDPOINTS = (
    ("/.well-known/", "discovery", "Find the endpoints"),
    ("/token", "token", "Get the owner's PAT"),
    ("/perm", "permission", "Ask for a permission ticket"),
    ("/introspect", "introspection", "Look into an RPT"),
    ("/rreg", "resource registration", "Register or look after resources"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One exchange of a resource server, not recorded yet."""

    server: str
    request: HttpRequest
    answer: HttpAnswer | NoAnswer
    began: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Overheard:
    """A queue between the threads of resource servers and the one that records."""

    waiting: "queue.SimpleQueue[Heard]" = field(default_factory=queue.SimpleQueue[Heard])

    def record(self, wire: Wire, step: str) -> tuple[int, ...]:
        """Record what was heard since the last time, in its order; return the numbers."""
        found: list[Heard] = []
        while not self.waiting.empty():
            found.append(self.waiting.get_nowait())
        return tuple(_recorded(wire, step, item) for item in sorted(found, key=_began))


class OverheardSender:
    """Sends for one resource server, and lets it be heard."""

    def __init__(self, sender: Sender, server: str, overheard: Overheard) -> None:
        self._sender = sender
        self._server = server
        self._overheard = overheard

    def send(self, request: HttpRequest, limit: int) -> HttpAnswer | NoAnswer:
        """Send as the other sender does."""
        began = time.monotonic()
        answer = self._sender.send(request, limit)
        seconds = time.monotonic() - began
        self._overheard.waiting.put(Heard(self._server, request, answer, began, seconds))
        return answer


def _recorded(wire: Wire, step: str, heard: Heard) -> int:
    request = heard.request
    endpoint, purpose = _place(request.url)
    message = Message(request.method, request.url, request.headers, request.body)
    context = Context(
        step, f"{heard.server}-{endpoint}", purpose, heard.server, "authorization server", endpoint
    )
    if isinstance(heard.answer, NoAnswer):
        result: Response | Failure = Failure(FailureKind.CONNECTION, heard.answer.why)
    else:
        body = heard.answer.body.decode("utf-8", errors="backslashreplace")
        result = Response(heard.answer.status, heard.answer.headers, body)
    answer = wire.note(message, result, context, began=heard.began, seconds=heard.seconds)
    return answer.exchange.number


def _place(url: str) -> tuple[str, str]:
    path = urlsplit(url).path
    found = ((name, purpose) for part, name, purpose in _ENDPOINTS if part in path)
    return next(found, ("elsewhere", "Something else"))


def _began(heard: Heard) -> float:
    return heard.began
