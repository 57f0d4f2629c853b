"""What owners do: look at their documents, set and withdraw policies, decide about requests."""

import base64
from collections.abc import Mapping
from urllib.parse import quote

from uma_conformance.actors.actor import JSON, json_body
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.replay.builtin.deployment import Deployment
from uma_conformance.replay.builtin.house import House
from uma_conformance.replay.names import OWNER, RESOURCE, NamedJournal
from uma_conformance.trace import parse_json
from uma_conformance.wire import Answer as Received
from uma_conformance.wire import Message
from uma_scenarios import Act, Answer, CannotDo, Ending, StageFailed
from uma_scenarios.model import ACCOUNT, SELF, Condition, Policy

_Numbers = tuple[int, ...]


class OwnersHands:
    """Sends what owners want, with their name and password; none of them has a session."""

    def __init__(self, deployment: Deployment, house: House) -> None:
        self._deployment = deployment
        self._scenario = deployment.scenario
        self._house = house
        self.resource_ids: dict[str, str] = {}
        self._policies: dict[str, list[str]] = {}

    def resource_id(self, resource: str) -> str:
        """Return what the authorization server calls a resource; raise `StageFailed`."""
        try:
            return self.resource_ids[resource]
        except KeyError:
            raise StageFailed(f"{resource} is not registered") from None

    def register(self, journal: NamedJournal) -> tuple[set[str], _Numbers]:
        """Have every server register the documents of every owner; return what is registered."""
        numbers: _Numbers = ()
        wire = journal.wire
        for server in self._scenario.servers.values():
            for owner in self._scenario.owners:
                where = f"{self._house.urls[server.id]}/owners/{owner}"
                for method, path, purpose in (
                    ("POST", "settle", "Have the documents registered"),
                    ("GET", "documents", "See that they are"),
                ):
                    journal.names = {"receiver": server.name}
                    message = Message(method, f"{where}/{path}", (self._basic(owner),))
                    received = self._send(journal, owner, message, RESOURCE, purpose)
                    numbers += (received.exchange.number,)
                    numbers += self._house.overheard.record(wire, journal.probe)
                    self._learn(parse_json(received.body))
        return set(self.resource_ids), numbers

    def share(self, journal: NamedJournal, policy_id: str) -> _Numbers:
        """Set a policy on each of its resources."""
        policy = self._scenario.policies[policy_id]
        numbers: _Numbers = ()
        ids = self._policies.setdefault(policy_id, [])
        for resource, scopes in policy.grants.items():
            document = self._document(policy, scopes)
            path = f"/owner/resources/{quote(self.resource_id(resource), safe='')}/policies"
            purpose = f"Set {policy.id} on {self._scenario.resources[resource].name}"
            received = self._call(journal, policy.owner, "POST", path, document, purpose)
            ids.append(received.member("id"))
            numbers += (received.exchange.number,)
        return numbers

    def withdraw(self, journal: NamedJournal, policy_id: str) -> _Numbers:
        """Withdraw a policy from all of its resources."""
        policy = self._scenario.policies[policy_id]
        if not self._policies.get(policy_id):
            raise StageFailed(f"{policy_id} is not set")
        numbers: _Numbers = ()
        for name in self._policies.pop(policy_id):
            path = f"/owner/policies/{quote(name, safe='')}"
            purpose = f"Withdraw {policy_id}"
            received = self._call(journal, policy.owner, "DELETE", path, None, purpose)
            numbers += (received.exchange.number,)
        return numbers

    def decide(self, journal: NamedJournal, act: Act, *, approve: bool) -> Answer:
        """Approve or deny everything that waits for a decision about a resource."""
        resource = self._scenario.resources[act.resource]
        owner, resource_id = resource.owner, self.resource_id(resource.id)
        listed = self._call(
            journal, owner, "GET", "/owner/requests", None, "See what waits for a decision"
        )
        numbers: _Numbers = (listed.exchange.number,)
        decision: dict[str, object] = {"decision": "approve" if approve else "deny"}
        if approve and act.seconds:
            decision["expires_at"] = self._house.clock.now() + act.seconds
        for request in map(object_of, array_of(parse_json(listed.body))):
            wanted = [
                object_of(part).get("resource_id") for part in array_of(request["permissions"])
            ]
            if request.get("standing") == "pending" and resource_id in wanted:
                path = f"/owner/requests/{quote(str(request['id']), safe='')}"
                purpose = "Approve the request" if approve else "Deny the request"
                received = self._call(journal, owner, "POST", path, decision, purpose)
                numbers += (received.exchange.number,)
        if len(numbers) == 1:
            raise CannotDo(f"nothing waits for a decision about {resource.id}")
        return Answer(Ending.DONE, "decided", numbers)

    def _learn(self, document: object) -> None:
        for item in map(object_of, array_of(object_of(document).get("documents"))):
            if item.get("registered") is True:
                self.resource_ids[str(item["id"])] = str(item["resource_id"])

    def _document(self, policy: Policy, scopes: frozenset[str]) -> Mapping[str, object]:
        end = self._house.clock.now() + policy.seconds if policy.seconds else 0
        return {
            "scopes": sorted(scopes),
            "conditions": [self._condition(item) for item in policy.conditions],
            "ask": policy.ask,
            "expires_at": end,
        }

    def _condition(self, condition: Condition) -> Mapping[str, object]:
        known = {ACCOUNT: self._house.issuer, SELF: SELF}
        providers = self._scenario.providers
        source = known.get(condition.source) or providers[condition.source].issuer
        return {
            "claim": condition.claim,
            "values": list(condition.values),
            "issuer": source,
            "friendly_name": condition.question or condition.claim,
        }

    def _call(  # noqa: PLR0913 - a request in its parts
        self,
        journal: NamedJournal,
        owner: str,
        method: str,
        path: str,
        body: object,
        purpose: str,
    ) -> Received:
        headers = [self._basic(owner)]
        if body is not None:
            headers.append(("content-type", JSON))
        content = b"" if body is None else json_body(body)
        message = Message(method, self._house.issuer + path, tuple(headers), content)
        journal.names = {}
        received = self._send(journal, owner, message, OWNER, purpose)
        if not received.succeeded:
            raise StageFailed(f"{method} {path} answered {received.exchange.outline}")
        return received

    def _send(
        self, journal: NamedJournal, owner: str, message: Message, endpoint: str, purpose: str
    ) -> Received:
        name = self._scenario.owners[owner].name
        return journal.send(message, sender=name, endpoint=endpoint, label="", purpose=purpose)

    def _basic(self, owner: str) -> tuple[str, str]:
        pair = f"{owner}:{self._deployment.passwords[owner]}"
        return ("authorization", "Basic " + base64.b64encode(pair.encode()).decode())
