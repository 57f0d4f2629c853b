"""Token introspection (FedAuthz 5)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
Headers = dict[str, str]
Introspect = Callable[..., dict[str, object]]


@pytest.fixture
def photo(register: Make, allow: Make) -> str:
    resource = register("view", "print")
    allow(resource, "view")
    return resource


@pytest.fixture
def rpt(photo: str, ticket: Make, redeem: Redeem) -> str:
    return str(redeem(ticket({photo: ["view"]})).json()["access_token"])


@pytest.fixture
def introspect(server: httpx.Client, pat: Headers) -> Introspect:
    """Return a function that introspects a token, as alice's resource server."""

    def post(token: str, headers: Headers = pat, **more: str) -> dict[str, object]:
        answer = server.post("/introspect", data={"token": token, **more}, headers=headers)
        assert answer.status_code == 200
        found: dict[str, object] = answer.json()
        return found

    return post


def test_an_rpt_shows_its_permissions(
    rpt: str, photo: str, introspect: Introspect, clock: AdjustableClock
) -> None:
    found = introspect(rpt)
    issued, expires = found["iat"], found["exp"]
    assert isinstance(issued, int)
    assert clock.now() - 5 <= issued <= clock.now()
    assert expires == issued + 600
    times = {"exp": expires, "iat": issued, "nbf": issued}
    assert found == {
        "active": True,
        "client_id": "client",
        "iss": "https://as.example",
        "token_type": "Bearer",
        "exp": expires,
        "iat": issued,
        "permissions": [{"resource_id": photo, "resource_scopes": ["view"], **times}],
    }


def test_an_rpt_shows_no_scope_of_its_own(rpt: str, introspect: Introspect) -> None:
    assert "scope" not in introspect(rpt)


def test_only_what_was_granted_is_shown(
    photo: str, ticket: Make, redeem: Redeem, introspect: Introspect
) -> None:
    partial = redeem(ticket({photo: ["view", "print"]})).json()["access_token"]
    found = introspect(partial)
    times = {"exp": found["exp"], "iat": found["iat"], "nbf": found["iat"]}
    assert found["permissions"] == [{"resource_id": photo, "resource_scopes": ["view"], **times}]


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "unheard-of"])
def test_a_hint_does_no_harm(rpt: str, introspect: Introspect, hint: str) -> None:
    assert introspect(rpt, token_type_hint=hint)["active"] is True


def test_a_pat_shows_its_scope_and_no_permissions(pat: Headers, introspect: Introspect) -> None:
    found = introspect(pat["Authorization"].removeprefix("Bearer "))
    assert (found["active"], found["scope"]) == (True, "uma_protection")
    assert "permissions" not in found


def test_an_unknown_token_is_inactive_and_nothing_else(introspect: Introspect) -> None:
    assert introspect("unknown") == {"active": False}


def test_a_ticket_is_no_token(photo: str, ticket: Make, introspect: Introspect) -> None:
    assert introspect(ticket({photo: ["view"]})) == {"active": False}


def test_an_expired_rpt_is_inactive(
    rpt: str, introspect: Introspect, clock: AdjustableClock
) -> None:
    clock.advance(590)
    assert introspect(rpt)["active"] is True
    clock.advance(10)
    assert introspect(rpt) == {"active": False}


@pytest.mark.parametrize("stranger", ["rs-bob", "rs2-alice"])
def test_a_token_of_another_domain_is_inactive(
    rpt: str, pat_of: Callable[[str], Headers], introspect: Introspect, stranger: str
) -> None:
    assert introspect(rpt, pat_of(stranger)) == {"active": False}


def test_introspection_does_not_change_anything(rpt: str, introspect: Introspect) -> None:
    assert introspect(rpt) == introspect(rpt)


@pytest.mark.parametrize("body", [b"", b"token=", b"x=y", b"token=a&token=b"])
def test_a_request_without_exactly_one_token_is_refused(
    server: httpx.Client, pat: Headers, body: bytes
) -> None:
    headers = {**pat, "Content-Type": "application/x-www-form-urlencoded"}
    answer = server.post("/introspect", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_json_body_is_refused(server: httpx.Client, pat: Headers, rpt: str) -> None:
    assert server.post("/introspect", json={"token": rpt}, headers=pat).status_code == 400


def test_a_token_in_the_address_is_refused(server: httpx.Client, pat: Headers, rpt: str) -> None:
    assert server.get("/introspect", params={"token": rpt}, headers=pat).status_code == 405


@pytest.mark.parametrize("client", ["client", "rs-alice"])
def test_client_credentials_do_not_open_introspection(
    server: httpx.Client, rpt: str, client: str
) -> None:
    answer = server.post("/introspect", data={"token": rpt}, auth=(client, f"{client}-secret"))
    assert answer.status_code == 401
    assert "permissions" not in answer.json()
