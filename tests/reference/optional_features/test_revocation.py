"""Revocation of RPTs, refresh tokens and PCTs (Grant 3.7, RFC 7009)."""

from collections.abc import Callable

import httpx
import pytest

CLIENT = ("client", "client-secret")
OTHER = ("other", "other-secret")
Make = Callable[..., str]
Push = Callable[..., dict[str, str]]
Redeem = Callable[..., httpx.Response]
Scopes = Callable[[str], dict[str, list[str]] | None]


@pytest.fixture
def granted(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
) -> dict[str, str]:
    resource = register("view")
    allow(resource, "view", role="doctor")
    return dict(redeem(ticket({resource: ["view"]}), **id_token()).json()) | {
        "next": ticket({resource: ["view"]})
    }


def test_a_revoked_rpt_is_inactive(
    server: httpx.Client, granted: dict[str, str], scopes: Scopes
) -> None:
    form = {"token": granted["access_token"], "token_type_hint": "access_token"}
    assert server.post("/revoke", data=form, auth=CLIENT).status_code == 200
    assert scopes(granted["access_token"]) is None


def test_a_refresh_token_takes_its_rpt_along(
    server: httpx.Client, granted: dict[str, str], scopes: Scopes
) -> None:
    form = {"token": granted["refresh_token"]}
    assert server.post("/revoke", data=form, auth=CLIENT).status_code == 200
    assert scopes(granted["access_token"]) is None
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    assert server.post("/token", data=form, auth=CLIENT).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("hint", ["pct", "access_token", "of_another_kind", ""])
def test_a_revoked_pct_helps_no_more_whatever_the_hint(
    server: httpx.Client, granted: dict[str, str], redeem: Redeem, hint: str
) -> None:
    form = {"token": granted["pct"], "token_type_hint": hint}
    assert server.post("/revoke", data=form, auth=CLIENT).status_code == 200
    assert redeem(granted["next"], pct=granted["pct"]).json()["error"] == "need_info"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "pct"])
def test_another_client_revokes_nothing(
    server: httpx.Client,
    granted: dict[str, str],
    redeem: Redeem,
    scopes: Scopes,
    kind: str,
) -> None:
    answer = server.post("/revoke", data={"token": granted[kind]}, auth=OTHER)
    assert answer.status_code == 200
    assert scopes(granted["access_token"]) is not None
    assert redeem(granted["next"], pct=granted["pct"]).status_code == 200


def test_a_request_without_a_token_or_credentials_is_refused(server: httpx.Client) -> None:
    assert server.post("/revoke", data={"x": "y"}, auth=CLIENT).status_code == 400
    assert server.post("/revoke", data={"token": "x"}).status_code == 401


def test_discovery_tells_what_is_switched_on(server: httpx.Client) -> None:
    shown = server.get("/.well-known/uma2-configuration").json()
    assert shown["revocation_endpoint"].endswith("/revoke")
    assert "refresh_token" in shown["grant_types_supported"]
