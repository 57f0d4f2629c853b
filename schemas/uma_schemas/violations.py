"""Checking an instance, with messages that are safe to publish."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from uma_schemas.registry import validator


@dataclass(frozen=True, slots=True)
class Violation:
    """Where an instance breaks a schema (a JSON pointer), by which keyword, and how.

    The message never holds a value of the instance.
    """

    path: str
    keyword: str
    message: str


def violations(name: str, instance: object) -> tuple[Violation, ...]:
    """Return every way in which an instance breaks the schema of this name, in a fixed order."""
    # Any: the validator takes parsed JSON, and says so with a recursive type that is
    # only partly known to pyright.
    value: Any = instance
    errors: Iterable[ValidationError] = validator(name).iter_errors(value)  # pyright: ignore[reportUnknownMemberType]
    found = {_violation(error) for error in _leaves(errors)}
    return tuple(sorted(found, key=lambda item: (item.path, item.keyword, item.message)))


def _leaves(errors: Iterable[ValidationError]) -> Iterable[ValidationError]:
    """Yield the errors themselves; for a oneOf, those of the branch that nearly fits."""
    for error in errors:
        if error.validator == "oneOf" and error.context:
            branches: dict[object, list[ValidationError]] = {}
            for item in error.context:
                branches.setdefault(item.schema_path[0], []).append(item)
            told_apart = _told_apart(error, list(branches.values()))
            if told_apart is not None:
                yield told_apart
                continue
            nearest = min(branches.values(), key=lambda found: _distance(error, found))
            yield from _leaves(nearest)
        else:
            yield error


def _told_apart(
    whole: ValidationError, branches: list[list[ValidationError]]
) -> ValidationError | None:
    """Return what is wrong with the member that tells branches of a oneOf apart, if it fits none.

    In each branch it has a constant of its own: no branch is nearer than another then.
    """
    for first in branches[0]:
        same = [[item for item in found if _chooses(item, first)] for found in branches]
        if all(same) and first.validator == "required":
            return first
        if all(same):
            constants = [found[0].validator_value for found in same]
            return ValidationError(
                "",
                validator="enum",
                validator_value=list(dict.fromkeys(constants)),
                instance=first.instance,
                schema=first.schema,
                path=first.relative_path,
                parent=whole,
            )
    return None


def _chooses(error: ValidationError, other: ValidationError) -> bool:
    """Tell whether two branches break at the same member, which has a constant in the first."""
    if (error.validator, error.relative_path) != (other.validator, other.relative_path):
        return False
    if error.validator != "required":
        return error.validator == "const"
    schema = cast("dict[str, dict[str, dict[str, object]]]", error.schema)
    name = _missing(error)
    return name == _missing(other) and "const" in schema.get("properties", {}).get(name, {})


def _violation(error: ValidationError) -> Violation:
    path = "".join(f"/{_escaped(part)}" for part in error.absolute_path)
    return Violation(path, str(error.validator), _message(error))


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _message(error: ValidationError) -> str:  # noqa: C901, PLR0911 - one line for each keyword
    expected: object = error.validator_value
    match str(error.validator):
        case "type":
            return f"{_listed(expected)} is expected, {_kind(error.instance)} is there"
        case "required":
            return f"the member {_missing(error)} is missing"
        case "additionalProperties" | "unevaluatedProperties":
            return f"unknown member {_unknown(error)}"
        case "enum":
            return f"it has to be one of {_listed(expected)}"
        case "const":
            return f"it has to be {expected!r}"
        case "format":
            return f"it has to be {_FORMATS.get(str(expected), expected)}"
        case "pattern":
            return f"it does not have the form {expected}"
        case "not":
            return _description(error, "a member is there that must not be")
        case "anyOf":
            return _description(error, "none of the allowed forms fits")
        case "minLength" | "minItems" if expected == 1:
            return "it must not be empty"
        case keyword:
            return f"{keyword} {expected} is not kept"


_FORMATS = {
    "uri": "an absolute URI",
    "uri-reference": "a URI or a reference relative to one",
    "web-uri": "an absolute http(s) URI",
    "date": "a date such as 2026-01-31",
    "date-time": "a time such as 2026-01-31T12:00:00Z",
}


def _description(error: ValidationError, otherwise: str) -> str:
    schema = cast("dict[str, object]", error.schema)
    return str(schema.get("$comment", otherwise))


def _listed(value: object) -> str:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return " or ".join(str(item) for item in values)


def _missing(error: ValidationError) -> str:
    wanted = cast("list[str]", error.validator_value)
    there = cast("dict[str, object]", error.instance)
    missing = [name for name in wanted if name not in there]
    # Each missing member is an error of its own; its name stands in the message of the library.
    return next((name for name in missing if error.message.startswith(repr(name))), missing[0])


def _unknown(error: ValidationError) -> str:
    schema = cast("dict[str, object]", error.schema)
    known = cast("dict[str, object]", schema.get("properties", {}))
    there = cast("dict[str, object]", error.instance)
    unknown = sorted(name for name in there if name not in known)
    near = get_close_matches(unknown[0], known, n=1) if len(unknown) == 1 else []
    return ", ".join(unknown) + "".join(f"; near to it: {name}" for name in near)


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case None:
            return "null"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"


def _distance(whole: ValidationError, errors: list[ValidationError]) -> tuple[bool, bool, int]:
    """Rank a branch of a oneOf: far is one for another type of JSON, then one not chosen."""
    place = list(whole.absolute_path)
    other_type = any(
        error.validator == "type" and list(error.absolute_path) == place for error in errors
    )
    other_choice = any(error.validator == "const" for error in errors)
    return other_type, other_choice, len(errors)
