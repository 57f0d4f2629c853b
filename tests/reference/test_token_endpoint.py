"""The token endpoint: what the two grants give and refuse (Grant 3.3)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
ClaimToken = Callable[..., dict[str, str]]
CLIENT = ("client", "client-secret")


def errors(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


@pytest.fixture
def photo(register: Make, allow: Make) -> str:
    """Return a resource that doctors may view."""
    resource = register("view", "print", "download")
    allow(resource, "view", role="doctor", friendly_name="Role")
    return resource


def test_client_credentials_give_a_pat(server: httpx.Client) -> None:
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    answer = server.post("/token", data=form, auth=("rs-alice", "rs-alice-secret"))
    assert answer.status_code == 200
    assert {**answer.json(), "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "uma_protection",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_a_client_gets_no_scope_that_it_is_not_registered_for(server: httpx.Client) -> None:
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    answer = server.post("/token", data=form, auth=CLIENT)
    assert errors(answer) == (400, "invalid_scope")


def test_the_uma_grant_gives_an_rpt_for_fitting_claims(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    answer = redeem(ticket({photo: ["view"]}), **id_token())
    assert answer.status_code == 200
    # No `scope`: the scopes of an RPT go with its resources (Grant 3.3.5).
    assert {**answer.json(), "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 600,
    }
    assert answer.headers["cache-control"] == "no-store"


def test_missing_claims_are_asked_for_with_a_new_ticket(
    photo: str, ticket: Make, redeem: Redeem
) -> None:
    first = ticket({photo: ["view"]})
    answer = redeem(first)
    assert errors(answer) == (403, "need_info")
    assert answer.json()["ticket"] not in {"", first}
    assert answer.json()["required_claims"] == [
        {
            "claim_token_format": ["http://openid.net/specs/openid-connect-core-1_0.html#IDToken"],
            "claim_type": "string",
            "name": "role",
            "friendly_name": "Role",
        }
    ]
    assert errors(redeem(first)) == (400, "invalid_grant")


def test_the_new_ticket_continues_the_process(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    second = redeem(ticket({photo: ["view"]})).json()["ticket"]
    third = redeem(second).json()["ticket"]
    assert third != second
    assert redeem(third, **id_token()).status_code == 200


def test_the_new_ticket_belongs_to_its_client(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    second = redeem(ticket({photo: ["view"]})).json()["ticket"]
    answer = redeem(second, "other", **id_token(aud="other"))
    assert errors(answer) == (400, "invalid_grant")


def test_claims_that_contradict_the_policy_are_denied(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    answer = redeem(ticket({photo: ["view"]}), **id_token(role="visitor"))
    assert errors(answer) == (403, "request_denied")
    assert "ticket" not in answer.json()


def test_without_a_policy_everything_is_denied(
    register: Make, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    answer = redeem(ticket({register("view"): ["view"]}), **id_token())
    assert errors(answer) == (403, "request_denied")


def test_a_resource_deleted_meanwhile_gives_nothing(
    server: httpx.Client,
    pat: dict[str, str],
    photo: str,
    ticket: Make,
    redeem: Redeem,
    id_token: ClaimToken,
) -> None:
    kept = ticket({photo: ["view"]})
    server.delete(f"/rreg/{photo}", headers=pat)
    assert errors(redeem(kept, **id_token())) == (403, "request_denied")


def test_the_policy_at_the_time_of_the_token_request_counts(
    server: httpx.Client, photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    kept = ticket({photo: ["view"]})
    place = f"/owner/resources/{photo}/policies"
    server.put(place, json=[], auth=("alice", "alice-password"))
    assert errors(redeem(kept, **id_token())) == (403, "request_denied")


@pytest.mark.parametrize("role", ["doctor", "visitor"])
def test_a_ticket_is_used_up_by_its_first_presentation(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken, role: str
) -> None:
    value = ticket({photo: ["view"]})
    redeem(value, **id_token(role=role))
    assert errors(redeem(value, **id_token())) == (400, "invalid_grant")


def test_an_unknown_ticket_is_refused(redeem: Redeem) -> None:
    assert errors(redeem("unknown")) == (400, "invalid_grant")


@pytest.mark.parametrize("steps", [0, 1])
def test_an_expired_ticket_is_refused(
    clock: AdjustableClock, photo: str, ticket: Make, redeem: Redeem, steps: int
) -> None:
    value = ticket({photo: ["view"]})
    for _ in range(steps):
        value = redeem(value).json()["ticket"]
    clock.advance(300)
    assert errors(redeem(value)) == (400, "invalid_grant")


def test_a_ticket_works_until_it_expires(
    clock: AdjustableClock, photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    value = ticket({photo: ["view"]})
    clock.advance(290)
    assert redeem(value, **id_token()).status_code == 200


def test_a_scope_that_no_resource_of_the_ticket_has_is_refused(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken
) -> None:
    answer = redeem(ticket({photo: ["view"]}), scope="dance", **id_token())
    assert errors(answer) == (400, "invalid_scope")


@pytest.mark.parametrize("half", ["claim_token", "claim_token_format"])
def test_half_of_a_claim_token_is_refused_and_leaves_the_ticket_alone(
    photo: str, ticket: Make, redeem: Redeem, id_token: ClaimToken, half: str
) -> None:
    value = ticket({photo: ["view"]})
    pushed = id_token()
    assert errors(redeem(value, **{half: pushed[half]})) == (400, "invalid_request")
    assert redeem(value, **pushed).status_code == 200
