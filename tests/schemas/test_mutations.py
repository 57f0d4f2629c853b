"""A valid example without a required member, or with a member of another type, is refused."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from uma_schemas import names, schema, violations
from uma_schemas.registry import BASE

_OTHERS: tuple[Any, ...] = (None, True, 7, 1.5, "other", ["other"], {"other": "other"})


def test_an_example_without_a_required_member_is_refused(name: str, valid: Any) -> None:
    survivors = [what for what, mutant in _without(name, valid) if not violations(name, mutant)]
    assert survivors == []


def test_an_example_with_a_member_of_another_type_is_refused(name: str, valid: Any) -> None:
    survivors = [what for what, mutant in _retyped(name, valid) if not violations(name, mutant)]
    assert survivors == []


def test_an_example_of_another_type_is_refused(name: str, valid: Any) -> None:
    assert violations(name, valid) == ()
    allowed = {kind for part in _parts(schema(name)) for kind in _types(part)}
    assert [other for other in _OTHERS if not _fits(other, allowed)] != []
    for other in _OTHERS:
        if not _fits(other, allowed):
            assert violations(name, other)


@pytest.mark.parametrize(
    "name", sorted(set(names()) - {"client-registration", "scope-description", "list-response"})
)
def test_a_schema_has_required_members(name: str) -> None:
    assert [part["required"] for part in _parts(schema(name)) if "required" in part] != []


@pytest.mark.parametrize("name", names())
def test_a_schema_has_typed_members(name: str) -> None:
    parts = _parts(schema(name))
    assert any("properties" in part or "items" in part for part in parts)
    for part in parts:
        for member in part.get("properties", {}).values():
            assert _types(member)


def _parts(whole: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a schema with those that also hold, or may hold, for the same value."""
    parts = [whole]
    for inner in (*whole.get("allOf", ()), *whole.get("oneOf", ())):
        target = schema(_name(inner["$ref"])) if "$ref" in inner else inner
        parts.extend(_parts(target))
    return parts


def _name(reference: str) -> str:
    return reference.removeprefix(BASE).removesuffix(".json")


def _without(name: str, valid: Any) -> Iterator[tuple[str, Any]]:
    for part in _parts(schema(name)):
        if _type(valid) == "object":
            for member in part.get("required", ()):
                yield member, _less(valid, member)
        elif _type(valid) == "array":
            for position, item in enumerate(valid):
                for member in part.get("items", {}).get("required", ()):
                    mutant = _replaced(valid, position, _less(item, member))
                    yield f"{position}/{member}", mutant


def _retyped(name: str, valid: Any) -> Iterator[tuple[str, Any]]:
    for part in _parts(schema(name)):
        for member, inner in _members(part, valid):
            for other in _OTHERS:
                if not _fits(other, _types(inner)):
                    yield f"{member}: {other!r}", _replaced(valid, member, other)


def _members(part: Mapping[str, Any], valid: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield the members of an object, or the places of an array, with their schemas."""
    if _type(valid) == "object":
        yield from part.get("properties", {}).items()
    elif _type(valid) == "array" and "items" in part:
        yield from ((position, part["items"]) for position in range(len(valid)))


def _less(value: Any, member: str) -> Any:
    copy = value.copy()
    copy.pop(member, None)
    return copy


def _replaced(valid: Any, member: Any, value: Any) -> Any:
    copy = valid.copy()
    copy[member] = value
    return copy


def _types(part: Mapping[str, Any]) -> set[str]:
    """Return the types that a schema allows; none if it does not say."""
    if "type" in part:
        return {part["type"]} if isinstance(part["type"], str) else set(part["type"])
    if "const" in part:
        return {_type(part["const"])}
    if "enum" in part:
        return {_type(value) for value in part["enum"]}
    return {kind for inner in part.get("oneOf", ()) for kind in _types(inner)}


def _fits(value: Any, allowed: set[str]) -> bool:
    kind = _type(value)
    return kind in allowed or (kind == "integer" and "number" in allowed)


def _type(value: Any) -> str:  # noqa: PLR0911 - one line for each type
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
