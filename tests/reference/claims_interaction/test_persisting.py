"""A PCT after a visit: only by consent, and never with what somebody states herself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import MemoryStore
from uma_reference.authorization_server.handles import PersistedClaims

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Make = Callable[..., str]
Go = Callable[..., httpx.Response]
AS = "https://as.example"
OWNER = ("alice", "alice-password")


@pytest.fixture
def doctors_only(register: Make, allow: Make, ticket: Make) -> Callable[[], str]:
    """Return a function that registers a resource for doctors and gets a ticket for it."""

    def make() -> str:
        resource = register("view")
        allow(resource, "view", role="doctor")
        return ticket({resource: ["view"]})

    return make


def test_consent_gives_a_pct_that_works_elsewhere_for_that_client(
    gather: Make, doctors_only: Make, redeem: Go
) -> None:
    granted = redeem(gather(doctors_only(), persist="yes"), client="web").json()
    pct = granted["pct"]
    again = redeem(doctors_only(), client="web", pct=pct)
    assert again.status_code == 200
    assert "pct" not in again.json()
    assert redeem(doctors_only(), client="two", pct=pct).json()["error"] == "need_info"


@pytest.mark.parametrize("persist", [None, "", "no", "YES"])
def test_without_consent_there_is_none(
    gather: Make, doctors_only: Make, redeem: Go, persist: str | None
) -> None:
    granted = redeem(gather(doctors_only(), persist=persist), client="web")
    assert granted.status_code == 200
    assert "pct" not in granted.json()


def test_the_box_is_not_ticked_from_the_start(
    visitor: Browser, doctors_only: Make, page_of: Go
) -> None:
    page = page_of(visitor, doctors_only()).text
    assert 'name="persist"' in page
    assert "checked" not in page


def test_without_consent_what_was_pushed_later_is_not_kept_either(
    gather: Make, doctors_only: Make, redeem: Go, id_token: Callable[..., dict[str, str]]
) -> None:
    granted = redeem(gather(doctors_only()), client="web", **id_token(aud="web"))
    assert granted.status_code == 200
    assert "pct" not in granted.json()


def test_a_pct_does_not_come_with_the_redirection(
    visitor: Browser, doctors_only: Make, page_of: Go
) -> None:
    """G-5.2-07."""
    page = page_of(visitor, doctors_only())
    answer = visitor.send(page, "/claims/visit", decision="continue", persist="yes")
    assert "pct" not in answer.headers["location"]


def test_a_revoked_pct_helps_no_more(
    gather: Make, doctors_only: Make, redeem: Go, server: httpx.Client
) -> None:
    """G-3.7-03, G-3.7-04."""
    pct = redeem(gather(doctors_only(), persist="yes"), client="web").json()["pct"]
    form = {"token": pct, "token_type_hint": "pct"}
    assert server.post("/revoke", data=form, auth=("web", "web-secret")).status_code == 200
    assert redeem(doctors_only(), client="web", pct=pct).json()["error"] == "need_info"


class TestStatements:
    """What a requesting party states herself counts where issuer "self" is named, and only now."""

    @pytest.fixture
    def asking(self, register: Make, allow: Make, ticket: Make) -> Callable[..., str]:
        """Return a function that asks for a role from an issuer, and gets a ticket."""

        def make(claim: str = "role", **more: object) -> str:
            resource = register("view")
            allow(resource, "view", role="surgeon", claim=claim, **more)
            return ticket({resource: ["view"]})

        return make

    @pytest.fixture
    def under(self, server: httpx.Client, register: Make) -> Callable[..., str]:
        """Return a function that registers a resource under policies of viewing it."""

        def make(*policies: list[dict[str, object]]) -> str:
            made = register("view")
            listed = [{"scopes": ["view"], "conditions": conditions} for conditions in policies]
            place = f"/owner/resources/{made}/policies"
            server.put(place, json=listed, auth=OWNER).raise_for_status()
            return made

        return make

    def test_a_statement_satisfies_who_accepts_it(
        self, gather: Make, asking: Make, redeem: Go
    ) -> None:
        following = gather(asking(issuer="self"), **{"stated.role": "surgeon"})
        assert redeem(following, client="web").status_code == 200

    def test_another_answer_does_not_and_can_be_corrected(
        self, gather: Make, asking: Make, redeem: Go
    ) -> None:
        following = gather(asking(issuer="self"), **{"stated.role": "nurse"})
        again = redeem(following, client="web").json()
        assert again["error"] == "need_info"
        corrected = gather(again["ticket"], **{"stated.role": "surgeon"})
        assert redeem(corrected, client="web").status_code == 200

    @pytest.mark.parametrize("issuer", ["", AS, "https://identity.example"])
    def test_a_statement_satisfies_nobody_else(
        self, under: Callable[..., str], ticket: Make, gather: Make, redeem: Go, issuer: str
    ) -> None:
        made = under(
            [{"claim": "role", "values": ["surgeon"], "issuer": name} for name in ("self", issuer)]
        )
        following = gather(ticket({made: ["view"]}), **{"stated.role": "surgeon"})
        assert redeem(following, client="web").status_code == 403

    @pytest.mark.parametrize("issuer", ["", AS])
    def test_nothing_can_be_stated_that_is_not_asked(
        self, gather: Make, asking: Make, redeem: Go, store: MemoryStore, issuer: str
    ) -> None:
        """A field that the form did not have is nothing."""
        following = gather(asking(issuer=issuer), **{"stated.role": "surgeon", "role": "surgeon"})
        kept = store.take_ticket(following)
        assert kept is not None
        assert kept.claims.stated is None
        assert redeem(following, client="web").status_code == 400

    def test_a_statement_about_sub_identifies_nobody(
        self, gather: Make, asking: Make, store: MemoryStore
    ) -> None:
        following = gather(asking("sub", issuer="self"), **{"stated.sub": "surgeon"})
        kept = store.take_ticket(following)
        assert kept is not None
        assert kept.claims.identities == ((AS, "carol"),)
        assert kept.claims.subject == f"{AS} carol"

    def test_a_statement_is_in_no_pct(
        self, gather: Make, asking: Make, redeem: Go, store: MemoryStore
    ) -> None:
        following = gather(asking(issuer="self"), persist="yes", **{"stated.role": "surgeon"})
        pct = redeem(following, client="web").json()["pct"]
        kept = store.handle(PersistedClaims, pct)
        assert kept is not None
        assert "surgeon" not in repr([item.values for item in kept.claims.each])
        assert kept.claims.stated is None
        answer = redeem(asking(issuer="self"), client="web", pct=pct).json()
        assert (answer["error"], "redirect_user" in answer) == ("need_info", True)

    def test_a_statement_of_one_person_is_not_the_next_ones(
        self,
        browser: Callable[..., Browser],
        gather: Make,
        asking: Make,
        page_of: Go,
    ) -> None:
        first = gather(asking(issuer="self"), **{"stated.role": "surgeon"})
        page = page_of(browser(), first, name="dave")
        assert 'name="stated.role"' in page.text
        assert "surgeon" not in page.text

    @pytest.mark.parametrize("other", [{"claim": "sub", "values": ["dave"], "issuer": AS}, None])
    def test_who_gets_access_anyway_is_asked_for_no_statement(
        self,
        under: Callable[..., str],
        browser: Callable[..., Browser],
        ticket: Make,
        page_of: Go,
        other: dict[str, object] | None,
    ) -> None:
        """A policy for somebody else, or one that is not needed, asks her nothing."""
        stated = {"claim": "reason", "values": ["claim 7"], "issuer": "self"}
        hers = {"claim": "sub", "values": ["carol"], "issuer": AS}
        made = under([hers], [stated, *([other] if other else [])])
        page = page_of(browser(), ticket({made: ["view"]}))
        assert 'name="stated.reason"' not in page.text
        asked = page_of(browser(), ticket({made: ["view"]}), name="dave")
        assert 'name="stated.reason"' in asked.text

    def test_who_lacks_what_else_is_wanted_is_asked_for_no_statement(
        self,
        under: Callable[..., str],
        browser: Callable[..., Browser],
        ticket: Make,
        page_of: Go,
    ) -> None:
        """Carol has a team, and Dave has none."""
        stated = {"claim": "reason", "values": ["claim 7"], "issuer": "self"}
        team = {"claim": "team", "values": ["red"], "issuer": AS}
        made = under([stated, team])
        carols, daves = (
            page_of(browser(), ticket({made: ["view"]}), name=name) for name in ("carol", "dave")
        )
        assert 'name="stated.reason"' in carols.text
        assert 'name="stated.reason"' not in daves.text
