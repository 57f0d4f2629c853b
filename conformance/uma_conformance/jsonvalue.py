"""Looking into parsed JSON whose form is not known."""

from collections.abc import Mapping, Sequence
from typing import cast


def object_of(value: object) -> Mapping[str, object]:
    """Return a JSON object's members; empty for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def array_of(value: object) -> Sequence[object]:
    """Return a JSON array's elements; empty for anything else."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def is_array(value: object) -> bool:
    """Tell whether a value is a JSON array."""
    return isinstance(value, list)


def strings_of(value: object) -> Sequence[str]:
    """Return the strings among a JSON array's elements."""
    return [element for element in array_of(value) if isinstance(element, str)]
