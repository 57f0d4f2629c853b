"""Probes of claims pushing (Grant 3.3.1, 5.7)."""

from uma_conformance.drivers.protocol import ClaimToken, Flaw, Policy, Unsupported
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

_VIEW = frozenset({"view"})


@probe
def flawed(scene: Scene) -> None:
    """Push claim tokens that must not count, each beside one that does."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, good = scene.client(), scene.claims()
    client.request_rpt(scene.ticket({resource: _VIEW}), good, label="control")
    unsupported: dict[str, str] = {}
    for flaw in Flaw:
        try:
            token = scene.claims(flaw=flaw)
        except Unsupported as answer:
            unsupported[str(flaw)] = str(answer)
            continue
        client.request_rpt(scene.ticket({resource: _VIEW}), token, label=str(flaw))
    scene.facts["unsupported"] = unsupported
    garbage = ClaimToken("bm90LWEtY2xhaW0tdG9rZW4", good.format)
    client.request_rpt(scene.ticket({resource: _VIEW}), garbage, label="garbage")
    strange = ClaimToken(good.value, "https://formats.example/unheard-of")
    client.request_rpt(scene.ticket({resource: _VIEW}), strange, label="unknown format")


@probe
def stages(scene: Scene) -> None:
    """Push claims with the first request, and only after a request without claims."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()
    client.request_rpt(scene.ticket({resource: _VIEW}), claims, label="at once")
    first = client.request_rpt(scene.ticket({resource: _VIEW}), label="without claims")
    scene.facts["code"] = first.exchange.error
    following = first.member("ticket")
    if following:
        scene.facts["differs"] = True
        second = client.request_rpt(following, label="without claims again")
        last = second.member("ticket")
        if last:
            client.request_rpt(last, claims, label="with claims in the end")


@probe
def need_info(scene: Scene) -> None:
    """Answer need_info at once with the claims that are wanted, and as another client."""
    resource = scene.register(policies=[Policy(frozenset({"edit", "view"}))])
    client, claims = scene.client(), scene.claims()
    first = client.request_rpt(scene.ticket({resource: _VIEW}), label="asked")
    if first.exchange.error != "need_info":
        scene.facts["seen"] = False
        return
    scene.facts["seen"] = True
    answer = client.request_rpt(first.member("ticket"), claims, label="answered")
    scene.permissions(scene.rpt(answer), "granted")
    scene.facts["ticket"] = {resource: ["view"]}
    again = client.request_rpt(scene.ticket({resource: _VIEW}), label="asked, for another client")
    other = scene.client("other-app")
    other.request_rpt(
        again.member("ticket"), scene.claims(client="other-app"), label="answered by another client"
    )
