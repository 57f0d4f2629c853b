"""Probes of authorization assessment and its results (Grant 3.3.4)."""

from collections.abc import Iterable, Mapping

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OWNER,
    PARTY,
    Policy,
)
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

ALBUM = ("download", "edit", "view")
FOR_GOOD = "refused for good"
PHOTO = ("download", "print", "resize", "view")


def _policy(*scopes: str, party: str = PARTY) -> list[Policy]:
    return [Policy(frozenset(scopes), party)] if scopes else []


def _ask(  # noqa: PLR0913 - a token request in all its parts
    scene: Scene,
    label: str,
    ticket: Mapping[str, Iterable[str]],
    *,
    party: str = PARTY,
    client: str = CLIENT,
    scope: str = "",
) -> None:
    """Ask for an RPT and note the ticket and, on success, what was granted."""
    wanted = {resource: sorted(scopes) for resource, scopes in ticket.items()}
    scene.facts[f"{label} ticket"] = wanted
    value = scene.ticket(wanted)
    extra = {"scope": scope} if scope else {}
    actor = scene.client(client)
    answer = actor.request_rpt(value, scene.claims(party, client), label=label, **extra)
    if answer.succeeded and answer.member("access_token"):
        scene.permissions(answer.member("access_token"), f"{label} granted")


@probe
def full(scene: Scene) -> None:
    """Ask for scopes on two resources that the policies allow, and no others."""
    one = scene.register(ALBUM, _policy("edit", "view"))
    two = scene.register(PHOTO, _policy("print", "view"))
    scene.facts["allowed"] = {one: ["edit", "view"], two: ["print", "view"]}
    _ask(scene, "full", {one: ("edit", "view"), two: ("print",)})


@probe
def apart(scene: Scene) -> None:
    """Ask for a different scope on each of two resources that allow both."""
    one = scene.register(("edit", "view"), _policy("edit", "view"))
    two = scene.register(("edit", "view"), _policy("edit", "view"))
    scene.facts["allowed"] = {one: ["edit", "view"], two: ["edit", "view"]}
    _ask(scene, "apart", {one: ("view",), two: ("edit",)})


@probe
def partial(scene: Scene) -> None:
    """Ask for an album and its photos, of which the policies allow one photo to be viewed."""
    album, two = (scene.register(item) for item in (ALBUM, PHOTO))
    one = scene.register(PHOTO, _policy("view"))
    scene.facts["allowed"] = {one: ["view"]}
    _ask(scene, "partial", {album: ("edit",), one: ("view",), two: ("view",)})
    _ask(scene, "control", {one: ("view",)})


@probe
def half(scene: Scene) -> None:
    """Ask for two scopes of a resource, of which the policy allows one."""
    resource = scene.register(("edit", "view"), _policy("view"))
    scene.facts["allowed"] = {resource: ["view"]}
    _ask(scene, "half", {resource: ("edit", "view")})
    _ask(scene, "control", {resource: ("view",)})


@probe
def refused(scene: Scene) -> None:
    """Ask as a party whom no policy of the resource concerns."""
    resource = scene.register(("edit", "view"), _policy("view"))
    scene.facts["allowed"] = {resource: ["view"]}
    _ask(scene, "control", {resource: ("view",)})
    scene.facts["allowed"] = {}
    _ask(scene, "refused", {resource: ("view",)}, party=OTHER_PARTY)
    vendors = scene.driver.denial_parameters()
    if vendors:
        ticket, claims = scene.ticket({resource: ["view"]}), scene.claims(OTHER_PARTY)
        scene.client().request_rpt(ticket, claims, label=FOR_GOOD, **vendors)


@probe
def conditions(scene: Scene) -> None:
    """Meet both conditions of a policy, and only one of them."""
    both = [Policy(frozenset({"view"}), also={"role": "doctor"})]
    resource = scene.register(("edit", "view"), both)
    client = scene.client()
    ticket = scene.ticket({resource: ["view"]})
    client.request_rpt(ticket, scene.claims(), label="control")
    claims = scene.claims(without=frozenset({"role"}))
    client.request_rpt(scene.ticket({resource: ["view"]}), claims, label="one condition")


@probe
def no_policy(scene: Scene) -> None:
    """Ask for a resource that has no policy at all, with and without claims."""
    resource = scene.register()
    client = scene.client()
    client.request_rpt(scene.ticket({resource: ["view"]}), label="without claims")
    client.request_rpt(scene.ticket({resource: ["view"]}), scene.claims(), label="with claims")


@probe
def no_scopes(scene: Scene) -> None:
    """Ask for a permission without scopes on a resource that the policy opens."""
    resource = scene.register(("edit", "view"), _policy("view"))
    scene.facts["allowed"] = {resource: ["view"]}
    _ask(scene, "no scopes", {resource: ()})


@probe
def withdrawn(scene: Scene) -> None:
    """Ask before and after the owner withdraws all policies."""
    resource = scene.register(policies=_policy("view"))
    client, claims = scene.client(), scene.claims()
    before = client.request_rpt(scene.ticket({resource: ["view"]}), claims, label="before")
    scene.rpt(before)
    scene.driver.set_policy(OWNER, resource, ())
    client.request_rpt(scene.ticket({resource: ["view"]}), claims, label="after")


@probe
def owners(scene: Scene) -> None:
    """Ask for another owner's resource as the party she allows, and as one whom she does not."""
    hers = scene.register(("view",), _policy("view"))
    theirs = scene.register(("view",), _policy("view", party=OTHER_PARTY), owner=OTHER_OWNER)
    client = scene.client()
    for label, owner, resource, party in (
        ("hers, her party", OWNER, hers, PARTY),
        ("hers, their party", OWNER, hers, OTHER_PARTY),
        ("theirs, their party", OTHER_OWNER, theirs, OTHER_PARTY),
        ("theirs, her party", OTHER_OWNER, theirs, PARTY),
    ):
        ticket = scene.ticket({resource: ["view"]}, owner=owner)
        client.request_rpt(ticket, scene.claims(party), label=label)


@probe
def client_scopes(scene: Scene) -> None:
    """Ask for a scope beyond the ticket, as a client registered for it and as one that is not."""
    name = _registered_scope(scene)
    available = (*ALBUM, name)
    one = scene.register(available, _policy("view", name))
    two = scene.register(available, _policy("view", name))
    three = scene.register(("view",), _policy("view"))
    scene.facts["scope"] = name
    scene.facts["available"] = {one: [*available], two: [*available], three: ["view"]}
    scene.facts["allowed"] = {one: ["view", name], two: ["view", name], three: ["view"]}
    ticket = {one: ("view",), two: ("view",), three: ("view",)}
    _ask(scene, "registered", ticket, scope=name)
    _ask(scene, "not asked for", ticket)
    _ask(scene, "unregistered", {one: ("view",)}, client=OTHER_CLIENT, scope=name)
    _ask(scene, "unavailable", {three: ("view",)}, scope=name)


@probe
def several_scopes(scene: Scene) -> None:
    """Ask for two scopes beyond the ticket at once, and for each of them alone."""
    own = sorted(_own_scopes(scene))
    if len(own) < 2:
        raise Blocked(Outcome.UNTESTED, "the driver knows fewer than two scopes of the client")
    first, second = own[:2]
    resource = scene.register((*ALBUM, first, second), _policy("view", first, second))
    scene.facts["first"], scene.facts["second"] = first, second
    for label, scope in (("first", first), ("second", second), ("both", f"{first} {second}")):
        _ask(scene, label, {resource: ("view",)}, scope=scope)


@probe
def latest_scopes(scene: Scene) -> None:
    """Ask for a scope with the first request of a process only."""
    name = _registered_scope(scene)
    resource = scene.register((*ALBUM, name), _policy("view", name))
    client = scene.client()
    first = client.request_rpt(
        scene.ticket({resource: ["view"]}), label="with the scope", scope=name
    )
    following = first.member("ticket")
    if not following:
        raise Blocked(Outcome.CANT_TELL, "the first request was not answered with a ticket")
    answer = client.request_rpt(following, scene.claims(), label="without the scope")
    scene.facts["scope"], scene.facts["resource"] = name, resource
    scene.permissions(scene.rpt(answer), "granted")


def _registered_scope(scene: Scene) -> str:
    """Return a scope for which the client is registered and the other client is not."""
    own = _own_scopes(scene)
    if not own:
        raise Blocked(Outcome.UNTESTED, "the driver knows no scope of only one of the clients")
    return min(own)


def _own_scopes(scene: Scene) -> frozenset[str]:
    return scene.driver.client_scopes(CLIENT) - scene.driver.client_scopes(OTHER_CLIENT)
