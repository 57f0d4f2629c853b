"""The authorization server is away, comes back, or has forgotten everything."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.authorization_server import MemoryStore as ServerStore
from uma_reference.resource_server import Core, MemoryStore

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

RS = "https://rs.example"
LISTING = f"{RS}/owners/alice/documents"
NOTES = f"{LISTING}/notes"
OTHER = f"{LISTING}/other"
ALICE = ("alice", "alice-rs-password")
WARNING = '199 - "UMA Authorization Server Unreachable"'
Listed = Callable[[], list[str]]


@pytest.fixture
def listed(server: httpx.Client, pat_of: Callable[[str], dict[str, str]]) -> Listed:
    """Return what lists the URLs of the documents that are registered."""

    def look() -> list[str]:
        pat = pat_of("rs-alice")
        names: list[str] = server.get("/rreg/", headers=pat).json()
        found = [server.get(f"/rreg/{name}", headers=pat).json() for name in names]
        return sorted(str(item.get("document", "none of ours")) for item in found)

    return look


def assert_unreachable(answer: httpx.Response) -> None:
    assert answer.status_code == 403
    assert answer.headers["warning"] == WARNING
    assert "www-authenticate" not in answer.headers


def test_without_the_server_there_is_a_warning_and_then_a_challenge(
    rs: httpx.Client, wire: Wire, listed: Listed
) -> None:
    wire.cut = True
    assert_unreachable(rs.get(NOTES))
    assert_unreachable(rs.get(NOTES, headers={"Authorization": "Bearer x"}))
    assert rs.get(NOTES, auth=ALICE).status_code == 200
    wire.cut = False
    assert rs.get(NOTES).status_code == 401
    assert listed() == [NOTES]


@pytest.mark.parametrize("path", ["/rreg/", "/perm", "/token", "/.well-known/uma2-configuration"])
@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (503, b"{"), (200, b"[[["), (200, b"{}"), (302, b""), (404, b""), (400, b"{}")],
)
def test_an_answer_that_cannot_be_used_is_a_warning(
    rs: httpx.Client, wire: Wire, path: str, status: int, body: bytes
) -> None:
    wire.instead = lambda request: (
        httpx.Response(status, content=body) if request.url.path == path else None
    )
    assert_unreachable(rs.get(NOTES))
    wire.instead = lambda _: None
    assert rs.get(NOTES).status_code == 401


@pytest.mark.parametrize("ticket", [None, 1, "", "a\r\nSet-Cookie: x=y", "gr\u00fcn", "a b"])
def test_a_ticket_that_a_header_cannot_hold_is_a_warning(
    rs: httpx.Client, wire: Wire, ticket: object
) -> None:
    wire.instead = lambda request: (
        httpx.Response(201, json={"ticket": ticket}) if request.url.path == "/perm" else None
    )
    answer = rs.get(NOTES)
    assert_unreachable(answer)
    assert "set-cookie" not in answer.headers


def test_a_ticket_with_quotation_marks_is_quoted(rs: httpx.Client, wire: Wire) -> None:
    wire.instead = lambda request: (
        httpx.Response(201, json={"ticket": 'a"b\\c'}) if request.url.path == "/perm" else None
    )
    assert rs.get(NOTES).headers["www-authenticate"].endswith('ticket="a\\"b\\\\c"')


def test_what_was_done_meanwhile_is_made_up_for(
    core: Core, rs: httpx.Client, wire: Wire, listed: Listed
) -> None:
    core.settle()
    wire.cut = True
    made = rs.post(LISTING, json={"id": "other", "name": "Other"}, auth=ALICE)
    assert made.status_code == 201
    assert made.json()["registered"] is False
    assert made.json()["problem"]
    assert rs.delete(NOTES, auth=ALICE).status_code == 204
    assert core.settle().keys() == {"alice"}
    wire.cut = False
    assert listed() == [NOTES]
    assert core.settle() == {}
    assert listed() == [OTHER]
    requests = len(wire.requests)
    assert core.settle() == {}
    assert len(wire.requests) == requests


def test_a_changed_description_is_sent_when_that_can_be_done(
    core: Core, rs: httpx.Client, wire: Wire, server: httpx.Client, pat: dict[str, str]
) -> None:
    core.settle()
    wire.cut = True
    changed = {"name": "My notes", "scopes": ["view", "print"]}
    answer = rs.put(f"{NOTES}/description", json=changed, auth=ALICE)
    assert (answer.status_code, answer.json()["registered"]) == (200, True)
    wire.cut = False
    core.settle()
    (name,) = server.get("/rreg/", headers=pat).json()
    found = server.get(f"/rreg/{name}", headers=pat).json()
    assert (found["name"], found["resource_scopes"]) == ("My notes", ["view", "print"])


def test_a_server_that_forgot_everything_is_told_again(
    core: Core, rs: httpx.Client, store: ServerStore, listed: Listed
) -> None:
    core.settle()
    forget(store)
    assert rs.get(NOTES).status_code == 401
    assert listed() == [NOTES]


def test_a_server_that_forgot_one_document_is_told_again(
    core: Core,
    rs: httpx.Client,
    store: ServerStore,
    resource_of: Callable[[str], str],
    listed: Listed,
) -> None:
    core.settle()
    old = resource_of("notes")
    store.delete_resource(old)
    changed = rs.put(f"{NOTES}/description", json={"name": "New"}, auth=ALICE)
    assert changed.json()["registered"] is True
    assert resource_of("notes") != old
    assert listed() == [NOTES]


def test_a_resource_that_is_listed_but_unknown_is_registered_anew(
    core: Core, rs: httpx.Client, wire: Wire, resource_of: Callable[[str], str]
) -> None:
    core.settle()
    old = resource_of("notes")
    wire.instead = lambda request: (
        httpx.Response(400, json={"error": "invalid_resource_id"})
        if request.url.path == "/perm" and old.encode() in request.content
        else None
    )
    assert rs.get(NOTES).status_code == 401
    assert resource_of("notes") != old


def test_scopes_that_are_unknown_are_described_again(
    core: Core,
    rs: httpx.Client,
    server: httpx.Client,
    pat: dict[str, str],
    resource_of: Callable[[str], str],
) -> None:
    core.settle()
    place = f"/rreg/{resource_of('notes')}"
    server.put(place, json={"resource_scopes": ["other"]}, headers=pat).raise_for_status()
    assert rs.get(NOTES).status_code == 401
    found = server.get(place, headers=pat).json()
    assert found["resource_scopes"] == ["view", "edit", "delete"]


def test_a_pat_that_is_refused_is_fetched_anew(
    core: Core, rs: httpx.Client, clock: AdjustableClock, store: ServerStore, wire: Wire
) -> None:
    core.settle()
    forget(store)
    assert rs.get(NOTES).status_code == 401
    clock.advance(900)
    assert rs.get(NOTES).status_code == 401
    assert len(wire.seen("POST", "/token")) == 3


@pytest.mark.parametrize("same_store", [True, False])
def test_a_restart_makes_neither_duplicates_nor_orphans(
    start: Callable[..., Core],
    speak: Callable[[Core], httpx.Client],
    wire: Wire,
    listed: Listed,
    *,
    same_store: bool,
) -> None:
    first = start()
    assert first.settle() == {}
    kept = first.store.registration("alice", "notes")
    second = start(first.store if same_store else MemoryStore())
    assert speak(second).get(NOTES).status_code == 401
    assert second.settle() == {}
    assert listed() == [NOTES]
    assert second.store.registration("alice", "notes") == kept
    assert len(wire.seen("POST", "/rreg/")) == 1
    assert not wire.seen("PUT", "/rreg/")


def test_a_restart_deregisters_what_is_gone_and_keeps_off_what_is_not_ours(
    start: Callable[..., Core],
    speak: Callable[[Core], httpx.Client],
    register: Callable[..., str],
    listed: Listed,
) -> None:
    first = start()
    first.settle()
    speak(first).post(LISTING, json={"id": "other", "name": "Other"}, auth=ALICE)
    register("view")
    assert listed() == [NOTES, OTHER, "none of ours"]
    start(MemoryStore()).settle()
    assert listed() == [NOTES, "none of ours"]


def test_duplicates_are_cleared_away(
    core: Core, server: httpx.Client, pat: dict[str, str], listed: Listed
) -> None:
    for _ in range(2):
        description = {"resource_scopes": ["view"], "document": NOTES}
        server.post("/rreg/", json=description, headers=pat).raise_for_status()
    core.settle()
    assert listed() == [NOTES]


def test_one_document_that_is_refused_keeps_no_other_from_being_registered(
    core: Core, rs: httpx.Client, wire: Wire, listed: Listed
) -> None:
    wire.instead = lambda request: (
        httpx.Response(400, json={"error": "invalid_request"})
        if request.method == "POST" and b'"Notes"' in request.content
        else None
    )
    made = rs.post(LISTING, json={"id": "other", "name": "Other"}, auth=ALICE)
    assert made.json()["registered"] is True
    assert core.settle() == {
        "alice": "notes: it cannot be registered: "
        "the authorization server answers with status 400 invalid_request"
    }
    assert listed() == [OTHER]
    wire.instead = lambda _: None
    assert core.settle() == {}
    assert listed() == [NOTES, OTHER]


def test_registrations_elsewhere_do_not_count(start: Callable[..., Core], wire: Wire) -> None:
    first = start()
    first.settle()
    second = start(first.store, authorization_server={"issuer": "https://other.example"})
    wire.instead = lambda _: httpx.Response(404)
    assert second.settle().keys() == {"alice"}
    assert second.registrar.unsettled("alice")


def forget(store: ServerStore) -> None:
    """Make a store as it was when it was new."""
    store.__init__()  # type: ignore[misc]  # the server holds on to this very store
