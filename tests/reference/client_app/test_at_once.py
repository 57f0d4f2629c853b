"""Requests at the same time: a flow goes on once, and nobody takes all the room."""

import asyncio
import re
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
from starlette.types import ASGIApp

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

BASE = "https://app.example"
PHOTO = "https://rs.example/photo"


async def signed_in(http: httpx.AsyncClient) -> None:
    await post(http, "/sign-in", name="bob", password="bob-password")


async def post(http: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    page = await http.get("/" if path == "/open" else "/sign-in", follow_redirects=True)
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return await http.post(path, data={"form_token": found.group(1), **fields})


def browser(app: ASGIApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=BASE, trust_env=False)


def test_two_returns_at_once_go_on_once(world: World, make_app: Callable[[], ASGIApp]) -> None:
    reached, go = Event(), Event()

    def slowly(_: dict[str, str]) -> tuple[int, dict[str, object]]:
        reached.set()
        assert go.wait(10)
        return 403, {"error": "request_denied"}

    async def play() -> None:
        async with browser(make_app()) as http:
            await signed_in(http)
            world.need_info(redirect_user="https://as.example/claims")
            away = (await post(http, "/open", address=PHOTO)).headers["location"]
            state = httpx.URL(away).params["state"]
            back = f"/return?ticket=back&state={state}"
            world.answers.append(slowly)
            first = asyncio.create_task(http.get(back))
            assert await asyncio.to_thread(reached.wait, 10)
            second = await http.get(back)
            assert second.status_code == 400
            go.set()
            assert (await first).status_code == 303

    asyncio.run(play())
    assert len(world.forms()) == 2


def test_one_person_has_a_share_of_the_room(
    world: World, app_document: dict[str, object], make_app: Callable[[], ASGIApp]
) -> None:
    app_document["limits"] = {"calls": 8}
    go = Event()

    def slowly(_: httpx.Request) -> httpx.Response:
        assert go.wait(10)
        return httpx.Response(404)

    world.resource = slowly

    async def play() -> None:
        async with browser(make_app()) as http:
            await signed_in(http)
            token = (await http.get("/")).text.partition('name="form_token" value="')[2][:64]
            form = {"form_token": token, "address": PHOTO}
            running = [asyncio.create_task(http.post("/open", data=form)) for _ in range(2)]
            while len(world.requests) < 2:  # noqa: ASYNC110 - the other side is a thread
                await asyncio.sleep(0.01)
            refused = await http.post("/open", data=form)
            assert refused.status_code == 503
            assert "Try again in a moment" in refused.text
            assert (await http.get("/")).status_code == 200
            go.set()
            answers = await asyncio.gather(*running)
            assert [item.status_code for item in answers] == [303, 303]

    asyncio.run(play())
    assert len(world.requests) == 2


def test_who_looks_while_a_request_is_under_way_is_told_so(
    world: World, make_app: Callable[[], ASGIApp]
) -> None:
    reached, go = Event(), Event()

    def slowly(_: dict[str, str]) -> tuple[int, dict[str, object]]:
        reached.set()
        assert go.wait(10)
        return 403, {"error": "request_denied"}

    async def play() -> None:
        async with browser(make_app()) as http:
            await signed_in(http)
            world.submitted(interval=5)
            page = (await post(http, "/open", address=PHOTO)).headers["location"]
            world.now += 5
            world.answers.append(slowly)
            first = asyncio.create_task(http.get(page))
            assert await asyncio.to_thread(reached.wait, 10)
            second = await http.get(page)
            assert "On its way" in second.text
            assert second.headers["refresh"] == "2"
            assert (await http.get(f"{page}/download")).status_code == 404
            go.set()
            assert "You were not given access" in (await first).text

    asyncio.run(play())
    assert len(world.forms()) == 2


def test_without_room_a_request_waits_on_and_is_not_lost(
    world: World, app_document: dict[str, object], make_app: Callable[[], ASGIApp]
) -> None:
    app_document["limits"] = {"calls": 4}
    go = Event()

    def slowly(_: httpx.Request) -> httpx.Response:
        assert go.wait(10)
        return httpx.Response(404)

    async def play() -> None:
        async with browser(make_app()) as http:
            await signed_in(http)
            world.submitted(interval=5)
            page = (await post(http, "/open", address=PHOTO)).headers["location"]
            world.now += 5
            world.resource = slowly
            asked = len(world.requests)
            running = asyncio.create_task(post(http, "/open", address=PHOTO))
            while len(world.requests) == asked:  # noqa: ASYNC110 - the other side is a thread
                await asyncio.sleep(0.01)
            assert (await http.get(page)).status_code == 503
            go.set()
            await running
            world.fail("request_denied", 403)
            assert "You were not given access" in (await http.get(page)).text

    asyncio.run(play())
