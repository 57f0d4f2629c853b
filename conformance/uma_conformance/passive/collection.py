"""All passive checks."""

from collections.abc import Iterable

from uma_conformance.passive.discovery import discovery_checks
from uma_conformance.passive.evidence import Passive
from uma_conformance.passive.packs import pack_checks
from uma_conformance.passive.protection import protection_checks
from uma_conformance.passive.tickets import ticket_checks
from uma_conformance.passive.tokens import token_checks
from uma_conformance.passive.visits import visit_checks


def passive_checks(packs: Iterable[str] = ()) -> tuple[Passive, ...]:
    """Return every passive check, in the order of the specifications, then those of packs."""
    of_packs = pack_checks()
    return (
        *discovery_checks(),
        *token_checks(),
        *ticket_checks(),
        *visit_checks(),
        *protection_checks(),
        *(item for name in packs for item in of_packs[name]),
    )
