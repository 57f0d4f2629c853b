"""Rows of packs, as far as single exchanges in traffic show them.

What a server gives away only when it is provoked can be seen in traffic, and never ruled out by it:
such rows fail or stay silent. Only JSON and the headers of UMA are kept of traffic, so pages and
other headers are not looked at. Rows about races, TLS, other clients and policies need an actor.
"""

from collections.abc import Callable, Mapping

from uma_conformance.actors.client import TOKEN, UMA_GRANT
from uma_conformance.actors.resource_server import INTROSPECTION, PERMISSION
from uma_conformance.jsonvalue import array_of
from uma_conformance.passive.discovery import is_document
from uma_conformance.passive.evidence import Passive, each, whole
from uma_conformance.suite.security import leaks, test_browsing, test_leakage, test_metadata
from uma_conformance.suite.uma1_residue import test_messages, test_places
from uma_conformance.trace import Exchange


def pack_checks() -> Mapping[str, tuple[Passive, ...]]:
    """Return the passive checks of each pack, by its name."""
    return {"security": _security(), "uma1-residue": _uma1_residue()}


def _security() -> tuple[Passive, ...]:
    return (
        each(test_browsing.test_tickets_are_not_cached, _asks_for_more),
        each(test_leakage.test_no_answer_has_a_stack_trace, _seen(leaks.trace), "seen"),
        each(test_leakage.test_no_answer_names_what_is_inside, _seen(leaks.inner_name), "seen"),
        each(test_metadata.test_endpoints_are_under_https, is_document, "uma"),
        each(test_metadata.test_unsafe_grants_are_not_offered, is_document, "uma"),
    )


def _uma1_residue() -> tuple[Passive, ...]:
    return (
        each(test_messages.test_errors_have_the_codes_of_uma_2, _is_old_error),
        each(test_messages.test_need_info_has_the_form_of_uma_2, _asks_for_more, "without claims"),
        each(test_messages.test_rpts_come_as_access_tokens, _is_grant, "good"),
        each(test_messages.test_permissions_have_the_names_of_uma_2, _shows_permissions, "shown"),
        each(test_places.test_the_document_is_of_uma_2_alone, is_document, "uma2"),
    )


def _seen(found: Callable[[Exchange], str]) -> Callable[[Exchange], bool]:
    return lambda exchange: bool(found(exchange))


def _asks_for_more(exchange: Exchange) -> bool:
    return (
        exchange.endpoint == TOKEN
        and whole(exchange)
        and bool(exchange.error)
        and "ticket" in exchange.members
    )


def _is_old_error(exchange: Exchange) -> bool:
    old = test_messages.CODES_OF_UMA_1
    return exchange.endpoint in {TOKEN, PERMISSION} and exchange.error in old


def _is_grant(exchange: Exchange) -> bool:
    return (
        exchange.endpoint == TOKEN
        and exchange.succeeded
        and whole(exchange)
        and exchange.form.get("grant_type") == UMA_GRANT
    )


def _shows_permissions(exchange: Exchange) -> bool:
    shown = array_of(exchange.members.get("permissions"))
    return exchange.endpoint == INTROSPECTION and whole(exchange) and bool(shown)
