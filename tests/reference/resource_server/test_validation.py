"""Remembering what was introspected, and validating JWTs here (RFC 7662 4, RFC 9068)."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_reference.authorization_server import AdjustableClock
from uma_reference.resource_server import Core

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

AS = "https://as.example"
RS = "https://rs.example"
NOTES = f"{RS}/owners/alice/documents/notes"
Document = dict[str, object]
Headers = dict[str, str]


class TestRemembering:
    @pytest.fixture
    def rs_document(self, rs_document: Document) -> Document:
        return rs_document | {"introspection_cache_seconds": 60}

    @pytest.fixture
    def rpt(
        self,
        core: Core,
        allow: Callable[..., str],
        resource_of: Callable[[str], str],
        rpt_for: Callable[..., Headers],
    ) -> Headers:
        core.settle()
        allow(resource_of("notes"), "view")
        return rpt_for({resource_of("notes"): ["view"]})

    def test_an_answer_is_used_again_for_a_while(
        self, rs: httpx.Client, rpt: Headers, wire: Wire, clock: AdjustableClock
    ) -> None:
        for _ in range(3):
            assert rs.get(NOTES, headers=rpt).status_code == 200
        assert len(wire.seen("POST", "/introspect")) == 1
        clock.advance(60)
        assert rs.get(NOTES, headers=rpt).status_code == 200
        assert len(wire.seen("POST", "/introspect")) == 2

    def test_while_the_server_is_away_what_is_remembered_counts(
        self, rs: httpx.Client, rpt: Headers, wire: Wire, clock: AdjustableClock
    ) -> None:
        assert rs.get(NOTES, headers=rpt).status_code == 200
        wire.cut = True
        assert rs.get(NOTES, headers=rpt).status_code == 200
        clock.advance(60)
        assert rs.get(NOTES, headers=rpt).status_code == 403

    def test_never_beyond_the_end_of_the_rpt(
        self, rs: httpx.Client, rpt: Headers, clock: AdjustableClock
    ) -> None:
        clock.advance(590)
        assert rs.get(NOTES, headers=rpt).status_code == 200
        clock.advance(10)
        assert rs.get(NOTES, headers=rpt).status_code == 401

    def test_what_is_remembered_keeps_nobody_out(
        self, core: Core, rs: httpx.Client, wire: Wire
    ) -> None:
        core.settle()
        answers: list[list[object]] = [[], []]
        registration = core.store.registration("alice", "notes")
        assert registration is not None
        answers.append(
            [{"resource_id": registration.resource_id, "resource_scopes": ["view"]}],
        )

        def introspect(request: httpx.Request) -> httpx.Response | None:
            if request.url.path != "/introspect":
                return None
            return httpx.Response(200, json={"active": True, "permissions": answers.pop(0)})

        wire.instead = introspect
        header = {"Authorization": "Bearer upgraded"}
        assert rs.get(NOTES, headers=header).status_code == 401
        # Asked for anew, still not enough; and anew, now it is.
        assert rs.get(NOTES, headers=header).status_code == 401
        assert rs.get(NOTES, headers=header).status_code == 200
        assert rs.get(NOTES, headers=header).status_code == 200
        assert not answers

    def test_an_rpt_that_is_not_active_is_not_remembered(
        self, rs: httpx.Client, wire: Wire
    ) -> None:
        header = {"Authorization": "Bearer wrong"}
        for _ in range(2):
            assert rs.get(NOTES, headers=header).status_code == 401
        assert len(wire.seen("POST", "/introspect")) == 2


class TestLocalValidation:
    @pytest.fixture
    def rs_document(self, rs_document: Document) -> Document:
        return rs_document | {"rpt_validation": "local"}

    @pytest.fixture(scope="session")
    @staticmethod
    def key() -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @pytest.fixture
    def keys(self, key: ec.EllipticCurvePrivateKey) -> list[Document]:
        public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
        return [{**public, "kid": "k1", "use": "sig"}, {"kty": "XYZ", "kid": "odd"}, {"kty": 1}]

    @pytest.fixture(autouse=True)
    def publish(self, wire: Wire, server: httpx.Client, keys: list[Document]) -> None:
        metadata = server.get("/.well-known/uma2-configuration").json()
        metadata["jwks_uri"] = f"{AS}/keys"

        def answer(request: httpx.Request) -> httpx.Response | None:
            if request.url.path == "/keys":
                return httpx.Response(200, json={"keys": keys})
            if request.url.path == "/.well-known/uma2-configuration":
                return httpx.Response(200, json=metadata)
            return None

        wire.instead = answer

    @pytest.fixture
    def rpt(
        self, core: Core, key: ec.EllipticCurvePrivateKey, clock: AdjustableClock
    ) -> Callable[..., Headers]:
        """Return what makes a JWT for viewing the notes, with changes to header and claims."""
        core.settle()
        registration = core.store.registration("alice", "notes")
        assert registration is not None
        permission = {"resource_id": registration.resource_id, "resource_scopes": ["view"]}

        def make(
            signing: object = key, header: Document | None = None, **claims: object
        ) -> Headers:
            now = clock.now()
            standard: Document = {"iss": AS, "aud": RS, "sub": "party", "client_id": "client"}
            standard |= {"iat": now, "exp": now + 600, "jti": "1", "permissions": [permission]}
            kept = {k: v for k, v in {**standard, **claims}.items() if v is not None}
            headers = {"typ": "at+jwt", "kid": "k1", **(header or {})}
            algorithm = str(headers.pop("alg", "ES256"))
            token = jwt.encode(kept, signing, algorithm=algorithm, headers=headers)  # type: ignore[arg-type]  # any key
            return {"Authorization": f"Bearer {token}"}

        return make

    def test_a_jwt_opens_what_it_holds_without_asking(
        self, rs: httpx.Client, rpt: Callable[..., Headers], wire: Wire
    ) -> None:
        for _ in range(2):
            assert rs.get(NOTES, headers=rpt()).status_code == 200
        assert rs.put(NOTES, json=1, headers=rpt()).status_code == 401
        assert not wire.seen("POST", "/introspect")
        assert len(wire.seen("GET", "/keys")) == 1

    @pytest.mark.parametrize(
        "claims",
        [
            *({"iss": "https://other.example"}, {"aud": "https://other.example"}, {"aud": None}),
            *({"exp": 1}, {"exp": None}, {"nbf": 2**40}, {"permissions": []}, {"iss": None}),
            *({"permissions": "x"}, {"jti": None}, {"sub": None}, {"client_id": None}),
        ],
    )
    def test_a_jwt_with_other_claims_opens_nothing(
        self, rs: httpx.Client, rpt: Callable[..., Headers], wire: Wire, claims: Document
    ) -> None:
        assert rs.get(NOTES, headers=rpt(**claims)).status_code == 401
        assert not wire.seen("POST", "/introspect")

    def test_a_permission_of_a_jwt_ends_by_its_own_time(
        self, core: Core, rs: httpx.Client, rpt: Callable[..., Headers], clock: AdjustableClock
    ) -> None:
        registration = core.store.registration("alice", "notes")
        assert registration is not None
        permission = {"resource_id": registration.resource_id, "resource_scopes": ["view"]}
        ending = {**permission, "exp": clock.now() + 60}
        header = rpt(permissions=[ending])
        assert rs.get(NOTES, headers=header).status_code == 200
        clock.advance(60)
        assert rs.get(NOTES, headers=header).status_code == 401

    def test_a_jwt_that_another_key_signed_opens_nothing(
        self, rs: httpx.Client, rpt: Callable[..., Headers]
    ) -> None:
        other = ec.generate_private_key(ec.SECP256R1())
        assert rs.get(NOTES, headers=rpt(other)).status_code == 401

    @pytest.mark.parametrize(
        ("signing", "header"),
        [
            ("k" * 32, {"alg": "HS256"}),
            (None, {"alg": "none"}),
        ],
    )
    def test_no_other_kind_of_signature_counts(
        self, rs: httpx.Client, rpt: Callable[..., Headers], signing: object, header: Document
    ) -> None:
        assert rs.get(NOTES, headers=rpt(signing, header)).status_code == 401

    def test_another_type_of_jwt_is_asked_about(
        self, rs: httpx.Client, rpt: Callable[..., Headers], wire: Wire
    ) -> None:
        assert rs.get(NOTES, headers=rpt(header={"typ": "JWT"})).status_code == 401
        assert len(wire.seen("POST", "/introspect")) == 1

    def test_a_jwt_without_permissions_is_asked_about(
        self, rs: httpx.Client, rpt: Callable[..., Headers], wire: Wire
    ) -> None:
        assert rs.get(NOTES, headers=rpt(permissions=None)).status_code == 401
        assert len(wire.seen("POST", "/introspect")) == 1

    @pytest.mark.parametrize("token", ["a.b.c", "..", "e30.e30.", "W10.e30.x", "\u00e4.b.c"])
    def test_what_only_looks_like_a_jwt_is_asked_about(
        self, rs: httpx.Client, wire: Wire, token: str
    ) -> None:
        header = {b"Authorization": f"Bearer {token}".encode("latin-1")}
        assert rs.get(NOTES, headers=header).status_code == 401
        assert len(wire.seen("POST", "/introspect")) == 1

    def test_a_new_key_is_fetched_but_not_too_often(
        self,
        rs: httpx.Client,
        rpt: Callable[..., Headers],
        wire: Wire,
        keys: list[Document],
        clock: AdjustableClock,
    ) -> None:
        header = rpt(header={"kid": "k2"})
        for _ in range(3):
            assert rs.get(NOTES, headers=header).status_code == 401
        assert len(wire.seen("GET", "/keys")) == 1
        keys[0]["kid"] = "k2"
        clock.advance(30)
        assert rs.get(NOTES, headers=header).status_code == 200

    def test_without_keys_there_is_a_challenge(
        self, rs: httpx.Client, rpt: Callable[..., Headers], wire: Wire
    ) -> None:
        published = wire.instead
        wire.instead = lambda request: (
            httpx.Response(500) if request.url.path == "/keys" else published(request)
        )
        assert rs.get(NOTES, headers=rpt()).status_code == 401
