"""A person signs in, opens what is shared, and sees it."""

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

PHOTO = "https://rs.example/photo"


def serving(world: World, body: str, kind: str = "application/json") -> None:
    """Have the resource server give a document to whoever has a good RPT."""

    def answer(request: httpx.Request) -> httpx.Response:
        rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
        if rpt not in world.good:
            return world.challenge()
        return httpx.Response(200, content=body.encode(), headers={"content-type": kind})

    world.resource = answer


def test_who_signs_in_sees_what_is_shared(world: World, bob: Visiting) -> None:
    serving(world, '{"resourceType":"Patient","weight":1.10}')
    world.grant()
    bob.open()
    assert bob.last.status_code == 200
    assert '"weight": 1.10' in bob.last.text.replace("&#34;", '"')
    assert "Asking for an RPT with ticket 1" in bob.says
