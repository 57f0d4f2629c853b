"""Metadata of OAuth (RFC 8414, RFC 9700)."""

from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of
from uma_conformance.judge import Judge
from uma_conformance.probes.security import metadata
from uma_conformance.trace import Exchange

# UMA itself judges the places of its protection API.
_OF_UMA = frozenset({"introspection_endpoint", "permission_endpoint"}) | {
    "resource_registration_endpoint"
}


def _document(judge: Judge) -> Exchange:
    found = judge.exchange("uma")
    judge.control(bool(found.members), f"the discovery document: {found.outline}", found)
    return found


def _listed(document: Exchange, name: str) -> list[str]:
    return [str(item) for item in array_of(document.members.get(name))]


@check("SEC-META-01", probe=metadata.documents)
def test_endpoints_are_under_https(judge: Judge) -> None:
    """Every endpoint and the address of the keys is an https URL."""
    document = _document(judge)
    if judge.declaration.allow_http:
        judge.inapplicable("SEC-META-01", "the target file allows http")
        return
    for name, value in document.members.items():
        if (name.endswith("_endpoint") or name == "jwks_uri") and name not in _OF_UMA:
            fits = isinstance(value, str) and value.lower().startswith("https://")
            judge.require("SEC-META-01", fits, f"{name} is no https URL", document)


@check("SEC-META-02", probe=metadata.documents)
def test_both_documents_agree(judge: Judge) -> None:
    """The document of OAuth, if there is one, names the same issuer; other endpoints are told."""
    document, other = _document(judge), judge.exchange("oauth")
    if not other.succeeded or not other.members:
        judge.inapplicable("SEC-META-02", "there is no metadata document of OAuth")
        return
    issuer = other.members.get("issuer")
    seen = f"the document of OAuth names the issuer {issuer!r}"
    judge.require("SEC-META-02", issuer == judge.declaration.issuer, seen, document, other)
    for name, value in document.members.items():
        place = name.endswith("_endpoint") or name == "jwks_uri"
        if place and other.members.get(name, value) != value:
            judge.remark("SEC-META-02", f"the documents differ in {name}", document, other)


@check("SEC-META-03", probe=metadata.documents)
def test_pkce_is_announced(judge: Judge) -> None:
    """A server with authorization codes tells, in either document, that it supports PKCE."""
    document, other = _document(judge), judge.exchange("oauth")
    types = _listed(document, "response_types_supported")
    grants = _listed(document, "grant_types_supported")
    if "code" not in types or (grants and "authorization_code" not in grants):
        judge.inapplicable("SEC-META-03", "the server does not offer authorization codes")
        return
    methods = [
        *_listed(document, "code_challenge_methods_supported"),
        *_listed(other, "code_challenge_methods_supported"),
    ]
    seen = f"code_challenge_methods_supported is {methods}, S256 expected"
    judge.require("SEC-META-03", "S256" in methods, seen, document, other)


@check("SEC-META-04", probe=metadata.documents)
def test_unsafe_grants_are_not_offered(judge: Judge) -> None:
    """Neither tokens in addresses nor passwords of users are offered."""
    document = _document(judge)
    types = [
        item for item in _listed(document, "response_types_supported") if "token" in item.split()
    ]
    grants = [
        item
        for item in _listed(document, "grant_types_supported")
        if item in {"implicit", "password"}
    ]
    seen = f"offered are {', '.join([*types, *grants])}"
    judge.require("SEC-META-04", not types and not grants, seen, document)
