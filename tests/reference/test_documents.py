"""Dataclasses as JSON documents: what is written can be read, and what is wrong is named."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.handles import Handle
from uma_reference.authorization_server.model import AccessToken, Policy, Resource, Ticket
from uma_reference.authorization_server.records import AccessRequest, Event
from uma_reference.documents import InvalidDocument, from_document, to_document

KEPT: tuple[type, ...] = (
    *(Resource, Policy, Ticket, AccessToken, AccessRequest, Event, Client),
    *typing.get_args(Handle),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
OBJECT = st.dictionaries(st.text(), JSON, max_size=3)
PLAIN: dict[object, st.SearchStrategy[object]] = {
    str: st.text(),
    int: st.integers(),
    bool: st.booleans(),
    bytes: st.binary(),
    types.NoneType: st.none(),
}


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Inner:
    names: frozenset[str] = frozenset()
    free: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Outer:
    text: str
    number: int = 0
    flag: bool = False
    raw: bytes = b""
    colour: Colour = Colour.RED
    pair: tuple[str, int] = ("", 0)
    inner: Inner = field(default_factory=Inner)
    maybe: Inner | None = None
    several: tuple[Inner, ...] = ()
    old_style: typing.Optional[int] = None  # noqa: UP045 - it can be read too


def values_of(hint: object, depth: int = 2) -> st.SearchStrategy[object]:
    """Return a strategy for values of a type, as its annotation has it."""
    if typing.get_origin(hint) is not None:
        return contained(hint, depth)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        parts = {item.name: values_of(hints[item.name], depth) for item in fields(hint)}
        return st.builds(hint, **parts)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return PLAIN[hint]


def contained(hint: object, depth: int) -> st.SearchStrategy[object]:
    """Return a strategy for a tuple, set, mapping or union; a dataclass may hold its own kind."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Mapping:
        return OBJECT
    if origin is frozenset:
        return st.frozensets(values_of(arguments[0]), max_size=3)
    if origin is tuple and arguments[-1] is Ellipsis:
        if depth == 0:
            return st.just(())
        return st.lists(values_of(arguments[0], depth - 1), max_size=2).map(tuple)
    inside = [values_of(item, depth) for item in arguments]
    return st.tuples(*inside) if origin is tuple else st.one_of(inside)


@pytest.mark.parametrize("kind", [Outer, *KEPT], ids=lambda kind: str(kind.__name__))
def test_what_is_written_can_be_read(kind: type) -> None:
    @given(values_of(kind))
    def check(value: object) -> None:
        assert from_document(kind, json.loads(json.dumps(to_document(value)))) == value

    check()


@given(OBJECT, OBJECT)
def test_a_document_does_not_change_with_its_source(
    one: dict[str, object], more: dict[str, object]
) -> None:
    before = dict(one)
    document = to_document(Inner(free=one))
    one.update(more)
    assert document == {"names": [], "free": before}


def test_sets_are_sorted() -> None:
    assert to_document(Inner(frozenset({"c", "a", "b"}))) == {"names": ["a", "b", "c"], "free": {}}


def test_members_that_are_missing_get_their_standard_values() -> None:
    assert from_document(Outer, {"text": "x"}) == Outer("x")


def test_members_that_nobody_knows_are_ignored() -> None:
    assert from_document(Outer, {"text": "x", "later": 1, "inner": {"later": 2}}) == Outer("x")


WRONG: list[tuple[object, str]] = [
    ([], "Outer: it has to be an object"),
    ({}, r"Outer\.text: it is missing"),
    ({"text": 1}, r"Outer\.text: it has to be a string"),
    ({"text": None}, r"Outer\.text: it has to be a string"),
    ({"text": "", "number": True}, r"Outer\.number: it has to be a whole number"),
    ({"text": "", "number": 1.5}, r"Outer\.number: it has to be a whole number"),
    ({"text": "", "flag": 1}, r"Outer\.flag: it has to be true or false"),
    ({"text": "", "raw": "?"}, r"Outer\.raw: this value cannot be read"),
    ({"text": "", "colour": "blue"}, r"Outer\.colour: this value cannot be read"),
    ({"text": "", "pair": ["a"]}, r"Outer\.pair: it has to have 2 items"),
    ({"text": "", "pair": ["a", "b"]}, r"Outer\.pair\[1\]: it has to be a whole number"),
    ({"text": "", "inner": {"names": "a"}}, r"Outer\.inner\.names: it has to be an array"),
    ({"text": "", "inner": {"names": [1]}}, r"Outer\.inner\.names\[0\]: it has to be a str"),
    ({"text": "", "inner": {"free": []}}, r"Outer\.inner\.free: it has to be an object"),
    ({"text": "", "several": [{}, 1]}, r"Outer\.several\[1\]: it has to be an object"),
    ({"text": "", "maybe": 1}, r"Outer\.maybe: it has to be an object"),
]


@pytest.mark.parametrize(("document", "words"), WRONG)
def test_what_is_wrong_is_named(document: object, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        from_document(Outer, document)
