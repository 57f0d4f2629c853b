"""Faults that trip rows of packs; they play no part in the proof of the rows of UMA."""

from collections.abc import Callable, Mapping

from uma_reference.faults import security, uma1_residue
from uma_reference.faults.fault import Fault

_FAULTS: Mapping[str, Callable[[], tuple[Fault, ...]]] = {
    "security": security.faults,
    "uma1-residue": uma1_residue.faults,
}


def pack_faults(pack: str) -> tuple[Fault, ...]:
    """Return every fault that a pack has to see; raise `KeyError` for an unknown pack."""
    return _FAULTS[pack]()
