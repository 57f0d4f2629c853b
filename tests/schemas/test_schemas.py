"""The schemas themselves: well formed, described, connected, and discreet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, cast
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from uma_schemas import BASE, UnknownSchema, names, schema, violations
from uma_schemas.formats_of_text import checker

pytestmark = pytest.mark.long

_MESSAGES = sorted(
    file.name.removesuffix(".json") for file in files("uma_schemas").joinpath("messages").iterdir()
)
_HOOKS = sorted(
    file.name.removesuffix(".json") for file in files("uma_schemas").joinpath("hooks").iterdir()
)
_VOCABULARY = frozenset(
    (
        *("$schema", "$id", "$ref", "$comment", "title", "description"),
        *("type", "const", "enum", "format", "pattern", "minLength"),
        *("minimum", "exclusiveMinimum", "items", "minItems", "maxItems"),
        *("properties", "patternProperties", "additionalProperties", "required"),
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else"),
    )
)
_CANARY = "canary-8d1f6c-keep-this-out-of-every-report"
_SECRETS: tuple[Any, ...] = (
    _CANARY,
    f"https://{_CANARY}.example/ #?",
    [_CANARY],
    [[_CANARY]],
    {"access_token": _CANARY},
    [{"access_token": _CANARY}],
)


def test_there_are_schemas_for_messages_and_formats() -> None:
    assert len(_MESSAGES) == 16
    formats = sorted({*names()} - {*_MESSAGES, *_HOOKS})
    assert formats == [
        *("baseline", "catalogue", "counterexample", "licence", "pack", "run-record"),
        *("scenario", "target-file"),
    ]
    assert len(_HOOKS) == 18
    assert all(name.startswith("hook-") for name in _HOOKS)
    assert list(names()) == sorted(names())


def test_an_unknown_name_is_answered_with_those_that_exist() -> None:
    with pytest.raises(UnknownSchema, match=r"'ticket'.*discovery, .*token-success"):
        schema("ticket")
    with pytest.raises(UnknownSchema):
        violations("ticket", {})


@pytest.mark.parametrize("name", names())
def test_a_schema_is_valid_itself(name: str) -> None:
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(cast("dict[str, Any]", schema(name)))


@pytest.mark.parametrize("name", names())
def test_a_schema_bears_its_name(name: str) -> None:
    assert schema(name)["$id"] == f"{BASE}{name}.json"


def test_a_schema_has_a_title_of_its_own() -> None:
    titles = [str(schema(name)["title"]) for name in names()]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", names())
def test_a_schema_has_a_description(name: str) -> None:
    assert str(schema(name)["description"]).endswith(".")


@pytest.mark.parametrize("name", _MESSAGES)
def test_a_message_names_the_section_that_it_comes_from(name: str) -> None:
    assert re.search(r"\b(Grant|FedAuthz) [0-9]+(\.[0-9]+)*\b", schema(name)["description"])


@pytest.mark.parametrize("name", names())
def test_a_schema_has_no_misspelt_keyword(name: str) -> None:
    # Validators ignore what they do not know: a constraint with a slip in its name never holds.
    assert {keyword for part in _parts(schema(name)) for keyword in part} <= _VOCABULARY


@pytest.mark.parametrize("name", names())
def test_a_schema_has_no_unknown_format(name: str) -> None:
    known = set(checker().checkers)
    assert {part["format"] for part in _parts(schema(name)) if "format" in part} <= known


@pytest.mark.parametrize("name", names())
def test_a_required_member_is_described(name: str) -> None:
    for part in _parts(schema(name)):
        if "properties" in part:
            assert set(part.get("required", ())) <= set(part["properties"])


@pytest.mark.parametrize("name", names())
def test_a_reference_leads_to_another_schema(name: str) -> None:
    known = {schema(other)["$id"] for other in names()}
    references = {part["$ref"] for part in _parts(schema(name)) if "$ref" in part}
    assert {urljoin(schema(name)["$id"], reference) for reference in references} <= known


def test_a_reference_is_followed() -> None:
    (found,) = violations("read-response", {"_id": "1", "resource_scopes": "all"})
    assert (found.path, found.keyword) == ("/resource_scopes", "type")


def test_the_parts_of_a_pointer_are_escaped() -> None:
    (found,) = violations("resource-description", {"resource_scopes": [], "name#a/b~c": 1})
    assert found.path == "/name#a~1b~0c"


def test_violations_come_in_a_fixed_order_and_once() -> None:
    error = {"error_uri": 1, "error_description": 2, "ticket": ""}
    found = violations("request-submitted", error)
    assert [(item.path, item.keyword) for item in found] == [
        ("", "required"),
        ("/error_description", "type"),
        ("/error_uri", "type"),
        ("/ticket", "minLength"),
    ]


def test_each_missing_member_is_named() -> None:
    messages = [item.message for item in violations("token-success", {})]
    assert messages == [
        "the member access_token is missing",
        "the member token_type is missing",
    ]


def _told_of(act: Mapping[str, object]) -> list[tuple[str, str]]:
    step = {"id": "S1", "acts": [act]}
    return [
        (item.path, item.message)
        for item in violations("scenario", {"steps": [step]})
        if item.path.startswith("/steps/0/acts/0")
    ]


def test_a_member_that_chooses_a_form_is_told_with_all_it_may_be() -> None:
    ((path, message),) = _told_of({"do": "fly", "resource": "R"})
    assert path == "/steps/0/acts/0/do"
    assert message.startswith("it has to be one of set-up or use or ask")
    assert message.endswith("stop-as or start-as")


def test_nothing_is_said_of_a_form_that_is_not_chosen() -> None:
    assert _told_of({"dho": "use", "resource": "R"}) == [
        ("/steps/0/acts/0", "the member do is missing")
    ]


def test_the_form_that_is_chosen_says_what_it_lacks() -> None:
    assert _told_of({"do": "use", "resources": "R"}) == [
        ("/steps/0/acts/0", "unknown member resources; near to it: resource"),
        ("/steps/0/acts/0", "the member expect is missing"),
        ("/steps/0/acts/0", "the member resource is missing"),
    ]


def test_no_violation_of_a_valid_example_with_a_secret_tells_the_secret(
    name: str, valid: Any
) -> None:
    found = [
        item
        for secret in _SECRETS
        for mutant in _with(valid, secret)
        for item in violations(name, mutant)
    ]
    assert [item for item in found if _CANARY in item.message or _CANARY in item.path] == []


def test_no_violation_of_an_invalid_example_with_a_secret_tells_the_secret(
    name: str, refused: Any
) -> None:
    found = violations(name, _filled(refused))
    assert [item for item in found if _CANARY in item.message or _CANARY in item.path] == []


@pytest.mark.parametrize("name", names())
def test_a_secret_that_breaks_a_schema_is_not_told(name: str) -> None:
    found = violations(name, _CANARY)
    assert found
    assert _CANARY not in repr(found)


def _parts(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and all schemas within it."""
    yield part
    for keyword in ("properties", "patternProperties"):
        for inner in part.get(keyword, {}).values():
            yield from _parts(inner)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for inner in part.get(keyword, ()):
            yield from _parts(inner)
    for keyword in ("items", "additionalProperties", "not", "if", "then", "else"):
        if isinstance(part.get(keyword), Mapping):
            yield from _parts(part[keyword])


def _with(value: Any, secret: Any) -> Iterator[Any]:
    """Yield the value with a secret in one of its places, for each of its places."""
    yield secret
    for place, inner in _places(value):
        for changed in _with(inner, secret):
            mutant = value.copy()
            mutant[place] = changed
            yield mutant


def _filled(value: Any) -> Any:
    """Return the value with a secret in place of each string."""
    if isinstance(value, str):
        return _CANARY
    places = list(_places(value))
    if not places:
        return value
    copy = value.copy()
    for place, inner in places:
        copy[place] = _filled(inner)
    return copy


def _places(value: Any) -> Iterable[tuple[Any, Any]]:
    if _is(dict, value):
        return cast("Iterable[tuple[Any, Any]]", value.items())
    if _is(list, value):
        return cast("Iterable[tuple[Any, Any]]", enumerate(value))
    return ()


def _is(kind: type, value: object) -> bool:
    # isinstance in its place would leave the type checkers with a container of unknown values.
    return isinstance(value, kind)
