"""A target file to start from, written from what a server says about itself (Grant 2)."""

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

import httpx

from uma_conformance.actors.metadata import discovery_url, is_web_uri
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.target import TargetError
from uma_conformance.trace import parse_json

_SECONDS = 20.0
_SHOWN = "the discovery document shows it"


@dataclass(frozen=True, slots=True)
class _Sign:
    """How a discovery document shows a feature: a member, or a value in one."""

    member: str
    value: str = ""

    def stands_in(self, document: Mapping[str, object]) -> bool:
        found = document.get(self.member)
        return self.value in array_of(found) if self.value else bool(found)


_SIGNS: Mapping[str, _Sign] = {
    "introspection": _Sign("introspection_endpoint"),
    "interactive-claims": _Sign("claims_interaction_endpoint"),
    "static-claims-endpoint": _Sign("claims_interaction_endpoint"),
    "dynamic-registration": _Sign("registration_endpoint"),
    "revocation": _Sign("revocation_endpoint"),
    "refresh": _Sign("grant_types_supported", "refresh_token"),
    "public-clients": _Sign("token_endpoint_auth_methods_supported", "none"),
    "uma-profiles": _Sign("uma_profiles_supported"),
}
_MEANINGS: Mapping[str, str] = {
    "claims-pushing": "clients push claim tokens (Grant 3.3.1)",
    "client-scopes": "clients are registered for scopes and may ask for them (Grant 3.3.1)",
    "need_info": "the server asks for more claims (Grant 3.3.6)",
    "required-claims": "need_info says which claims (Grant 3.3.6)",
    "request_submitted": "the owner is asked, and the client polls (Grant 3.3.6)",
    "pct": "persisted claims tokens (Grant 3.3.3)",
    "rpt-upgrade": "the old RPT counts with a new request (Grant 3.3.5)",
    "user-access-policy-uri": "answers to registrations tell where to set policies (FedAuthz 3.2)",
    "scope-description": "scopes that are URLs have descriptions (FedAuthz 3.1.1)",
}


def discover(issuer: str, verify: ssl.SSLContext) -> Mapping[str, object]:
    """Fetch the discovery document of an issuer; raise `TargetError` when there is none."""
    parts = urlsplit(issuer) if is_web_uri(issuer) else None
    if parts is None or parts.query or parts.fragment:
        raise TargetError(
            f"ISSUER: {issuer} is no issuer; it is an https URL without query and fragment"
        )
    url = discovery_url(issuer)
    try:
        with httpx.Client(verify=verify, timeout=_SECONDS, trust_env=False) as http:
            answer = http.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        hint = (
            "name the authority that signed its certificate with --ca-file"
            if "CERTIFICATE" in str(error)
            else "start the server, or correct the address"
        )
        raise TargetError(f"ISSUER: {url}: {error}; {hint}") from error
    if answer.status_code != 200:
        raise TargetError(
            f"ISSUER: {url} answered status {answer.status_code}; the issuer is what stands before "
            "/.well-known/uma2-configuration"
        )
    document = object_of(parse_json(answer.text))
    if not document:
        raise TargetError(f"ISSUER: {url} answered no JSON object")
    return document


def starting_point(
    issuer: str, document: Mapping[str, object], *, ca_file: str = "", driver: str
) -> str:
    """Return a target file: what the document shows switched on, and the driver to fill in."""
    return "\n".join(_lines(issuer, document, ca_file, driver)) + "\n"


def _lines(issuer: str, document: Mapping[str, object], ca_file: str, driver: str) -> Iterator[str]:
    yield "# The server under test. Fill in [driver], run `uma2 doctor` on this file until every"
    yield "# hook works, and then `uma2 certify`."
    yield ""
    yield "[target]"
    yield f"name = {quoted(urlsplit(issuer).netloc)}"
    yield 'role = "as"'
    yield f"issuer = {quoted(issuer)}"
    if document.get("issuer") != issuer:
        yield "# Its discovery document says otherwise, which is a deviation (Grant 2):"
        yield f"# issuer = {quoted(document.get('issuer'))}"
    yield ""
    yield "[tls]"
    if issuer.startswith("http://"):
        yield "# UMA needs TLS; this is for closed test networks."
        yield "allow_http = true"
    if ca_file:
        yield f"ca_file = {quoted(ca_file)}"
    else:
        yield "# The authority that signed its certificate, if the system does not trust it:"
        yield '# ca_file = "ca.pem"'
    yield ""
    yield "# What is declared is judged; what is declared and absent fails. What is ruled out"
    yield "# (false) is not judged, and what is left out is judged where it shows."
    yield "[features]"
    for name, sign in _SIGNS.items():
        if sign.stands_in(document):
            yield f"{name} = true  # {_SHOWN}: {sign.member}"
        else:
            yield f"# {name} = true  # there is no {_missing(sign)}"
    yield "# No discovery document shows these: switch on what your server has."
    for name, meaning in _MEANINGS.items():
        yield f"# {name} = true  # {meaning}"
    yield ""
    if driver == "manual":
        yield "# Time for somebody to answer."
        yield "[limits]"
        yield "run_seconds = 14400"
        yield ""
    yield from _driver(driver)


def _driver(kind: str) -> Iterator[str]:
    folder = files("uma_conformance").joinpath("targets", "drivers")
    yield folder.joinpath(f"{kind}.toml").read_text("utf-8").rstrip("\n")
    if kind != "keycloak":
        yield folder.joinpath("tables.toml").read_text("utf-8").rstrip("\n")


def _missing(sign: _Sign) -> str:
    return f"{sign.value} in {sign.member}" if sign.value else sign.member


def quoted(value: object) -> str:
    """Return a string of TOML, in one line."""
    # JSON's strings are strings of TOML, but for one control character.
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
