"""The player: what it hands on, what it takes for right, and what it never takes for a pass."""

from collections.abc import Callable
from typing import Any

import pytest

from uma_scenarios import (
    Answer,
    CannotDo,
    Ending,
    Outcome,
    PlayedAct,
    PlayedStep,
    Player,
    Scenario,
    StageFailed,
)

Make = Callable[..., Any]
MakeScenario = Callable[..., Scenario]
CHALLENGED = Answer(Ending.CHALLENGED, "401", (1,), ticket="ticket-1")
GRANTED = Answer(Ending.GRANTED, "an RPT", (2,), rpt="rpt-1", pct="pct-1", refresh="refresh-1")
SERVED = Answer(Ending.SERVED, "200", (3,), document={"text": "hello"})
NEED_INFO = Answer(
    Ending.NEED_INFO,
    "403",
    (2,),
    ticket="ticket-2",
    place="https://as.example/claims",
    hints=frozenset({"redirect_user"}),
)
KNOCK = {"do": "use", "resource": "R", "rpt": "none", "expect": "challenged"}
ASK = {"do": "ask", "claims": ["idp"], "expect": "granted"}
READ = {"do": "use", "resource": "R", "expect": "served"}


def played(scenario: Scenario, stage: Any) -> PlayedStep:
    (step,) = Player(scenario, stage).play()
    return step


def test_a_story_that_goes_well_passes(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(use=[CHALLENGED, SERVED], ask=[GRANTED])
    step = played(scenario_with(KNOCK, ASK, READ), stage)
    assert (step.outcome, step.message) == (Outcome.PASSED, "")
    assert step.exchanges == (1, 2, 3)
    handed = [(verb, tokens.ticket, tokens.rpt) for verb, tokens in stage.handed]
    assert handed == [
        ("S1", "", ""),
        ("use", "", ""),
        ("ask", "ticket-1", ""),
        ("use", "", "rpt-1"),
    ]


def test_every_act_is_told_when_it_is_done(scenario_with: MakeScenario, stage_of: Make) -> None:
    told: list[PlayedAct] = []
    stage = stage_of(use=[CHALLENGED], ask=[GRANTED])
    list(Player(scenario_with(KNOCK, ASK), stage, told.append).play())
    assert [act.told for act in told] == [
        "Pat, with the app, opens Notes (R) at Shelf, without a token",
        "the app asks for an RPT for Pat, with the ticket, claims of idp.example",
    ]


def test_another_ending_fails(scenario_with: MakeScenario, stage_of: Make) -> None:
    refused = Answer(Ending.REQUEST_DENIED, "status 403", (2,))
    step = played(scenario_with(KNOCK, ASK), stage_of(use=[CHALLENGED], ask=[refused]))
    assert step.outcome is Outcome.FAILED
    assert step.message == "granted was expected, request_denied came (status 403)"


def test_what_was_expected_is_told_once(scenario_with: MakeScenario, stage_of: Make) -> None:
    refused = Answer(Ending.REQUEST_DENIED, "status 403", (2,))
    lenient = {**ASK, "legal": ["need_info", "granted"]}
    step = played(scenario_with(KNOCK, lenient), stage_of(use=[CHALLENGED], ask=[refused]))
    assert step.message == "granted or need_info was expected, request_denied came (status 403)"


def test_another_legal_ending_passes_with_a_remark(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    stage = stage_of(use=[CHALLENGED], ask=[NEED_INFO])
    step = played(scenario_with(KNOCK, {**ASK, "legal": ["need_info"]}), stage)
    assert step.outcome is Outcome.PASSED
    assert step.message == "the story has granted here; need_info is legal too"


def test_a_failed_step_says_what_is_wrong_once_and_no_remarks(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    refused = Answer(Ending.REQUEST_DENIED, "status 403", (2,))
    stage = stage_of(use=[CHALLENGED] * 3, ask=[NEED_INFO, refused, refused])
    lenient = {**ASK, "legal": ["need_info"]}
    step = played(scenario_with(KNOCK, lenient, KNOCK, ASK, KNOCK, ASK), stage)
    assert step.acts[1].remark == "the story has granted here; need_info is legal too"
    assert step.message == "granted was expected, request_denied came (status 403)"


def test_an_act_may_depend_on_the_one_before(scenario_with: MakeScenario, stage_of: Make) -> None:
    again = {**ASK, "after": ["need_info"]}
    first = {**ASK, "legal": ["need_info"]}
    stage = stage_of(use=[CHALLENGED], ask=[NEED_INFO, GRANTED])
    assert len(played(scenario_with(KNOCK, first, again), stage).acts) == 3
    stage = stage_of(use=[CHALLENGED], ask=[GRANTED])
    assert len(played(scenario_with(KNOCK, first, again), stage).acts) == 2


@pytest.mark.parametrize(
    ("reason", "outcome", "told"),
    [
        (CannotDo("no PCTs here"), Outcome.SKIPPED, "no PCTs here"),
        (StageFailed("it burnt down"), Outcome.INCOMPLETE, "broken off: it burnt down"),
    ],
)
def test_what_a_stage_cannot_do_never_passes(
    scenario_with: MakeScenario, stage_of: Make, reason: Exception, outcome: Outcome, told: str
) -> None:
    stage = stage_of(use=[CHALLENGED, SERVED], ask=[reason])
    step = played(scenario_with(KNOCK, ASK, READ), stage)
    assert (step.outcome, step.message) == (outcome, told)
    assert len(step.acts) == 2


def test_a_failure_outweighs_a_skip(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(use=[SERVED], ask=[CannotDo("never reached")])
    step = played(scenario_with(KNOCK, {"do": "stop-as"}), stage)
    assert step.outcome is Outcome.FAILED


def test_without_a_ticket_nothing_is_asked(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(ask=[GRANTED])
    step = played(scenario_with(ASK), stage)
    assert step.outcome is Outcome.INCOMPLETE
    assert "no permission ticket" in step.message
    assert [verb for verb, _ in stage.handed] == ["S1"]


def test_tickets_go_on_and_used_ones_stay_used(scenario_with: MakeScenario, stage_of: Make) -> None:
    invalid = Answer(Ending.INVALID_GRANT, "400", (3,))
    stage = stage_of(use=[CHALLENGED], ask=[NEED_INFO, invalid, GRANTED])
    first = {"do": "ask", "expect": "need_info"}
    reused = {"do": "ask", "ticket": "used", "expect": "invalid_grant"}
    step = played(scenario_with(KNOCK, first, reused, ASK), stage)
    assert step.outcome is Outcome.PASSED
    sent = [tokens.ticket for verb, tokens in stage.handed if verb == "ask"]
    assert sent == ["ticket-1", "ticket-1", "ticket-2"]


def test_a_visit_goes_where_need_info_says(scenario_with: MakeScenario, stage_of: Make) -> None:
    back = Answer(Ending.RETURNED, "back", (4,), ticket="ticket-3")
    stage = stage_of(use=[CHALLENGED], ask=[NEED_INFO, GRANTED], visit=[back])
    first = {"do": "ask", "expect": "need_info", "hints": ["redirect_user"]}
    visit = {"do": "visit", "expect": "returned"}
    step = played(scenario_with(KNOCK, first, visit, ASK), stage)
    assert step.outcome is Outcome.PASSED
    (tokens,) = [tokens for verb, tokens in stage.handed if verb == "visit"]
    assert (tokens.place, tokens.ticket) == ("https://as.example/claims", "ticket-2")


def test_need_info_without_any_of_the_hints_fails(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    stage = stage_of(use=[CHALLENGED], ask=[NEED_INFO])
    ask = {"do": "ask", "expect": "need_info", "hints": ["required_claims"]}
    step = played(scenario_with(KNOCK, ask), stage)
    assert step.message == "need_info came without required_claims"


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        ({"permits": {"R": ["read"]}}, ""),
        ({"permits": {"R": ["read", "write"]}}, "the RPT permits R (read), not R (read, write)"),
        ({"at_least": {"R": ["read"]}}, ""),
        ({"at_least": {"R": ["write"]}}, "the RPT permits R (read), and not R (write)"),
        ({"never": {"R": ["write"]}}, ""),
        ({"never": {"R": ["read"]}}, "the RPT permits R (read), which must never be"),
    ],
)
def test_what_an_rpt_permits_is_looked_into(
    scenario_with: MakeScenario, stage_of: Make, member: dict[str, Any], problem: str
) -> None:
    seen = Answer(Ending.ACTIVE, "active", (5,), permits={"R": frozenset({"read"})})
    stage = stage_of(use=[CHALLENGED], ask=[GRANTED], introspect=[seen])
    step = played(scenario_with(KNOCK, {**ASK, **member}), stage)
    assert step.message == problem
    assert step.exchanges == (1, 2, 5)
    assert stage.handed[-1][1].rpt == "rpt-1"


def test_who_got_no_rpt_is_not_expected_to_be_served(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    denied = {"do": "ask", "claims": ["idp"], "expect": "request_denied"}
    refused = Answer(Ending.REQUEST_DENIED, "403", (2,))
    stage = stage_of(use=[CHALLENGED], ask=[refused])
    step = played(scenario_with(KNOCK, denied, READ), stage)
    assert step.outcome is Outcome.INCOMPLETE
    assert "the client has no such RPT" in step.message
    assert [verb for verb, _ in stage.handed] == ["S1", "use", "ask"]


def test_another_document_fails(scenario_with: MakeScenario, stage_of: Make) -> None:
    other = Answer(Ending.SERVED, "200", (3,), document={"text": "changed"})
    step = played(scenario_with(READ), stage_of(use=[other]))
    assert step.message == "what was served as R is not its document"


def test_a_pct_that_must_not_come_fails(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(use=[CHALLENGED], ask=[GRANTED])
    step = played(scenario_with(KNOCK, {**ASK, "gives_pct": False}), stage)
    assert step.message == "a PCT came, which must not be"


def test_a_pct_is_sent_again_and_skipped_without(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    recognised = {"do": "ask", "pct": "own", "expect": "granted"}
    stage = stage_of(use=[CHALLENGED, CHALLENGED], ask=[GRANTED, GRANTED])
    assert played(scenario_with(KNOCK, ASK, KNOCK, recognised), stage).outcome is Outcome.PASSED
    assert stage.handed[-1][1].pct == "pct-1"
    step = played(scenario_with(KNOCK, recognised), stage_of(use=[CHALLENGED]))
    assert step.outcome is Outcome.SKIPPED


def test_an_upgrade_sends_the_rpt_and_keeps_the_older_one(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    newer = Answer(Ending.GRANTED, "an RPT", (4,), rpt="rpt-2", upgraded=True)
    stage = stage_of(use=[CHALLENGED, CHALLENGED, CHALLENGED], ask=[GRANTED, newer])
    upgrade = {**ASK, "upgrade": True}
    older = {**READ, "rpt": "older", "expect": "challenged"}
    step = played(scenario_with(KNOCK, ASK, KNOCK, upgrade, older), stage)
    assert step.outcome is Outcome.PASSED
    assert [tokens.rpt for _, tokens in stage.handed] == ["", "", "", "", "rpt-1", "rpt-1"]


def test_owners_who_are_away_must_not_be_asked(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(use=[CHALLENGED])
    stage.seen = {"olga": ["GET /owner/requests"]}
    step = played(scenario_with(KNOCK), stage)
    assert step.outcome is Outcome.FAILED
    assert step.message == "Olga is away, and yet: GET /owner/requests"
    stage = stage_of(use=[CHALLENGED])
    stage.seen = {"olga": ["GET /owner/requests"]}
    assert played(scenario_with(KNOCK, present=["olga"]), stage).outcome is Outcome.PASSED


def test_owners_and_servers_act_as_they_are_told(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    acts: list[dict[str, Any]] = [
        {"do": "set-up"},
        {"do": "wait", "for": "2 hours"},
        {"do": "share", "policy": "P"},
        {"do": "withdraw", "policy": "P"},
        {"do": "approve", "resource": "R"},
        {"do": "deny", "resource": "R"},
        {"do": "deregister", "resource": "R"},
        {"do": "stop-as"},
        {"do": "start-as"},
    ]
    stage = stage_of()
    assert played(scenario_with(*acts, present=["olga"]), stage).outcome is Outcome.PASSED
    assert [verb for verb, _ in stage.handed] == [
        *("S1", "set-up small", "wait 7200", "share P", "withdraw P", "approve", "deny"),
        *("deregister R", "stop", "start"),
    ]


def test_tokens_show_in_no_representation(scenario_with: MakeScenario, stage_of: Make) -> None:
    stage = stage_of(use=[CHALLENGED, SERVED], ask=[GRANTED])
    player = Player(scenario_with(KNOCK, ASK, READ), stage)
    shown = repr(list(player.play())) + repr(stage.handed) + repr(GRANTED) + repr(CHALLENGED)
    assert not any(secret in shown for secret in ("ticket-1", "rpt-1", "pct-1", "refresh-1"))


def test_what_is_not_seen_never_passes_and_the_step_goes_on(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    hidden = CannotDo("nobody may look into it")
    ask = {**ASK, "permits": {"R": ["read"]}}
    stage = stage_of(use=[CHALLENGED, SERVED], ask=[GRANTED], introspect=[hidden])
    step = played(scenario_with(KNOCK, ask, READ), stage)
    told = "not seen: what the RPT permits, as nobody may look into it"
    assert (step.outcome, step.message) == (Outcome.PARTLY, told)
    assert [act.outcome for act in step.acts][2] is Outcome.PASSED
    stage = stage_of(use=[CHALLENGED, CHALLENGED], ask=[GRANTED], introspect=[hidden])
    assert played(scenario_with(KNOCK, ask, READ), stage).outcome is Outcome.FAILED


def test_an_ending_of_which_the_effect_shows_alone_is_told_so(
    scenario_with: MakeScenario, stage_of: Make
) -> None:
    refused = Answer(Ending.REQUEST_DENIED, "exit status 1", seen="refused")
    ask = {**ASK, "expect": "need_info", "legal": ["request_denied"], "hints": ["redirect_user"]}
    step = played(scenario_with(KNOCK, ask), stage_of(use=[CHALLENGED], ask=[refused]))
    assert (step.outcome, step.acts[1].ending) == (Outcome.PASSED, "refused")
