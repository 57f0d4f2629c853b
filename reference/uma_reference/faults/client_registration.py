"""Faults of clients' types and of their registration (Grant 1.1, 2, 3.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from uma_reference.authorization_server.claims_address import claims_address, unusable_link
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import REGISTER, TOKEN, Change, Reply, answers

_URIS = "claims_redirect_uris"


def _refusing(test: Callable[[str], bool]) -> Change:
    """Return a change by which registrations are refused, told what was sent."""

    def changed(reply: Reply) -> Reply:
        if not test(reply.form):
            return reply
        return reply.with_status(400).with_json({"error": "invalid_client_metadata"})

    return answers(REGISTER, changed)


def _forgetting(rules: Rules) -> Rules:
    """Take no address of a client that registered itself."""

    def address(client: Client | None, sent: Mapping[str, str]) -> str:
        if client is not None and client.registered_at:
            raise unusable_link("its claims redirection URI is not registered")
        return claims_address(client, sent)

    return replace(rules, claims_address=address)


def _confidential_only(reply: Reply) -> Reply:
    if reply.authorized or "uma-ticket" not in reply.form:
        return reply
    return reply.with_status(401).with_json({"error": "invalid_client"})


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "registration-without-claims-redirects",
            "A client that sends claims_redirect_uris is not registered.",
            ("G-2-13",),
            wire=_refusing(lambda sent: _URIS in sent),
        ),
        Fault(
            "claims-redirects-not-registered",
            "claims_redirect_uris are ignored at registration.",
            ("G-2-13",),
            wire=answers(REGISTER, lambda reply: reply.without_member(_URIS)),
        ),
        Fault(
            "claims-redirects-forgotten",
            "claims_redirect_uris are registered, and are not taken at the claims page.",
            ("G-2-13",),
            rules=_forgetting,
        ),
        Fault(
            "claims-redirects-required",
            "A client without claims_redirect_uris is not registered.",
            ("G-2-14",),
            wire=_refusing(lambda sent: _URIS not in sent),
        ),
        Fault(
            "client-metadata-strict",
            "A client with metadata that is unknown is not registered.",
            ("G-1.1-06",),
            wire=_refusing(lambda sent: '"https://metadata' in sent),
        ),
        Fault(
            "public-clients-barred",
            "Public clients get no RPT.",
            ("G-3.3-01",),
            wire=answers(TOKEN, _confidential_only),
        ),
    )
