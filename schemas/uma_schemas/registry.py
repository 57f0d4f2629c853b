"""Finding the schemas, and references between them."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, cast

from jsonschema import Draft202012Validator
from referencing.jsonschema import DRAFT202012, EMPTY_REGISTRY, Schema, SchemaRegistry

from uma_schemas.formats_of_text import checker

SchemaDocument = Mapping[str, Any]
BASE = "https://uma2-conformance.example/schemas/"
_SUFFIX = ".json"
_FOLDERS = ("messages", "formats", "hooks")


class UnknownSchema(LookupError):  # noqa: N818 - the name of what happened
    """There is no schema of this name; the message lists those that exist."""


def _file_of(name: str) -> Traversable | None:
    for folder in _FOLDERS:
        file = files("uma_schemas").joinpath(folder, name + _SUFFIX)
        if file.is_file():
            return file
    return None


def names() -> tuple[str, ...]:
    """Return the names of all schemas, in alphabetical order."""
    found = (
        file.name.removesuffix(_SUFFIX)
        for folder in _FOLDERS
        for file in files("uma_schemas").joinpath(folder).iterdir()
        if file.name.endswith(_SUFFIX)
    )
    return tuple(sorted(found))


@functools.cache
def schema(name: str) -> SchemaDocument:
    """Return a schema by its name; raise `UnknownSchema` when there is none."""
    file = _file_of(name)
    if file is None:
        raise UnknownSchema(f"there is no schema {name!r}; there are: {', '.join(names())}")
    return cast("SchemaDocument", json.loads(file.read_text("utf-8")))


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Return a validator for a schema, with all others at hand for its references."""
    registry: SchemaRegistry = EMPTY_REGISTRY
    for other in names():
        resource = DRAFT202012.create_resource(cast("Schema", schema(other)))
        registry = registry.with_resource(BASE + other + _SUFFIX, resource)
    return Draft202012Validator(schema(name), registry=registry, format_checker=checker())
