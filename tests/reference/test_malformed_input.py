"""Whatever is sent to whichever endpoint: never an error of the server, always one that is named.

Single cases that are hard to take, and that chance hardly finds, stand in `test_hard_input.py`.
"""

import base64
import json
from collections.abc import Callable
from typing import cast
from urllib.parse import quote, urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm

Document = dict[str, object]

PAT = "the PAT of alice"
PLACES = (
    *("/.well-known/uma2-configuration", "/token", "/rreg", "/rreg/", "/rreg/RESOURCE"),
    *("/perm", "/introspect", "/owner/resources/RESOURCE/policies", "/owner/policies/POLICY"),
    *("/rreg/ANY", "/owner/resources/ANY/policies", "/owner/policies/ANY", "/controls/clock"),
    *("/revoke", "/register", "/register", "/owner/requests", "/owner/requests/REQUEST", "/jwks"),
    *("/owner/requests/ANY", "/owner/events"),
)
JSON_NAMES = (
    *("resource_id", "resource_scopes", "_id", "name", "name#de", "description", "icon_uri"),
    *("type", "scopes", "anyone", "conditions", "claim", "values", "issuer", "friendly_name"),
    *("ask", "expires_at", "decision", "advance"),
)
METADATA = (
    *("client_name", "scope", "redirect_uris", "claims_redirect_uris", "grant_types", "jwks_uri"),
    *("token_endpoint_auth_method", "jwks", "response_types", "software_statement"),
)
KEY_MEMBERS = (
    *("kty", "crv", "x", "y", "n", "e", "d", "k", "kid", "alg", "use", "key_ops", "x5c"),
)
GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM_NAMES = (
    *("grant_type", "ticket", "scope", "claim_token", "claim_token_format", "token"),
    *("token_type_hint", "client_id", "client_secret", "pct", "rpt", "refresh_token", "code"),
    *("code_verifier", "redirect_uri", "client_assertion", "client_assertion_type"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE")
ERRORS = frozenset({400, 401, 403, 404, 405, 409, 413, 429})


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def segments(header: object, claims: object) -> str:
    texts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join([*(base64.urlsafe_b64encode(text).decode().rstrip("=") for text in texts), "x"])


# Without excluded categories there are halves of characters too, which JSON can escape.
text = st.text(st.characters(exclude_categories=[]), max_size=20)
header_text = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=20)
ascii_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
names = st.sampled_from(JSON_NAMES) | text
leaves = st.one_of(
    *(st.none(), st.booleans(), st.integers(), text, st.just("RESOURCE"), st.just("view")),
    st.floats(),
    st.sampled_from(("approve", "deny", "private_key_jwt", "none", "https://app.example/cb")),
)
shapes = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=15,
)
crooked_tokens = st.builds(
    segments,
    st.dictionaries(st.sampled_from(("alg", "kid", "typ", "crit", "b64", "jwk")), shapes),
    st.dictionaries(st.sampled_from(("iss", "sub", "aud", "exp", "iat", "nbf")), shapes)
    | st.just({"iss": "https://identity.example"})
    | st.just({"iss": "signer", "sub": "signer", "aud": "https://as.example/token"}),
)


def keys_of(members: object) -> Document:
    return {"keys": members}


key_members = st.dictionaries(
    st.sampled_from(KEY_MEMBERS),
    st.sampled_from(("EC", "RSA", "OKP", "oct", "P-256", "P-521", "Ed25519", "X25519", "ES256"))
    | st.sampled_from(("AQAB", "AA", "", "=", "A" * 43))
    | leaves,
    max_size=6,
)
metadata: st.SearchStrategy[Document] = st.dictionaries(
    st.sampled_from(METADATA),
    st.one_of(
        *(shapes, st.lists(st.sampled_from((GRANT, "authorization_code", "https://a.example/")))),
        st.lists(key_members, max_size=3).map(keys_of),
        st.sampled_from(("private_key_jwt", "none", "client_secret_post")),
    ),
    max_size=6,
)
form_values = st.one_of(
    *(
        ascii_text,
        st.text(max_size=20),
        crooked_tokens,
        st.just("TICKET"),
        st.just("client"),
        st.just("client-secret"),
    ),
    st.sampled_from(("client_credentials", GRANT, ID_TOKEN_FORMAT, "view", "")),
    st.sampled_from(("authorization_code", "refresh_token", ASSERTION, "signer", "public")),
)
fields = st.lists(st.tuples(st.sampled_from(FORM_NAMES) | ascii_text, form_values), max_size=7)
presentations = crooked_tokens.map(
    lambda token: [
        *(("grant_type", GRANT), ("ticket", "TICKET"), ("claim_token", token)),
        ("claim_token_format", ID_TOKEN_FORMAT),
    ]
)
assertions = crooked_tokens.map(
    lambda token: [
        *(("grant_type", "client_credentials"), ("client_assertion", token)),
        ("client_assertion_type", ASSERTION),
    ]
)
bodies = st.one_of(
    st.binary(max_size=200),
    metadata.map(lambda value: json.dumps(value).encode()),
    shapes.map(lambda value: json.dumps(value).encode()),
    # A number beyond all floats is valid JSON, unlike the name that Python writes for it.
    shapes.map(lambda value: json.dumps(value).replace("Infinity", "1e999").encode()),
    (fields | presentations | assertions).map(lambda pairs: urlencode(pairs).encode()),
)
media_types = st.one_of(
    st.just("application/json"),
    st.just("application/x-www-form-urlencoded"),
    st.sampled_from(("application/json; charset=utf-16", "multipart/form-data", ";", "")),
    ascii_text,
)
credentials = st.one_of(
    st.just(PAT),
    st.sampled_from((basic("alice:alice-password"), basic("client:client-secret"), "")),
    st.tuples(st.sampled_from(("Bearer", "Basic", "Digest")), header_text).map(" ".join),
    st.text(max_size=20).map(basic),
)
methods = st.sampled_from(("GET", "HEAD", "POST", "POST", "POST", "PUT", "PATCH", "DELETE"))
relaxed = settings(
    max_examples=400,
    deadline=None,
    # The server may keep what earlier examples left in it; garbage has to be harmless all the same.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def document(document: Document) -> Document:
    """Switch everything on, and no limit that garbage would soon reach."""
    key = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    more: list[object] = [
        {"id": "public", "token_endpoint_auth_method": "none"},
        {
            "id": "signer",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [key]},
        },
    ]
    return {
        **document,
        "clients": [*cast("list[object]", document["clients"]), *more],
        "features": [
            *("dynamic-registration", "interactive-claims", "pct", "refresh"),
            *("request_submitted", "revocation", "rpt-upgrade"),
        ],
        "limits": {"sign_ins": 10**6, "registrations_per_hour": 10**6},
    }


@pytest.fixture
def waiting(
    server: httpx.Client,
    register: Callable[..., str],
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    id_token: Callable[..., dict[str, str]],
) -> str:
    """Return the identifier of a request that waits for alice."""
    resource, owner = register("view"), ("alice", "alice-password")
    policy = [{"scopes": ["view"], "anyone": True, "ask": True}]
    server.put(f"/owner/resources/{resource}/policies", json=policy, auth=owner).raise_for_status()
    submitted = redeem(ticket({resource: ["view"]}), **id_token())
    assert submitted.json()["error"] == "request_submitted"
    (found,) = server.get("/owner/requests", auth=owner).json()
    return str(found["id"])


@relaxed
@given(
    methods,
    st.sampled_from(PLACES),
    ascii_text,
    bodies,
    media_types,
    credentials,
)
def test_garbage_gets_a_named_error(
    server: httpx.Client,
    pat: dict[str, str],
    register: Callable[..., str],
    allow: Callable[..., str],
    ticket: Callable[..., str],
    waiting: str,
    method: str,
    place: str,
    segment: str,
    body: bytes,
    media_type: str,
    credential: str,
) -> None:
    resource = register("view")
    policy = allow(resource, "view", role="doctor")
    path = (
        place.replace("RESOURCE", resource)
        .replace("POLICY", policy)
        .replace("REQUEST", waiting)
        .replace("ANY", quote(segment, safe="") or "x")
    )
    filled = body.replace(b"RESOURCE", resource.encode())
    filled = filled.replace(b"TICKET", ticket({resource: ["view"]}).encode())
    value = pat["Authorization"] if credential == PAT else credential
    headers = [(b"Content-Type", media_type.encode())]
    headers += [(b"Authorization", value.encode("latin-1"))] if value else []
    answer = server.request(method, path, content=filled, headers=headers)
    assert answer.status_code < 300 or answer.status_code in ERRORS
    # An answer to HEAD has no body, whatever its status.
    if answer.status_code >= 400 and method != "HEAD":
        error = answer.json()["error"]
        assert isinstance(error, str)
        assert error


@pytest.mark.parametrize("place", [*dict.fromkeys(PLACES), "/token/", "/nowhere", "/%2e%2e"])
def test_every_method_gets_a_named_answer_at_every_place(server: httpx.Client, place: str) -> None:
    for method in METHODS:
        answer = server.request(method, place)
        assert answer.status_code < 300 or answer.status_code in ERRORS
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.json()["error"]
        if answer.status_code == 405:
            assert method not in answer.headers.get("allow", "").split(", ")
