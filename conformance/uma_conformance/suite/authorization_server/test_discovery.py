"""The discovery document (Grant 2, FedAuthz 2)."""

from uma_conformance.actors.metadata import discovery_url, is_web_uri
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, is_array, strings_of
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import discovery, introspection, permission, registration, tokens
from uma_conformance.trace import Exchange

_PROTECTION = {
    "permission": "permission_endpoint",
    "resource registration": "resource_registration_endpoint",
    "introspection": "introspection_endpoint",
}
_ENDPOINTS = {"token": "token_endpoint", **_PROTECTION}
_NOT_THERE = frozenset({404, 405, 501})
_WITH_AUTHORIZATION_ENDPOINT = frozenset({"authorization_code", "implicit"})


@check("G-2-03", "G-2-07", probe=discovery.document)
def test_document_is_published(judge: Judge) -> None:
    """A JSON object is published at the issuer followed by the well-known suffix."""
    answer = judge.exchange("document")
    place = discovery_url(judge.declaration.issuer)
    seen = f"{place} answered {answer.outline}"
    judge.require("G-2-07", answer.succeeded, seen, answer)
    judge.require(
        "G-2-03",
        answer.status == 200 and bool(answer.members),
        f"{seen} and no JSON object",
        answer,
    )


def _document(judge: Judge) -> Exchange:
    answer = judge.exchange("document")
    if not answer.members:
        raise Open(Outcome.CANT_TELL, "there is no discovery document to look at", [answer.number])
    return answer


@check("G-2-05", probe=discovery.document)
def test_issuer_is_the_one_asked_for(judge: Judge) -> None:
    """The issuer member is the https URL that the document's place was built from."""
    answer = _document(judge)
    issuer = answer.members.get("issuer")
    expected = judge.declaration.issuer
    judge.require("G-2-05", issuer == expected, f"issuer is {issuer!r}, not {expected!r}", answer)
    if isinstance(issuer, str) and not judge.declaration.allow_http:
        well_formed = issuer.startswith("https://") and not set(issuer) & {"?", "#"}
        judge.require("G-2-05", well_formed, f"issuer {issuer!r} is no plain https URL", answer)


@check("F-2-02", "F-2-03", "F-1.5-02", probe=discovery.document)
def test_protection_api_is_declared(judge: Judge) -> None:
    """The endpoints of the protection API stand in the document as absolute URIs."""
    answer = _document(judge)
    for row, name in (
        ("F-2-02", "permission_endpoint"),
        ("F-2-03", "resource_registration_endpoint"),
    ):
        value = answer.members.get(name)
        usable = isinstance(value, str) and is_web_uri(value)
        judge.require(row, usable, f"{name} is {value!r}, no absolute URI", answer)
        judge.require("F-1.5-02", name in answer.members, f"{name} is not declared", answer)


@check("G-2-04", probe=discovery.document)
def test_document_has_the_form_of_oauth_metadata(judge: Judge) -> None:
    """The document is served with 200 as application/json, and leaves out what is empty."""
    answer = _document(judge)
    row = "G-2-04"
    judge.require(row, answer.status == 200, f"status {answer.status}, 200 expected", answer)
    seen = f"it came as {answer.media_type or 'no media type'}, application/json expected"
    judge.require(row, answer.media_type == "application/json", seen, answer)
    empty = sorted(name for name, value in answer.members.items() if value in (None, []))
    # OAuth metadata wants response_types_supported also where there is none.
    listed = [name for name in empty if name != "response_types_supported"]
    seen = f"members without a value have to be left out: {', '.join(listed)}"
    judge.require(row, not listed, seen, answer)


@check("G-2-06", probe=discovery.document)
def test_document_has_what_oauth_metadata_requires(judge: Judge) -> None:
    """token_endpoint and response_types_supported are there, and what the grant types need."""
    answer = _document(judge)
    row, members = "G-2-06", answer.members
    token = members.get("token_endpoint")
    usable = isinstance(token, str) and is_web_uri(token)
    judge.require(row, usable, f"token_endpoint is {token!r}, no absolute URI", answer)
    types = members.get("response_types_supported")
    strings = is_array(types) and len(strings_of(types)) == len(array_of(types))
    judge.require(row, strings, "response_types_supported is no array of strings", answer)
    grants = set(strings_of(members.get("grant_types_supported")))
    if grants & _WITH_AUTHORIZATION_ENDPOINT:
        there = isinstance(members.get("authorization_endpoint"), str)
        seen = "there is no authorization_endpoint, which a supported grant type uses"
        judge.require(row, there, seen, answer)


@check("G-2-11", probe=discovery.document)
def test_profiles_are_uris(judge: Judge) -> None:
    """uma_profiles_supported is an array of URIs."""
    answer = _document(judge)
    judge.control(answer.succeeded, f"the discovery document: {answer.outline}", answer)
    if "uma_profiles_supported" not in answer.members:
        judge.inapplicable("G-2-11", "the document has no uma_profiles_supported")
        return
    value = answer.members["uma_profiles_supported"]
    uris = is_array(value) and all(
        isinstance(item, str) and ":" in item.strip(":") for item in array_of(value)
    )
    judge.require("G-2-11", uris, "uma_profiles_supported is no array of URIs", answer)


@check("F-2-04", "F-5-05", probe=(discovery.document, introspection.active))
def test_introspection_is_declared(judge: Judge) -> None:
    """An introspection endpoint that is supported is declared, as an absolute URI."""
    answer = _document(judge)
    value = answer.members.get("introspection_endpoint")
    for row in ("F-2-04", "F-5-05"):
        if value is not None:
            usable = isinstance(value, str) and is_web_uri(value)
            seen = f"introspection_endpoint is {value!r}, no absolute URI"
            judge.require(row, usable, seen, answer)
        elif judge.declaration.features.get("introspection"):
            seen = "introspection is supported, says the target file, and it is not declared"
            judge.require(row, False, seen, answer)  # noqa: FBT003 - it fails
        else:
            judge.inapplicable(row, "the document declares no introspection endpoint")


@check(
    "G-2-01",
    probe=(
        discovery.document,
        registration.lifecycle,
        permission.requests,
        tokens.granted,
        introspection.active,
    ),
    whole_trace=True,
)
def test_declared_endpoints_are_there(judge: Judge) -> None:
    """Something answers at each endpoint that the document declares."""
    answer = _document(judge)
    judged = 0
    for endpoint, name in _ENDPOINTS.items():
        used = list(judge.evidence.at(endpoint))
        if name in answer.members and used:
            judged += 1
            there = any(e.status not in _NOT_THERE and e.status < 500 for e in used)
            seen = f"nothing answers at the {name}: {used[0].outline}"
            judge.require("G-2-01", there, seen, used[0])
    judge.control(judged > 0, "no declared endpoint was used")


@check("F-1.3-03", probe=(discovery.document, registration.lifecycle), whole_trace=True)
def test_protection_api_is_under_tls(judge: Judge) -> None:
    """The endpoints of the protection API have https URIs, and answer there."""
    answer = _document(judge)
    declared = [answer.members[name] for name in _PROTECTION.values() if name in answer.members]
    judge.control(bool(declared), "no endpoint of the protection API is declared", answer)
    for value in declared:
        secure = isinstance(value, str) and value.startswith("https://")
        seen = f"the protection API is at {value!r}, which is not under TLS"
        judge.require("F-1.3-03", secure, seen, answer)
    used = [e for endpoint in _PROTECTION for e in judge.evidence.at(endpoint)]
    judge.control(bool(used), "no endpoint of the protection API answered")
