"""Codes and the PATs that they give: PKCE, one use, refreshing (RFC 7636, FedAuthz 1.3)."""

import base64
import hashlib
from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock, MemoryStore

Allowed = Callable[..., dict[str, str]]
Exchange = Callable[..., httpx.Response]
Members = dict[str, str]
WEB = ("web", "web-secret")


def error_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


INVALID_GRANT = (400, "invalid_grant")


def works(server: httpx.Client, pat: str) -> bool:
    """Tell whether a token is a PAT that still counts."""
    answer = server.get("/rreg", headers={"Authorization": f"Bearer {pat}"})
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def refreshed(server: httpx.Client, token: str, **more: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, **more}
    return server.post("/token", data=form, auth=WEB)


def test_a_code_gives_a_pat_of_the_owner(
    server: httpx.Client, allowed: Allowed, exchange: Exchange, pat_of: Callable[[str], Members]
) -> None:
    told = allowed()
    assert (told["iss"], told["state"]) == ("https://as.example", "a b&c=\u00fc")
    answer = exchange(told["code"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    members = answer.json()
    assert (members["token_type"], members["expires_in"], members["scope"]) == (
        "Bearer",
        900,
        "uma_protection",
    )
    headers = {"Authorization": f"Bearer {members['access_token']}"}
    resource = server.post("/rreg", json={"resource_scopes": ["view"]}, headers=headers).json()
    assert server.get("/rreg", headers=headers).json() == [resource["_id"]]
    # Another resource server of the same owner does not see it (FedAuthz 1.3).
    assert server.get("/rreg", headers=pat_of("rs-alice")).json() == []
    place = f"/owner/resources/{resource['_id']}/policies"
    assert server.get(place, auth=("alice", "alice-password")).status_code == 200
    assert server.get(place, auth=("bob", "bob-password")).status_code == 404


def test_a_public_client_gets_one_too(
    server: httpx.Client, allowed: Allowed, exchange: Exchange
) -> None:
    address = "com.example.app:/cb"
    code = allowed("app", redirect_uri=address)["code"]
    answer = exchange(code, "app", redirect_uri=address)
    assert works(server, answer.json()["access_token"])


@pytest.mark.parametrize("name", ["code", "code_verifier"])
@pytest.mark.parametrize("value", [None, ""])
def test_code_and_verifier_are_needed(
    allowed: Allowed, exchange: Exchange, name: str, value: str | None
) -> None:
    code = allowed()["code"]
    answer = exchange(**{"code": code, name: value})
    assert error_of(answer) == (400, "invalid_request")


def test_the_challenge_is_no_verifier(allowed: Allowed, exchange: Exchange) -> None:
    hashed = hashlib.sha256(b"v" * 43).digest()
    challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    assert error_of(exchange(allowed()["code"], code_verifier=challenge)) == INVALID_GRANT


@pytest.mark.parametrize("verifier", ["w" * 43, "v" * 44, "v" * 42, "V" * 43, "v" * 43 + "\u00e9"])
def test_a_wrong_verifier_is_refused_and_the_code_used_up(
    allowed: Allowed, exchange: Exchange, verifier: str
) -> None:
    code = allowed()["code"]
    assert error_of(exchange(code, code_verifier=verifier)) == INVALID_GRANT
    assert error_of(exchange(code)) == INVALID_GRANT


@pytest.mark.parametrize("verifier", ["short", "v" * 42, "v" * 129, "v" * 42 + "+", "v" * 42 + " "])
def test_a_verifier_of_another_form_is_refused_although_it_fits(
    allowed: Allowed, exchange: Exchange, verifier: str
) -> None:
    hashed = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    code = allowed(code_challenge=challenge)["code"]
    assert error_of(exchange(code, code_verifier=verifier)) == INVALID_GRANT


@pytest.mark.parametrize("verifier", ["a" * 128, "-._~" * 11])
def test_a_verifier_may_be_long_and_have_signs(
    allowed: Allowed, exchange: Exchange, verifier: str
) -> None:
    hashed = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    code = allowed(code_challenge=challenge)["code"]
    assert exchange(code, code_verifier=verifier).status_code == 200


def test_a_code_is_of_one_client(
    server: httpx.Client, allowed: Allowed, exchange: Exchange
) -> None:
    code = allowed()["code"]
    assert error_of(exchange(code, "app")) == INVALID_GRANT
    other = exchange(allowed()["code"], "plain")
    assert error_of(other) == INVALID_GRANT
    assert "access_token" not in other.json()
    assert works(server, exchange(allowed()["code"]).json()["access_token"])


def test_a_code_expires(allowed: Allowed, exchange: Exchange, clock: AdjustableClock) -> None:
    code = allowed()["code"]
    clock.advance(60)
    assert error_of(exchange(code)) == INVALID_GRANT


def test_an_unknown_code_is_refused(exchange: Exchange) -> None:
    assert error_of(exchange("x" * 43)) == INVALID_GRANT


@pytest.mark.parametrize(
    ("sent", "presented", "accepted"),
    [
        (True, "same", True),
        (True, None, False),
        (True, "https://rs.example/other", False),
        (False, None, True),
        (False, "same", True),
        (False, "https://rs.example/other", False),
    ],
)
def test_the_address_is_that_of_the_request(
    allowed: Allowed,
    exchange: Exchange,
    sent: bool,  # noqa: FBT001 - a case of the table
    presented: str | None,
    accepted: bool,  # noqa: FBT001 - a case of the table
) -> None:
    address = "https://rs.example/cb?tenant=a;b"
    code = allowed(redirect_uri=address if sent else None)["code"]
    answer = exchange(code, redirect_uri=address if presented == "same" else presented)
    assert answer.status_code == 200 if accepted else error_of(answer) == INVALID_GRANT


def test_a_code_that_comes_again_ends_its_tokens(
    server: httpx.Client, allowed: Allowed, exchange: Exchange
) -> None:
    code, another = allowed()["code"], allowed()["code"]
    first, untouched = exchange(code).json(), exchange(another).json()
    assert works(server, first["access_token"])
    assert error_of(exchange(code)) == INVALID_GRANT
    assert not works(server, first["access_token"])
    assert error_of(refreshed(server, first["refresh_token"])) == INVALID_GRANT
    assert works(server, untouched["access_token"])


def test_it_ends_those_that_were_refreshed_too(
    server: httpx.Client, allowed: Allowed, exchange: Exchange
) -> None:
    code = allowed()["code"]
    first = exchange(code).json()
    second = refreshed(server, first["refresh_token"]).json()
    third = refreshed(server, second["refresh_token"]).json()
    assert works(server, third["access_token"])
    assert error_of(exchange(code)) == INVALID_GRANT
    assert not works(server, third["access_token"])
    assert error_of(refreshed(server, third["refresh_token"])) == INVALID_GRANT


def test_a_pat_is_refreshed_and_the_pair_before_ends(
    server: httpx.Client, allowed: Allowed, exchange: Exchange, clock: AdjustableClock
) -> None:
    first = exchange(allowed()["code"]).json()
    clock.advance(901)
    assert not works(server, first["access_token"])
    answer = refreshed(server, first["refresh_token"])
    assert answer.status_code == 200
    second = answer.json()
    assert second["scope"] == "uma_protection"
    assert works(server, second["access_token"])
    assert error_of(refreshed(server, first["refresh_token"])) == INVALID_GRANT


@pytest.mark.parametrize("scope", ["view", "uma_protection view"])
def test_a_refreshed_pat_has_no_other_scope(
    server: httpx.Client, allowed: Allowed, exchange: Exchange, scope: str
) -> None:
    token = exchange(allowed()["code"]).json()["refresh_token"]
    assert error_of(refreshed(server, token, scope=scope)) == (400, "invalid_scope")
    assert refreshed(server, token, scope="uma_protection").status_code == 200


def test_the_refresh_token_of_a_pat_is_of_one_client_and_expires(
    server: httpx.Client, allowed: Allowed, exchange: Exchange, clock: AdjustableClock
) -> None:
    token = exchange(allowed()["code"]).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "app"}
    assert error_of(server.post("/token", data=form)) == INVALID_GRANT
    clock.advance(10_000)
    assert error_of(refreshed(server, token)) == INVALID_GRANT


def test_a_pat_is_revoked_with_its_refresh_token(
    server: httpx.Client, allowed: Allowed, exchange: Exchange
) -> None:
    pair = exchange(allowed()["code"]).json()
    form = {"token": pair["refresh_token"]}
    assert server.post("/revoke", data=form, auth=WEB).status_code == 200
    assert not works(server, pair["access_token"])


def test_a_client_without_the_refresh_grant_gets_no_refresh_token(
    server: httpx.Client, allowed: Allowed
) -> None:
    metadata = {
        "redirect_uris": ["https://rs.example/cb"],
        "scope": "uma_protection",
        "grant_types": ["authorization_code"],
    }
    client = server.post("/register", json=metadata).json()
    code = allowed(client["client_id"])["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": "v" * 43}
    auth = (client["client_id"], client["client_secret"])
    answer = server.post("/token", data=form, auth=auth).json()
    assert works(server, answer["access_token"])
    assert "refresh_token" not in answer


def test_no_code_and_no_token_is_kept_or_told_to_the_owner(
    server: httpx.Client, allowed: Allowed, exchange: Exchange, store: MemoryStore
) -> None:
    code = allowed()["code"]
    pair = exchange(code).json()
    told = server.get("/owner/events", auth=("alice", "alice-password"))
    assert [event["kind"] for event in told.json()] == ["connected"]
    for secret in (code, pair["access_token"], pair["refresh_token"]):
        assert secret not in told.text + repr(vars(store))
