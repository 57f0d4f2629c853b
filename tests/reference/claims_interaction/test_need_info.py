"""Which hints come with need_info, and when denial comes instead (Grant 3.3.6)."""

from collections.abc import Callable
from typing import cast

import httpx
import pytest

from uma_reference.authorization_server import Config, ConfigError

Make = Callable[..., str]
Go = Callable[..., httpx.Response]
Document = dict[str, object]
AS, PROVIDER, STRANGER = (
    "https://as.example",
    "https://identity.example",
    "https://stranger.example",
)
OWNER = ("alice", "alice-password")
CLAIMS, REDIRECT = "required_claims", "redirect_user"
# By the issuer of the condition and the hints that are configured: those that come.
WITH_VISITS = [
    ("", (CLAIMS, REDIRECT), {CLAIMS, REDIRECT}),
    ("", (CLAIMS,), {CLAIMS}),
    ("", (REDIRECT,), {REDIRECT}),
    (PROVIDER, (CLAIMS, REDIRECT), {CLAIMS}),
    (PROVIDER, (CLAIMS,), {CLAIMS}),
    # The only way is told even if it is switched off: one of the two has to be there.
    (PROVIDER, (REDIRECT,), {CLAIMS}),
    (AS, (CLAIMS, REDIRECT), {REDIRECT}),
    (AS, (CLAIMS,), {REDIRECT}),
    (AS, (REDIRECT,), {REDIRECT}),
    ("self", (CLAIMS, REDIRECT), {REDIRECT}),
    ("self", (CLAIMS,), {REDIRECT}),
    ("self", (REDIRECT,), {REDIRECT}),
    (STRANGER, (CLAIMS, REDIRECT), set[str]()),
]
# A client that registered no claims redirection URI cannot send anybody.
WITHOUT_VISITS = [
    *(("", hints, {CLAIMS}) for hints in ((CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,))),
    *((PROVIDER, hints, {CLAIMS}) for hints in ((CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,))),
    *((AS, hints, set[str]()) for hints in ((CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,))),
    *(("self", hints, set[str]()) for hints in ((CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,))),
    (STRANGER, (CLAIMS, REDIRECT), set[str]()),
]
CASES = [
    *(("web", *case) for case in WITH_VISITS),
    *(("client", *case) for case in WITHOUT_VISITS),
]


@pytest.fixture
def document(document: Document, request: pytest.FixtureRequest) -> Document:
    call = cast("dict[str, object]", request.node.callspec.params)
    return {**document, "need_info": list(cast("tuple[str, ...]", call["configured"]))}


@pytest.mark.parametrize(("client", "issuer", "configured", "hints"), CASES)
def test_hints(
    server: httpx.Client,
    register: Make,
    ticket: Make,
    redeem: Go,
    client: str,
    issuer: str,
    configured: tuple[str, ...],
    hints: set[str],
) -> None:
    del configured
    made = register("view")
    condition = {
        "claim": "role",
        "values": ["secret-value"],
        "issuer": issuer,
        "friendly_name": "What you are",
    }
    policy = {"scopes": ["view"], "conditions": [condition]}
    server.put(f"/owner/resources/{made}/policies", json=[policy], auth=OWNER).raise_for_status()
    presented = ticket({made: ["view"]})
    answer = redeem(presented, client=client)
    members = answer.json()
    assert answer.status_code == 403
    assert "secret-value" not in answer.text
    if not hints:
        assert members["error"] == "request_denied"
        assert "ticket" not in members
        return
    assert members["error"] == "need_info"
    assert {CLAIMS, REDIRECT} & members.keys() == hints
    assert members["ticket"] != presented
    if REDIRECT in hints:
        assert members[REDIRECT] == f"{AS}/claims"
    if CLAIMS in hints:
        (required,) = members[CLAIMS]
        assert (required["name"], required["friendly_name"]) == ("role", "What you are")
        assert required.get("issuer") == ([issuer] if issuer else None)


@pytest.mark.parametrize("configured", [(CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,)])
def test_each_way_is_shown_for_the_conditions_that_it_serves(
    server: httpx.Client,
    register: Make,
    ticket: Make,
    redeem: Go,
    id_token: Callable[..., dict[str, str]],
    configured: tuple[str, ...],
) -> None:
    made = register("view")
    conditions = [
        {"claim": claim, "values": ["doctor"], "issuer": issuer}
        for claim, issuer in (("role", PROVIDER), ("team", AS), ("age", "self"))
    ]
    policy = {"scopes": ["view"], "conditions": conditions}
    server.put(f"/owner/resources/{made}/policies", json=[policy], auth=OWNER).raise_for_status()
    first = redeem(ticket({made: ["view"]}), client="web").json()
    assert {CLAIMS, REDIRECT} & first.keys() == set(configured)
    assert [item["name"] for item in first.get(CLAIMS, [])] == ["role"] * (CLAIMS in configured)
    # Once the pushed claim is there, the visit is the one way that is left.
    second = redeem(first["ticket"], client="web", **id_token(aud="web")).json()
    assert {CLAIMS, REDIRECT} & second.keys() == {REDIRECT}


@pytest.mark.parametrize("configured", [(CLAIMS, REDIRECT), (CLAIMS,), (REDIRECT,)])
@pytest.mark.parametrize("client", ["web", "client"])
def test_the_owner_is_asked_about_who_is_known(
    server: httpx.Client,
    register: Make,
    ticket: Make,
    redeem: Go,
    client: str,
    configured: tuple[str, ...],
) -> None:
    made = register("view")
    policy = {"scopes": ["view"], "anyone": True, "ask": True}
    server.put(f"/owner/resources/{made}/policies", json=[policy], auth=OWNER).raise_for_status()
    members = redeem(ticket({made: ["view"]}), client=client).json()
    assert members["error"] == "need_info"
    expected = set(configured) if client == "web" else {CLAIMS}
    assert {CLAIMS, REDIRECT} & members.keys() == expected


class TestWithoutProviders:
    """No pushed claim can count when nobody's are trusted."""

    @pytest.fixture
    def document(self, document: Document) -> Document:
        return {**document, "trusted_issuers": []}

    @pytest.mark.parametrize("configured", [(CLAIMS, REDIRECT), (CLAIMS,)])
    def test_a_visit_is_the_only_way(
        self,
        register: Make,
        allow: Make,
        ticket: Make,
        redeem: Go,
        configured: tuple[str, ...],
    ) -> None:
        del configured
        made = register("view")
        allow(made, "view", role="doctor")
        visiting = redeem(ticket({made: ["view"]}), client="web").json()
        assert {CLAIMS, REDIRECT} & visiting.keys() == {REDIRECT}
        other = redeem(ticket({made: ["view"]}), client="client").json()
        assert other["error"] == "request_denied"


@pytest.mark.parametrize("configured", [(CLAIMS,)])
def test_no_issuer_is_called_as_statements_are(configured: tuple[str, ...]) -> None:
    del configured
    trusted: list[Document] = [{"issuer": "self", "jwks": {"keys": list[object]()}}]
    with pytest.raises(ConfigError, match=r"^trusted_issuers\[0\]\.issuer: "):
        Config.from_document({"issuer": AS, "trusted_issuers": trusted})


@pytest.mark.parametrize("configured", [(CLAIMS,)])
def test_an_unknown_hint_is_named(configured: tuple[str, ...]) -> None:
    wanted = [*configured, "telepathy"]
    with pytest.raises(ConfigError, match=r"^need_info: 'telepathy' is none of "):
        Config.from_document({"issuer": AS, "need_info": wanted})
