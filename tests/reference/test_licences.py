"""Permissions as licences in introspection answers: off by default, harmless when on."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.names import LICENCE_PROFILE
from uma_schemas import violations
from uma_schemas.licences import Licence, PolicyVersion, ReliedClaim, licence_of

Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
Headers = dict[str, str]
Show = Callable[[str], dict[str, Any]]
Obtain = Callable[[Callable[[str], str]], tuple[str, str]]


@pytest.fixture
def show(server: httpx.Client, pat: Headers) -> Show:
    """Return a function that introspects a token, as alice's resource server."""

    def post(token: str) -> dict[str, Any]:
        answer = server.post("/introspect", data={"token": token}, headers=pat).json()
        assert violations("introspection-response", answer) == ()
        return dict(answer)

    return post


@pytest.fixture
def rpt(
    register: Make, ticket: Make, redeem: Redeem, id_token: Callable[..., dict[str, str]]
) -> Obtain:
    """Return a function that gets an RPT for a resource which `share` opens; and its policy."""

    def get(share: Callable[[str], str]) -> tuple[str, str]:
        resource = register("view", "print")
        policy = share(resource)
        answer = redeem(ticket({resource: ["view"]}), **id_token(pou="TREAT"))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"]), policy

    return get


class TestOff:
    def test_nothing_is_declared_or_added(
        self, server: httpx.Client, rpt: Obtain, allow: Make, show: Show
    ) -> None:
        token, _ = rpt(lambda resource: allow(resource, "view"))
        found = server.get("/.well-known/uma2-configuration").json()
        assert LICENCE_PROFILE not in found["uma_profiles_supported"]
        assert all("licence" not in item for item in show(token)["permissions"])


class TestOn:
    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        return document | {"licences": True}

    @pytest.fixture
    def licence(self, show: Show) -> Callable[[str], Licence]:
        """Return what reads the only licence of an RPT."""

        def read(token: str) -> Licence:
            (permission,) = show(token)["permissions"]
            found = licence_of(permission["licence"])
            assert found.resource.id == permission["resource_id"]
            assert sorted(found.scopes) == permission["resource_scopes"]
            assert (found.issued_at, found.expires_at) == (permission["iat"], permission["exp"])
            return found

        return read

    def test_extension_is_declared(self, server: httpx.Client) -> None:
        found = server.get("/.well-known/uma2-configuration").json()
        assert LICENCE_PROFILE in found["uma_profiles_supported"]
        assert violations("discovery", found) == ()

    def test_licence_says_who_licensed_what_to_whom_under_which_policy(
        self, rpt: Obtain, allow: Make, licence: Callable[[str], Licence]
    ) -> None:
        token, policy = rpt(lambda resource: allow(resource, "view", role="doctor"))
        found = licence(token)
        assert found.licensor == "alice"
        assert found.licensee.client == "client"
        assert "party" not in found.licensee.id
        assert found.resource.server == "rs"
        assert found.granted_by == "https://as.example"
        assert [item.id for item in found.policies] == [policy]
        assert found.policies[0].version.startswith("sha256:")
        assert found.claims == (ReliedClaim("role", ""),)
        assert found.purposes == frozenset()

    def test_purposes_are_those_that_the_policy_asks_for(
        self, rpt: Obtain, allow: Make, licence: Callable[[str], Licence]
    ) -> None:
        token, _ = rpt(lambda resource: allow(resource, "view", role="TREAT", claim="pou"))
        assert licence(token).purposes == {"TREAT"}

    def test_same_party_has_the_same_name_and_a_value_of_a_claim_is_in_no_licence(
        self, rpt: Obtain, allow: Make, show: Show
    ) -> None:
        shared = [rpt(lambda resource: allow(resource, "view", role="doctor")) for _ in range(2)]
        answers = [show(token) for token, _ in shared]
        names = {answer["permissions"][0]["licence"]["licensee"]["id"] for answer in answers}
        assert len(names) == 1
        assert "doctor" not in str(answers)

    def test_version_of_a_withdrawn_policy_is_not_known_any_more(
        self, server: httpx.Client, rpt: Obtain, allow: Make, licence: Callable[[str], Licence]
    ) -> None:
        token, policy = rpt(lambda resource: allow(resource, "view"))
        gone = server.delete(f"/owner/policies/{policy}", auth=("alice", "alice-password"))
        assert gone.status_code == 204, gone.text
        assert licence(token).policies == (PolicyVersion(policy, ""),)

    def test_token_that_is_not_active_has_no_licence(
        self, rpt: Obtain, allow: Make, show: Show, clock: AdjustableClock
    ) -> None:
        token, _ = rpt(lambda resource: allow(resource, "view"))
        clock.advance(601)
        assert show(token) == {"active": False}
        assert "licence" not in str(show("a-token-that-nobody-has"))
