"""Probes of requests that no honest program sends, to see what the answers tell (CWE-209)."""

from uma_conformance.actors.actor import FORM, JSON, bearer, json_body
from uma_conformance.actors.client import TOKEN, UMA_GRANT, basic
from uma_conformance.actors.resource_server import INTROSPECTION, PERMISSION, REGISTRATION
from uma_conformance.drivers.protocol import OWNER, RESOURCE_SERVER, Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Message

_DEEP = b"[" * 2000 + b"]" * 2000
_BODIES = {
    "cut off": b'{"resource_scopes": ["view"',
    "deep": _DEEP,
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "wrong types": json_body({"resource_id": {"a": 1}, "resource_scopes": 7, "name": [None]}),
    "huge number": b'{"resource_id": 1' + b"0" * 400 + b', "resource_scopes": []}',
}
_TICKETS = {
    "quote": "' OR 1=1 --",
    "zero byte": "a\x00b",
    "format": "%s%n${7*7}{{7*7}}",
    "path": "../../../../etc/passwd",
    "long": "A" * 20_000,
    "letters": "\N{SNOWMAN}\N{KATAKANA LETTER TU}",
}


@probe
def token_endpoint(scene: Scene) -> None:
    """Send malformed requests with good credentials to the token endpoint."""
    client, claims = scene.client(), scene.claims()
    for name, ticket in _TICKETS.items():
        client.request_rpt(ticket, claims, label=f"ticket: {name}")
    url, secret = scene.endpoint("token_endpoint"), basic(scene.credentials())
    for label, kind, body in (
        ("JSON", JSON, json_body({"grant_type": UMA_GRANT, "ticket": "x"})),
        ("broken form", FORM, b"grant_type=%ZZ&ticket=%&&&=;claim_token"),
        ("no UTF-8", FORM, b"grant_type=\xff\xfe&ticket=\xc3("),
    ):
        scene.journal.send(
            Message("POST", url, (secret, ("content-type", kind)), body),
            sender="client",
            endpoint=TOKEN,
            label=label,
            purpose=f"Send a malformed request: {label}",
        )
    scene.client().request_token({"grant_type": "' OR 1=1 --"}, label="unknown grant type")


@probe
def protection_api(scene: Scene) -> None:
    """Send malformed requests with a good PAT to the protection API."""
    pat = scene.driver.pat(OWNER, RESOURCE_SERVER)
    rs = scene.resource_server()
    places = {
        "register": (rs.registration, REGISTRATION),
        "permission": (rs.permission, PERMISSION),
    }
    for place, (url, endpoint) in places.items():
        for name, body in _BODIES.items():
            scene.journal.send(
                Message("POST", url, (bearer(pat), ("content-type", JSON)), body),
                sender="resource server",
                endpoint=endpoint,
                label=f"{place}: {name}",
                purpose=f"Send a malformed body: {name}",
            )
    for name, value in _TICKETS.items():
        if name != "long":
            rs.read(value, f"read: {name}")
    known = scene.surroundings.metadata.endpoints
    if "introspection_endpoint" in known:
        scene.journal.send(
            Message(
                "POST",
                known["introspection_endpoint"],
                (bearer(pat), ("content-type", FORM)),
                b"token=%ZZ%00\xff&token_type_hint=%",
            ),
            sender="resource server",
            endpoint=INTROSPECTION,
            label="introspect: broken form",
            purpose="Send a malformed body",
        )


@probe
def wrong_credentials(scene: Scene) -> None:
    """Use good credentials and claims, and the same in requests that are refused."""
    resource = scene.register(policies=[Policy(frozenset({"view"}))])
    ticket, claims, client = scene.ticket({resource: ["view"]}), scene.claims(), scene.client()
    client.request_rpt(ticket, claims, label="control")
    client.request_rpt(ticket, claims, label="used ticket")
    client.request_rpt("never-issued", claims, label="unknown ticket")
    form = {"grant_type": "urn:example:unheard-of", "claim_token": claims.value}
    client.request_token(form, label="unknown grant type")
    rs = scene.resource_server()
    rs.read(resource, "read")
    rs.read("never-registered", "read an unknown resource")
    wanted = [{"resource_id": "never-registered", "resource_scopes": ["view"]}]
    rs.request_permissions(wanted, "ask for an unknown resource")
