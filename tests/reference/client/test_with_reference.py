"""The client and the reference authorization server, with a tiny resource server between them."""

from collections.abc import Callable, Mapping

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import (
    ClaimToken,
    Credentials,
    Done,
    GivenClaims,
    Holdings,
    HttpxSender,
    MemoryWallet,
    Refused,
    Revoker,
    UmaClient,
    Waiting,
)

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
FEATURES = ["pct", "refresh", "request_submitted", "revocation", "rpt-upgrade"]
Document = dict[str, object]


@pytest.fixture
def document(document: Document) -> Document:
    return document | {"features": FEATURES}


class Servers(httpx.BaseTransport):
    """Hands requests to the authorization server, or is the resource server itself."""

    def __init__(
        self, server: httpx.Client, pat: Mapping[str, str], resources: Mapping[str, str]
    ) -> None:
        self.server = server
        self.pat = pat
        self.resources = resources
        self.forms: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if request.url.host == "as.example":
            self.forms.append(request.content.decode())
            answer = self.server.request(
                request.method, request.url, content=request.content, headers=request.headers
            )
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
        resource = self.resources[request.url.path]
        rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
        if rpt:
            found = self.server.post("/introspect", data={"token": rpt}, headers=self.pat).json()
            granted = [item["resource_id"] for item in found.get("permissions", [])]
            if found["active"] and resource in granted:
                return httpx.Response(200, content=b"\xff\xd8picture")
        wanted = {"resource_id": resource, "resource_scopes": ["view"]}
        ticket = self.server.post("/perm", json=wanted, headers=self.pat).json()["ticket"]
        value = f'UMA realm="rs", as_uri="{AS}", ticket="{ticket}"'
        return httpx.Response(401, headers={"www-authenticate": value})


@pytest.fixture
def resources(register: Callable[..., str]) -> dict[str, str]:
    return {"/photo": register("view"), "/album": register("view")}


@pytest.fixture
def servers(server: httpx.Client, pat: dict[str, str], resources: dict[str, str]) -> Servers:
    return Servers(server, pat, resources)


@pytest.fixture
def wallet() -> MemoryWallet:
    return MemoryWallet()


@pytest.fixture
def speaking(
    servers: Servers, wallet: MemoryWallet, clock: AdjustableClock
) -> Callable[..., UmaClient]:
    def make(*tokens: ClaimToken, secret: str = "") -> UmaClient:
        return UmaClient(
            HttpxSender(transport=servers),
            credentials=Credentials("client", "client_secret_basic", secret or "client-secret"),
            wallet=wallet,
            claims=GivenClaims(*tokens),
            clock=lambda: float(clock.now()),
            sleep=lambda seconds: clock.advance(round(seconds)),
        )

    return make


@pytest.fixture
def doctor(id_token: Callable[..., dict[str, str]]) -> ClaimToken:
    return ClaimToken(id_token()["claim_token"])


def test_who_can_say_who_she_is_gets_the_picture(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    doctor: ClaimToken,
) -> None:
    allow(resources["/photo"], "view", role="doctor")
    outcome = speaking(doctor).get(PHOTO)
    assert isinstance(outcome, Done)
    assert outcome.response.body == b"\xff\xd8picture"


def test_who_cannot_does_not(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    id_token: Callable[..., dict[str, str]],
) -> None:
    allow(resources["/photo"], "view", role="doctor")
    visitor = ClaimToken(id_token(role="visitor")["claim_token"])
    assert isinstance(speaking(visitor).get(PHOTO), Refused)
    assert isinstance(speaking().get(PHOTO), Refused)


def test_wrong_credentials_are_refused(
    speaking: Callable[..., UmaClient], allow: Callable[..., str], resources: dict[str, str]
) -> None:
    allow(resources["/photo"], "view")
    outcome = speaking(secret="wrong").get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_client"


def test_claims_are_asked_for_once_and_rpts_upgraded(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    servers: Servers,
    wallet: MemoryWallet,
    doctor: ClaimToken,
) -> None:
    for resource in resources.values():
        allow(resource, "view", role="doctor")
    assert isinstance(speaking(doctor).get(PHOTO), Done)
    servers.forms.clear()
    assert isinstance(speaking().get("https://rs.example/album"), Done)
    assert any("pct=" in form and "rpt=" in form for form in servers.forms)
    (rpt,) = wallet.read().rpts
    assert len(rpt.resources) == 2
    servers.forms.clear()
    assert isinstance(speaking().get(PHOTO), Done)
    assert servers.forms == []


def test_an_expired_rpt_is_refreshed_in_truth(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    servers: Servers,
    clock: AdjustableClock,
) -> None:
    allow(resources["/photo"], "view")
    assert isinstance(speaking().get(PHOTO), Done)
    clock.advance(601)
    servers.pat = _fresh_pat(servers.server)
    servers.forms.clear()
    assert isinstance(speaking().get(PHOTO), Done)
    tokens = [form for form in servers.forms if form]
    assert len(tokens) == 1
    assert "grant_type=refresh_token" in tokens[0]


def _fresh_pat(server: httpx.Client) -> dict[str, str]:
    answer = server.post(
        "/token",
        data={"grant_type": "client_credentials", "scope": "uma_protection"},
        auth=("rs-alice", "rs-alice-secret"),
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_the_owner_is_waited_for(
    speaking: Callable[..., UmaClient],
    server: httpx.Client,
    resources: dict[str, str],
    doctor: ClaimToken,
    clock: AdjustableClock,
) -> None:
    owner = ("alice", "alice-password")
    place = f"/owner/resources/{resources['/photo']}/policies"
    policy = {"scopes": ["view"], "anyone": True, "ask": True}
    server.post(place, json=policy, auth=owner).raise_for_status()
    client = speaking(doctor)
    first = client.get(PHOTO)
    assert isinstance(first, Waiting)
    (asked,) = server.get("/owner/requests", auth=owner).json()
    clock.advance(5)
    second = client.poll(first.flow)
    assert isinstance(second, Waiting)
    approval = {"decision": "approve"}
    server.post(f"/owner/requests/{asked['id']}", json=approval, auth=owner).raise_for_status()
    clock.advance(5)
    assert isinstance(client.poll(second.flow), Done)


def test_what_is_forgotten_is_revoked(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    servers: Servers,
    wallet: MemoryWallet,
    doctor: ClaimToken,
) -> None:
    allow(resources["/photo"], "view", role="doctor")
    assert isinstance(speaking(doctor).get(PHOTO), Done)
    (rpt,) = wallet.read().rpts
    credentials = Credentials("client", "client_secret_basic", "client-secret")
    sender = HttpxSender(transport=servers)
    found = Revoker(sender, wallet, lambda: "jti", credentials).forget("me")
    assert (found.removed, found.revoked, found.problems) == (2, 3, ())
    assert wallet.read() == Holdings()
    state = servers.server.post("/introspect", data={"token": rpt.value}, headers=servers.pat)
    assert state.json()["active"] is False


def test_without_credentials_things_are_forgotten_here_only(
    speaking: Callable[..., UmaClient],
    allow: Callable[..., str],
    resources: dict[str, str],
    servers: Servers,
    wallet: MemoryWallet,
) -> None:
    allow(resources["/photo"], "view")
    assert isinstance(speaking().get(PHOTO), Done)
    found = Revoker(HttpxSender(transport=servers), wallet, lambda: "jti").forget("me", PHOTO)
    assert (found.removed, found.revoked) == (1, 0)
    assert "credentials of client client" in found.problems[0]
    assert wallet.read().rpts == ()
