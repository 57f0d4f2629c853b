"""Changing a document: the library asks for what it takes, and nobody's text is lost."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any


class Notes:
    """A resource server with one document: reading takes an RPT, writing one that says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.body = b'{"a": 1}'
        self.kind = "application/json"
        self.tag = '"v1"'
        self.puts: list[httpx.Request] = []
        world.resource = self.answer

    def answer(self, request: httpx.Request) -> httpx.Response:
        rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
        if rpt not in self.world.good or (request.method == "PUT" and "write" not in rpt):
            return self.world.challenge()
        if request.method == "PUT":
            self.puts.append(request)
            if request.headers["if-match"] != self.tag:
                return httpx.Response(412)
            self.body = request.content
            return httpx.Response(204)
        headers = {"content-type": self.kind, "etag": self.tag}
        return httpx.Response(200, content=self.body, headers=headers)


@pytest.fixture
def notes(world: World) -> Notes:
    return Notes(world)


@pytest.fixture
def opened(world: World, notes: Notes, bob: Visiting) -> str:
    """Have Bob open the document, and return its page."""
    assert notes.body
    world.grant("rpt-read")
    bob.open()
    assert "Edit" in bob.says
    return bob.path


def edit(bob: Visiting, page: str, text: str) -> None:
    bob.go(f"{page}/edit")
    bob.send(f"{page}/edit", content=text)


def test_a_change_is_saved_with_an_upgraded_rpt(
    world: World, notes: Notes, bob: Visiting, opened: str
) -> None:
    world.grant("rpt-write", upgraded=True)
    edit(bob, opened, '{\r\n  "a": 2\r\n}')
    assert notes.body == b'{\n  "a": 2\n}'
    assert "Your change was saved" in bob.says
    assert '"a": 2' in bob.says
    (put,) = notes.puts
    assert put.headers["content-type"] == "application/json"
    assert world.forms()[-1]["rpt"] == "rpt-read"


def test_the_text_is_as_it_is_shown(bob: Visiting, opened: str) -> None:
    bob.go(f"{opened}/edit")
    assert "{\n  &#34;a&#34;: 1\n}</textarea>" in bob.last.text


def test_what_is_no_json_is_not_sent(
    world: World, notes: Notes, bob: Visiting, opened: str
) -> None:
    before = len(world.requests)
    edit(bob, opened, '{\n"a": }')
    assert bob.last.status_code == 400
    assert "This is no JSON: Expecting value, in line 2, column 6" in bob.says
    assert "&#34;a&#34;: }</textarea>" in bob.last.text
    assert len(world.requests) == before
    assert notes.puts == []


def test_a_refused_change_leaves_the_text_to_go_back_to(
    world: World, bob: Visiting, opened: str
) -> None:
    world.fail("request_denied", 403)
    edit(bob, opened, '{"a": 3}')
    assert "Your change was not saved" in bob.says
    assert "to let you change it" in bob.says
    assert f'href="{opened}/edit"' in bob.last.text
    bob.go(f"{opened}/edit")
    assert "{&#34;a&#34;: 3}</textarea>" in bob.last.text


def test_a_change_of_somebody_else_is_not_overwritten(
    world: World, notes: Notes, bob: Visiting, opened: str
) -> None:
    notes.tag = '"v2"'
    world.grant("rpt-write")
    edit(bob, opened, '{"a": 4}')
    assert "Somebody else was faster" in bob.says
    assert notes.body == b'{"a": 1}'


def test_a_change_can_wait_for_the_owner(
    world: World, notes: Notes, bob: Visiting, opened: str
) -> None:
    world.submitted(interval=5)
    edit(bob, opened, '{"a": 5}')
    assert "whether you may change this document" in bob.says
    page = bob.path
    bob.go("/")
    assert "to save a change" in bob.says
    world.grant("rpt-write")
    world.now += 5
    bob.go(page)
    assert "Your change was saved" in bob.says
    assert notes.body == b'{"a": 5}'


def test_a_text_that_is_no_json_keeps_its_ends_of_lines(
    world: World, notes: Notes, bob: Visiting
) -> None:
    notes.body, notes.kind = b"\none\r\ntwo", "text/plain; charset=utf-8"
    world.grant("rpt-write")
    bob.open()
    page = bob.path
    bob.go(f"{page}/edit")
    assert ">\n\none\r\ntwo</textarea>" in bob.last.text
    bob.send(f"{page}/edit", content="\r\none\r\nthree")
    assert notes.body == b"\r\none\r\nthree"


def test_only_text_can_be_edited(world: World, notes: Notes, bob: Visiting) -> None:
    notes.body, notes.kind = b"\x00\x01", "image/png"
    world.grant("rpt-write")
    bob.open()
    assert f"{bob.path}/edit" not in bob.last.text
    assert bob.go(f"{bob.path}/edit").status_code == 404


def test_after_a_change_seeing_can_wait_for_the_owner(
    world: World, notes: Notes, bob: Visiting, opened: str
) -> None:
    def once(_: dict[str, str]) -> tuple[int, dict[str, object]]:
        world.good = {"rpt-write"}
        return 200, {"access_token": "rpt-write", "token_type": "Bearer"}

    def saved(request: httpx.Request) -> httpx.Response:
        answer = notes.answer(request)
        if request.method == "PUT" and answer.status_code == 204:
            world.good.clear()
        return answer

    world.resource = saved
    world.answers.append(once)
    world.submitted(interval=5)
    edit(bob, opened, '{"a": 6}')
    assert "whether you may see this document" in bob.says
    world.grant("rpt-again")
    world.now += 5
    bob.go(bob.path)
    assert "Your change was saved" in bob.says
    assert len(notes.puts) == 1
