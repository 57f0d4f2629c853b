"""Probes of persisted claims tokens: issued, presented, shown to others (Grant 3.3.5, 5.2)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    PARTY,
    RESOURCE_SERVER,
    Policy,
    Unsupported,
    Wish,
)
from uma_conformance.outcome import Outcome
from uma_conformance.probes import guessing
from uma_conformance.probes.disclosure import claims_in, members_read, shown
from uma_conformance.probes.gathering import ticket_by_visit
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

ELSEWHERE, ANOTHER, SAME = "elsewhere", "another resource", "same resource"
_VIEW = frozenset({"view"})
_SAMPLE = 16
_PERSONAL = ("birthdate", "email", "family_name", "given_name", "phone_number", "role")


def resource_for_claims(scene: Scene, *parties: str, resource_server: str = RESOURCE_SERVER) -> str:
    """Register a resource that opens to claims gathered in the way that gives PCTs here."""
    by_visit = _by_visit(scene)
    policies = [Policy(_VIEW, party, by_visit=by_visit) for party in parties or (PARTY,)]
    return scene.register(policies=policies, resource_server=resource_server)


def with_claims(  # noqa: PLR0913 - a process in all its parts
    scene: Scene,
    resource: str,
    label: str = "",
    *,
    pct: str = "",
    party: str = PARTY,
    client: str = CLIENT,
    resource_server: str = RESOURCE_SERVER,
    by_visit: bool | None = None,
) -> Answer:
    """Go through a process in which claims are gathered, in the way that gives PCTs here."""
    extra = {"pct": pct} if pct else {}
    wanted, claims = {resource: _VIEW}, None
    if _by_visit(scene) if by_visit is None else by_visit:
        ticket = ticket_by_visit(
            scene,
            wanted,
            Wish.BE_REMEMBERED,
            party=party,
            client=client,
            resource_server=resource_server,
        )
    else:
        ticket = scene.ticket(wanted, resource_server=resource_server)
        claims = scene.claims(party, client)
    answer = scene.client(client).request_rpt(ticket, claims, label=label, **extra)
    _keep(scene, answer, client, party)
    return answer


def without_claims(  # noqa: PLR0913 - as above
    scene: Scene,
    resource: str,
    label: str,
    *,
    pct: str = "",
    party: str = PARTY,
    client: str = CLIENT,
    resource_server: str = RESOURCE_SERVER,
) -> Answer:
    """Ask with nothing but a ticket and, if there is one, the PCT of a party."""
    extra = {"pct": pct} if pct else {}
    ticket = scene.ticket({resource: _VIEW}, resource_server=resource_server)
    answer = scene.client(client).request_rpt(ticket, None, label=label, **extra)
    _keep(scene, answer, client, party)
    return answer


def current(scene: Scene, party: str = PARTY) -> str:
    """Return the PCT to use from now on, or raise `Blocked` when there is none.

    A server may give a new one at any time, and the one before may end with that. It need not give
    one to a client that has one already.
    """
    found = scene.surroundings.habits.pcts.get((CLIENT, party), "")
    if not found:
        raise Blocked(Outcome.CANT_TELL, "this time, no PCT came")
    return found


def forget(scene: Scene, party: str) -> None:
    """Do not use the newest PCT for a party any more."""
    scene.surroundings.habits.pcts.pop((CLIENT, party), None)


def _keep(scene: Scene, answer: Answer, client: str, party: str) -> None:
    found = answer.member("pct")
    if answer.succeeded and found:
        scene.surroundings.habits.pcts[client, party] = found


@probe
def issued(scene: Scene) -> None:
    """Get a PCT, look into it, and look at what introspection and a visit show afterwards."""
    resource = resource_for_claims(scene)
    answer = with_claims(scene, resource, "issued")
    pct = current(scene)
    pushed = "" if _by_visit(scene) else scene.claims().value
    told = claims_in(pushed)
    known = [value for kind, value in scene.driver.secrets() if kind == "claim"]
    scene.facts["claims shown"] = shown(pct, [*told.values(), *known])
    scene.facts["members read"] = list(members_read(pct, [*told, *_PERSONAL]))
    if "introspection_endpoint" in scene.surroundings.metadata.endpoints:
        scene.introspect(scene.rpt(answer), "introspected")
        again = without_claims(scene, resource, "presented", pct=pct)
        if again.succeeded:
            scene.introspect(scene.rpt(again), "introspected again")
    try:
        other = scene.register(policies=[Policy(_VIEW, by_visit=True)])
        ticket_by_visit(scene, {other: _VIEW}, Wish.GO_ON)
    except (Blocked, Unsupported) as reason:
        scene.facts["no visit"] = str(reason)


@probe
def sample(scene: Scene) -> None:
    """Collect PCTs and measure how hard they would be to guess."""
    resource = resource_for_claims(scene, PARTY, OTHER_PARTY)
    answers = [with_claims(scene, resource) for _ in range(_SAMPLE)]
    found = [current(scene), *filter(None, (answer.member("pct") for answer in answers))]
    party = with_claims(scene, resource, party=OTHER_PARTY).member("pct")
    client = with_claims(scene, resource, client=OTHER_CLIENT).member("pct")
    everything = [*found, *filter(None, (party, client))]
    scene.facts["distinct"] = len(set(everything))
    scene.facts["shared by parties"] = party in found
    scene.facts["shared by clients"] = client in found
    scene.facts["bits"] = guessing.bits(everything)


@probe
def presented(scene: Scene) -> None:
    """Present a PCT for the same resource, another one, and one at another resource server."""
    first = resource_for_claims(scene)
    places = {
        SAME: (first, RESOURCE_SERVER),
        ANOTHER: (resource_for_claims(scene), RESOURCE_SERVER),
        ELSEWHERE: (
            resource_for_claims(scene, resource_server=OTHER_RESOURCE_SERVER),
            OTHER_RESOURCE_SERVER,
        ),
    }
    with_claims(scene, first, "issued")
    for name, (resource, server) in places.items():
        without_claims(scene, resource, f"{name}: neither", resource_server=server)
        pct = current(scene)
        without_claims(scene, resource, f"{name}: alone", pct=pct, resource_server=server)
        label, pct = f"{name}: beside claims", current(scene)
        with_claims(scene, resource, label, pct=pct, resource_server=server)
        with_claims(scene, resource, f"{name}: without it", resource_server=server)


@probe
def foreign(scene: Scene) -> None:
    """Present a PCT as the client that it was issued to, and as another one."""
    resource = resource_for_claims(scene)
    with_claims(scene, resource, "other client with claims", client=OTHER_CLIENT)
    without_claims(scene, resource, "other client with nothing", client=OTHER_CLIENT)
    with_claims(scene, resource, "issued")
    without_claims(scene, resource, "own", pct=current(scene))
    without_claims(scene, resource, "foreign", pct=current(scene), client=OTHER_CLIENT)


@probe
def unasked(scene: Scene) -> None:
    """See whether a PCT comes for a requesting party who did not agree to be remembered."""
    resource = resource_for_claims(scene)
    scene.facts["by visit alone"] = _by_visit(scene)
    if not _by_visit(scene):
        with_claims(scene, resource, "pushed")
    visited = scene.register(policies=[Policy(_VIEW, by_visit=True)])
    ticket = ticket_by_visit(scene, {visited: _VIEW}, Wish.GO_ON)
    scene.client().request_rpt(ticket, label="visited")


def _by_visit(scene: Scene) -> bool:
    """Find out how PCTs come about: after pushed claims, or only after a visit.

    Raise `Blocked` when they do not come at all, or when that cannot be found out.
    """
    habits = scene.surroundings.habits
    if habits.pct_by_visit is not None:
        return habits.pct_by_visit
    unknown: list[str] = []
    granted = False
    for by_visit in (False, True):
        try:
            resource = scene.register(policies=[Policy(_VIEW, by_visit=by_visit)])
            answer = with_claims(scene, resource, by_visit=by_visit)
        except Unsupported as reason:
            unknown.append(str(reason))
        except Blocked as reason:
            if by_visit and "claims_interaction_endpoint" in scene.surroundings.metadata.endpoints:
                unknown.append(reason.gap.reason)
        else:
            granted = granted or answer.succeeded
            if answer.member("pct"):
                habits.pct_by_visit = by_visit
                return by_visit
    if unknown or not granted:
        outcome = Outcome.UNTESTED if unknown else Outcome.CANT_TELL
        raise Blocked(outcome, f"no PCT came: {'; '.join(unknown) or 'no RPT was issued'}")
    raise Blocked(Outcome.INAPPLICABLE, "no RPT came with a PCT, however claims were gathered")
