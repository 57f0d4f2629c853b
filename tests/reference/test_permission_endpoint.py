"""The permission endpoint (FedAuthz 4)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server.model import Ticket

Register = Callable[..., str]
Redeem = Callable[..., httpx.Response]
Headers = dict[str, str]
MALFORMED = {
    "empty array": "[]",
    "null": "null",
    "string": '"x"',
    "number": "1",
    "array of strings": '["x"]',
    "nested array": "[[]]",
    "no resource": '{"resource_scopes": ["view"]}',
    "no scopes": '{"resource_id": "ID"}',
    "scopes null": '{"resource_id": "ID", "resource_scopes": null}',
    "scopes a string": '{"resource_id": "ID", "resource_scopes": "view"}',
    "scopes of numbers": '{"resource_id": "ID", "resource_scopes": [1]}',
    "resource a number": '{"resource_id": 7, "resource_scopes": ["view"]}',
    "resource null": '{"resource_id": null, "resource_scopes": ["view"]}',
    "scopes twice": '{"resource_id": "ID", "resource_scopes": [], "resource_scopes": []}',
    "no JSON": "{",
}


@pytest.fixture
def tickets(store: object) -> Callable[[], int]:
    """Return a function that counts the tickets in the store."""
    return lambda: sum(kind == Ticket.__name__ for kind, _ in vars(store)["_secrets"])


def wanted(resource: str, *scopes: str) -> dict[str, object]:
    return {"resource_id": resource, "resource_scopes": scopes}


def test_one_permission_as_an_object_gives_a_ticket(
    server: httpx.Client, pat: Headers, register: Register, tickets: Callable[[], int]
) -> None:
    assert tickets() == 0
    answer = server.post("/perm", json=wanted(register("view"), "view"), headers=pat)
    assert answer.status_code == 201
    assert list(answer.json()) == ["ticket"]
    assert answer.json()["ticket"]
    assert tickets() == 1


def test_one_permission_in_an_array_gives_a_ticket(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    answer = server.post("/perm", json=[wanted(register("view"), "view")], headers=pat)
    assert answer.status_code == 201


def test_several_permissions_go_into_one_ticket(
    server: httpx.Client,
    pat: Headers,
    register: Register,
    allow: Callable[..., str],
    redeem: Redeem,
) -> None:
    photo, album = register("view"), register("view", "edit")
    allow(photo, "view")
    allow(album, "view", "edit")
    body = [wanted(photo, "view"), wanted(album, "view"), wanted(album, "edit")]
    ticket = server.post("/perm", json=body, headers=pat).json()["ticket"]
    rpt = redeem(ticket).json()["access_token"]
    found = server.post("/introspect", data={"token": rpt}, headers=pat).json()["permissions"]
    assert {item["resource_id"]: item["resource_scopes"] for item in found} == {
        photo: ["view"],
        album: ["edit", "view"],
    }
    assert len(found) == 2


def test_every_request_gives_another_ticket(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    body = wanted(register("view"), "view")
    values = {server.post("/perm", json=body, headers=pat).json()["ticket"] for _ in range(20)}
    assert len(values) == 20


@pytest.mark.parametrize("as_array", [False, True])
def test_a_permission_may_be_without_scopes(
    server: httpx.Client,
    pat: Headers,
    register: Register,
    allow: Callable[..., str],
    redeem: Redeem,
    *,
    as_array: bool,
) -> None:
    resource = register("view")
    allow(resource, "view")
    body = wanted(resource)
    answer = server.post("/perm", json=[body] if as_array else body, headers=pat)
    assert answer.status_code == 201
    rpt = redeem(answer.json()["ticket"]).json()["access_token"]
    found = server.post("/introspect", data={"token": rpt}, headers=pat).json()["permissions"]
    assert [item["resource_scopes"] for item in found] == [[]]


def test_an_unknown_resource_is_named_as_the_error(
    server: httpx.Client, pat: Headers, tickets: Callable[[], int]
) -> None:
    answer = server.post("/perm", json=wanted("unknown", "view"), headers=pat)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_resource_id")
    assert tickets() == 0


@pytest.mark.parametrize("stranger", ["rs-bob", "rs2-alice"])
def test_a_resource_of_another_domain_is_unknown(
    server: httpx.Client, pat_of: Callable[[str], Headers], register: Register, stranger: str
) -> None:
    body = wanted(register("view"), "view")
    answer = server.post("/perm", json=body, headers=pat_of(stranger))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_resource_id")


def test_a_deleted_resource_is_unknown(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    resource = register("view")
    server.delete(f"/rreg/{resource}", headers=pat)
    answer = server.post("/perm", json=wanted(resource, "view"), headers=pat)
    assert answer.json()["error"] == "invalid_resource_id"


def test_an_unregistered_scope_is_named_as_the_error(
    server: httpx.Client, pat: Headers, register: Register, tickets: Callable[[], int]
) -> None:
    answer = server.post("/perm", json=wanted(register("view"), "view", "print"), headers=pat)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert tickets() == 0


def test_a_scope_of_another_resource_does_not_count(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    register("print")
    answer = server.post("/perm", json=wanted(register("view"), "print"), headers=pat)
    assert answer.json()["error"] == "invalid_scope"


def test_an_updated_resource_counts_with_its_new_scopes(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    resource = register("view")
    server.put(f"/rreg/{resource}", json={"resource_scopes": ["edit"]}, headers=pat)
    old, new = (
        server.post("/perm", json=wanted(resource, scope), headers=pat)
        for scope in ("view", "edit")
    )
    assert (old.json()["error"], new.status_code) == ("invalid_scope", 201)


@pytest.mark.parametrize("bad", [wanted("unknown", "view"), {"resource_id": "x"}, "text"])
def test_one_bad_permission_refuses_all(
    server: httpx.Client, pat: Headers, register: Register, tickets: Callable[[], int], bad: object
) -> None:
    good = wanted(register("view"), "view")
    for body in ([good, bad], [bad, good]):
        answer = server.post("/perm", json=body, headers=pat)
        assert answer.status_code == 400
        assert "ticket" not in answer.json()
    assert tickets() == 0


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_is_refused(
    server: httpx.Client, pat: Headers, register: Register, tickets: Callable[[], int], text: str
) -> None:
    body = text.replace("ID", register("view"))
    headers = {**pat, "Content-Type": "application/json"}
    answer = server.post("/perm", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert tickets() == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(server: httpx.Client, pat: Headers, method: str) -> None:
    answer = server.request(method, "/perm", headers=pat)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
