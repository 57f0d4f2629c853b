"""RPTs as signed JWTs (RFC 9068), which say what introspection says."""

import base64
import json
from collections.abc import Callable
from typing import cast

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from starlette.types import ASGIApp

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reference.authorization_server.signing import EcSigner

Document = dict[str, object]
Headers = dict[str, str]
Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
Push = Callable[..., dict[str, str]]
CLIENT = ("client", "client-secret")
OWNER = ("alice", "alice-password")


@pytest.fixture
def document(document: Document) -> Document:
    features = ["pct", "refresh", "revocation", "rpt-upgrade"]
    return {**document, "rpt_format": "jwt", "features": features, "withdrawal_ends_rpts": True}


@pytest.fixture
def verified(server: httpx.Client) -> Callable[..., Document]:
    """Return a function that reads an RPT as a resource server does by itself."""

    def read(rpt: str, audience: str = "rs") -> Document:
        keys = jwt.PyJWKSet.from_dict(server.get("/jwks").json())
        header = jwt.get_unverified_header(rpt)
        assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
        key = keys[header["kid"]]
        # Times are compared with those of the server, whose clock may be ahead.
        claims = jwt.decode(
            rpt,
            key,
            ["ES256"],
            {"verify_exp": False, "verify_iat": False},
            audience=audience,
            issuer="https://as.example",
        )
        return cast("Document", claims)

    return read


@pytest.fixture
def introspected(server: httpx.Client, pat: Headers) -> Callable[..., Document]:
    def look(rpt: str, headers: Headers = pat) -> Document:
        return dict(server.post("/introspect", data={"token": rpt}, headers=headers).json())

    return look


@pytest.fixture
def resource(register: Make, allow: Make) -> str:
    made = register("view", "edit")
    allow(made, "view", role="doctor")
    return made


@pytest.fixture
def granted(resource: str, ticket: Make, redeem: Redeem, id_token: Push) -> Callable[[], Document]:
    """Return a function that has an RPT issued."""

    def get(**more: str) -> Document:
        answer = redeem(ticket({resource: ["view"]}), **id_token(), **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return get


def test_an_rpt_says_what_introspection_says(
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    introspected: Callable[..., Document],
    resource: str,
) -> None:
    rpt = str(granted()["access_token"])
    claims, shown = verified(rpt), introspected(rpt)
    # What RFC 9068 section 2.2 asks for is all there.
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= claims.keys()
    for name in ("iss", "exp", "iat", "client_id", "permissions"):
        assert claims[name] == shown[name]
    (permission,) = cast("list[Document]", claims["permissions"])
    assert (permission["resource_id"], permission["resource_scopes"]) == (resource, ["view"])
    assert "scope" not in claims
    assert claims["aud"] == "rs"


def test_two_rpts_differ(
    granted: Callable[[], Document], verified: Callable[..., Document]
) -> None:
    one, other = (str(granted()["access_token"]) for _ in range(2))
    assert one != other
    assert verified(one)["jti"] != verified(other)["jti"]


def test_nobody_learns_who_it_is_or_compares_notes(
    server: httpx.Client,
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    pat_of: Callable[[str], Headers],
    redeem: Redeem,
    id_token: Push,
) -> None:
    here = [str(granted()["access_token"]) for _ in range(2)]
    other = pat_of("rs2-alice")
    description = {"resource_scopes": ["view"]}
    elsewhere = server.post("/rreg", json=description, headers=other).json()["_id"]
    policy = [{"scopes": ["view"], "anyone": True}]
    server.put(f"/owner/resources/{elsewhere}/policies", json=policy, auth=OWNER)
    wanted = {"resource_id": elsewhere, "resource_scopes": ["view"]}
    ticket = server.post("/perm", json=wanted, headers=other).json()["ticket"]
    there = redeem(ticket, **id_token()).json()["access_token"]
    subjects = [verified(rpt)["sub"] for rpt in here]
    assert subjects[0] == subjects[1]
    assert verified(there, "rs2")["sub"] not in subjects
    for rpt in (*here, there):
        body = base64.urlsafe_b64decode(rpt.split(".")[1] + "==")
        for told in (b"party", b"identity.example", b"doctor", b"alice"):
            assert told not in body


def test_another_party_has_another_subject(
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    resource: str,
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
) -> None:
    first = str(granted()["access_token"])
    second = redeem(ticket({resource: ["view"]}), **id_token(sub="another")).json()
    assert verified(first)["sub"] != verified(second["access_token"])["sub"]


def test_a_refreshed_rpt_is_one_too(
    server: httpx.Client,
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    introspected: Callable[..., Document],
) -> None:
    first = granted()
    form = {"grant_type": "refresh_token", "refresh_token": str(first["refresh_token"])}
    rpt = server.post("/token", data=form, auth=CLIENT).json()["access_token"]
    assert verified(rpt)["permissions"] == introspected(rpt)["permissions"]
    assert verified(rpt)["sub"] == verified(str(first["access_token"]))["sub"]
    assert introspected(str(first["access_token"])) == {"active": False}


def test_an_upgraded_rpt_is_one_too(
    granted: Callable[..., Document],
    verified: Callable[..., Document],
    introspected: Callable[..., Document],
    allow: Make,
    register: Make,
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
    resource: str,
) -> None:
    first = str(granted()["access_token"])
    second = register("view")
    allow(second, "view", role="doctor")
    answer = redeem(ticket({second: ["view"]}), rpt=first, **id_token()).json()
    assert answer["upgraded"] is True
    shown = cast("list[Document]", verified(answer["access_token"])["permissions"])
    assert {item["resource_id"] for item in shown} == {resource, second}
    assert shown == introspected(answer["access_token"])["permissions"]
    assert introspected(first) == {"active": False}


def test_revocation_and_withdrawal_show_at_introspection(
    server: httpx.Client,
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    introspected: Callable[..., Document],
    resource: str,
) -> None:
    revoked, withdrawn = (str(granted()["access_token"]) for _ in range(2))
    server.post("/revoke", data={"token": revoked}, auth=CLIENT).raise_for_status()
    assert introspected(revoked) == {"active": False}
    assert introspected(withdrawn)["active"] is True
    server.put(f"/owner/resources/{resource}/policies", json=[], auth=OWNER).raise_for_status()
    assert introspected(withdrawn) == {"active": False}
    # Who reads the token alone cannot know, until it expires.
    assert verified(withdrawn)["permissions"]


def test_an_rpt_expires_when_it_says(
    granted: Callable[[], Document],
    verified: Callable[..., Document],
    introspected: Callable[..., Document],
    clock: AdjustableClock,
    pat_of: Callable[[str], Headers],
) -> None:
    rpt = str(granted()["access_token"])
    clock.advance(cast("int", verified(rpt)["exp"]) - clock.now())
    assert introspected(rpt, pat_of("rs-alice")) == {"active": False}


def test_a_policy_that_ends_ends_its_permission_in_the_token(
    register: Make,
    server: httpx.Client,
    verified: Callable[..., Document],
    ticket: Make,
    redeem: Redeem,
    clock: AdjustableClock,
) -> None:
    made, end = register("view"), clock.now() + 100
    policy = [{"scopes": ["view"], "anyone": True, "expires_at": end}]
    server.put(f"/owner/resources/{made}/policies", json=policy, auth=OWNER).raise_for_status()
    claims = verified(redeem(ticket({made: ["view"]})).json()["access_token"])
    (permission,) = cast("list[Document]", claims["permissions"])
    assert permission["exp"] == end
    assert cast("int", claims["exp"]) > end


def test_a_changed_token_is_nobodys(
    granted: Callable[[], Document], introspected: Callable[..., Document]
) -> None:
    rpt = str(granted()["access_token"])
    header, body, signature = rpt.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    more = json.dumps({**claims, "exp": claims["exp"] + 1}).encode()
    forged = base64.urlsafe_b64encode(more).decode().rstrip("=")
    for other in (f"{header}.{forged}.{signature}", f"{header}.{body}.", f"{rpt}=", rpt[:-1]):
        assert introspected(other) == {"active": False}


def test_an_rpt_is_neither_a_pat_nor_a_claim_token(
    server: httpx.Client,
    granted: Callable[[], Document],
    resource: str,
    ticket: Make,
    redeem: Redeem,
) -> None:
    rpt = str(granted()["access_token"])
    answer = server.get("/rreg", headers={"Authorization": f"Bearer {rpt}"})
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    form = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"
    pushed = redeem(ticket({resource: ["view"]}), claim_token=rpt, claim_token_format=form)
    assert pushed.json()["error"] == "need_info"


def test_the_store_has_no_token(granted: Callable[[], Document], store: MemoryStore) -> None:
    assert str(granted()["access_token"]) not in repr(vars(store))


class Ticking(AdjustableClock):
    """A clock by which no two things happen at the same time."""

    def now(self) -> int:
        self.advance(1)
        return super().now()


def test_token_and_introspection_agree_however_long_it_takes(
    document: Document, in_process: Callable[[ASGIApp], httpx.BaseTransport]
) -> None:
    signer = EcSigner.fresh()
    config = Config.from_document(document)
    app = create_app(config, MemoryStore(), Ticking(), SystemRandomness(), signer=signer)
    with httpx.Client(transport=in_process(app), base_url=config.issuer) as server:
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        token = server.post("/token", data=form, auth=("rs-alice", "rs-alice-secret")).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        made = server.post("/rreg", json={"resource_scopes": []}, headers=headers).json()["_id"]
        policy: list[Document] = [{"scopes": list[str](), "anyone": True}]
        server.put(f"/owner/resources/{made}/policies", json=policy, auth=OWNER)
        wanted: Document = {"resource_id": made, "resource_scopes": list[str]()}
        ticket = server.post("/perm", json=wanted, headers=headers).json()["ticket"]
        grant = "urn:ietf:params:oauth:grant-type:uma-ticket"
        form = {"grant_type": grant, "ticket": ticket}
        rpt = server.post("/token", data=form, auth=CLIENT).json()["access_token"]
        shown = server.post("/introspect", data={"token": rpt}, headers=headers).json()
        claims = jwt.decode(rpt, options={"verify_signature": False})
        assert (claims["iat"], claims["exp"]) == (shown["iat"], shown["exp"])
        assert claims["permissions"] == shown["permissions"]
        assert server.get("/jwks").json() == signer.jwks()


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, word: bytes = b"") -> bytes:
    guard = serialization.BestAvailableEncryption(word) if word else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, guard)


def test_a_kept_key_signs_and_names_people_as_before() -> None:
    text = pem(ec.generate_private_key(ec.SECP256R1()))
    one, other = EcSigner.from_pem(text), EcSigner.from_pem(text)
    assert one.jwks() == other.jwks()
    assert one.pseudonym("rs carol") == other.pseudonym("rs carol")
    assert EcSigner.fresh().pseudonym("rs carol") != one.pseudonym("rs carol")
    (key,) = cast("list[Document]", one.jwks()["keys"])
    assert (key["use"], key["alg"], key["crv"]) == ("sig", "ES256", "P-256")
    assert "d" not in key


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"x",
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(ec.generate_private_key(ec.SECP256R1()), b"word"),
    ],
    ids=["empty", "no key", "another curve", "another kind", "with a password"],
)
def test_any_other_key_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        EcSigner.from_pem(text)


class TestOpaque:
    @pytest.fixture
    def document(self, document: Document) -> Document:
        return {name: value for name, value in document.items() if name != "rpt_format"}

    def test_an_rpt_is_opaque_unless_it_is_configured(
        self, granted: Callable[[], Document]
    ) -> None:
        assert len(str(granted()["access_token"])) == 43
