"""Reading HAR files: what is taken from them, and what is refused."""

import base64
import copy
from collections.abc import Callable
from typing import Any

import pytest

from uma_conformance.traffic.har import read_har
from uma_reports import RecordError

Make = Callable[..., dict[str, Any]]


def test_entries_come_in_order_of_time_and_keep_their_place(entry: Make, har: Make) -> None:
    read = read_har(har(entry("GET", "/b", at=9), entry("GET", "/a", at=4), document=False))
    assert [(item.place, item.request.url[-2:]) for item in read.entries] == [(1, "/a"), (0, "/b")]
    assert read.creator == "tap 7"
    assert read.entries[0].seconds == 0.02


def test_what_is_not_there_is_not_made_up(entry: Make, har: Make) -> None:
    document = har(entry("get", "/a"), document=False)
    (only,) = document["log"]["entries"]
    del document["log"]["creator"], only["time"], only["response"]["content"]
    only["request"]["headers"] = [{"name": ":path", "value": "/a"}, {"name": "A", "value": "1\n2"}]
    (read,) = read_har(document).entries
    assert read.request.method == "GET"
    assert read.request.headers == (("A", "1"), ("A", "2"))
    assert read.response is not None
    assert read.response.truncated
    only["response"] = {"status": 0, "headers": []}
    assert read_har(document).entries[0].response is None


def test_bodies_in_base64_and_forms_in_parts(entry: Make, har: Make) -> None:
    document = har(entry("POST", "/a", answer={}), document=False)
    (only,) = document["log"]["entries"]
    only["response"]["content"] = {
        "text": base64.b64encode(b'{"a":1}').decode(),
        "encoding": "base64",
    }
    only["request"]["postData"] = {"params": [{"name": "a b", "value": "1&2"}, {"name": "c"}]}
    (read,) = read_har(document).entries
    assert read.response is not None
    assert read.response.body == '{"a":1}'
    assert not read.response.truncated
    assert read.request.body == "a+b=1%262&c="


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (["log"], 1, "$.log: must be an object, not a number"),
        (["log", "entries"], None, "$.log.entries: is missing"),
        (["log", "entries"], {}, "$.log.entries: must be an array"),
        (["log", "entries", 0], "x", "$.log.entries[0]: must be an object, not a string"),
        (["log", "entries", 0, "startedDateTime"], "noon", "$.log.entries[0].startedDateTime: m"),
        (["log", "entries", 0, "request", "method"], None, "$.log.entries[0].request.method: is m"),
        (["log", "entries", 0, "request", "url"], 7, "$.log.entries[0].request.url: must be a str"),
        (["log", "entries", 0, "request", "headers"], [{"name": "a"}],
         "$.log.entries[0].request.headers[0].value: is missing"),
        (["log", "entries", 0, "response", "status"], "200", "$.log.entries[0].response.status: m"),
        (["log", "entries", 0, "response", "content"], {"text": "?", "encoding": "base64"},
         "$.log.entries[0].response.content.text: is no base64"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_the_entry_and_the_member(
    path: list[str | int], value: object, error: str, entry: Make, har: Make
) -> None:
    document: Any = copy.deepcopy(har(entry("GET", "/a"), document=False))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    with pytest.raises(RecordError) as caught:
        read_har(document)
    assert str(caught.value).startswith(error)
