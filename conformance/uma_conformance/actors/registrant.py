"""A client application that registers itself (RFC 7591, Grant 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.actors.actor import JSON, Journal, json_body
from uma_conformance.wire import Answer, Message

SENDER = "client"
REGISTRATION = "client registration"


@dataclass(frozen=True, slots=True)
class Registrant:
    """Sends metadata to a client registration endpoint, with the headers that the target wants."""

    journal: Journal
    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def register(self, metadata: Mapping[str, object], label: str, purpose: str = "") -> Answer:
        """Register a client with this metadata."""
        headers = (("content-type", JSON), *self.headers.items())
        return self.journal.send(
            Message("POST", self.endpoint, headers, json_body(metadata)),
            sender=SENDER,
            endpoint=REGISTRATION,
            label=label,
            purpose=purpose or "Register a client",
        )
