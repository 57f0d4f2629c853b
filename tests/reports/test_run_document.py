"""The JSON document of a run record, and what is refused when it is read."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pytest

from uma_reports import RecordError, RunRecord, complete, from_document, to_document
from uma_schemas import violations

_NAMES = ["clean", "mixed", "hostile", "large"]


def _at(document: Any, path: list[str | int]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("name", _NAMES)
def test_round_trip(name: str, request: pytest.FixtureRequest) -> None:
    """A record comes back from its document, also after a trip through JSON text."""
    record: RunRecord = request.getfixturevalue(name)
    document = to_document(record)
    assert from_document(document) == record
    assert from_document(json.loads(json.dumps(document))) == record


@pytest.mark.parametrize("name", ["clean", "mixed", "large"])
def test_the_document_fits_its_schema(name: str, request: pytest.FixtureRequest) -> None:
    """What is written is what the published schema describes."""
    record: RunRecord = request.getfixturevalue(name)
    assert violations("run-record", to_document(record)) == ()


def test_claim_and_summary_are_computed(mixed: RunRecord) -> None:
    """A document without both is completed from its rows."""
    document = to_document(mixed)
    del document["claim"], document["summary"]
    assert complete(document) == mixed


@pytest.mark.parametrize("name", ["claim", "summary"])
def test_computed_parts_are_not_taken(name: str, clean: RunRecord) -> None:
    """Nobody can hand in a claim of their own when a record is made."""
    document = {name: to_document(clean)[name], **to_document(clean)}
    del document["summary" if name == "claim" else "claim"]
    with pytest.raises(RecordError, match=rf"^\$\.{name}: is computed"):
        complete(document)


def _changed(record: RunRecord, path: list[str | int], value: object) -> Mapping[str, object]:
    document = copy.deepcopy(to_document(record))
    _at(document, path[:-1])[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (["claim", "conformant"], True, "$.claim.conformant: says something else than the rows"),
        (["claim", "exit_status"], 0, "$.claim.exit_status: does not go with the rows"),
        (["summary", "planned"], 9, "$.summary.planned: must be 8"),
        (["summary", "sections"], {}, "$.summary.sections: must be an array, not an object"),
        (["summary", "sections"], [], "$.summary.sections: must have 3 items"),
        (["summary", "sections", 0, "failed"], True, "$.summary.sections[0].failed: must be 3"),
        (["summary", "sections", 0, "more"], 1, "$.summary.sections[0].more: is no member"),
        (["rows", 0, "exchanges"], [99], "$.rows[0].exchanges[0]: no exchange 99"),
        (["rows", 1, "id"], "G-2-01", "$.rows[1].id: is there twice"),
        (["rows", 1, "outcome"], "fine", "$.rows[1].outcome: must be one of passed, failed"),
        (["rows", 1, "planned"], 1, "$.rows[1].planned: must be true or false, not a number"),
        (["rows", 1, "remarks"], "a", "$.rows[1].remarks: must be an array, not a string"),
        (["rows", 1, "remarks"], [None], "$.rows[1].remarks[0]: must be a string, not null"),
        (["rows", 1, "mood"], "bad", "$.rows[1].mood: is no member of this format"),
        (["rows", 1], [], "$.rows[1]: must be an object, not an array"),
        (["exchanges", 1, "number"], 1, "$.exchanges[1].number: is there twice"),
        (["exchanges", 1, "number"], -1, "$.exchanges[1].number: must be a whole number"),
        (["exchanges", 1, "seconds"], "1", "$.exchanges[1].seconds: must be a number, not a"),
        (["exchanges", 1, "seconds"], float("inf"), "$.exchanges[1].seconds: must be a number"),
        (["exchanges", 0, "request", "headers"], [["a"]],
         "$.exchanges[0].request.headers[0]: must be a pair of strings"),
        (["exchanges", 0, "request", "headers"], [["a", 1]],
         "$.exchanges[0].request.headers[0][1]: must be a string, not a number"),
        (["episodes", 0, "steps"], {"a b": 7}, "$.episodes[0].steps['a b']: no exchange 7"),
        (["episodes", 0, "facts"], {"a": [float("nan")]}, "$.episodes[0].facts.a[0]: must be a"),
        (["episodes", 0, "facts"], {"a": {1, 2}}, "$.episodes[0].facts.a: must be an array, not"),
        (["silent_rows"], ["G-9-99"], "$.silent_rows[0]: no row has this id"),
        (["started"], "yesterday", "$.started: must be a time such as"),
        (["started"], "2026-11-23T08:00:00", "$.started: must be a time such as"),
        (["timing", "exchanges"], 1.5, "$.timing.exchanges: must be a whole number"),
        (["format"], 1, "$.format: must be a string, not a number"),
        (["more"], 1, "$.more: is no member of this format"),
    ],
)  # fmt: skip
def test_a_wrong_document_names_the_place(
    path: list[str | int], value: object, error: str, mixed: RunRecord
) -> None:
    """The error names the JSON path, what is wrong there, and never quotes the value."""
    with pytest.raises(RecordError) as caught:
        from_document(_changed(mixed, path, value))
    assert str(caught.value).startswith(error)
    assert isinstance(caught.value, ValueError)


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = cast("dict[str | int, object]", value).items()
        yield from ((*path, name) for name, _ in inner)
    elif isinstance(value, list):
        inner = enumerate(cast("list[object]", value))
    for name, item in inner:
        yield from _places(item, (*path, name))


def test_every_member_is_required(mixed: RunRecord) -> None:
    """Dropping any member is an error, but for features, steps and facts, which are open maps."""
    document = to_document(mixed)
    for path in _places(document):
        if {"features", "steps", "facts"} & set(path[:-1]):
            continue
        broken = copy.deepcopy(document)
        del _at(broken, list(path[:-1]))[path[-1]]
        with pytest.raises(RecordError, match="is missing"):
            from_document(broken)
