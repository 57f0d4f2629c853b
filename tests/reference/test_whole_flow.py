"""Everything once, end to end: nobody is known to the server but its owner and a party."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Document = dict[str, object]
UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
OWNER = ("alice", "alice-password")
RS_BACK, APP_BACK = "https://rs.example/cb", "https://app.example/claims?session=7"
VERIFIER = "-".join(["verifier"] * 6)


@pytest.fixture(params=["opaque", "jwt"])
def document(request: pytest.FixtureRequest) -> Document:
    return {
        "issuer": "https://as.example/uma",
        "owners": [{"id": "alice", "password": "alice-password"}],
        "requesting_parties": [
            {"id": "carol", "password": "carol-password", "claims": {"role": "doctor"}}
        ],
        "features": [
            *("dynamic-registration", "interactive-claims", "pct", "refresh"),
            *("request_submitted", "revocation", "rpt-upgrade"),
        ],
        "rpt_format": str(request.param),
    }


class Flow:
    """The parties beside the browsers: a resource server and a client, and what they hold."""

    def __init__(self, server: httpx.Client) -> None:
        self.http = server
        self.places: dict[str, str] = server.get("/.well-known/uma2-configuration").json()
        self.pat: dict[str, str] = {}
        self.secrets: list[str] = []

    def register(self, **metadata: object) -> tuple[str, str]:
        answer = self.http.post(self.places["registration_endpoint"], json=metadata)
        assert answer.status_code == 201
        members = answer.json()
        self.secrets.append(members["client_secret"])
        return members["client_id"], members["client_secret"]

    def token(self, auth: tuple[str, str], **form: str) -> httpx.Response:
        answer = self.http.post(self.places["token_endpoint"], data=form, auth=auth)
        secret = ("access_token", "refresh_token", "pct", "ticket")
        self.secrets += [answer.json()[name] for name in secret if name in answer.json()]
        return answer

    def resource(self, *scopes: str) -> str:
        place = self.places["resource_registration_endpoint"]
        answer = self.http.post(place, json={"resource_scopes": scopes}, headers=self.pat)
        assert answer.status_code == 201
        return str(answer.json()["_id"])

    def share(self, resource: str, conditions: list[Document]) -> None:
        policy = {"scopes": ["view"], "conditions": conditions}
        place = f"{self.places['issuer']}/owner/resources/{resource}/policies"
        self.http.put(place, json=[policy], auth=OWNER).raise_for_status()

    def ticket(self, resource: str) -> str:
        wanted = {"resource_id": resource, "resource_scopes": ["view"]}
        place = self.places["permission_endpoint"]
        answer = self.http.post(place, json=wanted, headers=self.pat)
        self.secrets.append(answer.json()["ticket"])
        return self.secrets[-1]

    def introspect(self, rpt: str) -> Mapping[str, list[str]]:
        place = self.places["introspection_endpoint"]
        shown = self.http.post(place, data={"token": rpt}, headers=self.pat).json()
        assert shown["active"] is True
        return {item["resource_id"]: item["resource_scopes"] for item in shown["permissions"]}


def query_of(answer: httpx.Response, address: str) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(address)
    query = parse_qs(urlsplit(answer.headers["location"]).query, keep_blank_values=True)
    return {name: values[0] for name, values in query.items()}


def connect(flow: Flow, alice: Browser) -> None:
    """Have the owner let the resource server act for her, by a code with PKCE."""
    web = flow.register(redirect_uris=[RS_BACK], scope="uma_protection", client_name="The clinic")
    hashed = hashlib.sha256(VERIFIER.encode()).digest()
    asked = alice.get(
        urlsplit(flow.places["authorization_endpoint"]).path,
        response_type="code",
        client_id=web[0],
        state="of the clinic",
        code_challenge=base64.urlsafe_b64encode(hashed).decode().rstrip("="),
        code_challenge_method="S256",
    )
    form = alice.follow(asked)
    page = alice.follow(alice.send(form, "/sign-in", name="alice", password="alice-password"))
    assert "The clinic" in page.text
    told = query_of(alice.send(page, "/authorize", decision="allow"), f"{RS_BACK}?")
    assert (told["state"], told["iss"]) == ("of the clinic", flow.places["issuer"])
    flow.secrets.append(told["code"])
    grant = {"grant_type": "authorization_code", "code": told["code"], "code_verifier": VERIFIER}
    pat = flow.token(web, **grant).json()
    flow.pat = {"Authorization": f"Bearer {pat['access_token']}"}


def visit(flow: Flow, carol: Browser, client: str, hint: str, ticket: str) -> str:
    """Have the requesting party tell what she can, and return the ticket that comes back."""
    assert hint == flow.places["claims_interaction_endpoint"]
    sent = carol.get(urlsplit(hint).path, client_id=client, ticket=ticket, state="of the app")
    form = carol.follow(carol.follow(sent))
    page = carol.follow(carol.send(form, "/sign-in", name="carol", password="carol-password"))
    assert "doctor" in page.text
    stated = {"stated.purpose": "care", "persist": "yes"}
    answer = carol.send(page, "/claims/visit", decision="continue", **stated)
    told = query_of(answer, f"{APP_BACK}&")
    assert told.keys() == {"session", "ticket", "state"}
    assert told["state"] == "of the app"
    flow.secrets.append(told["ticket"])
    return told["ticket"]


def test_from_nothing_to_access_and_back(
    server: httpx.Client, browser: Callable[..., Browser], caplog: pytest.LogCaptureFixture
) -> None:
    flow = Flow(server)
    connect(flow, browser())
    letter, picture = flow.resource("view"), flow.resource("view", "edit")
    role: Document = {"claim": "role", "values": ["doctor"], "issuer": flow.places["issuer"]}
    purpose: Document = {"claim": "purpose", "values": ["care"], "issuer": "self"}
    flow.share(letter, [role, purpose])
    flow.share(picture, [role])

    app = flow.register(claims_redirect_uris=[APP_BACK], client_name="The app")
    first = flow.ticket(letter)
    needed = flow.token(app, grant_type=UMA_GRANT, ticket=first)
    assert (needed.status_code, needed.json()["error"]) == (403, "need_info")
    assert "required_claims" not in needed.json()
    carol = browser()
    hint, second = needed.json()["redirect_user"], needed.json()["ticket"]
    third = visit(flow, carol, app[0], hint, second)
    assert len({first, second, third}) == 3
    granted = flow.token(app, grant_type=UMA_GRANT, ticket=third).json()
    assert flow.introspect(granted["access_token"]) == {letter: ["view"]}

    # The claims are known now, for another resource, and the RPT grows.
    more = {"pct": granted["pct"], "rpt": granted["access_token"]}
    grown = flow.token(app, grant_type=UMA_GRANT, ticket=flow.ticket(picture), **more).json()
    assert grown["upgraded"] is True
    assert flow.introspect(grown["access_token"]) == {letter: ["view"], picture: ["view"]}
    # What she stated was for that time only.
    again = flow.token(app, grant_type=UMA_GRANT, ticket=flow.ticket(letter), pct=granted["pct"])
    assert again.json()["error"] == "need_info"

    place = flow.places["revocation_endpoint"]
    form = {"token": granted["pct"], "token_type_hint": "pct"}
    assert server.post(place, data=form, auth=app).status_code == 200
    late = flow.token(app, grant_type=UMA_GRANT, ticket=flow.ticket(picture), pct=granted["pct"])
    assert late.json()["error"] == "need_info"
    # The RPT that came of it goes on.
    assert flow.introspect(grown["access_token"]).keys() == {letter, picture}

    events = server.get(f"{flow.places['issuer']}/owner/events", auth=OWNER)
    kinds = [event["kind"] for event in reversed(events.json())]
    assert [kind for kind in kinds if not kind.startswith(("registered", "policy"))] == [
        *("connected", "need_info", "claims given", "granted"),
        *("upgraded", "need_info", "need_info"),
    ]
    for secret in (*flow.secrets, "alice-password", "carol-password"):
        assert secret not in events.text
        assert secret not in caplog.text
