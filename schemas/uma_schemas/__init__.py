"""JSON Schemas for the messages of UMA 2.0 and for the file formats of the suite."""

from uma_schemas.registry import BASE, UnknownSchema, names, schema
from uma_schemas.violations import Violation, violations

__all__ = ["BASE", "UnknownSchema", "Violation", "names", "schema", "violations"]
