"""What happened, in sentences: every kind of event, filters, and pages."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from uma_reference.authorization_server import MemoryStore
from uma_reference.authorization_server.model import Permission
from uma_reference.authorization_server.records import Event, EventKind

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ALICE = ("alice", "alice-password")
PROVIDER = "https://identity.example"


def told(page: httpx.Response) -> list[str]:
    """Return the sentences of the page."""
    rows = re.findall(r'<li class="event">.*?</time></p><p>(.*?)</p></li>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", row).split()) for row in rows]


def test_at_first_nothing_has_happened(alice: Browser) -> None:
    assert "Nothing has happened yet." in alice.get("/my/events").text


def test_what_owner_and_resource_server_do_is_told(
    server: httpx.Client,
    alice: Browser,
    letter: str,
    pat: dict[str, str],
    asked: Callable[..., str],
    redeem: Callable[..., httpx.Response],
) -> None:
    ticket = asked("view")
    place = re.findall(r'href="(/my/requests/[^"]+)"', alice.get("/my/requests").text)[0]
    alice.send(alice.get(place), place, decision="approve", until="2031-02-17")
    redeem(ticket)
    rows = {"who": "email", "email": "a@b.example", "scope.print": "yes", "until": "2031-02-17"}
    alice.send(alice.get(f"/my/resources/{letter}"), f"/my/resources/{letter}", **rows)
    page = alice.get(f"/my/resources/{letter}").text
    (*_, last) = re.findall(r'href="(/my/policies/[^"]+)"', page)
    alice.send(alice.get(last), last)
    server.delete(f"/rreg/{letter}", headers=pat)
    gone = "a resource that is gone"
    party = "party (as identity.example says)"
    day = "the end of 17 February 2031 (UTC)"
    assert told(alice.get("/my/events")) == [
        "rs no longer has this protected: Letter.",
        f"You no longer allow a@b.example (as any trusted issuer says) to print {gone}.",
        f"You allowed a@b.example (as any trusted issuer says) to print {gone} until {day}.",
        f"client got access for {party}, to view {gone}.",
        f"You approved: {party} may view {gone}.",
        f"{party} asked you to approve to view {gone} with client.",
        f"You allowed anyone to print and view {gone}, once you have approved it.",
        "rs had a resource protected: Letter.",
    ]


def test_replacing_policies_tells_what_changed(
    server: httpx.Client, alice: Browser, letter: str
) -> None:
    def policy(*values: str) -> dict[str, object]:
        condition = {"claim": "sub", "values": values, "issuer": PROVIDER}
        purpose = {"claim": "purpose", "values": ["x"], "issuer": "self"}
        conditions = [condition, purpose] if "ann" in values else [condition]
        return {"scopes": ["view"], "conditions": conditions}

    place = f"/owner/resources/{letter}/policies"
    server.put(place, json=[policy("ann"), policy("ben", "cy")], auth=ALICE)
    server.put(place, json=[policy("ann"), {"scopes": ["view"], "anyone": True}], auth=ALICE)
    server.put(place, json=[{"scopes": ["view"], "anyone": True}], auth=ALICE)
    lines = told(alice.get("/my/events"))
    assert [line.replace(" (as identity.example says)", "") for line in lines] == [
        "You no longer allow ann to view Letter.",
        "You allowed anyone to view Letter.",
        "You no longer allow cy to view Letter.",
        "You no longer allow ben to view Letter.",
        "You allowed cy to view Letter.",
        "You allowed ben to view Letter.",
        "You allowed ann to view Letter, under a condition.",
        "rs had a resource protected: Letter.",
    ]


@pytest.mark.parametrize("kind", list(EventKind))
@pytest.mark.parametrize("party", ["", f"{PROVIDER} ann", "odd"])
def test_each_kind_of_event_has_a_sentence(
    alice: Browser, store: MemoryStore, letter: str, kind: EventKind, party: str
) -> None:
    both = (Permission(letter, frozenset({"view", "print"})), Permission("gone", frozenset()))
    store.append(Event(1, kind, "alice", "client", party, both, "detail of it"))
    (sentence, _) = told(alice.get("/my/events"))
    assert re.fullmatch(r"\S.*\S\.", sentence)
    assert f": {kind}" not in sentence
    assert ("ann (as identity.example says)" in sentence) is (
        party.endswith("ann")
        and kind
        not in {
            EventKind.NEED_INFO,
            EventKind.CONNECTED,
            EventKind.REGISTERED,
            EventKind.DEREGISTERED,
        }
    )


def test_a_kind_that_has_no_sentence_yet_is_told_by_its_name(
    alice: Browser, store: MemoryStore
) -> None:
    event = Event(1, cast("EventKind", "frobnicated"), "alice", "client")
    store.append(event)
    assert told(alice.get("/my/events")) == ["client: frobnicated."]


def test_events_can_be_filtered_and_come_in_pages(
    alice: Browser, store: MemoryStore, letter: str
) -> None:
    for number in range(1200):
        who = "ann" if number % 40 == 0 else "ben"
        place = letter if number % 3 == 0 else "gone"
        permission = Permission(place, frozenset({f"s{number}"}))
        party = f"{PROVIDER} {who}"
        store.append(Event(1, EventKind.GRANTED, "alice", "client", party, (permission,)))
    first = alice.get("/my/events")
    assert "s1199 " in told(first)[0]
    assert len(told(first)) == 25
    assert 'rel="next"' in first.text
    person = re.search(r'<option value="(\w{32})">ann ', first.text)
    assert person
    rows = told(alice.get("/my/events", person=person[1], page="2"))
    assert len(rows) == 5
    assert "s0 " in rows[-1]
    both = told(alice.get("/my/events", person=person[1], resource=letter))
    assert [re.findall(r"s\d+", row)[0] for row in both][:2] == ["s1080", "s960"]
    assert all("Letter" in row for row in both)
    last = alice.get("/my/events", page="49")
    assert told(last) == ["rs had a resource protected: Letter."]
    assert 'rel="next"' not in last.text
    assert "Nothing that fits" in alice.get("/my/events", page="99").text
    assert "Nothing that fits" in alice.get("/my/events", person="nobody").text


def test_the_events_of_others_are_not_shown(
    alice: Browser, signed_in: Callable[[str], Browser], letter: str
) -> None:
    assert told(alice.get("/my/events"))
    bob = signed_in("bob").get("/my/events", resource=letter)
    assert told(bob) == []
    assert "Letter" not in bob.text
