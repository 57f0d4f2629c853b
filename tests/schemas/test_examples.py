"""Each schema accepts its valid examples, and names what is wrong with the others."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema.exceptions import ValidationError

from uma_schemas import names, schema, violations
from uma_schemas.registry import validator

_FOLDER = Path(__file__).parent / "examples"
_BY_NAME = frozenset({"properties", "patternProperties"})
_WHOLE = frozenset({"items", "additionalProperties", "then", "else"})
_LISTS = frozenset({"oneOf", "allOf"})
_NO_CONSTRAINTS = frozenset({"$schema", "$id", "$ref", "$comment", "title", "description", "if"})


def _file(name: str) -> dict[str, list[dict[str, Any]]]:
    content = (_FOLDER / f"{name}.json").read_text("utf-8")
    return cast("dict[str, list[dict[str, Any]]]", json.loads(content))


def test_a_valid_example_has_no_violations(name: str, accepted: object) -> None:
    assert violations(name, accepted) == ()


def test_an_invalid_example_is_refused(name: str, refused: object) -> None:
    assert violations(name, refused)


def test_an_invalid_example_is_refused_where_and_why_it_says(
    name: str, broken: object, path: str, keyword: str
) -> None:
    found = {(item.path, item.keyword) for item in violations(name, broken)}
    assert (path, keyword) in found


def test_there_are_examples_for_each_schema_and_for_nothing_else() -> None:
    assert sorted(file.name for file in _FOLDER.iterdir()) == [f"{name}.json" for name in names()]


@pytest.mark.parametrize("name", names())
def test_the_examples_are_as_many_as_they_should_be(name: str) -> None:
    examples = _file(name)
    assert set(examples) == {"valid", "invalid"}
    assert len(examples["valid"]) >= 3
    assert {tuple(sorted(item)) for item in examples["valid"]} == {("instance", "title")}
    assert {tuple(sorted(item)) for item in examples["invalid"]} == {
        ("instance", "keyword", "path", "title")
    }
    for kind in ("valid", "invalid"):
        titles = Counter(item["title"] for item in examples[kind])
        assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("name", names())
def test_each_constraint_is_broken_by_an_example(name: str) -> None:
    invalid = (item["instance"] for item in _file(name)["invalid"])
    broken = {place for instance in invalid for place in _broken(name, instance)}
    assert sorted(set(_constraints(schema(name), "")) - broken) == []


def _constraints(part: Mapping[str, Any], at: str) -> Iterator[str]:
    """Yield where the constraints of a schema stand, with the name of each required member."""
    for keyword, value in part.items():
        place = f"{at}/{keyword}"
        if keyword == "required":
            yield from (f"{place}/{member}" for member in value)
        elif keyword in _BY_NAME:
            for member, inner in value.items():
                yield from _constraints(inner, f"{place}/{member}")
        elif keyword in _LISTS:
            for position, inner in enumerate(value):
                yield from _constraints(inner, f"{place}/{position}")
        elif keyword in _WHOLE and isinstance(value, Mapping):
            yield from _constraints(cast("Mapping[str, Any]", value), place)
        elif keyword not in _NO_CONSTRAINTS:
            yield place


def _broken(name: str, instance: Any) -> Iterator[str]:
    errors: Iterable[ValidationError] = validator(name).iter_errors(instance)  # pyright: ignore[reportUnknownMemberType]
    for error in _all(errors):
        place = "".join(f"/{part}" for part in error.absolute_schema_path)
        if error.validator == "required":
            wanted = cast("list[str]", error.validator_value)
            there = cast("dict[str, object]", error.instance)
            yield from (f"{place}/{member}" for member in wanted if member not in there)
        else:
            yield place


def _all(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        yield error
        yield from _all(error.context or ())
