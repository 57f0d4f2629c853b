"""Random walks with drivers of other servers: what they cannot do is left out, with a reason."""

from typing import Protocol

import pytest

from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.searching import Search
from uma_conformance.exploring.steps import Action
from uma_conformance.opening import OpenTarget, connect

_OF_RESOURCES = {*(Action.REGISTER, Action.READ, Action.UPDATE, Action.DELETE, Action.LIST)}


class Driven(Protocol):
    @property
    def ready(self) -> OpenTarget: ...


def walked(driven: Driven, **how_far: int) -> Search:
    search = Search(Plan(**how_far), lambda: connect(driven.ready))
    search.run()
    assert search.stopped == ""
    assert (search.unclear, search.left_behind) == (0, 0)
    return search


@pytest.mark.parametrize("driven", ["hook"], indirect=True)
def test_a_hook_server_walks_everywhere(driven: Driven) -> None:
    search = walked(driven, walks=6, steps=20)
    assert search.found == []
    assert search.able.missing == {}
    assert {Action.ALLOW, Action.REDEEM, Action.INTROSPECT} < search.counts.keys()


@pytest.mark.parametrize("driven", ["table"], indirect=True)
def test_what_was_set_up_by_hand_is_not_changed(driven: Driven) -> None:
    search = walked(driven, walks=12, steps=15)
    assert search.found == []
    for action in (Action.ALLOW, Action.WITHDRAW):
        assert "driver.resources are as they were set up" in search.able.missing[action]
    assert Action.REDEEM in search.able.missing
    assert search.counts.keys() == {*_OF_RESOURCES, Action.ASK}


@pytest.mark.parametrize("driven", ["keycloak"], indirect=True)
def test_what_walks_find_at_keycloak_is_known(driven: Driven) -> None:
    search = walked(driven, walks=12, steps=15, seconds=300)
    rows = {row for item in search.found for row in item.rows}
    assert rows
    assert rows <= {"F-3.2.2-03", "F-3.2.3-02", "G-3.6-02", "G-5.5-02", "G-5.5-03"}
    assert all(len(item.steps) <= 6 for item in search.found)
    assert Action.VISIT in search.able.missing
