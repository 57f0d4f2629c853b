"""Faults of the metadata that a server publishes (RFC 8414, RFC 9700)."""

from uma_reference.authorization_server.documents import elements_of
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import DISCOVERY, Reply, answers


def _plain_keys(reply: Reply) -> Reply:
    return reply.with_member("jwks_uri", str(reply.members["jwks_uri"]).replace("https", "http", 1))


def _other_issuer(reply: Reply) -> Reply:
    if "oauth-authorization-server" not in reply.path:
        return reply
    document = {
        "issuer": "https://elsewhere.example",
        "token_endpoint": "https://elsewhere.example/t",
    }
    return reply.with_status(200).with_json(document)


def _with_passwords(reply: Reply) -> Reply:
    grants = elements_of(reply.members["grant_types_supported"]) or ()
    return reply.with_member("grant_types_supported", [*grants, "password"])


def _with_implicit(reply: Reply) -> Reply:
    return reply.with_member("response_types_supported", ["code", "token"])


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "keys-without-tls",
            "The keys of the server have an http address.",
            ("SEC-META-01",),
            wire=answers(DISCOVERY, _plain_keys, status=200),
        ),
        Fault(
            "oauth-metadata-of-others",
            "The metadata for OAuth names another issuer.",
            ("SEC-META-02",),
            wire=_other_issuer,
        ),
        Fault(
            "pkce-not-announced",
            "Nothing says that PKCE is supported.",
            ("SEC-META-03",),
            wire=answers(
                DISCOVERY,
                lambda reply: reply.without_member("code_challenge_methods_supported"),
                status=200,
            ),
        ),
        Fault(
            "passwords-offered",
            "Clients may send passwords of users.",
            ("SEC-META-04",),
            wire=answers(DISCOVERY, _with_passwords, status=200),
        ),
        Fault(
            "implicit-offered",
            "Tokens come in addresses.",
            ("SEC-META-04",),
            wire=answers(DISCOVERY, _with_implicit, status=200),
        ),
    )
