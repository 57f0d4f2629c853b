"""Interactive claims gathering as a web application does it (Grant 3.3.2, 3.3.3, 5.1)."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from uma_reference.client import (
    Done,
    Flow,
    InvalidDocument,
    NeedsUser,
    Options,
    Refused,
    UmaClient,
    from_document,
    to_document,
)

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
OPTIONS = Options(claims_redirect_uri="https://client.example/returned?from=as")
NO_HINT: dict[str, object] = {}
Make = Callable[..., UmaClient]


def away(client: UmaClient) -> NeedsUser:
    outcome = client.start(PHOTO)
    assert isinstance(outcome, NeedsUser), outcome
    return outcome


def members(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def back(visit: NeedsUser, **more: str) -> str:
    return urlencode({"ticket": "ticket-back", "state": members(visit.url)["state"], **more})


def test_the_requesting_party_is_sent_with_the_newest_ticket(
    world: World, make_client: Make
) -> None:
    world.need_info(redirect_user=f"{AS}/claims?id=7&x=%20")
    visit = away(make_client(options=OPTIONS))
    assert visit.url.startswith(f"{AS}/claims?id=7&x=%20&")
    sent = members(visit.url)
    assert sent["client_id"] == "client"
    assert sent["ticket"] == "ticket-000002"
    assert sent["claims_redirect_uri"] == OPTIONS.claims_redirect_uri
    assert len(sent["state"]) >= 43
    assert "client-secret" not in visit.url


def test_the_flow_goes_on_with_the_ticket_of_the_return(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    world.grant()
    client = make_client(options=OPTIONS)
    visit = away(client)
    assert isinstance(client.resume(visit.flow, "?from=as&" + back(visit, unknown="x")), Done)
    assert world.forms()[1]["ticket"] == "ticket-back"


def test_a_flow_can_be_kept_in_a_session_as_json(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    world.grant()
    visit = away(make_client(options=OPTIONS))
    kept = json.dumps(to_document(visit.flow))
    flow = from_document(Flow, json.loads(kept))
    assert flow == visit.flow
    assert isinstance(make_client(options=OPTIONS).resume(flow, back(visit)), Done)


@pytest.mark.parametrize(
    "change", [{"stage": "odd"}, {"visits": "1"}, {"held": {}}, {"request": None}, {"spent": [1]}]
)
def test_a_damaged_session_is_named(
    world: World, make_client: Make, change: dict[str, object]
) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    document = to_document(away(make_client(options=OPTIONS)).flow)
    assert isinstance(document, dict)
    damaged = {**cast("dict[str, object]", document), **change}
    with pytest.raises(InvalidDocument, match=f"Flow.{next(iter(change))}"):
        from_document(Flow, damaged)


@pytest.mark.parametrize(
    "change",
    [
        "ticket=ticket-back",
        "ticket=ticket-back&state=",
        "ticket=ticket-back&state=forged",
        "{query}&state=again",
        "ticket=ticket-back&State={state}",
        "{query}x",
        "",
        "%ff&&=;%ff&&=;",
    ],
)
def test_a_return_without_the_right_state_is_an_error(
    world: World, make_client: Make, change: str
) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    visit = away(client)
    state = members(visit.url)["state"]
    query = urlencode({"ticket": "ticket-back", "state": state})
    outcome = client.resume(visit.flow, change.format(query=query, state=state))
    assert isinstance(outcome, Refused)
    assert outcome.error == "state_mismatch"
    assert len(world.forms()) == 1
    # The flow is over, even for the right return.
    assert isinstance(client.resume(visit.flow, query), Refused)
    assert len(world.forms()) == 1


def test_a_return_serves_once(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    world.grant()
    client = make_client(options=OPTIONS)
    visit = away(client)
    assert isinstance(client.resume(visit.flow, back(visit)), Done)
    again = client.resume(visit.flow, back(visit))
    assert isinstance(again, Refused)
    assert len(world.forms()) == 2


def test_an_error_of_the_visit_is_told(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    visit = away(client)
    query = back(visit, error="access_denied", error_description="no\x1b")
    outcome = client.resume(visit.flow, query)
    assert isinstance(outcome, Refused)
    assert outcome.error == "access_denied"
    assert outcome.why.isprintable()


@pytest.mark.parametrize("tickets", ["", "&ticket=", "&ticket=a&ticket=b"])
def test_a_return_without_exactly_one_ticket_is_an_error(
    world: World, make_client: Make, tickets: str
) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    visit = away(client)
    outcome = client.resume(visit.flow, f"state={members(visit.url)['state']}{tickets}")
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_return"


def test_a_ticket_that_was_sent_does_not_come_back(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    visit = away(client)
    outcome = client.resume(visit.flow, back(visit, ticket=members(visit.url)["ticket"]))
    assert isinstance(outcome, Refused)
    assert outcome.error == "ticket_reused"


def test_a_huge_return_is_not_read(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    outcome = client.resume(away(client).flow, "a=b&" * 10_000)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_return"


def test_the_visit_can_come_first(world: World, make_client: Make) -> None:
    world.metadata["claims_interaction_endpoint"] = f"{AS}/static"
    world.grant()
    options = Options(claims_redirect_uri=OPTIONS.claims_redirect_uri, proactive=True)
    client = make_client(options=options)
    visit = away(client)
    assert visit.url.startswith(f"{AS}/static?")
    assert members(visit.url)["ticket"] == "ticket-000001"
    assert not world.forms()
    assert isinstance(client.resume(visit.flow, back(visit)), Done)


def test_without_the_static_endpoint_no_visit_comes_first(world: World, make_client: Make) -> None:
    world.grant()
    options = Options(claims_redirect_uri=OPTIONS.claims_redirect_uri, proactive=True)
    assert isinstance(make_client(options=options).start(PHOTO), Done)


@pytest.mark.parametrize("hint", [{"redirect_user": f"{AS}/own"}, {}])
def test_the_hint_wins_over_the_static_endpoint(
    world: World, make_client: Make, hint: dict[str, str]
) -> None:
    world.metadata["claims_interaction_endpoint"] = f"{AS}/static"
    world.need_info(required_claims=[NO_HINT], **hint)
    visit = away(make_client(options=OPTIONS))
    assert urlsplit(visit.url).path == ("/own" if hint else "/static")


@pytest.mark.parametrize(
    "place", ["http://as.example/c", "/claims", "javascript:alert(1)", "https://["]
)
def test_a_place_that_is_not_under_https_is_not_visited(
    world: World, make_client: Make, place: str
) -> None:
    world.need_info(redirect_user=place)
    outcome = make_client(options=OPTIONS).start(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_redirect"


def test_visits_do_not_go_on_for_ever(world: World, make_client: Make) -> None:
    client = make_client(options=OPTIONS)
    world.need_info(redirect_user=f"{AS}/claims")
    outcome: object = client.start(PHOTO)
    for number in range(5):
        assert isinstance(outcome, NeedsUser)
        world.need_info(redirect_user=f"{AS}/claims")
        outcome = client.resume(outcome.flow, back(outcome, ticket=f"back-{number}"))
    assert isinstance(outcome, Refused)
    assert outcome.error == "too_many_visits"


def test_each_visit_has_its_own_state(world: World, make_client: Make) -> None:
    world.need_info(redirect_user=f"{AS}/claims")
    world.need_info(redirect_user=f"{AS}/claims")
    client = make_client(options=OPTIONS)
    states = [parse_qs(urlsplit(away(client).url).query)["state"] for _ in range(2)]
    assert states[0] != states[1]
