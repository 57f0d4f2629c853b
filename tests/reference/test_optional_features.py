"""PCT, RPT upgrade, refresh, revocation and the owner's decision, each switched on by its name."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

CLIENT = ("client", "client-secret")
OTHER = ("other", "other-secret")
OWNER = ("alice", "alice-password")
Make = Callable[..., str]
Push = Callable[..., dict[str, str]]
Redeem = Callable[..., httpx.Response]
Headers = dict[str, str]
FEATURES = ["pct", "refresh", "request_submitted", "revocation", "rpt-upgrade"]


@pytest.fixture
def document(document: dict[str, object]) -> dict[str, object]:
    return {**document, "features": FEATURES, "withdrawal_ends_rpts": True}


@pytest.fixture
def scopes(server: httpx.Client, pat: Headers) -> Callable[[str], dict[str, list[str]] | None]:
    """Return a function that introspects an RPT: scopes by resource, or None when inactive."""

    def look(rpt: str) -> dict[str, list[str]] | None:
        shown = server.post("/introspect", data={"token": rpt}, headers=pat).json()
        if not shown["active"]:
            return None
        return {item["resource_id"]: item["resource_scopes"] for item in shown["permissions"]}

    return look


Scopes = Callable[[str], dict[str, list[str]] | None]


class TestPct:
    def test_a_pct_stands_for_the_claims_at_another_resource(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
    ) -> None:
        first, second = register("view"), register("view")
        for resource in (first, second):
            allow(resource, "view", role="doctor")
        pct = redeem(ticket({first: ["view"]}), **id_token()).json()["pct"]
        answer = redeem(ticket({second: ["view"]}), pct=pct)
        assert answer.status_code == 200
        assert "pct" not in answer.json()

    def test_a_pct_helps_no_other_client(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
    ) -> None:
        resource = register("view")
        allow(resource, "view", role="doctor")
        pct = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
        answer = redeem(ticket({resource: ["view"]}), client="other", pct=pct)
        assert answer.json()["error"] == "need_info"

    def test_a_pct_expires(
        self,
        register: Make,
        allow: Make,
        ticket: Make,
        redeem: Redeem,
        id_token: Push,
        clock: AdjustableClock,
        pat_of: Callable[[str], Headers],
        server: httpx.Client,
    ) -> None:
        resource = register("view")
        allow(resource, "view", role="doctor")
        pct = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
        clock.advance(31 * 86_400)
        wanted = {"resource_id": resource, "resource_scopes": ["view"]}
        late = server.post("/perm", json=wanted, headers=pat_of("rs-alice")).json()["ticket"]
        assert redeem(late, pct=pct).json()["error"] == "need_info"

    def test_a_pct_says_nothing_about_the_party(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
    ) -> None:
        resource = register("view")
        allow(resource, "view", role="doctor")
        pcts = [redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"] for _ in range(2)]
        assert pcts[0] != pcts[1]
        assert all(len(pct) == 43 for pct in pcts)

    def test_further_claims_replace_the_pct(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
    ) -> None:
        resource = register("view")
        allow(resource, "view", role="doctor")
        old = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
        new = redeem(ticket({resource: ["view"]}), pct=old, **id_token(team="red")).json()["pct"]
        assert redeem(ticket({resource: ["view"]}), pct=old).json()["error"] == "need_info"
        assert redeem(ticket({resource: ["view"]}), pct=new).status_code == 200


class TestUpgrade:
    def test_an_upgraded_rpt_holds_the_permissions_of_both_and_the_old_one_ends(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, scopes: Scopes
    ) -> None:
        first, second = register("view"), register("view", "edit")
        for resource in (first, second):
            allow(resource, "view")
        old = redeem(ticket({first: ["view"]})).json()["access_token"]
        answer = redeem(ticket({second: ["view"]}), rpt=old).json()
        assert answer["upgraded"] is True
        assert scopes(answer["access_token"]) == {first: ["view"], second: ["view"]}
        assert scopes(old) is None

    def test_scopes_of_one_resource_come_together(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, scopes: Scopes
    ) -> None:
        resource = register("view", "edit")
        allow(resource, "view", "edit")
        old = redeem(ticket({resource: ["view"]})).json()["access_token"]
        new = redeem(ticket({resource: ["edit"]}), rpt=old).json()["access_token"]
        assert scopes(new) == {resource: ["edit", "view"]}

    @pytest.mark.parametrize("why", ["another client's", "expired", "made up", "another party's"])
    def test_an_rpt_that_does_not_count_is_left_out(
        self,
        why: str,
        register: Make,
        allow: Make,
        ticket: Make,
        redeem: Redeem,
        id_token: Push,
        clock: AdjustableClock,
        scopes: Scopes,
    ) -> None:
        first, second = register("view"), register("view")
        for resource in (first, second):
            allow(resource, "view")
        owner = "other" if why == "another client's" else "client"
        pushed: dict[str, str] = id_token() if why == "another party's" else {}
        old = redeem(ticket({first: ["view"]}), client=owner, **pushed).json()["access_token"]
        if why == "expired":
            clock.advance(600)
        rpt = "x" * 43 if why == "made up" else old
        answer = redeem(ticket({second: ["view"]}), rpt=rpt)
        assert answer.status_code == 200
        assert "upgraded" not in answer.json()
        assert scopes(answer.json()["access_token"]) == {second: ["view"]}

    def test_an_upgrade_lengthens_no_permission(
        self,
        register: Make,
        allow: Make,
        ticket: Make,
        redeem: Redeem,
        clock: AdjustableClock,
        scopes: Scopes,
    ) -> None:
        first, second = register("view"), register("view")
        for resource in (first, second):
            allow(resource, "view")
        old = redeem(ticket({first: ["view"]})).json()["access_token"]
        clock.advance(400)
        new = redeem(ticket({second: ["view"]}), rpt=old).json()["access_token"]
        clock.advance(300)
        assert scopes(new) == {second: ["view"]}


class TestRefresh:
    def refreshed(self, server: httpx.Client, token: str, **more: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, **more}
        return server.post("/token", data=form, auth=CLIENT)

    @pytest.fixture
    def granted(self, register: Make, allow: Make, ticket: Make, redeem: Redeem) -> dict[str, str]:
        resource = register("view", "edit")
        policy = allow(resource, "view")
        rpt = redeem(ticket({resource: ["view"]})).json()
        return {"resource": resource, "policy": policy, **rpt}

    def test_an_expired_rpt_is_refreshed_without_an_assessment(
        self,
        server: httpx.Client,
        granted: dict[str, str],
        allow: Make,
        clock: AdjustableClock,
        scopes: Scopes,
    ) -> None:
        allow(granted["resource"], "edit")
        clock.advance(700)
        answer = self.refreshed(server, granted["refresh_token"])
        assert answer.status_code == 200
        assert scopes(granted["access_token"]) is None
        assert answer.json()["refresh_token"] != granted["refresh_token"]
        assert scopes(answer.json()["access_token"]) == {granted["resource"]: ["view"]}

    def test_a_refresh_token_works_once(
        self, server: httpx.Client, granted: dict[str, str]
    ) -> None:
        assert self.refreshed(server, granted["refresh_token"]).status_code == 200
        again = self.refreshed(server, granted["refresh_token"])
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")

    def test_another_client_cannot_use_it_nor_use_it_up(
        self, server: httpx.Client, granted: dict[str, str]
    ) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
        assert server.post("/token", data=form, auth=OTHER).json()["error"] == "invalid_grant"
        assert self.refreshed(server, granted["refresh_token"]).status_code == 200

    @pytest.mark.parametrize(
        ("scope", "status"), [("view", 200), ("edit", 400), ("view edit", 400)]
    )
    def test_scope_only_narrows(
        self, server: httpx.Client, granted: dict[str, str], scope: str, status: int
    ) -> None:
        answer = self.refreshed(server, granted["refresh_token"], scope=scope)
        assert answer.status_code == status
        if status == 400:
            assert answer.json()["error"] == "invalid_scope"

    def test_a_refresh_token_expires(
        self, server: httpx.Client, granted: dict[str, str], clock: AdjustableClock
    ) -> None:
        clock.advance(86_400)
        answer = self.refreshed(server, granted["refresh_token"])
        assert answer.json()["error"] == "invalid_grant"

    def test_withdrawn_policy_ends_the_rpt_and_its_refresh(
        self, server: httpx.Client, granted: dict[str, str], scopes: Scopes
    ) -> None:
        assert scopes(granted["access_token"]) == {granted["resource"]: ["view"]}
        server.delete(f"/owner/policies/{granted['policy']}", auth=OWNER).raise_for_status()
        assert scopes(granted["access_token"]) is None
        answer = self.refreshed(server, granted["refresh_token"])
        assert answer.json()["error"] == "invalid_grant"


class TestRevocation:
    @pytest.fixture
    def granted(
        self, register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
    ) -> dict[str, str]:
        resource = register("view")
        allow(resource, "view", role="doctor")
        return dict(redeem(ticket({resource: ["view"]}), **id_token()).json()) | {
            "next": ticket({resource: ["view"]})
        }

    def test_a_revoked_rpt_is_inactive(
        self, server: httpx.Client, granted: dict[str, str], scopes: Scopes
    ) -> None:
        form = {"token": granted["access_token"], "token_type_hint": "access_token"}
        assert server.post("/revoke", data=form, auth=CLIENT).status_code == 200
        assert scopes(granted["access_token"]) is None

    def test_a_refresh_token_takes_its_rpt_along(
        self, server: httpx.Client, granted: dict[str, str], scopes: Scopes
    ) -> None:
        assert server.post("/revoke", data={"token": granted["refresh_token"]}, auth=CLIENT)
        assert scopes(granted["access_token"]) is None
        form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
        assert server.post("/token", data=form, auth=CLIENT).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize("hint", ["pct", "access_token", "of_another_kind", ""])
    def test_a_revoked_pct_helps_no_more_whatever_the_hint(
        self, server: httpx.Client, granted: dict[str, str], redeem: Redeem, hint: str
    ) -> None:
        form = {"token": granted["pct"], "token_type_hint": hint}
        assert server.post("/revoke", data=form, auth=CLIENT).status_code == 200
        assert redeem(granted["next"], pct=granted["pct"]).json()["error"] == "need_info"

    @pytest.mark.parametrize("kind", ["access_token", "refresh_token", "pct"])
    def test_another_client_revokes_nothing(
        self,
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

    def test_a_request_without_a_token_or_credentials_is_refused(
        self, server: httpx.Client
    ) -> None:
        assert server.post("/revoke", data={"x": "y"}, auth=CLIENT).status_code == 400
        assert server.post("/revoke", data={"token": "x"}).status_code == 401


class TestOwnerDecision:
    @pytest.fixture
    def resource(self, server: httpx.Client, register: Make) -> str:
        name = register("view")
        ask = {"scopes": ["view"], "anyone": True, "ask": True}
        place = f"/owner/resources/{name}/policies"
        server.post(place, json=ask, auth=OWNER).raise_for_status()
        return str(name)

    @pytest.fixture
    def submitted(
        self, resource: str, ticket: Make, redeem: Redeem, id_token: Push
    ) -> dict[str, object]:
        answer = redeem(ticket({resource: ["view"]}), **id_token())
        assert answer.status_code == 403
        return dict(answer.json())

    def decide(self, server: httpx.Client, decision: str, **more: object) -> httpx.Response:
        (waiting,) = server.get("/owner/requests", auth=OWNER).json()
        place = f"/owner/requests/{waiting['id']}"
        return server.post(place, json={"decision": decision, **more}, auth=OWNER)

    def test_who_did_not_say_who_it_is_is_asked_for_that_first(
        self, resource: str, ticket: Make, redeem: Redeem
    ) -> None:
        answer = redeem(ticket({resource: ["view"]})).json()
        assert answer["error"] == "need_info"
        assert [hint["name"] for hint in answer["required_claims"]] == ["sub"]

    def test_a_submission_gives_a_new_ticket_and_an_interval_on_each_poll(
        self, server: httpx.Client, submitted: dict[str, object], redeem: Redeem
    ) -> None:
        assert (submitted["error"], submitted["interval"]) == ("request_submitted", 5)
        polled = redeem(str(submitted["ticket"]))
        assert (polled.status_code, polled.json()["error"]) == (403, "request_submitted")
        assert polled.json()["ticket"] != submitted["ticket"]
        assert len(server.get("/owner/requests", auth=OWNER).json()) == 1

    def test_the_same_question_is_put_once(
        self,
        server: httpx.Client,
        resource: str,
        submitted: dict[str, object],
        ticket: Make,
        redeem: Redeem,
        id_token: Push,
    ) -> None:
        again = redeem(ticket({resource: ["view"]}), **id_token()).json()
        other = redeem(ticket({resource: ["view"]}), **id_token(sub="somebody else")).json()
        assert submitted["error"] == again["error"] == other["error"] == "request_submitted"
        assert len(server.get("/owner/requests", auth=OWNER).json()) == 2

    def test_approval_gives_the_rpt_at_the_next_poll(
        self,
        server: httpx.Client,
        resource: str,
        submitted: dict[str, object],
        redeem: Redeem,
        scopes: Scopes,
    ) -> None:
        assert self.decide(server, "approve").json()["standing"] == "approved"
        answer = redeem(str(submitted["ticket"]))
        assert answer.status_code == 200
        assert scopes(answer.json()["access_token"]) == {resource: ["view"]}

    def test_approval_counts_for_that_party_alone_and_until_its_end(
        self,
        server: httpx.Client,
        resource: str,
        submitted: dict[str, object],
        ticket: Make,
        redeem: Redeem,
        id_token: Push,
        scopes: Scopes,
        clock: AdjustableClock,
    ) -> None:
        self.decide(server, "approve", expires_at=clock.now() + 100)
        other = redeem(ticket({resource: ["view"]}), **id_token(sub="somebody else"))
        assert other.json()["error"] == "request_submitted"
        rpt = redeem(str(submitted["ticket"])).json()["access_token"]
        assert scopes(rpt) == {resource: ["view"]}
        clock.advance(101)
        assert scopes(rpt) is None
        again = redeem(ticket({resource: ["view"]}), **id_token())
        assert again.json()["error"] == "request_submitted"

    def test_a_denial_ends_the_process(
        self, server: httpx.Client, submitted: dict[str, object], redeem: Redeem
    ) -> None:
        self.decide(server, "deny")
        answer = redeem(str(submitted["ticket"]))
        assert (answer.status_code, answer.json()["error"]) == (403, "request_denied")
        assert "ticket" not in answer.json()

    def test_a_request_is_decided_once_by_its_owner(
        self, server: httpx.Client, submitted: dict[str, object]
    ) -> None:
        assert submitted["error"] == "request_submitted"
        (waiting,) = server.get("/owner/requests", auth=OWNER).json()
        place = f"/owner/requests/{waiting['id']}"
        stranger = ("bob", "bob-password")
        approval = {"decision": "approve"}
        assert server.get("/owner/requests", auth=stranger).json() == []
        assert server.post(place, json=approval, auth=stranger).status_code == 404
        assert server.post(place, json={"decision": "?"}, auth=OWNER).status_code == 400
        assert (
            server.post(place, json={**approval, "expires_at": -1}, auth=OWNER).status_code == 400
        )
        assert server.post(place, json=approval, auth=OWNER).status_code == 200
        assert server.post(place, json=approval, auth=OWNER).status_code == 409

    def test_the_audit_tells_the_owner_what_happened(
        self, server: httpx.Client, submitted: dict[str, object], redeem: Redeem
    ) -> None:
        self.decide(server, "approve")
        answer = redeem(str(submitted["ticket"])).json()
        told = server.get("/owner/events", auth=OWNER)
        kinds = [event["kind"] for event in told.json()]
        assert kinds == ["granted", "owner approved", "submitted"]
        for secret in (submitted["ticket"], answer["access_token"], answer["pct"]):
            assert str(secret) not in told.text
        assert server.get("/owner/events", auth=("bob", "bob-password")).json() == []


def test_discovery_tells_what_is_switched_on(server: httpx.Client) -> None:
    shown = server.get("/.well-known/uma2-configuration").json()
    assert shown["revocation_endpoint"].endswith("/revoke")
    assert "refresh_token" in shown["grant_types_supported"]
