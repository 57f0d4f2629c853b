"""Packs: rows beyond the letter of UMA 2.0, each with a file of its own.

A pack never touches the claim of conformance: its rows are no requirements of UMA, and are counted,
judged and shown apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from uma_conformance.catalogue.model import Severity

PACKS = ("security", "uma1-residue")


@dataclass(frozen=True, slots=True)
class Source:
    """What a row rests on: a section of a standard, and where it is published."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class PackRow:
    """One row of a pack. An id, once published, never changes its meaning."""

    id: str
    severity: Severity
    statement: str
    rests_on: tuple[Source, ...]
    judged_by: str
    failing_means: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack: its rows in order; `digest` changes with any word of its file."""

    name: str
    title: str
    about: str
    rows: Mapping[str, PackRow]
    digest: str
