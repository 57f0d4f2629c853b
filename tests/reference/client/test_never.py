"""What must never happen, whatever the servers do: no ticket twice, no secret to others."""

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from uma_reference.client import (
    ClaimToken,
    Credentials,
    GivenClaims,
    HeldPct,
    HeldRpt,
    Holdings,
    HttpxSender,
    MemoryWallet,
    NeedsUser,
    Options,
    Outcome,
    UmaClient,
    Waiting,
)

SERVERS = ("https://as-one.example", "https://as-two.example")
RESOURCES = ("https://rs-one.example", "https://rs-two.example")
TICKETS = st.sampled_from([f"ticket-{number}-canary" for number in range(6)])
PARTY = "me"


class Chaos:
    """Servers that do what Hypothesis says, and a record of which secret is whose."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.sent: list[tuple[str, str]] = []
        self.tickets: list[tuple[str, str]] = []
        self.given_to: set[tuple[str, str]] = set()
        self.issued_for: dict[str, set[str]] = {}
        self.flow = 0
        self.number = 0

    def origin(self, request: httpx.Request) -> str:
        return f"https://{request.url.host}"

    def handle(self, request: httpx.Request) -> httpx.Response:
        where = self.origin(request)
        text = f"{request.url} {sorted(request.headers.items())} {request.content.decode()}"
        self.sent.append((where, text))
        if where in SERVERS:
            return self.authorization_server(where, request)
        if where in RESOURCES:
            return self.resource_server(where)
        return httpx.Response(404)

    def resource_server(self, where: str) -> httpx.Response:
        kind = self.data.draw(st.sampled_from(["challenge", "challenge", "ok", "redirect", "odd"]))
        if kind == "challenge":
            issuer, ticket = self.data.draw(st.sampled_from(SERVERS)), self.data.draw(TICKETS)
            self.latest_rs = where
            value = f'UMA as_uri="{issuer}", ticket="{ticket}"'
            return httpx.Response(401, headers={"www-authenticate": value})
        if kind == "redirect":
            place = self.data.draw(st.sampled_from([*RESOURCES, *SERVERS, "https://evil.example"]))
            return httpx.Response(302, headers={"location": f"{place}/r"})
        return httpx.Response(200 if kind == "ok" else 403)

    def authorization_server(self, where: str, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/token":
            return httpx.Response(
                200,
                json={
                    "issuer": where,
                    "token_endpoint": f"{where}/token",
                    "claims_interaction_endpoint": f"{where}/claims",
                },
            )
        form = dict(parse_qsl(request.content.decode()))
        if "ticket" in form:
            self.tickets.append((str(self.flow), form["ticket"]))
        kinds = ["granted", "need_info", "request_submitted", "invalid_grant", "request_denied"]
        kind = self.data.draw(st.sampled_from(kinds))
        if kind == "granted":
            self.number += 1
            rpt, pct = f"rpt-{self.number}-canary", f"pct-{self.number}-canary"
            refresh = f"refresh-{self.number}-canary"
            self.issued_for[rpt] = {where, self.latest_rs}
            self.issued_for[pct] = self.issued_for[refresh] = {where}
            body: dict[str, object] = {"access_token": rpt, "token_type": "Bearer"}
            extra = {"pct": pct, "refresh_token": refresh, "expires_in": 1, "upgraded": True}
            chosen = self.data.draw(st.sets(st.sampled_from(sorted(extra))))
            return httpx.Response(200, json=body | {name: extra[name] for name in chosen})
        document: dict[str, object] = {"error": kind, "ticket": self.data.draw(TICKETS)}
        if self.data.draw(st.booleans()):
            document["required_claims"] = [{}]
        if self.data.draw(st.booleans()):
            document["redirect_user"] = f"{where}/claims"
        return httpx.Response(403, content=json.dumps(document))

    def go_on(self, client: UmaClient, outcome: Outcome) -> Outcome:
        if isinstance(outcome, NeedsUser):
            sent = dict(parse_qsl(urlsplit(outcome.url).query))
            self.tickets.append((str(self.flow), sent["ticket"]))
            state = self.data.draw(st.sampled_from([sent["state"], "forged"]))
            query = urlencode({"ticket": self.data.draw(TICKETS), "state": state})
            return client.resume(outcome.flow, query)
        assert isinstance(outcome, Waiting)
        return client.poll(outcome.flow)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_ticket_is_sent_twice_and_no_secret_to_another_origin(data: st.DataObject) -> None:
    chaos = Chaos(data)
    wallet = MemoryWallet()
    held = HeldRpt(
        "https://rs-one.example:443",
        SERVERS[0],
        PARTY,
        "client",
        "rpt-held-canary",
        0,
        "refresh-held-canary",
    )
    pct = HeldPct(SERVERS[0], "client", PARTY, "pct-held-canary")
    wallet.change(lambda _: Holdings((held,), (pct,)))
    chaos.issued_for = {
        held.value: {SERVERS[0], RESOURCES[0]},
        held.refresh_token: {SERVERS[0]},
        pct.value: {SERVERS[0]},
    }
    bound = data.draw(st.booleans())
    times = iter(range(1000, 10**9, 400))
    client = UmaClient(
        HttpxSender(transport=httpx.MockTransport(chaos.handle)),
        options=Options(
            claims_redirect_uri="https://client.example/returned",
            proactive=data.draw(st.booleans()),
            push_first=data.draw(st.booleans()),
        ),
        credentials=Credentials(
            "client", "client_secret_post", "secret-canary", issuer=SERVERS[0] if bound else ""
        ),
        wallet=wallet,
        claims=GivenClaims(ClaimToken("claim.canary.one"), ClaimToken("claim.canary.two")),
        clock=lambda: float(next(times)),
    )
    for url in RESOURCES:
        chaos.flow += 1
        outcome = client.start(f"{url}/r")
        for _ in range(12):
            if not isinstance(outcome, NeedsUser | Waiting):
                break
            outcome = chaos.go_on(client, outcome)
    assert len(chaos.tickets) == len(set(chaos.tickets))
    for where, text in chaos.sent:
        for secret, origins in chaos.issued_for.items():
            assert secret not in text or where in origins, (where, secret)
        if where not in (SERVERS[:1] if bound else SERVERS):
            assert "secret-canary" not in text
            assert "claim.canary" not in text
        if where not in SERVERS:
            assert "ticket-" not in text
