"""What every driver has to do; what one is known to lack has to be unsupported."""

from contextlib import AbstractContextManager
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from uma_conformance.actors.metadata import discovery_url
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    OWNER,
    PARTY,
    RESOURCE_SERVER,
    Driver,
    Flaw,
    Page,
    Policy,
    Unsupported,
    Wish,
)
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.wire import Answer

pytestmark = pytest.mark.long

_VIEW = frozenset({"view"})


class Driven(Protocol):
    """A driver at work, as the fixture yields it."""

    kind: str
    surroundings: Surroundings

    @property
    def driver(self) -> Driver: ...
    def scene(self, name: str = "contract") -> Scene: ...
    def able_to(self, what: str) -> AbstractContextManager[None]: ...


def asked(
    scene: Scene, resource: str, party: str = PARTY, without: frozenset[str] = frozenset()
) -> Answer:
    """Ask for an RPT to view a resource, with claims of a party."""
    ticket = scene.ticket({resource: _VIEW})
    claims = scene.claims(party, without=without)
    return scene.client().request_rpt(ticket, claims)


def test_the_issuer_is_that_of_the_target(driven: Driven) -> None:
    assert discovery_url(driven.driver.issuer).startswith("https://")
    assert "token_endpoint" in driven.surroundings.metadata.endpoints


def test_each_owner_has_a_pat_of_her_own_at_each_resource_server(driven: Driven) -> None:
    pats = {
        (owner, server): driven.driver.pat(owner, server)
        for owner in (OWNER, OTHER_OWNER)
        for server in (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)
    }
    assert len(set(pats.values())) == 4
    for owner, server in pats:
        assert driven.scene().resource_server(owner, server).list().succeeded
    assert driven.driver.pat(OWNER, RESOURCE_SERVER)


def test_a_plain_token_does_not_do_for_the_protection_api(driven: Driven) -> None:
    token = driven.driver.plain_token(OWNER, RESOURCE_SERVER)
    assert token
    assert driven.scene().resource_server(pat=token).list().status in {401, 403}


def test_clients_are_known_to_the_target(driven: Driven) -> None:
    for name in (CLIENT, OTHER_CLIENT):
        answer = driven.scene().client(name).request_rpt("a-ticket-that-nobody-issued")
        assert answer.status not in {0, 401, 500}
    own = driven.driver.client_scopes(CLIENT) - driven.driver.client_scopes(OTHER_CLIENT)
    assert len(own) >= 2


def test_a_policy_lets_its_party_in_and_nobody_else(driven: Driven) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW)])
    answer = asked(scene, resource)
    assert scene.permissions(scene.rpt(answer), "granted") == {resource: _VIEW}
    assert not asked(scene, resource, OTHER_PARTY).succeeded


def test_one_probe_gets_different_resources(driven: Driven) -> None:
    scene = driven.scene()
    found = [scene.register(policies=[Policy(_VIEW)]) for _ in range(2)]
    assert len(set(found)) == 2


def test_a_second_condition_has_to_hold_too(driven: Driven) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW, also={"role": "doctor"})])
    assert asked(scene, resource).succeeded
    assert not asked(scene, resource, without=frozenset({"role"})).succeeded


def test_policies_are_replaced_and_withdrawn(driven: Driven) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW)])
    with driven.able_to("withdraw"):
        driven.driver.set_policy(OWNER, resource, [Policy(_VIEW, OTHER_PARTY)])
        assert not asked(scene, resource).succeeded
        assert asked(scene, resource, OTHER_PARTY).succeeded
        driven.driver.set_policy(OWNER, resource, [])
        assert not asked(scene, resource, OTHER_PARTY).succeeded


def test_a_withdrawn_resource_is_not_handed_out_as_shared(driven: Driven) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW)])
    with driven.able_to("withdraw"):
        driven.driver.set_policy(OWNER, resource, [])
    assert asked(scene, driven.scene().register(policies=[Policy(_VIEW)])).succeeded


@pytest.mark.parametrize("flaw", Flaw)
def test_a_claim_token_with_a_flaw_is_worth_nothing(driven: Driven, flaw: Flaw) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW)])
    good, bad = scene.claims(), scene.claims(flaw=flaw)
    assert scene.client().request_rpt(scene.ticket({resource: _VIEW}), good).succeeded
    assert not scene.client().request_rpt(scene.ticket({resource: _VIEW}), bad).succeeded


def test_tickets_expire_within_a_spell(driven: Driven) -> None:
    scene = driven.scene()
    resource = scene.register(policies=[Policy(_VIEW)])
    with driven.driver.short_lived_tickets() as expiry:
        ticket = scene.ticket({resource: _VIEW})
        expiry.wait()
    assert not scene.client().request_rpt(ticket, scene.claims()).succeeded
    assert asked(scene, resource).succeeded


def test_clients_have_the_redirection_uris_that_probes_need(driven: Driven) -> None:
    with driven.able_to("send back"):
        assert len(driven.driver.redirects(CLIENT).claims) == 1
        assert len(driven.driver.redirects(OTHER_CLIENT).claims) == 2


def visited(scene: Scene, wish: Wish) -> tuple[str, Page]:
    """Visit the claims interaction endpoint; return the resource and how the visit ended."""
    resource = scene.register(policies=[Policy(_VIEW, by_visit=True)])
    query = urlencode(
        {"client_id": scene.credentials().client_id, "ticket": scene.ticket({resource: _VIEW})}
    )
    agent = scene.user_agent()
    page = agent.get(f"{scene.endpoint('claims_interaction_endpoint')}?{query}")
    return resource, scene.driver.act_as(PARTY, agent, page, wish)


def returned(page: Page) -> dict[str, list[str]]:
    """Return the parameters with which a party was sent back."""
    return parse_qs(urlsplit(page.redirect).query)


def test_a_visit_leads_to_an_rpt(driven: Driven) -> None:
    scene = driven.scene()
    with driven.able_to("visit"):
        resource, end = visited(scene, Wish.GO_ON)
        home = scene.driver.redirects(CLIENT).claims[0]
        assert end.redirect.startswith(home.partition("?")[0])
        answer = scene.client().request_rpt(returned(end)["ticket"][0])
        assert scene.permissions(scene.rpt(answer), "granted") == {resource: _VIEW}
        assert not answer.member("pct")


def test_a_visit_can_be_remembered(driven: Driven) -> None:
    scene = driven.scene()
    with driven.able_to("visit"):
        _, end = visited(scene, Wish.BE_REMEMBERED)
        assert scene.client().request_rpt(returned(end)["ticket"][0]).member("pct")


def test_a_visit_can_be_cancelled(driven: Driven) -> None:
    with driven.able_to("visit"):
        _, end = visited(driven.scene(), Wish.CANCEL)
        assert "ticket" not in returned(end)
        assert returned(end)["error"]


@pytest.mark.parametrize("approve", [True, False])
def test_the_owner_decides(driven: Driven, approve: bool) -> None:  # noqa: FBT001 - a parameter
    scene = driven.scene()
    with driven.able_to("decide"):
        resource = scene.register(policies=[Policy(_VIEW, ask=True)])
        submitted = asked(scene, resource)
        assert submitted.exchange.error == "request_submitted"
        driven.driver.settle(OWNER, resource, approve=approve)
        after = scene.client().request_rpt(submitted.member("ticket"))
        assert after.succeeded is approve


def test_vendor_parameters_are_texts(driven: Driven) -> None:
    for found in (driven.driver.token_parameters(), driven.driver.denial_parameters()):
        assert all(isinstance(value, str) for value in found.values())
    assert "resource_scopes" not in driven.driver.resource_members(OWNER)


@pytest.mark.parametrize("hook", ["introspection_credentials", "granted_permissions"])
def test_what_is_not_there_is_unsupported_with_a_reason(driven: Driven, hook: str) -> None:
    if driven.kind == "keycloak":
        pytest.skip("Keycloak's introspection needs both")
    arguments = ("no-rpt", RESOURCE_SERVER)[hook == "introspection_credentials" :]
    with pytest.raises(Unsupported, match=r"\w+ \w+"):
        getattr(driven.driver, hook)(*arguments)


def test_no_secret_is_recorded(driven: Driven) -> None:
    asked(driven.scene(), driven.scene().register(policies=[Policy(_VIEW)]))
    secrets = [value for _, value in driven.driver.secrets() if len(value) >= 8]
    secrets += [driven.driver.pat(OWNER, RESOURCE_SERVER), driven.scene().claims().value]
    recorded = repr(driven.surroundings.wire.recorded)
    assert [value for value in secrets if value in recorded] == []
    assert [value for value in secrets if value in repr(driven.driver)] == []
