"""The owner's policy API, outside of UMA: who may set policies, and what they are."""

from collections.abc import Callable

import httpx
import pytest

Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
ALICE = ("alice", "alice-password")
BOB = ("bob", "bob-password")
ANYONE: dict[str, object] = {"scopes": ["view"], "anyone": True}
MALFORMED = {
    "no object": "[]",
    "null": "null",
    "no scopes": '{"anyone": true}',
    "scopes a string": '{"scopes": "view", "anyone": true}',
    "scopes of numbers": '{"scopes": [1], "anyone": true}',
    "open by accident": '{"scopes": ["view"]}',
    "open by accident, empty": '{"scopes": ["view"], "conditions": []}',
    "open without saying so": '{"scopes": ["view"], "anyone": 1}',
    "conditions an object": '{"scopes": [], "conditions": {}}',
    "condition a string": '{"scopes": [], "conditions": ["role"]}',
    "no claim": '{"scopes": [], "conditions": [{"values": ["x"]}]}',
    "empty claim": '{"scopes": [], "conditions": [{"claim": "", "values": ["x"]}]}',
    "claim a number": '{"scopes": [], "conditions": [{"claim": 1, "values": ["x"]}]}',
    "issuer null": '{"scopes": [], "conditions": [{"claim": "a", "values": [], "issuer": null}]}',
    "no values": '{"scopes": [], "conditions": [{"claim": "role"}]}',
    "values a string": '{"scopes": [], "conditions": [{"claim": "role", "values": "x"}]}',
}


@pytest.fixture
def photo(register: Make) -> str:
    return register("view", "print")


@pytest.fixture
def place(photo: str) -> str:
    return f"/owner/resources/{photo}/policies"


@pytest.fixture
def granted(photo: str, ticket: Make, redeem: Redeem) -> Callable[[str], bool]:
    """Return a function that tells whether a scope is granted to anyone now."""
    return lambda scope: redeem(ticket({photo: [scope]})).status_code == 200


def test_a_new_resource_has_no_policies(server: httpx.Client, place: str) -> None:
    answer = server.get(place, auth=ALICE)
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_policy_is_kept_as_it_was_set(server: httpx.Client, place: str) -> None:
    condition = {"claim": "role", "values": ["a", "b"], "issuer": "i", "friendly_name": "Role"}
    answer = server.post(place, json={"scopes": ["view"], "conditions": [condition]}, auth=ALICE)
    assert answer.status_code == 201
    assert server.get(place, auth=ALICE).json() == [
        {
            "id": answer.json()["id"],
            "scopes": ["view"],
            "anyone": False,
            "ask": False,
            "expires_at": 0,
            "conditions": [condition],
        }
    ]


def test_policies_add_up(server: httpx.Client, place: str, granted: Callable[[str], bool]) -> None:
    for scope in ("view", "print"):
        assert not granted(scope)
        server.post(place, json={**ANYONE, "scopes": [scope]}, auth=ALICE)
        assert granted(scope)
    assert len(server.get(place, auth=ALICE).json()) == 2
    assert granted("view")


def test_replacing_leaves_nothing_of_the_old_policies(
    server: httpx.Client, place: str, granted: Callable[[str], bool]
) -> None:
    server.post(place, json=ANYONE, auth=ALICE)
    answer = server.put(place, json=[{**ANYONE, "scopes": ["print"]}], auth=ALICE)
    assert answer.status_code == 200
    assert server.get(place, auth=ALICE).json() == answer.json()
    assert (granted("view"), granted("print")) == (False, True)


def test_replacing_by_nothing_withdraws_access(
    server: httpx.Client, place: str, granted: Callable[[str], bool]
) -> None:
    server.post(place, json=ANYONE, auth=ALICE)
    assert server.put(place, json=[], auth=ALICE).json() == []
    assert not granted("view")


def test_deleting_removes_one_policy(
    server: httpx.Client, place: str, granted: Callable[[str], bool]
) -> None:
    first = server.post(place, json=ANYONE, auth=ALICE).json()
    second = server.post(place, json={**ANYONE, "scopes": ["print"]}, auth=ALICE).json()
    assert server.delete(f"/owner/policies/{first['id']}", auth=ALICE).status_code == 204
    assert server.get(place, auth=ALICE).json() == [second]
    assert (granted("view"), granted("print")) == (False, True)
    assert server.delete(f"/owner/policies/{first['id']}", auth=ALICE).status_code == 404


def test_deleting_a_resource_deletes_its_policies(
    server: httpx.Client, pat: dict[str, str], photo: str, place: str
) -> None:
    policy = server.post(place, json=ANYONE, auth=ALICE).json()["id"]
    server.delete(f"/rreg/{photo}", headers=pat)
    assert server.get(place, auth=ALICE).status_code == 404
    assert server.delete(f"/owner/policies/{policy}", auth=ALICE).status_code == 404


@pytest.mark.parametrize(
    "auth", [None, ("alice", "wrong"), ("alice", ""), ("nobody", "alice-password"), ("", "")]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_without_the_owners_password_nothing_is_open(
    server: httpx.Client, place: str, method: str, auth: tuple[str, str] | None
) -> None:
    policy = server.post(place, json=ANYONE, auth=ALICE).json()
    target = f"/owner/policies/{policy['id']}" if method == "DELETE" else place
    answer = server.request(method, target, json=[], auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert server.get(place, auth=ALICE).json() == [policy]


def test_a_pat_does_not_set_policy(server: httpx.Client, place: str, pat: dict[str, str]) -> None:
    assert server.post(place, json=ANYONE, headers=pat).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_the_resource_of_another_owner_is_not_found(
    server: httpx.Client, place: str, method: str
) -> None:
    policy = server.post(place, json=ANYONE, auth=ALICE).json()
    target = f"/owner/policies/{policy['id']}" if method == "DELETE" else place
    body: object = [ANYONE] if method == "PUT" else ANYONE
    answer = server.request(method, target, json=body, auth=BOB)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert server.get(place, auth=ALICE).json() == [policy]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_an_unknown_resource_is_not_found(server: httpx.Client, method: str) -> None:
    answer = server.request(method, "/owner/resources/x/policies", json=[ANYONE], auth=ALICE)
    assert answer.status_code == 404


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_policy_is_refused(server: httpx.Client, place: str, text: str) -> None:
    kept = server.post(place, json=ANYONE, auth=ALICE).json()
    headers = {"Content-Type": "application/json"}
    good = '{"scopes": ["view"], "anyone": true}'
    for answer in (
        server.post(place, content=text, headers=headers, auth=ALICE),
        server.put(place, content=f"[{good}, {text}]", headers=headers, auth=ALICE),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert server.get(place, auth=ALICE).json() == [kept]


def test_replacing_takes_an_array_only(server: httpx.Client, place: str) -> None:
    assert server.put(place, json=ANYONE, auth=ALICE).status_code == 400


def test_a_policy_asks_nobody_where_requests_cannot_be_submitted(
    server: httpx.Client, register: Callable[..., str]
) -> None:
    answer = server.post(
        f"/owner/resources/{register('view')}/policies",
        json={**ANYONE, "ask": True},
        auth=("alice", "alice-password"),
    )
    assert answer.status_code == 400
    assert "request_submitted" in answer.json()["error_description"]
