"""Resource registration (FedAuthz 3)."""

from collections.abc import Callable

import httpx
import pytest

Register = Callable[..., str]
Headers = dict[str, str]
DESCRIPTION: dict[str, object] = {
    "resource_scopes": ["view", "https://scopes.example/print"],
    "name": "Tweedl Social Service",
    "name#de": "Tweedl",
    "description": "Collection of photographs",
    "icon_uri": "https://rs.example/icon.png",
    "type": "https://types.example/album",
    "x-extension": {"deep": [1, 2.5, None, True]},
}
MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"resource_scopes": ["\xff"]}',
    "no object": b"[]",
    "a string": b'"resource_scopes"',
    "null": b"null",
    "no scopes": b'{"name": "photo"}',
    "scopes null": b'{"resource_scopes": null}',
    "scopes a string": b'{"resource_scopes": "view"}',
    "scopes of numbers": b'{"resource_scopes": [1]}',
    "scopes twice": b'{"resource_scopes": ["a"], "resource_scopes": ["b"]}',
    "name a number": b'{"resource_scopes": [], "name": 1}',
    "translated name a list": b'{"resource_scopes": [], "name#de": []}',
    "description an object": b'{"resource_scopes": [], "description": {}}',
    "icon a boolean": b'{"resource_scopes": [], "icon_uri": false}',
    "type null": b'{"resource_scopes": [], "type": null}',
    "not a number": b'{"resource_scopes": [], "x": NaN}',
    "nested without end": b'{"resource_scopes": [], "x": ' + b"[" * 50_000,
}


def test_create_answers_with_location_and_id(server: httpx.Client, pat: Headers) -> None:
    answer = server.post("/rreg", json=DESCRIPTION, headers=pat)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"https://as.example/rreg/{answer.json()['_id']}"


def test_create_works_at_the_collection_with_a_slash(server: httpx.Client, pat: Headers) -> None:
    assert server.post("/rreg/", json=DESCRIPTION, headers=pat).status_code == 201


def test_read_returns_the_description_with_its_id(server: httpx.Client, pat: Headers) -> None:
    location = server.post("/rreg", json=DESCRIPTION, headers=pat).headers["location"]
    answer = server.get(location, headers=pat)
    assert answer.status_code == 200
    assert answer.json() == {**DESCRIPTION, "_id": location.rpartition("/")[2]}


def test_scopes_alone_make_a_description(server: httpx.Client, pat: Headers) -> None:
    assert server.post("/rreg", json={"resource_scopes": []}, headers=pat).status_code == 201


def test_the_id_is_the_servers_to_give(server: httpx.Client, pat: Headers) -> None:
    answer = server.post("/rreg", json={**DESCRIPTION, "_id": "mine"}, headers=pat)
    assert answer.json()["_id"] != "mine"
    assert server.get("/rreg/mine", headers=pat).status_code == 404


def test_equal_descriptions_are_different_resources(register: Register) -> None:
    assert register("view") != register("view")


def test_update_replaces_the_whole_description(
    server: httpx.Client, pat: Headers, register: Register
) -> None:
    place = f"/rreg/{register('view', 'print')}"
    server.put(place, json={**DESCRIPTION}, headers=pat)
    answer = server.put(place, json={"resource_scopes": ["edit"]}, headers=pat)
    assert (answer.status_code, answer.json()) == (200, {"_id": place.rpartition("/")[2]})
    assert server.get(place, headers=pat).json() == {
        "resource_scopes": ["edit"],
        "_id": place.rpartition("/")[2],
    }


def test_update_of_an_unknown_resource_creates_nothing(server: httpx.Client, pat: Headers) -> None:
    answer = server.put("/rreg/unknown", json=DESCRIPTION, headers=pat)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert server.get("/rreg", headers=pat).json() == []


def test_a_deleted_resource_is_gone(server: httpx.Client, pat: Headers, register: Register) -> None:
    place = f"/rreg/{register('view')}"
    assert server.delete(place, headers=pat).status_code == 204
    assert server.get(place, headers=pat).status_code == 404
    assert server.delete(place, headers=pat).status_code == 404
    assert server.get("/rreg", headers=pat).json() == []


@pytest.mark.parametrize("place", ["/rreg", "/rreg/"])
def test_list_shows_the_ids_of_all_resources(
    server: httpx.Client, pat: Headers, register: Register, place: str
) -> None:
    assert server.get(place, headers=pat).json() == []
    ids = [register("view"), register()]
    assert server.get(place, headers=pat).json() == ids


@pytest.mark.parametrize("stranger", ["rs-bob", "rs2-alice"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_resources_of_another_domain_are_not_found(
    server: httpx.Client,
    pat: Headers,
    pat_of: Callable[[str], Headers],
    register: Register,
    method: str,
    stranger: str,
) -> None:
    place = f"/rreg/{register('view')}"
    foreign = pat_of(stranger)
    answer = server.request(method, place, json={"resource_scopes": ["all"]}, headers=foreign)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert server.get(place, headers=pat).json()["resource_scopes"] == ["view"]


@pytest.mark.parametrize("stranger", ["rs-bob", "rs2-alice"])
def test_resources_of_another_domain_are_not_listed(
    server: httpx.Client, pat_of: Callable[[str], Headers], register: Register, stranger: str
) -> None:
    register("view")
    assert server.get("/rreg", headers=pat_of(stranger)).json() == []


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_description_is_refused(
    server: httpx.Client, pat: Headers, register: Register, body: bytes
) -> None:
    kept = register("view")
    headers = {**pat, "Content-Type": "application/json"}
    for answer in (
        server.post("/rreg", content=body, headers=headers),
        server.put(f"/rreg/{kept}", content=body, headers=headers),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert server.get("/rreg", headers=pat).json() == [kept]
    assert server.get(f"/rreg/{kept}", headers=pat).json()["resource_scopes"] == ["view"]


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_description_has_to_be_declared_as_json(
    server: httpx.Client, pat: Headers, media_type: str
) -> None:
    headers = {**pat, "Content-Type": media_type}
    answer = server.post("/rreg", content=b'{"resource_scopes": []}', headers=headers)
    assert answer.status_code == 400


def test_parameters_of_the_media_type_do_not_matter(server: httpx.Client, pat: Headers) -> None:
    headers = {**pat, "Content-Type": "Application/JSON; charset=utf-8"}
    answer = server.post("/rreg", content=b'{"resource_scopes": []}', headers=headers)
    assert answer.status_code == 201


def test_a_body_beyond_the_limit_is_refused(server: httpx.Client, pat: Headers) -> None:
    body = {**DESCRIPTION, "description": "x" * 65536}
    assert server.post("/rreg", json=body, headers=pat).status_code == 413
    assert server.get("/rreg", headers=pat).json() == []


@pytest.mark.parametrize(
    ("method", "place"),
    [("PUT", "/rreg"), ("PATCH", "/rreg"), ("POST", "/rreg/x"), ("PATCH", "/rreg/x")],
)
def test_an_unsupported_method_is_refused(
    server: httpx.Client, pat: Headers, method: str, place: str
) -> None:
    answer = server.request(method, place, json=DESCRIPTION, headers=pat)
    assert (answer.status_code, answer.json()["error"]) == (405, "unsupported_method_type")
    assert "GET" in answer.headers["allow"]


def test_an_unheard_of_method_is_refused_as_unsupported(server: httpx.Client, pat: Headers) -> None:
    assert server.request("PROPFIND", "/rreg", headers=pat).status_code == 405
