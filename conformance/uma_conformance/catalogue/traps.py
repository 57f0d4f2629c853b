"""Traps: requirements that are easily read past, with the rows and faults that show them."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

import yaml


@dataclass(frozen=True, slots=True)
class Trap:
    """What is easily overlooked: the rows that state it, and ids of known faults that show it.

    `unseen` says which part does not show with an authorization server under test.
    """

    id: str
    name: str
    tells: str
    rows: tuple[str, ...]
    faults: tuple[str, ...]
    unseen: str


@functools.cache
def load_traps() -> Mapping[str, Trap]:
    """Return the traps by id, in the order of their file."""
    text = files("uma_conformance.catalogue").joinpath("traps.yaml").read_text("utf-8")
    document = cast("Mapping[str, Sequence[Mapping[str, object]]]", yaml.safe_load(text))
    return {trap.id: trap for trap in map(_trap, document["traps"])}


def _trap(entry: Mapping[str, object]) -> Trap:
    return Trap(
        id=str(entry["id"]),
        name=str(entry["name"]),
        tells=str(entry["tells"]),
        rows=tuple(cast("Sequence[str]", entry["rows"])),
        faults=tuple(cast("Sequence[str]", entry["faults"])),
        unseen=str(entry.get("unseen", "")),
    )
