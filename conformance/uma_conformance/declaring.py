"""What a target declares, as a run record keeps it: by the names that `Declaration` has for it."""

import json
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

from uma_conformance.jsonvalue import array_of, is_array, object_of, strings_of
from uma_conformance.judge import Declaration
from uma_reports import RecordError

# It stands in a record by itself.
_ISSUER = "issuer"


def declared_values(declaration: Declaration) -> dict[str, object]:
    """Return a declaration as JSON values by name, but for the issuer."""
    values = {item.name: getattr(declaration, item.name) for item in fields(declaration)}
    del values[_ISSUER]
    return dict(object_of(json.loads(json.dumps(values))))


def declaration_from(issuer: str, values: Mapping[str, object]) -> Declaration:
    """Return the declaration that JSON values hold; what this version does not know is left out.

    Raises `RecordError` when a value is of another form than the declaration has.
    """
    told: dict[str, Any] = {
        item.name: _value(item, values[item.name])
        for item in fields(Declaration)
        if item.name in values and item.name != _ISSUER
    }
    return Declaration(issuer, **told)


def _value(item: "Field[Any]", value: object) -> object:
    """Return a value in the form of a member: true or false, strings, or features by name."""
    default: object = item.default
    members, strings = object_of(value), strings_of(value)
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, tuple):
        if is_array(value) and len(strings) == len(array_of(value)):
            return tuple(strings)
    elif isinstance(value, dict) and all(isinstance(told, bool) for told in members.values()):
        return dict(members)
    raise RecordError(f"$.target.declaration.{item.name}", "is not of the form of this member")
