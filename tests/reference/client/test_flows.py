"""Flows from the first request to the resource, against scripted servers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.client import (
    ClaimToken,
    GivenClaims,
    NeedsUser,
    Options,
    Refused,
    UmaClient,
)

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
ID_TOKEN = ClaimToken("eyJ.eyJ.sig")
HINTS = [{"name": "email", "claim_token_format": [ID_TOKEN.format]}]
Make = Callable[..., UmaClient]


def test_a_ticket_is_changed_into_an_rpt_and_the_resource(world: World, make_client: Make) -> None:
    world.grant()
    assert world.got(make_client().get(PHOTO)) == b"\x00picture"
    assert world.sent_rpts() == ["", "Bearer rpt-000001"]
    assert world.forms() == [
        {"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket", "ticket": "ticket-000001"}
    ]


def test_a_resource_that_is_not_protected_is_just_got(world: World, make_client: Make) -> None:
    world.resource = lambda _: httpx.Response(200, content=b"open")
    assert world.got(make_client().get(PHOTO)) == b"open"
    assert len(world.requests) == 1


def test_claims_are_pushed_when_they_are_asked_for(world: World, make_client: Make) -> None:
    world.need_info(required_claims=HINTS)
    world.grant()
    assert world.got(make_client(claims=GivenClaims(ID_TOKEN)).get(PHOTO))
    first, second = world.forms()
    assert "claim_token" not in first
    assert second["claim_token"] == ID_TOKEN.value
    assert second["claim_token_format"] == ID_TOKEN.format
    assert second["ticket"] == "ticket-000002"


def test_claims_can_be_pushed_at_once(world: World, make_client: Make) -> None:
    world.grant()
    options = Options(push_first=True)
    assert world.got(make_client(claims=GivenClaims(ID_TOKEN), options=options).get(PHOTO))
    assert world.forms()[0]["claim_token"] == ID_TOKEN.value


def test_pushing_at_once_without_a_token_asks_without(world: World, make_client: Make) -> None:
    world.grant()
    assert world.got(make_client(options=Options(push_first=True)).get(PHOTO))


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
    assert world.got(make_client(options=Options(scope=("view", "print"))).get(PHOTO))
    assert world.forms()[0]["scope"] == "view print"


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
