"""What all actors have in common: a name, a wire, and the probe they act in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from uma_conformance.trace import Exchange, Response
from uma_conformance.wire import Answer, Context, Message, Wire

AUTHORIZATION_SERVER = "authorization server"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(slots=True)
class Journal:
    """Keeps the exchanges of one probe under their labels."""

    wire: Wire
    probe: str
    steps: dict[str, Exchange] = field(default_factory=dict[str, Exchange])

    def send(
        self, message: Message, *, sender: str, endpoint: str, label: str, purpose: str
    ) -> Answer:
        """Send a message in this probe; without a label it is a preparatory step."""
        context = self.context(label, purpose, sender, endpoint)
        answer = self.wire.send(message, context)
        self.steps[context.label] = answer.exchange
        return answer

    def send_together(
        self, messages: Sequence[Message], *, sender: str, endpoint: str, label: str, purpose: str
    ) -> Sequence[Answer]:
        """Send messages at the same time; their labels are the label given, with 1, 2 and so on."""
        contexts = [
            self.context(f"{label} {number}", purpose, sender, endpoint)
            for number in range(1, len(messages) + 1)
        ]
        answers = self.wire.send_together(list(zip(messages, contexts, strict=True)))
        for context, answer in zip(contexts, answers, strict=True):
            self.steps[context.label] = answer.exchange
        return answers

    def note(
        self, message: Message, response: Response, *, sender: str, endpoint: str, purpose: str
    ) -> Answer:
        """Record as a preparatory step what was sent and received elsewhere."""
        context = self.context("", purpose, sender, endpoint)
        answer = self.wire.note(message, response, context)
        self.steps[context.label] = answer.exchange
        return answer

    def context(self, label: str, purpose: str, sender: str, endpoint: str) -> Context:
        """Return who sends what where; raise `ValueError` for a label that was used before."""
        name = label or f"setup-{len(self.steps) + 1}"
        if name in self.steps:
            raise ValueError(f"probe {self.probe} uses the label {name!r} twice")
        return Context(self.probe, name, purpose, sender, AUTHORIZATION_SERVER, endpoint)

    def name(self, label: str, answer: Answer) -> None:
        """Give an exchange a label that could not be known when it was sent."""
        if label in self.steps:
            raise ValueError(f"probe {self.probe} uses the label {label!r} twice")
        self.steps[label] = answer.exchange


def bearer(token: str) -> tuple[str, str]:
    """Return the header that presents a bearer token (RFC 6750)."""
    return ("authorization", f"Bearer {token}")


def form_body(parameters: Mapping[str, str] | Sequence[tuple[str, str]]) -> bytes:
    """Encode parameters as a form; a sequence of pairs may repeat a name."""
    pairs = list(parameters.items()) if isinstance(parameters, Mapping) else list(parameters)
    return urlencode(pairs).encode()


def json_body(value: object) -> bytes:
    """Encode a JSON document."""
    return json.dumps(value, ensure_ascii=False).encode()
