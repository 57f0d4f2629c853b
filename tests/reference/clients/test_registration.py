"""Dynamic client registration (RFC 7591), with claims redirection URIs (Grant 2)."""

from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_reference.authorization_server import AdjustableClock, MemoryStore

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
Register = Callable[..., httpx.Response]
Login = Callable[..., httpx.Response]
Make = Callable[..., str]
Assertion = Callable[..., dict[str, str]]
Document = dict[str, object]
CB = "https://app.example/cb"


def error_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_a_client_that_says_nothing_gets_what_is_usual(
    registered: Register, clock: AdjustableClock
) -> None:
    answer = registered()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    members = answer.json()
    assert len(members["client_id"]) == len(members["client_secret"]) == 43
    assert clock.now() - 5 <= members["client_id_issued_at"] <= clock.now()
    assert members["client_secret_expires_at"] == 0
    assert members["token_endpoint_auth_method"] == "client_secret_basic"
    assert members["grant_types"] == ["refresh_token", UMA_GRANT]
    assert members["response_types"] == []
    assert members.keys().isdisjoint({"redirect_uris", "claims_redirect_uris", "jwks", "scope"})


def test_what_was_registered_is_told(registered: Register) -> None:
    metadata = {
        "client_name": "The app",
        "scope": "view download",
        "redirect_uris": [CB, "com.example.app:/cb", CB],
        "claims_redirect_uris": ["https://app.example/claims?x=1;y", "http://127.0.0.1/claims"],
        "token_endpoint_auth_method": "client_secret_post",
        "grant_types": [UMA_GRANT, "authorization_code"],
    }
    answer = registered(**metadata, unknown={"x": "y"}, software_statement="ignored").json()
    assert answer["client_name"] == "The app"
    assert answer["scope"] == "download view"
    assert answer["redirect_uris"] == [CB, "com.example.app:/cb"]
    assert answer["claims_redirect_uris"] == metadata["claims_redirect_uris"]
    assert answer["token_endpoint_auth_method"] == "client_secret_post"
    assert answer["grant_types"] == ["authorization_code", UMA_GRANT]
    assert answer["response_types"] == ["code"]
    assert answer.keys().isdisjoint({"unknown", "software_statement"})


def test_redirection_uris_alone_make_no_response_type(registered: Register) -> None:
    answer = registered(redirect_uris=[CB], grant_types=[UMA_GRANT]).json()
    assert (answer["grant_types"], answer["response_types"]) == ([UMA_GRANT], [])


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_registered_client_authenticates_by_its_secret(
    registered: Register, login: Login, method: str
) -> None:
    client = registered(token_endpoint_auth_method=method).json()
    assert error_of(login((client["client_id"], client["client_secret"]))) == (
        400,
        "unauthorized_client",
    )
    assert error_of(login((client["client_id"], "x"))) == (401, "invalid_client")
    assert error_of(login(client_id=client["client_id"])) == (401, "invalid_client")


def test_a_public_client_has_no_secret(registered: Register, login: Login) -> None:
    client = registered(token_endpoint_auth_method="none").json()
    assert client.keys().isdisjoint({"client_secret", "client_secret_expires_at"})
    assert error_of(login(client_id=client["client_id"])) == (400, "unauthorized_client")


def test_a_client_registers_its_keys(
    registered: Register, login: Login, assertion: Assertion
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    jwks = {"keys": [{**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "1"}]}
    client = registered(token_endpoint_auth_method="private_key_jwt", jwks=jwks).json()
    assert client["jwks"] == jwks
    assert "client_secret" not in client
    name = client["client_id"]
    assert error_of(login(**assertion(key=key, iss=name, sub=name))) == (400, "unauthorized_client")
    assert error_of(login(**assertion(iss=name, sub=name))) == (401, "invalid_client")


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        list[object](),
        "x",
        dict[str, object](),
        {"keys": list[object]()},
        {"keys": dict[str, object]()},
        {"keys": ["x"]},
        {"keys": [dict[str, object]()]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]},
        {"keys": [{"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "x": 1, "y": None}]},
        {"keys": [{"kty": "RSA", "n": "", "e": ""}]},
        {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "n": "!", "e": list[object]()}]},
        {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]},
        {"keys": [{"kty": ["EC"]}]},
    ],
)
def test_keys_that_cannot_be_used_are_refused(registered: Register, jwks: object) -> None:
    answer = registered(token_endpoint_auth_method="private_key_jwt", jwks=jwks)
    assert error_of(answer) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_basic", "none"])
def test_a_private_key_is_refused_and_not_shown(
    registered: Register, store: MemoryStore, method: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = ECAlgorithm.to_jwk(key, as_dict=True)
    good = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    answer = registered(token_endpoint_auth_method=method, jwks={"keys": [good, private]})
    assert error_of(answer) == (400, "invalid_client_metadata")
    assert str(private["d"]) not in answer.text + repr(vars(store))


@pytest.mark.parametrize(
    "metadata",
    [
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": 1},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"jwks_uri": "https://app.example/jwks"},
        {"grant_types": []},
        {"grant_types": ["client_credentials"]},
        {"grant_types": ["password", "implicit"]},
        {"grant_types": UMA_GRANT},
        {"grant_types": [UMA_GRANT, 1]},
        {"scope": ["view"]},
        {"client_name": None},
        {"redirect_uris": CB},
        {"redirect_uris": [1]},
        {"redirect_uris": None},
        {"claims_redirect_uris": {}},
    ],
)
def test_metadata_that_does_not_fit_is_refused(registered: Register, metadata: Document) -> None:
    assert error_of(registered(**metadata)) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("name", ["redirect_uris", "claims_redirect_uris"])
@pytest.mark.parametrize(
    "address",
    [
        *("", "/cb", "http://app.example/cb", "https://app.example/#x", "javascript:alert(1)"),
        *("https://user@app.example/", "https://app.example; script-src */", "app:/cb"),
    ],
)
def test_an_address_that_nobody_can_be_sent_to_is_refused(
    registered: Register, name: str, address: str
) -> None:
    answer = registered(**{name: [CB, address]})
    assert error_of(answer) == (400, "invalid_redirect_uri")
    assert answer.json()["error_description"].startswith(f"{name}: it ")


def test_addresses_are_limited_in_number(registered: Register) -> None:
    many = [f"{CB}/{number}" for number in range(21)]
    assert error_of(registered(claims_redirect_uris=many)) == (400, "invalid_redirect_uri")
    assert registered(claims_redirect_uris=many[:20]).status_code == 201


def test_the_code_grant_needs_an_address(registered: Register) -> None:
    answer = registered(grant_types=["authorization_code"])
    assert error_of(answer) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b'{"scope":"a","scope":"b"}', b"\xff"])
def test_anything_but_an_object_is_refused(server: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert server.post("/register", content=body, headers=headers).status_code == 400
    assert server.post("/register", data={"client_name": "x"}).status_code == 400


def test_grants_that_cannot_be_registered_are_left_out_and_refused_later(
    server: httpx.Client, registered: Register
) -> None:
    wanted = ["client_credentials", UMA_GRANT, "password"]
    client = registered(grant_types=wanted, scope="uma_protection").json()
    assert client["grant_types"] == [UMA_GRANT]
    auth = (client["client_id"], client["client_secret"])
    for grant in ("client_credentials", "authorization_code", "refresh_token"):
        form = {"grant_type": grant, "scope": "uma_protection", "code": "x", "refresh_token": "x"}
        answer = server.post("/token", data=form, auth=auth)
        assert error_of(answer) == (400, "unauthorized_client")
    answer = server.post("/token", data={"grant_type": "password"}, auth=auth)
    assert error_of(answer) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("refreshes", [True, False])
def test_a_refresh_token_comes_to_who_can_use_it(
    server: httpx.Client,
    registered: Register,
    register: Make,
    allow: Make,
    ticket: Make,
    refreshes: bool,  # noqa: FBT001 - a case of the table
) -> None:
    resource = register("view")
    allow(resource, "view")
    client = registered(grant_types=[UMA_GRANT, *["refresh_token"] * refreshes]).json()
    form = {"grant_type": UMA_GRANT, "ticket": ticket({resource: ["view"]})}
    auth = (client["client_id"], client["client_secret"])
    answer = server.post("/token", data=form, auth=auth)
    assert answer.status_code == 200
    assert ("refresh_token" in answer.json()) == refreshes


def test_registered_scopes_widen_requests(
    server: httpx.Client,
    registered: Register,
    register: Make,
    allow: Make,
    ticket: Make,
    pat: dict[str, str],
) -> None:
    resource = register("view", "edit")
    allow(resource, "view", "edit")
    client = registered(scope="edit").json()
    auth = (client["client_id"], client["client_secret"])
    form = {"grant_type": UMA_GRANT, "ticket": ticket({resource: ["view"]}), "scope": "edit"}
    rpt = server.post("/token", data=form, auth=auth).json()["access_token"]
    shown = server.post("/introspect", data={"token": rpt}, headers=pat).json()
    assert shown["permissions"][0]["resource_scopes"] == ["edit", "view"]


def test_a_secret_is_kept_as_a_digest_and_shown_once(
    registered: Register, store: MemoryStore
) -> None:
    client = registered().json()
    kept = store.client(client["client_id"])
    assert kept is not None
    assert client["client_secret"] not in repr(vars(store)) + kept.secret_digest
    assert len(kept.secret_digest) == 64


def test_an_address_can_register_only_so_many(registered: Register, clock: AdjustableClock) -> None:
    assert registered(grant_types=[]).status_code == 400
    assert [registered().status_code for _ in range(6)] == [201] * 5 + [429]
    refused = registered()
    assert (error_of(refused), refused.headers["retry-after"]) == (
        (429, "too_many_requests"),
        "3600",
    )
    clock.advance(3600)
    assert registered().status_code == 201


class TestSwitchedOff:
    @pytest.fixture
    def document(self, document: Document) -> Document:
        return {**document, "features": []}

    def test_nobody_registers(self, server: httpx.Client, registered: Register) -> None:
        assert registered().status_code == 404
        shown = server.get("/.well-known/uma2-configuration").json()
        assert "registration_endpoint" not in shown
