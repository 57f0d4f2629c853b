"""What an observer is told, and what not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import ClaimToken, Event, GivenClaims, Narrator, Options, UmaClient

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

PHOTO = "https://rs.example/photo"


@pytest.mark.parametrize("members", [False, True])
def test_each_step_is_told_without_secrets(
    world: World, make_client: Callable[..., UmaClient], told: list[Event], *, members: bool
) -> None:
    world.metadata["registration_endpoint"] = "https://as.example/register"
    world.need_info(
        required_claims=[{"friendly_name": "your\x1b[2J e-mail"}],
        redirect_user="https://as.example/claims?id=canary",
    )
    world.grant("canary-rpt", pct="canary-pct", refresh_token="canary-refresh")
    world.registration = (201, {"client_id": "dyn", "client_secret": "canary-secret"})
    source = GivenClaims(ClaimToken("canary.claim.token"))
    client = make_client(
        claims=source, options=Options(claims_redirect_uri="https://c.example/r"), registered=True
    )
    client.get(PHOTO)
    lines: list[str] = []
    narrator = Narrator(lines.append, members=members)
    for event in told:
        narrator(event)
    text = "\n".join(lines)
    for secret in ("canary", "ticket-0", "dyn-secret"):
        assert secret not in text
    assert "canary" not in repr(told)
    assert text.replace("\n", "").isprintable()
    assert "gives ticket 1." in text
    assert "ticket 2 and claim token 1" in text
    assert "PCT 1" in text
    assert ("    grant_type: urn:ietf" in text) is members


def test_braces_of_a_server_do_no_harm() -> None:
    lines: list[str] = []
    Narrator(lines.append, members=True)(Event("It is {url}.", (("url", "{x}{0}"), ("{", "}"))))
    assert lines[0] == "It is {x}{0}."


def test_what_heads_members_is_told_with_them_only() -> None:
    told = Event("  The members of the request:", (("scope", "view"),), members=True)
    brief: list[str] = []
    Narrator(brief.append)(told)
    full: list[str] = []
    Narrator(full.append, members=True)(told)
    assert (brief, full) == ([], ["  The members of the request:", "    scope: view"])
