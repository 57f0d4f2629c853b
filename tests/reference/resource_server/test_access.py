"""Documents before clients: the challenge, the RPT, what it opens and what it does not."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import Done, Refused, UmaClient
from uma_reference.client.challenge import uma_challenge
from uma_reference.resource_server import Core

AS = "https://as.example"
RS = "https://rs.example"
NOTES = f"{RS}/owners/alice/documents/notes"
ALICE = ("alice", "alice-rs-password")


def ticket_of(answer: httpx.Response) -> str:
    assert answer.status_code == 401, answer.text
    challenge = uma_challenge(answer.headers.get_list("www-authenticate"))
    assert challenge is not None
    assert challenge.as_uri == AS
    return challenge.ticket


def test_a_client_gets_what_policy_allows(
    core: Core, allow: Callable[..., str], client: UmaClient, resource_of: Callable[[str], str]
) -> None:
    core.settle()
    allow(resource_of("notes"), "view", role="doctor")
    outcome = client.get(NOTES)
    assert isinstance(outcome, Done)
    assert outcome.response.status == 200
    assert outcome.response.body == b'{"text": "hello"}'
    assert outcome.response.header("content-type") == ("application/json",)


def test_a_client_does_not_get_what_policy_does_not_allow(client: UmaClient) -> None:
    assert isinstance(client.get(NOTES), Refused)


def test_the_challenge_names_realm_server_and_ticket(rs: httpx.Client) -> None:
    answer = rs.get(NOTES)
    assert answer.headers["www-authenticate"].startswith(f'UMA realm="rs", as_uri="{AS}", ticket="')
    assert ticket_of(answer) != ticket_of(rs.get(NOTES))


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer", "Digest x", "Bearer a b"])
def test_an_invalid_rpt_is_answered_like_none(rs: httpx.Client, value: str) -> None:
    answer = rs.get(NOTES, headers={"Authorization": value})
    assert ticket_of(answer)
    assert "Bearer" not in answer.headers["www-authenticate"]


def test_an_rpt_opens_its_scope_only(
    core: Core,
    rs: httpx.Client,
    allow: Callable[..., str],
    resource_of: Callable[[str], str],
    rpt_for: Callable[..., dict[str, str]],
) -> None:
    core.settle()
    notes = resource_of("notes")
    allow(notes, "view", "edit", "delete")
    viewing, editing = rpt_for({notes: ["view"]}), rpt_for({notes: ["edit"]})
    assert rs.get(NOTES, headers=viewing).status_code == 200
    assert rs.head(NOTES, headers=viewing).status_code == 200
    ticket_of(rs.put(NOTES, json=1, headers=viewing))
    ticket_of(rs.delete(NOTES, headers=viewing))
    assert rs.put(NOTES, json={"text": "changed"}, headers=editing).status_code == 204
    ticket_of(rs.get(NOTES, headers=editing))
    assert rs.get(NOTES, headers=viewing).json() == {"text": "changed"}


def test_the_ticket_is_for_the_scope_that_was_missing(
    core: Core,
    rs: httpx.Client,
    allow: Callable[..., str],
    resource_of: Callable[[str], str],
    redeem: Callable[..., httpx.Response],
) -> None:
    core.settle()
    allow(resource_of("notes"), "view", "edit", "delete")
    rpt = redeem(ticket_of(rs.delete(NOTES))).json()["access_token"]
    header = {"Authorization": f"Bearer {rpt}"}
    ticket_of(rs.get(NOTES, headers=header))
    assert rs.delete(NOTES, headers=header).status_code == 204
    assert rs.get(NOTES, headers=header).status_code == 404


def test_an_rpt_for_one_document_opens_no_other(
    core: Core,
    rs: httpx.Client,
    allow: Callable[..., str],
    resource_of: Callable[[str], str],
    rpt_for: Callable[..., dict[str, str]],
) -> None:
    place = f"{RS}/owners/alice/documents"
    assert rs.post(place, json={"id": "other", "name": "Other"}, auth=ALICE).status_code == 201
    core.settle()
    allow(resource_of("notes"), "view")
    header = rpt_for({resource_of("notes"): ["view"]})
    ticket_of(rs.get(f"{place}/other", headers=header))


def test_an_expired_rpt_opens_nothing(
    core: Core,
    rs: httpx.Client,
    allow: Callable[..., str],
    resource_of: Callable[[str], str],
    rpt_for: Callable[..., dict[str, str]],
    clock: AdjustableClock,
) -> None:
    core.settle()
    allow(resource_of("notes"), "view")
    header = rpt_for({resource_of("notes"): ["view"]})
    clock.advance(599)
    assert rs.get(NOTES, headers=header).status_code == 200
    clock.advance(1)
    ticket_of(rs.get(NOTES, headers=header))


def test_a_document_that_is_not_there_is_not_found(rs: httpx.Client) -> None:
    assert rs.get(f"{RS}/owners/alice/documents/none").status_code == 404
    assert rs.get(f"{RS}/owners/nobody/documents/notes").status_code == 404
