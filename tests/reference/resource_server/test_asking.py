"""What a permission request holds: the patterns that can be chosen (FedAuthz 4)."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.resource_server import Core

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

LISTING = "https://rs.example/owners/alice/documents"
NOTES = f"{LISTING}/notes"
ALICE = ("alice", "alice-rs-password")


def asked(wire: Wire) -> object:
    (request,) = wire.seen("POST", "/perm")
    wire.requests.clear()
    return json.loads(request.content)


@pytest.mark.parametrize(
    ("pattern", "scopes"),
    [("needed", ["edit"]), ("all", ["view", "edit", "delete"]), ("none", [])],
)
def test_the_pattern_of_the_server_and_of_a_document(
    start: Callable[..., Core],
    speak: Callable[[Core], httpx.Client],
    wire: Wire,
    pattern: str,
    scopes: list[str],
) -> None:
    core = start(ask_for=pattern)
    rs = speak(core)
    assert rs.put(NOTES, json=1).status_code == 401
    found = core.store.registration("alice", "notes")
    assert found is not None
    assert asked(wire) == {"resource_id": found.resource_id, "resource_scopes": scopes}
    rs.put(f"{NOTES}/description", json={"name": "x", "ask_for": "needed"}, auth=ALICE)
    assert rs.get(NOTES).status_code == 401
    assert asked(wire) == {"resource_id": found.resource_id, "resource_scopes": ["view"]}


def test_related_documents_are_asked_for_in_one_request(
    rs: httpx.Client, wire: Wire, resource_of: Callable[[str], str]
) -> None:
    others = ["viewed", "printed"]
    rs.post(LISTING, json={"id": "viewed", "name": "V"}, auth=ALICE)
    printed = {"id": "printed", "name": "P", "scopes": ["print"]}
    rs.post(LISTING, json=printed, auth=ALICE)
    description = {"name": "x", "related": [*others, "notes", "none", "viewed"]}
    rs.put(f"{NOTES}/description", json=description, auth=ALICE)
    assert rs.get(NOTES).status_code == 401
    # The scope that is needed does not exist for the third.
    assert asked(wire) == [
        {"resource_id": resource_of("notes"), "resource_scopes": ["view"]},
        {"resource_id": resource_of("viewed"), "resource_scopes": ["view"]},
    ]
