"""Doing the steps of a walk against a live target."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from uma_conformance.drivers.protocol import RESOURCE_SERVER, Policy, Wish
from uma_conformance.exploring.state import Standing, World
from uma_conformance.exploring.steps import Action, Kind, Step, Taken
from uma_conformance.probes.scene import Scene, shown_permissions
from uma_conformance.probes.visiting import STATIC, Link, ticket_of, visit
from uma_conformance.wire import Answer

_MEMBERS: Mapping[str, str] = {
    Kind.RPT: "access_token",
    Kind.REFRESH_TOKEN: "refresh_token",
    Kind.PCT: "pct",
}


@dataclass(slots=True)
class Performer:
    """Does steps, and keeps the secrets that later steps need.

    `world` is what the model knows of the walk; `walk` are the steps that were done.
    """

    scene: Scene
    world: World = field(default_factory=World)
    walk: list[Taken] = field(default_factory=list[Taken])
    _answers: dict[str, Answer] = field(default_factory=dict[str, Answer], repr=False)
    _visited: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    _owners: dict[str, str] = field(default_factory=dict[str, str])

    def settled(self, step: Step) -> Step | None:
        """Return a step as it can be done now; None when what it is about never came to be."""
        world = self.world
        known = step.resource in {"", *world.resources} and step.ticket in {"", *world.tickets}
        if not known:
            return None
        match step.action:
            case Action.ALLOW | Action.WITHDRAW:
                return self._settled_policy(step)
            case Action.ASK:
                return self._settled_asking(step)
            case Action.REDEEM:
                return self._settled_redeeming(step)
            case _:
                held = not step.answer or self._holds(
                    step.answer, step.kind or _wanted(step.action)
                )
                return step if held else None

    def _settled_policy(self, step: Step) -> Step | None:
        resource = self.world.resources[step.resource]
        if resource.standing is not Standing.LIVE:
            return None
        scopes = tuple(scope for scope in step.scopes if scope in resource.scopes)
        settled = scopes or step.action is Action.WITHDRAW
        return replace(step, scopes=scopes) if settled else None

    def _settled_asking(self, step: Step) -> Step | None:
        known = {n: self.world.resources[n] for n in step.wanted if n in self.world.resources}
        owner = next((item.owner for item in known.values()), "")
        wanted = {n: step.wanted[n] for n, item in known.items() if item.owner == owner}
        return replace(step, wanted=wanted, owner=owner) if wanted else None

    def _settled_redeeming(self, step: Step) -> Step:
        owner = self._owners.get(step.ticket)
        rpt = step.rpt if self._holds(step.rpt, Kind.RPT) else ""
        if rpt and self._owners.get(rpt) != owner:
            # What a server makes of an RPT of another owner is nowhere said.
            rpt = ""
        return replace(step, rpt=rpt, pct=step.pct if self._holds(step.pct, Kind.PCT) else "")

    def _holds(self, name: str, kind: str) -> bool:
        answer = self._answers.get(name)
        return name in self.world.answers and bool(answer and answer.member(_MEMBERS[kind]))

    def do(self, step: Step) -> Taken:
        """Do a step that is settled; raise what drivers and the wire raise."""
        scene, facts, last = self.scene, dict[str, object](), None
        match step.action:
            case Action.ALLOW | Action.WITHDRAW:
                self._set_policy(step)
            case Action.ASK:
                last = self._ask(step)
            case Action.VISIT:
                last, value = self._visit(step)
                if value:
                    self._visited[step.result] = value
                    facts["ticket"] = scene.journal.wire.redactor.learn("ticket", value)
            case Action.REDEEM | Action.REFRESH:
                last = self._redeem(step) if step.action is Action.REDEEM else self._refresh(step)
                self._answers[step.result] = last
            case Action.INTROSPECT:
                last = self._introspect(step, facts)
            case Action.REVOKE:
                held = self._answers[step.answer].member(_MEMBERS[step.kind])
                client = scene.client(self.world.answers[step.answer].client)
                last = client.revoke(scene.endpoint("revocation_endpoint"), held)
            case _:
                last = self._manage(step)
        taken = Taken(step, last.exchange if last else None, facts)
        self.walk.append(taken)
        return taken

    def clean_up(self) -> int:
        """Deregister what was registered; return how many resources may be left behind."""
        left = 0
        for name, resource in self.world.resources.items():
            if resource.standing is not Standing.GONE:
                answer = self.scene.resource_server(resource.owner).delete(
                    resource.id, purpose=f"Clean up {name}"
                )
                left += not answer.succeeded and answer.status != 404
        return left

    def _manage(self, step: Step) -> Answer:
        scene = self.scene
        if step.action is Action.REGISTER:
            description = scene.description(step.scopes, step.owner)
            if step.owner == Step(step.action).owner:
                return scene.create(description)
            return scene.resource_server(step.owner).create(description)
        if step.action is Action.LIST:
            return scene.resource_server(step.owner).list()
        resource = self.world.resources[step.resource]
        rs = scene.resource_server(resource.owner)
        if step.action is Action.READ:
            return rs.read(resource.id)
        if step.action is Action.DELETE:
            return rs.delete(resource.id)
        return rs.update(resource.id, scene.description(step.scopes, resource.owner))

    def _set_policy(self, step: Step) -> None:
        resource = self.world.resources[step.resource]
        policies = [Policy(frozenset(step.scopes), step.party, by_visit=step.by_visit)]
        self.scene.driver.set_policy(
            resource.owner, resource.id, policies if step.action is Action.ALLOW else ()
        )

    def _ask(self, step: Step) -> Answer:
        wanted = {self.world.resources[name].id: s for name, s in step.wanted.items()}
        answer = self.scene.ask_for_ticket(wanted, owner=step.owner)
        self._answers[step.result] = answer
        self._owners[step.result] = step.owner
        return answer

    def _ticket(self, name: str) -> str:
        return self._visited.get(name) or self._answers[name].member("ticket")

    def _visit(self, step: Step) -> tuple[Answer, str]:
        came = self._answers.get(step.ticket)
        hinted = came.member("redirect_user") if came else ""
        place = hinted or self.scene.endpoint(STATIC)
        self._owners[step.result] = self._owners.get(step.ticket, "")
        end = visit(
            self.scene,
            f"visit {len(self.walk) + 1}",
            Link(place, self._ticket(step.ticket)),
            client=step.client,
            party=step.party,
            wish=Wish.BE_REMEMBERED if step.remember else Wish.GO_ON,
        )
        return end.answer, ticket_of(end)

    def _redeem(self, step: Step) -> Answer:
        self._owners[step.result] = self._owners.get(step.ticket, "")
        claims = self.scene.claims(step.party, step.client) if step.party else None
        beside = {
            name: self._answers[held].member(_MEMBERS[kind])
            for name, held, kind in (("rpt", step.rpt, Kind.RPT), ("pct", step.pct, Kind.PCT))
            if held
        }
        client = self.scene.client(step.client)
        # Much is refused on a walk; what owners were asked meanwhile would change what follows.
        vendors = dict(self.scene.driver.denial_parameters())
        return client.request_rpt(self._ticket(step.ticket), claims, **{**vendors, **beside})

    def _refresh(self, step: Step) -> Answer:
        self._owners[step.result] = self._owners.get(step.answer, "")
        client = self.scene.client(self.world.answers[step.answer].client)
        return client.refresh(self._answers[step.answer].member("refresh_token"))

    def _introspect(self, step: Step, facts: dict[str, object]) -> Answer:
        rpt = self._answers[step.answer].member("access_token")
        owner = self._owners.get(step.answer, step.owner)
        answer = self.scene.introspect(rpt, f"introspection {len(self.walk) + 1}", owner=owner)
        members = answer.exchange.members
        if members.get("active") is True and shown_permissions(members.get("permissions")) is None:
            granted = self.scene.driver.granted_permissions(rpt, RESOURCE_SERVER)
            facts["permissions"] = {item.resource_id: sorted(item.scopes) for item in granted}
        return answer


def _wanted(action: Action) -> str:
    """Return what an answer has to hold for an action about it."""
    return Kind.REFRESH_TOKEN if action is Action.REFRESH else Kind.RPT
