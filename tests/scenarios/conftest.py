"""A small scenario, and a stage that answers what it is told to."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from uma_scenarios import Act, Answer, Ending, Scenario, Step, Tokens, Verb, parse_scenario


def small_document() -> dict[str, Any]:
    """Return the document of a scenario in which somebody reads something."""
    return {
        "format": "uma2-scenario/1",
        "id": "small",
        "title": "Small",
        "summary": "Somebody reads something.",
        "owners": [{"id": "olga", "name": "Olga"}],
        "people": [{"id": "pat", "name": "Pat", "claims": {"idp": {"sub": "pat"}}}],
        "providers": [{"id": "idp", "issuer": "https://idp.example"}],
        "clients": [{"id": "app", "name": "the app"}],
        "servers": [{"id": "rs", "name": "Shelf"}, {"id": "other", "name": "Cellar"}],
        "resources": [
            {
                "id": "R",
                "server": "rs",
                "name": "Notes",
                "scopes": ["read", "write"],
                "read": "read",
                "document": {"text": "hello"},
            }
        ],
        "policies": [
            {
                "id": "P",
                "says": "Pat may read",
                "who": "pat",
                "conditions": [{"claim": "sub", "is": "pat", "from": "idp"}],
                "grants": {"R": ["read"]},
            }
        ],
        "steps": [
            {
                "id": "S1",
                "title": "Reading",
                "who": "pat",
                "with": "app",
                "tells": "Pat reads.",
                "why": "P says so.",
                "rows": ["G-3.2.1-01"],
                "acts": [
                    {"do": "use", "resource": "R", "rpt": "none", "expect": "challenged"},
                    {"do": "ask", "claims": ["idp"], "expect": "granted"},
                    {"do": "use", "resource": "R", "expect": "served"},
                ],
            }
        ],
    }


def read(document: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a document."""
    return parse_scenario(json.dumps(document), "small.yaml", Path())


def with_acts(*acts: Mapping[str, Any], **step: Any) -> Scenario:
    """Return the small scenario with other acts in its only step."""
    document = small_document()
    document["steps"][0] |= {"acts": [dict(act) for act in acts], **step}
    return read(document)


@dataclass
class FakeStage:
    """Answers acts with what stands in `answers`, by verb, and keeps what it was handed."""

    answers: dict[str, list[Answer | Exception]]
    seen: dict[str, Sequence[str]] | None = None
    handed: list[tuple[str, Tokens]] = field(default_factory=list[tuple[str, Tokens]])

    @property
    def about(self) -> str:
        return "a fake"

    def begin(self, step: Step) -> None:
        self.handed.append((step.id, Tokens()))

    def _next(self, verb: str, tokens: Tokens | None = None) -> Answer:
        self.handed.append((verb, tokens or Tokens()))
        waiting = self.answers.get(verb, [])
        answer = waiting.pop(0) if waiting else Answer(Ending.DONE, "")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def set_up(self, scenario: Scenario) -> Answer:
        return self._next(f"set-up {scenario.id}")

    def use(self, act: Act, tokens: Tokens) -> Answer:
        return self._next(str(act.verb), tokens)

    def ask(self, act: Act, tokens: Tokens) -> Answer:
        return self._next(str(act.verb), tokens)

    def visit(self, act: Act, tokens: Tokens) -> Answer:
        return self._next(str(act.verb), tokens)

    def refresh(self, act: Act, tokens: Tokens) -> Answer:
        return self._next(str(act.verb), tokens)

    def introspect(self, resource: str, rpt: str) -> Answer:
        return self._next("introspect", Tokens(rpt=rpt, place=resource))

    def request_ticket(self, act: Act) -> Answer:
        return self._next(str(act.verb))

    def wait(self, seconds: int) -> Answer:
        return self._next(f"wait {seconds}")

    def decide(self, act: Act, *, approve: bool) -> Answer:
        assert (act.verb is Verb.APPROVE) is approve
        return self._next(str(act.verb))

    def share(self, policy: str) -> Answer:
        return self._next(f"share {policy}")

    def withdraw(self, policy: str) -> Answer:
        return self._next(f"withdraw {policy}")

    def deregister(self, resource: str) -> Answer:
        return self._next(f"deregister {resource}")

    def stop(self) -> Answer:
        return self._next("stop")

    def start(self) -> Answer:
        return self._next("start")

    def seen_of_owners(self) -> Mapping[str, Sequence[str]] | None:
        seen, self.seen = self.seen, None
        return seen


@pytest.fixture
def document() -> dict[str, Any]:
    """Return the document of the small scenario."""
    return small_document()


@pytest.fixture
def scenario_with() -> Callable[..., Scenario]:
    """Make the small scenario with other acts."""
    return with_acts


@pytest.fixture
def stage_of() -> Callable[..., FakeStage]:
    """Make a stage that answers `use`, `ask` and others in turn."""

    def make(**answers: list[Answer | Exception]) -> FakeStage:
        return FakeStage({verb.replace("_", "-"): list(given) for verb, given in answers.items()})

    return make
