"""Flows from the first request to the resource, against scripted servers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.client import (
    ClaimToken,
    Credentials,
    Done,
    GivenClaims,
    HeldPct,
    HeldRpt,
    Holdings,
    MemoryWallet,
    NeedsUser,
    Options,
    Refused,
    UmaClient,
)

if TYPE_CHECKING:
    from tests.reference.client.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
ID_TOKEN = ClaimToken("eyJ.eyJ.sig")
HINTS = [{"name": "email", "claim_token_format": [ID_TOKEN.format]}]
Make = Callable[..., UmaClient]


def got(outcome: object) -> bytes:
    assert isinstance(outcome, Done), outcome
    return outcome.response.body


def held(value: str = "rpt-old", **more: Any) -> HeldRpt:
    members: dict[str, Any] = {
        "server": "https://rs.example:443",
        "issuer": AS,
        "party": "me",
        "client_id": "client",
        "value": value,
        "resources": (PHOTO,),
    }
    return HeldRpt(**(members | more))


def wallet_with(*rpts: HeldRpt, pct: str = "") -> MemoryWallet:
    wallet = MemoryWallet()
    pcts = (HeldPct(AS, "client", "me", pct),) if pct else ()
    wallet.change(lambda _: Holdings(rpts, pcts))
    return wallet


def sent_rpts(world: World) -> list[str]:
    return [
        item.headers.get("authorization", "")
        for item in world.requests
        if item.url.host == "rs.example"
    ]


def test_a_ticket_is_changed_into_an_rpt_and_the_resource(world: World, make_client: Make) -> None:
    world.grant()
    assert got(make_client().get(PHOTO)) == b"\x00picture"
    assert sent_rpts(world) == ["", "Bearer rpt-000001"]
    assert world.forms() == [
        {"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket", "ticket": "ticket-000001"}
    ]


def test_a_resource_that_is_not_protected_is_just_got(world: World, make_client: Make) -> None:
    world.resource = lambda _: httpx.Response(200, content=b"open")
    assert got(make_client().get(PHOTO)) == b"open"
    assert len(world.requests) == 1


def test_claims_are_pushed_when_they_are_asked_for(world: World, make_client: Make) -> None:
    world.need_info(required_claims=HINTS)
    world.grant()
    assert got(make_client(claims=GivenClaims(ID_TOKEN)).get(PHOTO))
    first, second = world.forms()
    assert "claim_token" not in first
    assert second["claim_token"] == ID_TOKEN.value
    assert second["claim_token_format"] == ID_TOKEN.format
    assert second["ticket"] == "ticket-000002"


def test_claims_can_be_pushed_at_once(world: World, make_client: Make) -> None:
    world.grant()
    options = Options(push_first=True)
    assert got(make_client(claims=GivenClaims(ID_TOKEN), options=options).get(PHOTO))
    assert world.forms()[0]["claim_token"] == ID_TOKEN.value


def test_pushing_at_once_without_a_token_asks_without(world: World, make_client: Make) -> None:
    world.grant()
    assert got(make_client(options=Options(push_first=True)).get(PHOTO))


@pytest.mark.parametrize(
    "hint",
    [{"claim_token_format": ["urn:other"]}, {"name": "x", "claim_token_format": ["urn:saml"]}],
)
def test_a_token_that_fits_no_hint_is_not_pushed(
    world: World, make_client: Make, hint: dict[str, object]
) -> None:
    world.need_info(required_claims=[hint])
    outcome = make_client(claims=GivenClaims(ID_TOKEN)).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "need_info"
    assert len(world.forms()) == 1


def test_each_claim_token_is_pushed_once(world: World, make_client: Make) -> None:
    tokens = GivenClaims(ID_TOKEN, ClaimToken("eyJ.eyJ.other"))
    for _ in range(3):
        world.need_info(required_claims=HINTS)
    outcome = make_client(claims=tokens).get(PHOTO)
    assert isinstance(outcome, Refused)
    pushed = [form.get("claim_token") for form in world.forms()]
    assert pushed == [None, "eyJ.eyJ.sig", "eyJ.eyJ.other"]


def test_scopes_are_one_string(world: World, make_client: Make) -> None:
    world.grant()
    assert got(make_client(options=Options(scope=("view", "print"))).get(PHOTO))
    assert world.forms()[0]["scope"] == "view print"


def test_a_held_rpt_is_sent_first(world: World, make_client: Make) -> None:
    world.good.add("rpt-old")
    assert got(make_client(wallet_with(held())).get(PHOTO))
    assert sent_rpts(world) == ["Bearer rpt-old"]


def test_the_rpt_of_this_resource_is_preferred(world: World, make_client: Make) -> None:
    world.good.add("rpt-old")
    newer = held("rpt-newer", resources=("https://rs.example/other",))
    assert got(make_client(wallet_with(held(), newer)).get(PHOTO + "?size=1"))
    assert sent_rpts(world) == ["Bearer rpt-old"]


@pytest.mark.parametrize(
    "other", [{"party": "bob"}, {"server": "https://rs.example:8443"}], ids=["party", "port"]
)
def test_an_rpt_of_another_party_or_server_is_not_sent(
    world: World, make_client: Make, other: dict[str, str]
) -> None:
    world.grant()
    assert got(make_client(wallet_with(held(**other))).get(PHOTO))
    assert sent_rpts(world) == ["", "Bearer rpt-000001"]
    assert "rpt" not in world.forms()[0]


def test_an_rpt_that_is_not_enough_is_given_for_upgrade(world: World, make_client: Make) -> None:
    wallet = wallet_with(held(resources=("https://rs.example/other",)))
    world.grant("rpt-new", upgraded=True)
    assert got(make_client(wallet).get(PHOTO))
    assert world.forms()[0]["rpt"] == "rpt-old"
    (kept,) = wallet.read().rpts
    assert (kept.value, set(kept.resources)) == ("rpt-new", {PHOTO, "https://rs.example/other"})


@pytest.mark.parametrize("more", [{}, {"upgraded": False}, {"upgraded": "true"}, {"upgraded": 1}])
def test_without_an_upgrade_the_old_rpt_stays_for_its_resources(
    world: World, make_client: Make, more: dict[str, object]
) -> None:
    wallet = wallet_with(held(resources=("https://rs.example/other",)))
    world.grant("rpt-new", **more)
    assert got(make_client(wallet).get(PHOTO))
    kept = {item.value: item.resources for item in wallet.read().rpts}
    assert kept == {"rpt-old": ("https://rs.example/other",), "rpt-new": (PHOTO,)}


def test_an_rpt_that_was_useless_here_goes(world: World, make_client: Make) -> None:
    wallet = wallet_with(held())
    world.grant("rpt-new")
    assert got(make_client(wallet).get(PHOTO))
    assert [item.value for item in wallet.read().rpts] == ["rpt-new"]


def test_an_rpt_of_another_server_is_not_offered_for_upgrade(
    world: World, make_client: Make
) -> None:
    world.grant("rpt-new")
    assert got(make_client(wallet_with(held(issuer="https://other.example"))).get(PHOTO))
    assert "rpt" not in world.forms()[0]


def test_an_rpt_of_another_client_is_not_offered_for_upgrade(
    world: World, make_client: Make
) -> None:
    world.grant("rpt-new")
    assert got(make_client(wallet_with(held(client_id="before"))).get(PHOTO))
    assert "rpt" not in world.forms()[0]


def test_an_expired_rpt_is_refreshed(world: World, make_client: Make) -> None:
    wallet = wallet_with(held(expires_at=1000, refresh_token="refresh-1"))
    world.grant("rpt-new", expires_in=60)
    assert got(make_client(wallet).get(PHOTO))
    assert world.forms() == [{"grant_type": "refresh_token", "refresh_token": "refresh-1"}]
    (kept,) = wallet.read().rpts
    assert (kept.value, kept.refresh_token) == ("rpt-new", "refresh-1")
    assert kept.expires_at == 1_000_060


def test_a_refresh_that_fails_leads_to_a_new_flow(world: World, make_client: Make) -> None:
    wallet = wallet_with(held(expires_at=1000, refresh_token="refresh-1"))
    world.fail("invalid_grant")
    world.grant("rpt-new")
    assert got(make_client(wallet).get(PHOTO))
    refresh, request = world.forms()
    assert refresh["grant_type"] == "refresh_token"
    # An expired RPT may be given for upgrade (Grant 3.3.1).
    assert request["rpt"] == "rpt-old"


def test_an_rpt_of_unknown_age_is_refreshed_after_a_challenge(
    world: World, make_client: Make
) -> None:
    wallet = wallet_with(held(refresh_token="refresh-1"))
    world.grant("rpt-new", refresh_token="refresh-2")
    assert got(make_client(wallet).get(PHOTO))
    assert [form["grant_type"] for form in world.forms()] == ["refresh_token"]
    assert wallet.read().rpts[0].refresh_token == "refresh-2"


def test_the_ticket_serves_when_that_refresh_fails(world: World, make_client: Make) -> None:
    world.fail("invalid_grant")
    world.grant("rpt-new")
    assert got(make_client(wallet_with(held(refresh_token="refresh-1"))).get(PHOTO))
    assert world.forms()[1]["ticket"] == "ticket-000001"


def test_a_pct_is_kept_and_sent_next_time(world: World, make_client: Make) -> None:
    wallet = MemoryWallet()
    world.grant(pct="pct-1")
    world.grant("rpt-2", pct="pct-2")
    client = make_client(wallet)
    assert got(client.get(PHOTO))
    world.good.clear()
    assert got(client.get(PHOTO))
    assert [form.get("pct") for form in world.forms()] == [None, "pct-1"]
    assert [item.value for item in wallet.read().pcts] == ["pct-2"]


def test_a_pct_of_one_party_is_not_used_for_another(world: World, make_client: Make) -> None:
    world.grant(pct="pct-1")
    world.grant("rpt-2")
    client = make_client()
    assert got(client.get(PHOTO, party="alice"))
    assert got(client.get(PHOTO, party="bob"))
    assert "pct" not in world.forms()[1]
    assert "rpt" not in world.forms()[1]


@pytest.mark.parametrize("other", [{"issuer": "https://other.example"}, {"client_id": "before"}])
def test_a_pct_of_another_server_or_client_is_not_sent(
    world: World, make_client: Make, other: dict[str, str]
) -> None:
    wallet = MemoryWallet()
    members = {"issuer": AS, "client_id": "client", "party": "me", "value": "pct-other"}
    wallet.change(lambda held: held.with_pct(HeldPct(**(members | other))))
    world.grant()
    assert got(make_client(wallet).get(PHOTO))
    assert "pct" not in world.forms()[0]


def test_a_pct_that_may_be_at_fault_goes(world: World, make_client: Make) -> None:
    wallet = wallet_with(pct="pct-bad")
    world.fail("invalid_grant")
    world.grant()
    assert got(make_client(wallet).get(PHOTO))
    assert [form.get("pct") for form in world.forms()] == ["pct-bad", None]
    assert wallet.read().pcts == ()


def test_an_unknown_ticket_leads_to_one_fresh_start(world: World, make_client: Make) -> None:
    for _ in range(2):
        world.fail("invalid_grant", error_description="gone")
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_grant"
    assert [form["ticket"] for form in world.forms()] == ["ticket-000001", "ticket-000002"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("request_denied", 403),
        ("invalid_scope", 400),
        ("invalid_client", 401),
        ("odd\x1b[31m", 400),
    ],
)
def test_other_errors_end_the_flow_in_plain_words(
    world: World, make_client: Make, error: str, status: int
) -> None:
    world.fail(error, status, error_description="so\x1b it is")
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.why.isprintable()
    assert "so  it is" in outcome.why
    assert len(world.forms()) == 1


def test_an_rpt_that_is_never_enough_ends_the_flow(world: World, make_client: Make) -> None:
    world.resource = lambda _: world.challenge()
    world.grant("rpt-1")
    world.grant("rpt-2")
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "insufficient"


def test_a_server_that_cannot_reach_its_authorization_server_is_told(
    world: World, make_client: Make
) -> None:
    warning = {"warning": '199 - "UMA Authorization Server Unreachable"'}
    world.resource = lambda _: httpx.Response(403, headers=warning)
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert (outcome.error, outcome.passing) == ("authorization_server_unreachable", True)


@pytest.mark.parametrize(
    ("challenge", "words"),
    [("Basic realm=x", "basic"), ("UMA realm=x", "lacks as_uri or ticket"), ("", "none")],
)
def test_a_401_without_a_uma_challenge_ends_the_flow(
    world: World, make_client: Make, challenge: str, words: str
) -> None:
    world.resource = lambda _: httpx.Response(401, headers={"www-authenticate": challenge})
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert words in outcome.why


def test_the_client_registers_once(world: World, make_client: Make) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    wallet = MemoryWallet()
    options = Options(claims_redirect_uri="https://client.example/returned")
    for number in (1, 2):
        world.grant(f"rpt-{number}")
        world.good.clear()
        assert got(make_client(wallet, options, registered=True).get(PHOTO))
    posts = [item for item in world.requests if item.url.path == "/register"]
    assert len(posts) == 1
    assert b'"claims_redirect_uris": ["https://client.example/returned"]' in posts[0].content
    tokens = [item for item in world.requests if item.url.path == "/token"]
    assert all(item.headers["authorization"].startswith("Basic ") for item in tokens)


def test_a_registration_for_another_return_is_made_anew(world: World, make_client: Make) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    wallet = MemoryWallet()
    for port in (1, 2):
        world.grant(f"rpt-{port}")
        world.good.clear()
        options = Options(claims_redirect_uri=f"http://127.0.0.1:{port}/returned")
        assert got(make_client(wallet, options, registered=True).get(PHOTO))
    assert len([item for item in world.requests if item.url.path == "/register"]) == 2
    assert len(wallet.read().clients) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": "invalid_client_metadata"}),
        (201, {}),
        (201, {"client_id": "x", "token_endpoint_auth_method": "client_secret_basic"}),
        (201, {"client_id": "x", "token_endpoint_auth_method": "magic"}),
    ],
)
def test_a_registration_that_fails_is_told(
    world: World, make_client: Make, answer: tuple[int, dict[str, object]]
) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    world.registration = answer
    outcome = make_client(registered=True).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "no_client"


def test_without_registration_a_client_id_is_asked_for(world: World, make_client: Make) -> None:
    outcome = make_client(registered=True).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert "client_id" in outcome.why
    assert not world.forms()


def test_credentials_for_one_server_go_to_no_other(world: World, make_client: Make) -> None:
    mine = Credentials("client", "client_secret_post", "canary", issuer="https://mine.example")
    outcome = make_client(credentials=mine).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "no_client"
    assert not world.forms()


def test_a_redirection_on_the_same_server_keeps_the_rpt(world: World, make_client: Make) -> None:
    world.resource = lambda request: (
        httpx.Response(302, headers={"location": "/elsewhere"})
        if request.url.path == "/photo"
        else httpx.Response(200, content=b"there")
    )
    assert got(make_client(wallet_with(held())).get(PHOTO)) == b"there"
    assert sent_rpts(world) == ["Bearer rpt-old"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_elsewhere_gets_no_credentials(
    world: World, make_client: Make, status: int
) -> None:
    place = {"location": "https://evil.example/steal"}
    world.resource = lambda _: httpx.Response(status, headers=place)
    client = make_client(wallet_with(held()))
    client.get(PHOTO, headers=(("Cookie", "a=b"),))
    evil = world.requests[-1]
    assert evil.url.host == "evil.example"
    assert "authorization" not in evil.headers
    assert "cookie" not in evil.headers


@pytest.mark.parametrize(
    "place", ["http://rs.example/x", "ftp://rs.example", "https://[", "/photo"]
)
def test_a_bad_or_endless_redirection_ends_the_flow(
    world: World, make_client: Make, place: str
) -> None:
    world.resource = lambda _: httpx.Response(302, headers={"location": place})
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_redirect"
    assert all(item.url.scheme == "https" for item in world.requests)


@pytest.mark.parametrize("url", ["http://rs.example/", "rs.example", "https://a:b@rs.example/", ""])
def test_a_resource_that_is_not_under_https_is_not_asked_for(
    world: World, make_client: Make, url: str
) -> None:
    outcome = make_client().get(url)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_url"
    assert not world.requests


def test_without_an_end_user_a_visit_is_impossible(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert "nobody is there" in outcome.why


def test_a_visit_is_not_asked_for_when_a_claim_can_be_pushed(
    world: World, make_client: Make
) -> None:
    world.need_info(required_claims=HINTS, redirect_user=f"{AS}/claims")
    world.need_info(required_claims=HINTS, redirect_user=f"{AS}/claims")
    options = Options(claims_redirect_uri="https://client.example/returned")
    outcome = make_client(claims=GivenClaims(ID_TOKEN), options=options).start(PHOTO)
    assert isinstance(outcome, NeedsUser)
    assert world.forms()[1]["claim_token"] == ID_TOKEN.value
