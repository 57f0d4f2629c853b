"""Whatever is sent to whichever endpoint: never an error of the server, always one that is named.

Single cases that are hard to take, and that chance hardly finds, stand in `test_hard_input.py`.
"""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, urlencode

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PAT = "the PAT of alice"
PLACES = (
    *("/.well-known/uma2-configuration", "/token", "/rreg", "/rreg/", "/rreg/RESOURCE"),
    *("/perm", "/introspect", "/owner/resources/RESOURCE/policies", "/owner/policies/POLICY"),
    *("/rreg/ANY", "/owner/resources/ANY/policies", "/owner/policies/ANY", "/controls/clock"),
)
JSON_NAMES = (
    *("resource_id", "resource_scopes", "_id", "name", "name#de", "description", "icon_uri"),
    *("type", "scopes", "anyone", "conditions", "claim", "values", "issuer", "friendly_name"),
)
GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"
FORM_NAMES = (
    *("grant_type", "ticket", "scope", "claim_token", "claim_token_format", "token"),
    *("token_type_hint", "client_id", "client_secret", "pct", "rpt"),
)


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
    | st.just({"iss": "https://identity.example"}),
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
)
fields = st.lists(st.tuples(st.sampled_from(FORM_NAMES) | ascii_text, form_values), max_size=7)
presentations = crooked_tokens.map(
    lambda token: [
        *(("grant_type", GRANT), ("ticket", "TICKET"), ("claim_token", token)),
        ("claim_token_format", ID_TOKEN_FORMAT),
    ]
)
bodies = st.one_of(
    st.binary(max_size=200),
    shapes.map(lambda value: json.dumps(value).encode()),
    # A number beyond all floats is valid JSON, unlike the name that Python writes for it.
    shapes.map(lambda value: json.dumps(value).replace("Infinity", "1e999").encode()),
    (fields | presentations).map(lambda pairs: urlencode(pairs).encode()),
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
        .replace("ANY", quote(segment, safe="") or "x")
    )
    filled = body.replace(b"RESOURCE", resource.encode())
    filled = filled.replace(b"TICKET", ticket({resource: ["view"]}).encode())
    value = pat["Authorization"] if credential == PAT else credential
    headers = [(b"Content-Type", media_type.encode())]
    headers += [(b"Authorization", value.encode("latin-1"))] if value else []
    answer = server.request(method, path, content=filled, headers=headers)
    assert answer.status_code < 500
    # An answer to HEAD has no body, whatever its status.
    if answer.status_code >= 400 and method != "HEAD":
        error = answer.json()["error"]
        assert isinstance(error, str)
        assert error
