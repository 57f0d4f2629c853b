"""The discovery document in traffic (Grant 2, FedAuthz 2)."""

from uma_conformance.passive.evidence import Passive, each, whole
from uma_conformance.probes.discovery import ENDPOINT
from uma_conformance.suite.authorization_server import test_discovery as checks
from uma_conformance.trace import Exchange


def is_document(exchange: Exchange) -> bool:
    """Select discovery documents that were recorded in full."""
    return (
        exchange.endpoint == ENDPOINT
        and exchange.status == 200
        and whole(exchange)
        and "token_endpoint" in exchange.members
    )


def discovery_checks() -> tuple[Passive, ...]:
    """Return the passive checks of the discovery document."""
    return (
        each(checks.test_document_is_published, is_document, "document"),
        each(checks.test_issuer_is_the_one_asked_for, is_document, "document"),
        each(checks.test_protection_api_is_declared, is_document, "document"),
        each(checks.test_document_has_the_form_of_oauth_metadata, is_document, "document"),
        each(checks.test_document_has_what_oauth_metadata_requires, is_document, "document"),
        each(checks.test_profiles_are_uris, is_document, "document"),
    )
