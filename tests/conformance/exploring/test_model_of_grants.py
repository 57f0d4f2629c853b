"""The model of tickets and tokens: what a walk may not show, and what it may."""

from typing import Any

import pytest

from uma_conformance.exploring.steps import Action, Kind, Step

# The type of the fixture: tests are collected by path and import no conftest.
Story = Any


@pytest.fixture
def shared(story: Story) -> Story:
    """Return a walk with a resource that bob may view, and a ticket for it."""
    story.register("r1", "view", "edit")
    story.allow("r1", "bob")
    story.ask("t1", r1=("view",))
    return story


def test_a_grant_as_the_policy_has_it_is_fine(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.introspect("a1", r1=("view",))
    shared.redeem("a2", "t1", {"error": "invalid_grant"}, 400, party="bob")
    assert shared.rows == ()


@pytest.mark.parametrize("first", ["success", "request_denied", "need_info", "request_submitted"])
@pytest.mark.parametrize("again", ["success", "need_info"])
def test_a_ticket_is_good_once(shared: Story, first: str, again: str) -> None:
    if first == "success":
        shared.grant("a1", "t1")
    else:
        shared.refuse("a1", "t1", first)
    if again == "success":
        shared.grant("a2", "t1")
    else:
        shared.refuse("a2", "t1", again)
    assert shared.rows == ("G-5.5-02", "G-5.5-03")


def test_other_errors_of_a_used_ticket_are_fine(shared: Story) -> None:
    shared.refuse("a1", "t1")
    shared.refuse("a2", "t1")
    assert shared.rows == ()


def test_after_an_error_that_is_no_assessment_a_ticket_may_live_on(shared: Story) -> None:
    shared.redeem("a1", "t1", {"error": "invalid_request"}, 400, client="other-app")
    shared.grant("a2", "t1")
    assert shared.rows == ()


def test_what_is_allowed_is_granted(shared: Story) -> None:
    shared.refuse("a1", "t1", party="bob")
    assert shared.rows == ("G-3.3.4-11",)


@pytest.mark.parametrize("changed", ["update", "other party", "withdrawn", "late", "more"])
def test_what_is_not_surely_allowed_may_be_refused(shared: Story, changed: str) -> None:
    party, ticket = "bob", "t1"
    if changed == "update":
        shared.update("r1", "view")
    elif changed == "other party":
        party = "carol"
    elif changed == "withdrawn":
        shared.withdraw("r1")
    elif changed == "late":
        shared.clock += 60
    else:
        shared.ask("t2", r1=("view", "edit"))
        ticket = "t2"
    shared.refuse("a1", ticket, party=party)
    assert shared.rows == ()


def test_a_part_of_what_is_asked_for_may_be_granted(shared: Story) -> None:
    shared.ask("t2", r1=("view", "edit"))
    shared.grant("a1", "t2")
    shared.introspect("a1", r1=("view",))
    assert shared.rows == ()


def test_no_more_than_is_allowed_is_granted(shared: Story) -> None:
    shared.ask("t2", r1=("view", "edit"))
    shared.grant("a1", "t2")
    shared.introspect("a1", r1=("view", "edit"))
    assert shared.rows == ("G-3.3.4-09",)


def test_what_is_granted_is_in_the_rpt(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.introspect("a1", r1=())
    assert shared.rows == ("G-3.3.4-11",)


def test_a_new_rpt_is_active(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.introspect("a1", active=False)
    assert shared.rows == ("G-3.3.5-01",)


@pytest.mark.parametrize(("lasts", "rows"), [(1, ()), (2, ()), (60, ("G-3.3.5-01",))])
def test_an_rpt_may_end_when_its_time_is_over(
    shared: Story, lasts: int, rows: tuple[str, ...]
) -> None:
    told = {"access_token": "a1", "token_type": "Bearer", "expires_in": lasts}
    shared.redeem("a1", "t1", told, 200, party="bob")
    shared.clock += 1
    shared.introspect("a1", active=False)
    assert shared.rows == rows


@pytest.mark.parametrize("what", ["policy", "another RPT", "time"])
def test_an_rpt_may_end_when_something_happens(shared: Story, what: str) -> None:
    shared.grant("a1", "t1")
    if what == "policy":
        shared.withdraw("r1")
    elif what == "another RPT":
        shared.ask("t2", r1=("view",))
        shared.grant("a2", "t2")
    else:
        shared.clock += 60
    shared.introspect("a1", active=False)
    assert shared.rows == ()


def test_a_party_without_a_policy_gets_nothing(shared: Story) -> None:
    shared.grant("a1", "t1", party="carol")
    assert shared.rows == ("G-3.3.4-01",)


def test_after_a_withdrawal_nobody_gets_anything(shared: Story) -> None:
    shared.withdraw("r1")
    shared.grant("a1", "t1")
    assert shared.rows == ("G-6.1-01",)


def test_a_server_may_permit_by_default_until_the_owner_speaks(story: Story) -> None:
    story.register("r1")
    story.ask("t1", r1=("view",))
    story.grant("a1", "t1", party="")
    story.introspect("a1", r1=("view",))
    assert story.rows == ()


def test_claims_of_earlier_requests_may_count(shared: Story) -> None:
    shared.allow("r1", "bob", "edit")
    shared.ask("t2", r1=("edit",))
    shared.refuse("a1", "t2", "need_info", party="carol")
    shared.allow("r1", "carol", "edit")
    shared.grant("a2", "a1", party="")
    assert shared.rows == ()


def test_the_ticket_of_need_info_is_another_one(shared: Story) -> None:
    shared.refuse("a1", "t1", "need_info", following="t1")
    assert shared.rows == ("G-3.3.6-14",)


def test_the_ticket_of_need_info_works(shared: Story) -> None:
    shared.refuse("a1", "t1", "need_info")
    shared.refuse("a2", "a1", "invalid_grant", party="bob")
    assert shared.rows == ("G-3.3.6-13",)


def test_another_client_may_be_refused_the_ticket_of_need_info(shared: Story) -> None:
    shared.refuse("a1", "t1", "need_info")
    shared.refuse("a2", "a1", "invalid_grant", party="bob", client="other-app")
    assert shared.rows == ()


def _visit(story: Story, result: str, ticket: str, back: str) -> None:
    step = Step(Action.VISIT, result, ticket=ticket, client="app", party="bob")
    story.add(step, 303, facts={"ticket": back} if back else {})


def test_a_visit_ends_the_ticket_that_came(shared: Story) -> None:
    _visit(shared, "t2", "t1", "back")
    shared.grant("a1", "t1")
    assert shared.rows == ("G-5.5-04",)


def test_a_visit_brings_another_ticket(shared: Story) -> None:
    _visit(shared, "t2", "t1", "t1")
    assert shared.rows == ("G-3.3.3-05",)


def test_a_used_ticket_is_no_good_for_a_visit(shared: Story) -> None:
    shared.refuse("a1", "t1")
    _visit(shared, "t2", "t1", "back")
    assert shared.rows == ("G-5.5-03",)


def test_what_was_told_on_a_visit_counts(story: Story) -> None:
    story.register("r1")
    story.allow("r1", "bob", by_visit=True)
    story.ask("t1", r1=("view",))
    _visit(story, "t2", "t1", "back")
    story.refuse("a1", "t2", "need_info")
    assert story.rows == ("G-3.3.3-04",)


def _two_grants(story: Story, **about: str) -> None:
    story.grant("a1", "t1")
    story.introspect("a1", r1=("view",))
    story.withdraw("r1")
    story.register("r2")
    story.allow("r2", "bob")
    story.ask("t2", r2=("view",))
    story.grant("a2", "t2", rpt="a1", **about)


def test_an_upgrade_may_carry_over_what_is_withdrawn(shared: Story) -> None:
    _two_grants(shared, upgraded="yes")
    shared.introspect("a2", r1=("view",), r2=("view",))
    assert shared.rows == ()


def test_an_upgrade_is_told(shared: Story) -> None:
    _two_grants(shared)
    shared.introspect("a2", r1=("view",), r2=("view",))
    assert shared.rows == ("G-3.3.5-13",)


def test_an_rpt_need_not_be_upgraded(shared: Story) -> None:
    _two_grants(shared)
    shared.introspect("a2", r2=("view",))
    shared.introspect("a1", r1=("view",))
    assert shared.rows == ()


def test_permissions_of_another_client_are_not_taken_over(shared: Story) -> None:
    _two_grants(shared, client="other-app", upgraded="yes")
    shared.introspect("a2", r1=("view",), r2=("view",))
    assert shared.rows == ("G-1.3-01",)


def test_an_upgraded_rpt_holds_what_it_did(shared: Story) -> None:
    shared.register("r2")
    shared.allow("r2", "bob")
    shared.ask("t2", r2=("view",))
    shared.grant("a1", "t1")
    shared.grant("a2", "t2", rpt="a1", upgraded="yes")
    shared.introspect("a2", r2=("view",))
    assert shared.rows == ("G-3.3.5.1-04",)


def test_an_upgrade_may_give_the_same_string(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.register("r2")
    shared.allow("r2", "bob")
    shared.ask("t2", r2=("view",))
    answer = {"access_token": "a1", "token_type": "Bearer", "upgraded": True}
    shared.redeem("a2", "t2", answer, 200, party="bob", rpt="a1")
    shared.introspect("a1", r1=("view",), r2=("view",))
    assert shared.rows == ()


def test_clients_do_not_share_an_rpt(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.ask("t2", r1=("view",))
    answer = {"access_token": "a1", "token_type": "Bearer"}
    shared.redeem("a2", "t2", answer, 200, party="bob", client="other-app")
    assert shared.rows == ("G-1.3-01",)


def _refresh(story: Story, answer: object, status: int) -> None:
    story.add(Step(Action.REFRESH, "a9", answer="a1"), status, answer)


_RENEWED = {"access_token": "a9", "token_type": "Bearer"}


def test_a_refresh_gives_no_more_than_before(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    shared.allow("r1", "bob", "view", "edit")
    _refresh(shared, _RENEWED, 200)
    shared.introspect("a9", r1=("view", "edit"))
    assert shared.rows == ("G-3.6-04",)


def test_a_refresh_may_give_what_was_before_or_nothing(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    shared.withdraw("r1")
    _refresh(shared, _RENEWED, 200)
    shared.introspect("a9", r1=("view",))
    _refresh(shared, {"error": "invalid_grant"}, 400)
    assert shared.rows == ()


def test_a_refresh_is_not_assessed(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    shared.withdraw("r1")
    _refresh(shared, {"error": "need_info", "ticket": "x"}, 403)
    assert shared.rows == ("G-3.6-04",)


def test_a_new_refresh_token_works(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    _refresh(shared, {"error": "invalid_grant"}, 400)
    assert shared.rows == ("G-3.6-02",)


@pytest.mark.parametrize("status", [200, 503])
def test_a_revoked_rpt_is_not_active(shared: Story, status: int) -> None:
    shared.grant("a1", "t1")
    shared.add(Step(Action.REVOKE, answer="a1", kind=Kind.RPT), status)
    shared.introspect("a1", r1=("view",))
    assert shared.rows == (("G-3.7-01",) if status == 200 else ())


def test_a_revoked_refresh_token_is_refused(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    shared.add(Step(Action.REVOKE, answer="a1", kind=Kind.REFRESH_TOKEN), 200)
    _refresh(shared, _RENEWED, 200)
    assert shared.rows == ("G-3.7-02",)


def _with_pct(story: Story, *, revoked: bool, client: str, control: bool) -> None:
    story.grant("a1", "t1", pct_given="p1")
    if revoked:
        story.add(Step(Action.REVOKE, answer="a1", kind=Kind.PCT), 200)
    if control:
        story.ask("t2", r1=("view",))
        story.refuse("a2", "t2", "need_info", client=client)
    story.ask("t3", r1=("view",))
    story.grant("a3", "t3", party="", pct="a1", client=client)


def test_a_pct_stands_for_its_party(shared: Story) -> None:
    _with_pct(shared, revoked=False, client="app", control=True)
    assert shared.rows == ()


def test_a_pct_is_of_one_client(shared: Story) -> None:
    _with_pct(shared, revoked=False, client="other-app", control=True)
    assert shared.rows == ("G-5.2-09",)


def test_a_revoked_pct_stands_for_nobody(shared: Story) -> None:
    _with_pct(shared, revoked=True, client="app", control=True)
    assert shared.rows == ("G-3.7-03",)


def test_without_its_control_a_pct_proves_nothing(shared: Story) -> None:
    _with_pct(shared, revoked=True, client="app", control=False)
    assert shared.rows == ()


def test_after_a_ticket_was_good_again_its_rpt_is_judged_as_any(shared: Story) -> None:
    shared.grant("a1", "t1")
    shared.grant("a2", "t1")
    shared.introspect("a2", r1=("view", "edit"))
    assert shared.rows == ("G-5.5-02", "G-5.5-03", "G-3.3.4-09")


def test_a_refreshed_rpt_is_active(shared: Story) -> None:
    shared.grant("a1", "t1", refresh="f1")
    _refresh(shared, _RENEWED, 200)
    shared.introspect("a9", active=False)
    assert shared.rows == ("G-3.6-02",)
