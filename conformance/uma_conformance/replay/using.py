"""Opening and changing documents as a client, and what a resource server's answer means."""

from dataclasses import dataclass

from uma_conformance.actors.actor import bearer, json_body
from uma_conformance.jsonvalue import object_of
from uma_conformance.replay.names import RESOURCE, NamedJournal
from uma_conformance.trace import parse_json
from uma_conformance.wire import Answer as Received
from uma_conformance.wire import Message
from uma_reference.client.challenge import uma_challenge
from uma_scenarios import Answer, Ending

_UNREACHABLE = "UMA Authorization Server Unreachable"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a client sends to a resource server; with a body it changes a document."""

    url: str
    method: str
    media_type: str
    body: bytes = b""

    def send(self, journal: NamedJournal, name: str, rpt: str, issuer: str) -> Answer:
        """Send it for a document of this name, with an RPT if there is one."""
        headers = [("content-type", self.media_type)] if self.body else []
        if rpt:
            headers.append(bearer(rpt))
        received = journal.send(
            Message(self.method, self.url, tuple(headers), self.body),
            sender="client",
            endpoint=RESOURCE,
            label="",
            purpose=f"{'Change' if self.body else 'Open'} {name}",
        )
        return usage_of(received, issuer)


def usage_of(received: Received, issuer: str) -> Answer:
    """Return how a resource server answered (Grant 3.2.1, 3.2.2, 3.5)."""
    said = received.exchange.outline
    numbers = (received.exchange.number,)
    if received.succeeded:
        return Answer(
            Ending.SERVED, f"status {received.status}", numbers, document=parse_json(received.body)
        )
    if received.status == 401:
        return _challenge(received, issuer, numbers)
    if received.status == 403 and _UNREACHABLE in received.header("warning"):
        return Answer(Ending.UNREACHABLE, "status 403 with the warning of UMA", numbers)
    if received.status == 404:
        return Answer(Ending.GONE, said, numbers)
    return Answer(Ending.OTHER, said, numbers)


def write_body(document: object) -> bytes:
    """Return what a client would make of a document, if it could."""
    return json_body({**object_of(document), "changed": True})


def _challenge(received: Received, issuer: str, numbers: tuple[int, ...]) -> Answer:
    values = [value for name, value in received.headers if name.lower() == "www-authenticate"]
    found = uma_challenge(values)
    if found is None:
        return Answer(Ending.OTHER, "status 401 without a challenge of UMA", numbers)
    if found.as_uri != issuer:
        return Answer(Ending.OTHER, "the challenge names another authorization server", numbers)
    said = "status 401 with a permission ticket"
    return Answer(Ending.CHALLENGED, said, numbers, ticket=found.ticket)
