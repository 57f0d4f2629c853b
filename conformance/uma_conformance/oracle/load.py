"""Loading what was proved last."""

import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_reports import KnownFault, Mutants, Oracle

KILL_MATRIX, MUTANTS = "kill_matrix.json", "mutants.json"


@dataclass(frozen=True, slots=True)
class Proofs:
    """The oracle of a role, and for each row the faults that prove its checks, by id."""

    oracle: Oracle
    of_row: Mapping[str, tuple[str, ...]]


def place_of(name: str) -> Traversable:
    """Return where a file of proofs is."""
    return files("uma_conformance.oracle").joinpath(name)


@functools.cache
def load_proofs(role: str) -> Proofs | None:
    """Return what proves the checks for targets of a role; nothing where there are none."""
    text, counted = place_of(KILL_MATRIX).read_bytes(), place_of(MUTANTS).read_bytes()
    matrix = object_of(json.loads(text))
    if matrix.get("role") != role:
        return None
    of_row: defaultdict[str, list[str]] = defaultdict(list)
    faults: list[KnownFault] = []
    for entry in map(object_of, array_of(matrix["faults"])):
        fault = _fault(entry)
        faults.append(fault)
        for row, checks in object_of(entry["seen"]).items():
            # Where a declared feature never showed, no check saw anything.
            if checks:
                of_row[row].append(fault.id)
    return Proofs(
        Oracle(_digest(text), tuple(faults), _mutants(counted)),
        {row: tuple(found) for row, found in of_row.items()},
    )


def _fault(entry: Mapping[str, object]) -> KnownFault:
    return KnownFault(
        id=str(entry["id"]),
        wrong=str(entry["wrong"]),
        caught=bool(entry["seen"]) and not entry["missed"],
        seen_in=tuple(strings_of(entry["seen_in"])),
    )


def _mutants(text: bytes) -> Mutants:
    counted = object_of(json.loads(text))
    equivalent = object_of(counted["equivalent"])
    return Mutants(
        digest=_digest(text),
        killed=int(str(counted["killed"])),
        noticed=int(str(counted["noticed"])),
        equivalent={reason: int(str(number)) for reason, number in equivalent.items()},
        unexplained=int(str(counted["unexplained"])),
    )


def _digest(text: bytes) -> str:
    return f"sha256:{hashlib.sha256(text).hexdigest()}"
