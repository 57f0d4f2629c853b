"""The API of documents: owners, media types, scopes of their own, the listing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client.challenge import uma_challenge
from uma_reference.resource_server import Core
from uma_reference.resource_server.model import Description, Document

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

RS = "https://rs.example"
LISTING = f"{RS}/owners/alice/documents"
NOTES = f"{LISTING}/notes"
ALICE = ("alice", "alice-rs-password")
Json = dict[str, object]
Headers = dict[str, str]
PATIENT: Json = {
    "id": "patient",
    "name": "Patient",
    "type": "http://hl7.org/fhir/StructureDefinition/Patient",
    "description": "Demographics",
    "icon_uri": "https://rs.example/icons/patient.png",
    "scopes": ["patient/Patient.read", "patient/Patient.write"],
    "operations": {"GET": "patient/Patient.read", "PUT": "patient/Patient.write"},
    "media_type": "application/fhir+json",
    "content": {"resourceType": "Patient", "id": "1", "name": [{"family": "Gr\u00fcn"}]},
}


def make(rs: httpx.Client, document: Json) -> str:
    answer = rs.post(LISTING, json=document, auth=ALICE)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


@pytest.fixture
def rs_document(rs_document: Json, password_hash: str) -> Json:
    owners: list[Json] = rs_document["owners"]  # type: ignore[assignment]  # made in conftest
    client = {"id": "rs-bob", "secret": "rs-bob-secret"}
    bob = {"id": "bob", "password_hash": password_hash, "client": client}
    return rs_document | {"owners": [*owners, bob]}


def test_the_owner_uses_her_documents_with_her_password(rs: httpx.Client) -> None:
    assert rs.get(NOTES, auth=ALICE).json() == {"text": "hello"}
    assert rs.put(NOTES, json=[1], auth=ALICE).status_code == 204
    assert rs.get(NOTES, auth=ALICE).json() == [1]
    assert rs.delete(NOTES, auth=ALICE).status_code == 204
    assert rs.get(NOTES, auth=ALICE).status_code == 404


@pytest.mark.parametrize(
    "auth", [("alice", "wrong"), ("nobody", ALICE[1]), ("alice", ""), ("", "")]
)
def test_a_wrong_password_is_refused(rs: httpx.Client, auth: tuple[str, str]) -> None:
    answer = rs.get(NOTES, auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="rs"')


def test_who_guesses_has_to_wait(rs: httpx.Client, clock: AdjustableClock) -> None:
    for _ in range(10):
        assert rs.get(NOTES, auth=("alice", "guess")).status_code == 401
    answer = rs.get(NOTES, auth=ALICE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert rs.get(NOTES, auth=("bob", ALICE[1])).status_code == 401
    clock.advance(900)
    assert rs.get(NOTES, auth=ALICE).status_code == 200


def test_another_owner_is_a_party_like_any_other(rs: httpx.Client) -> None:
    answer = rs.get(NOTES, auth=("bob", ALICE[1]))
    assert uma_challenge(answer.headers.get_list("www-authenticate")) is not None
    assert rs.get(LISTING, auth=("bob", ALICE[1])).status_code == 403
    assert rs.post(LISTING, json={"name": "x"}, auth=("bob", ALICE[1])).status_code == 403
    assert rs.get(f"{NOTES}/description", auth=("bob", ALICE[1])).status_code == 403


def test_a_document_with_scopes_and_a_media_type_of_its_own(
    rs: httpx.Client,
    allow: Callable[..., str],
    resource_of: Callable[[str], str],
    rpt_for: Callable[..., Headers],
    server: httpx.Client,
    pat: Headers,
) -> None:
    place = make(rs, PATIENT)
    assert place == f"{LISTING}/patient"
    resource = resource_of("patient")
    registered = server.get(f"/rreg/{resource}", headers=pat).json()
    assert registered == {
        "_id": resource,
        "name": PATIENT["name"],
        "type": PATIENT["type"],
        "description": PATIENT["description"],
        "icon_uri": PATIENT["icon_uri"],
        "resource_scopes": PATIENT["scopes"],
        "document": place,
    }
    allow(resource, "patient/Patient.read", "patient/Patient.write")
    reading = rpt_for({resource: ["patient/Patient.read"]})
    answer = rs.get(place, headers=reading)
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json() == PATIENT["content"]
    assert "Gr\u00fcn" in answer.content.decode()
    writing = rpt_for({resource: ["patient/Patient.write"]})
    fhir = writing | {"Content-Type": "application/fhir+json; charset=utf-8"}
    assert rs.put(place, content=b'{"id": "2"}', headers=fhir).status_code == 204
    assert rs.put(place, json={}, headers=writing).status_code == 415
    assert rs.get(place, headers=reading).json() == {"id": "2"}


def test_a_method_that_no_scope_opens_is_for_the_owner_alone(rs: httpx.Client) -> None:
    place = make(rs, PATIENT)
    answer = rs.delete(place)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")
    assert rs.delete(place, auth=ALICE).status_code == 204


def test_a_text_has_its_media_type(rs: httpx.Client) -> None:
    place = make(rs, {"name": "Poem", "media_type": "text/plain", "content": "gr\u00fcn"})
    answer = rs.get(place, auth=ALICE)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "gr\u00fcn"
    text = {"Content-Type": "text/plain"}
    assert rs.put(place, content=b"\xff", headers=text, auth=ALICE).status_code == 400
    assert rs.put(place, content=b"new", headers=text, auth=ALICE).status_code == 204
    assert rs.get(place, auth=ALICE).text == "new"


def test_an_identifier_is_made_up_or_taken_once(rs: httpx.Client) -> None:
    assert len(make(rs, {"name": "One"}).removeprefix(f"{LISTING}/")) == 43
    answer = rs.post(LISTING, json={"id": "notes", "name": "Again"}, auth=ALICE)
    assert answer.status_code == 409
    assert rs.get(NOTES, auth=ALICE).json() == {"text": "hello"}


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"name": ""},
            {"name": 1},
            {"name": None},
            {"id": "a/b"},
            {"id": ".."},
            {"id": "x" * 101},
        ),
        *({"id": ""}, {"scopes": []}, {"scopes": "view"}, {"scopes": ["a", "a"]}),
        *({"scopes": [""]}, {"operations": {"GET": "none"}}, {"operations": {"POST": "view"}}),
        *({"operations": []}, {"operations": {"GET": ["view"]}}, {"media_type": "x"}),
        *({"media_type": "text/plain\r\nX: y"}, {"media_type": "text/plain", "content": 1}),
        *({"icon_uri": "x"}, {"type": 1}, {"ask_for": "much"}, {"related": "notes"}),
        *({"related": [1]}, {"unknown": 1}, {"operations": {"GET": 1}}),
    ],
)
def test_a_description_that_is_wrong_is_refused(rs: httpx.Client, changes: Json) -> None:
    answer = rs.post(LISTING, json={"name": "x", **changes}, auth=ALICE)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b'{"name": "a"}', "text/plain", 415),
        (b'{"name": "a"}', "application/json; charset=latin-1", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": "a", "content": 1e999}', "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b" " * 1_048_577, "application/json", 413),
    ],
)
def test_a_body_that_is_wrong_is_refused(
    rs: httpx.Client, content: bytes, kind: str, status: int
) -> None:
    answer = rs.post(LISTING, content=content, headers={"Content-Type": kind}, auth=ALICE)
    assert answer.status_code == status


def test_a_changed_description_is_registered_and_its_scopes_count(
    rs: httpx.Client, server: httpx.Client, pat: Headers, resource_of: Callable[[str], str]
) -> None:
    make(rs, {"id": "other", "name": "Other"})
    place = f"{LISTING}/other/description"
    changed = {"name": "New", "scopes": ["read"], "operations": {"GET": "read"}}
    answer = rs.put(place, json=changed, auth=ALICE)
    assert answer.status_code == 200
    assert rs.get(place, auth=ALICE).json() == answer.json()
    registered = server.get(f"/rreg/{resource_of('other')}", headers=pat).json()
    assert (registered["name"], registered["resource_scopes"]) == ("New", ["read"])
    assert rs.put(f"{LISTING}/other", json=1).status_code == 405
    assert rs.get(f"{LISTING}/other").status_code == 401


def test_a_deleted_document_is_deregistered(
    core: Core, rs: httpx.Client, server: httpx.Client, pat: Headers
) -> None:
    core.settle()
    assert len(server.get("/rreg/", headers=pat).json()) == 1
    rs.delete(NOTES, auth=ALICE)
    assert server.get("/rreg/", headers=pat).json() == []


def test_the_owner_sees_where_to_set_policy(rs: httpx.Client, wire: Wire) -> None:
    place = "https://as.example/policies/r1"
    body = {"_id": "r1", "user_access_policy_uri": place}
    wire.instead = lambda request: (
        httpx.Response(201, json=body, headers={"location": "/rreg/r1"})
        if (request.method, request.url.path) == ("POST", "/rreg/")
        else None
    )
    made = rs.post(LISTING, json={"id": "other", "name": "Other"}, auth=ALICE).json()
    assert made["user_access_policy_uri"] == place
    (other,) = [
        item for item in rs.get(LISTING, auth=ALICE).json()["documents"] if item["id"] == "other"
    ]
    assert (other["user_access_policy_uri"], other["resource_id"]) == (place, "r1")


def test_a_policy_address_that_is_no_web_address_is_not_shown(rs: httpx.Client, wire: Wire) -> None:
    body = {"_id": "r1", "user_access_policy_uri": "javascript:alert(1)"}
    wire.instead = lambda request: (
        httpx.Response(201, json=body)
        if (request.method, request.url.path) == ("POST", "/rreg/")
        else None
    )
    made = rs.post(LISTING, json={"name": "Other"}, auth=ALICE).json()
    assert made["registered"] is True
    assert "user_access_policy_uri" not in made


def test_an_identifier_that_stands_in_location_alone_is_used(rs: httpx.Client, wire: Wire) -> None:
    wire.instead = lambda request: (
        httpx.Response(201, headers={"location": "/rreg/a%20b"})
        if (request.method, request.url.path) == ("POST", "/rreg/")
        else None
    )
    made = rs.post(LISTING, json={"name": "Other"}, auth=ALICE).json()
    assert made["resource_id"] == "a b"


class TestListing:
    def test_by_default_it_is_for_the_owner_alone(self, rs: httpx.Client) -> None:
        answer = rs.get(LISTING)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert rs.post(LISTING, json={"name": "x"}).status_code == 401

    def test_a_public_one_shows_names_and_urls(
        self, start: Callable[..., Core], speak: Callable[[Core], httpx.Client]
    ) -> None:
        rs = speak(start(public_catalogue=True))
        assert rs.get(LISTING).json() == {"documents": [{"name": "Notes", "url": NOTES}]}
        assert rs.post(LISTING, json={"name": "x"}).status_code == 401


class TestSharedCollection:
    @pytest.fixture
    def rs_document(self, rs_document: Json) -> Json:
        return rs_document | {"shared_collections": True}

    def test_whoever_has_the_scope_makes_documents(
        self,
        core: Core,
        rs: httpx.Client,
        allow: Callable[..., str],
        resource_of: Callable[[str], str],
        rpt_for: Callable[..., Headers],
    ) -> None:
        core.settle()
        resource = resource_of("")
        allow(resource, "create", "list")
        creating, listing = rpt_for({resource: ["create"]}), rpt_for({resource: ["list"]})
        answer = rs.post(LISTING, json={"name": "Result"}, headers=creating)
        assert answer.status_code == 201
        assert answer.json().keys() == {"id", "url"}
        assert rs.post(LISTING, json={"name": "x"}, headers=listing).status_code == 401
        assert rs.get(LISTING, headers=creating).status_code == 401
        names = [item["name"] for item in rs.get(LISTING, headers=listing).json()["documents"]]
        assert names == ["Notes", "Result"]
        assert rs.get(answer.json()["url"], headers=creating).status_code == 401

    def test_switched_off_again_it_is_deregistered(
        self, core: Core, start: Callable[..., Core], server: httpx.Client, pat: Headers
    ) -> None:
        core.settle()
        assert len(server.get("/rreg/", headers=pat).json()) == 2
        start(core.store, shared_collections=False).settle()
        assert len(server.get("/rreg/", headers=pat).json()) == 1


def test_documents_of_the_configuration_come_once(start: Callable[..., Core]) -> None:
    first = start()
    assert [item.id for item in first.store.documents("alice")] == ["notes"]
    first.store.add_document(Document("alice", "x", Description("X")))
    first.store.delete_document("alice", "notes")
    start(first.store)
    assert [item.id for item in first.store.documents("alice")] == ["x"]


def test_the_owner_can_have_things_settled_now(
    rs: httpx.Client, wire: Wire, server: httpx.Client, pat: Headers
) -> None:
    place = f"{RS}/owners/alice/settle"
    assert rs.post(place).status_code == 401
    wire.cut = True
    assert rs.post(place, auth=ALICE).status_code == 503
    wire.cut = False
    assert rs.post(place, auth=ALICE).status_code == 200
    assert len(server.get("/rreg/", headers=pat).json()) == 1
