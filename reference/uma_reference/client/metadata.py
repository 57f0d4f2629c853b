"""What the client reads from a server's discovery document (Grant 2)."""

from dataclasses import dataclass

from uma_reference.client.messages import HttpAnswer, parse_object, text_of, texts_of
from uma_reference.client.urls import problem_of
from uma_reference.names import WELL_KNOWN

_ENDPOINTS = (
    "token_endpoint",
    "claims_interaction_endpoint",
    "registration_endpoint",
    "revocation_endpoint",
)


class UnusableMetadata(Exception):  # noqa: N818 - the name of what it is
    """The discovery document cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """The endpoints of an authorization server; an empty string where it has none."""

    issuer: str
    token_endpoint: str
    claims_interaction_endpoint: str = ""
    registration_endpoint: str = ""
    revocation_endpoint: str = ""
    authentication_methods: tuple[str, ...] = ()


def discovery_url(issuer: str) -> str:
    """Return where the discovery document of an issuer is (Grant 2)."""
    return issuer.removesuffix("/") + WELL_KNOWN


def read_metadata(answer: HttpAnswer, issuer: str, *, http_on_loopback: bool) -> ServerMetadata:
    """Read a discovery document; raise `UnusableMetadata`.

    Its `issuer` has to be the one the client looked for: otherwise one server could speak for
    another one.
    """
    if answer.status != 200 or answer.truncated:
        size = " and is too long" if answer.truncated else ""
        raise UnusableMetadata(f"it has status {answer.status}{size}")
    document = parse_object(answer.body)
    if document is None:
        raise UnusableMetadata("it is not a JSON object")
    if text_of(document, "issuer") != issuer:
        raise UnusableMetadata("its issuer is not the server that was asked")
    found = {name: text_of(document, name) for name in _ENDPOINTS}
    for name, url in found.items():
        problem = problem_of(url, http_on_loopback=http_on_loopback) if url else ""
        if problem:
            raise UnusableMetadata(f"{name}: {problem}")
    if not found["token_endpoint"]:
        raise UnusableMetadata("token_endpoint is missing")
    methods = texts_of(document, "token_endpoint_auth_methods_supported")
    return ServerMetadata(issuer=issuer, authentication_methods=methods, **found)
