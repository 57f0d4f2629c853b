"""Walks that never took place, written down step by step with the answers to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from uma_conformance.exploring.model import broken
from uma_conformance.exploring.steps import Action, Step, Taken
from uma_conformance.trace import Exchange, Request, Response


@dataclass(slots=True)
class Story:
    """A walk in the making; `rows` are those that it breaks."""

    walk: list[Taken] = field(default_factory=list[Taken])
    descriptions: dict[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    clock: float = 0.0

    def add(
        self,
        step: Step,
        status: int = 200,
        answer: object = None,
        sent: object = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Add a step with the answer to it."""
        number = len(self.walk) + 1
        self.clock += 0.1
        body = "" if sent is None else json.dumps(sent)
        text = "" if answer is None else json.dumps(answer)
        exchange = Exchange(
            number=number,
            probe="story",
            label=f"step {number}",
            purpose="",
            sender="client",
            receiver="authorization server",
            endpoint="",
            request=Request("POST", "https://as.example/", (), body or urlencode({})),
            response=Response(status, (("content-type", "application/json"),), text),
            started=self.clock,
        )
        self.walk.append(Taken(step, exchange, facts or {}))

    def register(self, name: str, *scopes: str, owner: str = "alice", status: int = 201) -> None:
        """Register a resource whose identifier is its name."""
        sent: dict[str, object] = {"name": name, "resource_scopes": list(scopes or ("view",))}
        self.descriptions[name] = sent
        step = Step(Action.REGISTER, name, owner, scopes=tuple(scopes))
        self.add(step, status, {"_id": name}, sent)

    def update(self, name: str, *scopes: str, status: int = 200) -> None:
        """Replace a description."""
        sent: dict[str, object] = {"name": f"new {name}", "resource_scopes": list(scopes)}
        self.descriptions[name] = sent
        self.add(Step(Action.UPDATE, resource=name, scopes=scopes), status, {"_id": name}, sent)

    def read(self, name: str, status: int = 200, **changed: object) -> None:
        """Read a description back, as it is or with other members."""
        answer = {"_id": name, **self.descriptions[name], **changed}
        self.add(Step(Action.READ, resource=name), status, answer)

    def delete(self, name: str, status: int = 204) -> None:
        """Deregister."""
        self.add(Step(Action.DELETE, resource=name), status)

    def list(self, *names: str, owner: str = "alice") -> None:
        """List."""
        self.add(Step(Action.LIST, owner=owner), 200, list(names))

    def allow(self, name: str, party: str, *scopes: str, by_visit: bool = False) -> None:
        """Set a policy."""
        step = Step(
            Action.ALLOW,
            resource=name,
            party=party,
            scopes=tuple(scopes or ("view",)),
            by_visit=by_visit,
        )
        self.walk.append(Taken(step))

    def withdraw(self, name: str) -> None:
        """Withdraw all policies."""
        self.walk.append(Taken(Step(Action.WITHDRAW, resource=name)))

    def ask(self, ticket: str, *, status: int = 201, **wanted: tuple[str, ...]) -> None:
        """Ask for a ticket whose value is its name."""
        answer = {"ticket": ticket} if status < 300 else {"error": "invalid_resource_id"}
        self.add(Step(Action.ASK, ticket, wanted=wanted), status, answer)

    def redeem(
        self, name: str, ticket: str, answer: Mapping[str, object], status: int, **about: str
    ) -> None:
        """Present a ticket."""
        given = {"client": "app", **about}
        step = Step(
            Action.REDEEM,
            name,
            ticket=ticket,
            client=given["client"],
            party=given.get("party", ""),
            rpt=given.get("rpt", ""),
            pct=given.get("pct", ""),
        )
        self.add(step, status, answer)

    def grant(self, name: str, ticket: str, party: str = "bob", **about: str) -> None:
        """Present a ticket and get an RPT whose value is the name of the answer."""
        extra = {key: about.pop(key) for key in ("pct_given", "refresh") if key in about}
        answer: dict[str, object] = {"access_token": name, "token_type": "Bearer"}
        if "pct_given" in extra:
            answer["pct"] = extra["pct_given"]
        if "refresh" in extra:
            answer["refresh_token"] = extra["refresh"]
        if about.pop("upgraded", ""):
            answer["upgraded"] = True
        self.redeem(name, ticket, answer, 200, party=party, **about)

    def refuse(self, name: str, ticket: str, error: str = "request_denied", **about: str) -> None:
        """Present a ticket and get an error; with need_info there is a ticket of this name."""
        answer: dict[str, object] = {"error": error}
        if error in {"need_info", "request_submitted"}:
            answer["ticket"] = about.pop("following", f"{name}'s ticket")
        self.redeem(name, ticket, answer, 400 if error == "invalid_grant" else 403, **about)

    def introspect(self, name: str, *, active: bool = True, **scopes: tuple[str, ...]) -> None:
        """Introspect an RPT, which shows these permissions."""
        shown = [{"resource_id": i, "resource_scopes": list(s)} for i, s in scopes.items()]
        answer: dict[str, object] = {"active": active}
        if active:
            answer["permissions"] = shown
        self.add(Step(Action.INTROSPECT, answer=name), 200, answer)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that the walk breaks."""
        return tuple(row for _, item in broken(self.walk) for row in item.rows)


@pytest.fixture
def story() -> Story:
    return Story()
