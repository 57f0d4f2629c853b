"""The catalogue: every requirement of both specifications, one row each."""

from uma_conformance.catalogue.load import catalogue_document, load_catalogue
from uma_conformance.catalogue.model import (
    AsSide,
    Catalogue,
    Keyword,
    Requirement,
    Role,
    Ruling,
    Selection,
    Severity,
    Spec,
    severity_of,
)
from uma_conformance.catalogue.traps import Trap, load_traps

__all__ = [
    "AsSide",
    "Catalogue",
    "Keyword",
    "Requirement",
    "Role",
    "Ruling",
    "Selection",
    "Severity",
    "Spec",
    "Trap",
    "catalogue_document",
    "load_catalogue",
    "load_traps",
    "severity_of",
]
