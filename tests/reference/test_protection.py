"""Who may use the protection API (FedAuthz 1.3)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

PLACES = [
    ("GET", "/rreg"),
    ("POST", "/rreg"),
    ("GET", "/rreg/x"),
    ("PUT", "/rreg/x"),
    ("DELETE", "/rreg/x"),
    ("POST", "/perm"),
    ("POST", "/introspect"),
]
HEADERS = {
    "nothing": "",
    "unknown token": "Bearer unknown",
    "no token": "Bearer ",
    "other scheme": "Basic cnMtYWxpY2U6cnMtYWxpY2Utc2VjcmV0",
    "no scheme": "unknown",
}
at_every_place = pytest.mark.parametrize(("method", "place"), PLACES)


@at_every_place
@pytest.mark.parametrize("value", HEADERS.values(), ids=HEADERS)
def test_without_a_valid_token_nothing_is_open(
    server: httpx.Client, method: str, place: str, value: str
) -> None:
    answer = server.request(method, place, headers={"Authorization": value} if value else {})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@at_every_place
def test_an_expired_pat_is_refused(
    server: httpx.Client, pat: dict[str, str], clock: AdjustableClock, method: str, place: str
) -> None:
    clock.advance(900)
    assert server.request(method, place, headers=pat).status_code == 401


def test_a_pat_works_until_it_expires(
    server: httpx.Client, pat: dict[str, str], clock: AdjustableClock
) -> None:
    clock.advance(890)
    assert server.get("/rreg", headers=pat).status_code == 200


@at_every_place
@pytest.mark.parametrize(
    ("client", "scope"), [("rs-alice", ""), ("client", "download"), ("domainless", "")]
)
def test_a_token_without_the_protection_scope_is_refused(
    server: httpx.Client, method: str, place: str, client: str, scope: str
) -> None:
    form = {"grant_type": "client_credentials", "scope": scope}
    issued = server.post("/token", data=form, auth=(client, f"{client}-secret")).json()
    headers = {"Authorization": f"Bearer {issued['access_token']}"}
    answer = server.request(method, place, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert 'scope="uma_protection"' in answer.headers["www-authenticate"]


@at_every_place
def test_a_protection_token_of_no_owner_is_refused(
    server: httpx.Client, pat_of: Callable[[str], dict[str, str]], method: str, place: str
) -> None:
    answer = server.request(method, place, headers=pat_of("domainless"))
    assert answer.status_code == 403


@at_every_place
def test_an_rpt_is_no_pat(
    server: httpx.Client,
    register: Callable[..., str],
    allow: Callable[..., str],
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    method: str,
    place: str,
) -> None:
    resource = register("view")
    allow(resource, "view")
    rpt = redeem(ticket({resource: ["view"]})).json()["access_token"]
    answer = server.request(method, place, headers={"Authorization": f"Bearer {rpt}"})
    assert answer.status_code == 403


def test_the_name_of_the_scheme_has_no_case(server: httpx.Client, pat: dict[str, str]) -> None:
    value = pat["Authorization"].replace("Bearer", "bEARER")
    assert server.get("/rreg", headers={"Authorization": value}).status_code == 200
