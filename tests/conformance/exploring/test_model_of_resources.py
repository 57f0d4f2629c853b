"""The model of the protection API: what a walk may not show, and what it may."""

from typing import Any

import pytest

# The type of the fixture: tests are collected by path and import no conftest.
Story = Any


def test_a_whole_life_is_fine(story: Story) -> None:
    story.register("r1", "view", "edit")
    story.read("r1")
    story.update("r1", "view")
    story.read("r1")
    story.list("r1", "something of another resource server")
    story.ask("t1", r1=("view",))
    story.ask("t2", r1=())
    story.delete("r1")
    story.add(story.walk[1].step, 404)
    story.list()
    story.ask("t3", status=400, r1=("view",))
    assert story.rows == ()


@pytest.mark.parametrize("status", [200, 204])
def test_a_deleted_resource_cannot_be_used(story: Story, status: int) -> None:
    story.register("r1")
    story.delete("r1", status)
    story.read("r1")
    assert story.rows == ("F-3.2.4-01",)


def test_a_resource_is_deleted_once(story: Story) -> None:
    story.register("r1")
    story.delete("r1")
    story.delete("r1")
    assert story.rows == ("F-3.2-23",)


def test_a_deleted_resource_is_not_updated(story: Story) -> None:
    story.register("r1")
    story.delete("r1")
    story.update("r1", "view")
    assert story.rows == ("F-3.2-22",)


def test_a_deleted_resource_is_not_listed(story: Story) -> None:
    story.register("r1")
    story.delete("r1")
    story.list("r1")
    assert story.rows == ("F-3.2.4-01",)


def test_a_deleted_resource_gives_no_ticket(story: Story) -> None:
    story.register("r1")
    story.delete("r1")
    story.ask("t1", r1=("view",))
    assert story.rows == ("F-3-02",)


def test_a_list_is_complete(story: Story) -> None:
    story.register("r1")
    story.register("r2")
    story.update("r2", "view")
    story.list("r2")
    assert story.rows == ("F-3.2.5-01",)


def test_a_list_is_of_one_owner(story: Story) -> None:
    story.register("r1", owner="dana")
    story.list("r1")
    assert story.rows == ("F-1.3-10",)


def test_a_description_comes_back(story: Story) -> None:
    story.register("r1", "view", "edit")
    story.read("r1", resource_scopes=["edit", "view"])
    assert story.rows == ()
    story.read("r1", resource_scopes=["edit"])
    assert story.rows == ("F-3.2.2-03",)


def test_an_update_replaces(story: Story) -> None:
    story.register("r1", "view")
    story.update("r1", "edit")
    story.read("r1", resource_scopes=["view"])
    assert story.rows == ("F-3.2.3-01",)


def test_a_registered_resource_is_there(story: Story) -> None:
    story.register("r1")
    story.read("r1", 404)
    assert story.rows == ("F-3.2.1-02",)


@pytest.mark.parametrize(
    ("operation", "given", "status", "row"),
    [
        ("register", ("r2",), 200, "F-3.2.1-03"),
        ("update", ("r1", "view"), 201, "F-3.2.3-02"),
        ("delete", ("r1",), 202, "F-3.2.4-02"),
        ("read", ("r1",), 203, "F-3.2.2-02"),
    ],
)
def test_each_operation_has_its_status(
    story: Story, operation: str, given: tuple[str, ...], status: int, row: str
) -> None:
    story.register("r1")
    getattr(story, operation)(*given, status=status)
    assert story.rows == (row,)


def test_scopes_that_an_update_dropped_give_no_ticket(story: Story) -> None:
    story.register("r1", "view", "edit")
    story.update("r1", "view")
    story.ask("t1", r1=("edit",))
    assert story.rows == ("F-4.3-05",)


def test_what_is_registered_gives_a_ticket(story: Story) -> None:
    story.register("r1")
    story.ask("t1", status=400, r1=("view",))
    assert story.rows == ("F-3-01",)


def test_tickets_are_not_repeated(story: Story) -> None:
    story.register("r1")
    story.ask("t1", r1=("view",))
    story.ask("t1", r1=("view",))
    assert story.rows == ("G-5.4-01",)


@pytest.mark.parametrize("status", [0, 401, 403, 429, 500, 503])
def test_an_outage_breaks_nothing_and_ends_all_judging(story: Story, status: int) -> None:
    story.register("r1")
    story.read("r1", status)
    story.list()
    story.delete("r1", 202)
    assert story.rows == ()


def test_a_refused_delete_leaves_open_what_is_there(story: Story) -> None:
    story.register("r1")
    story.delete("r1", 409)
    story.list()
    story.list("r1")
    story.read("r1", 404)
    assert story.rows == ()


def test_what_is_bearable_hides_nothing_that_comes_after_it(story: Story) -> None:
    story.register("r1", "view", status=200)
    story.read("r1", resource_scopes=[{"name": "view"}])
    story.update("r1", "view", status=204)
    story.list()
    story.read("r1", 404)
    story.list("r1")
    broken = ("F-3.2.1-03", "F-3.2.2-03", "F-3.2.3-02", "F-3.2.5-01", "F-3.2.1-02")
    assert story.rows == broken


def test_scopes_in_another_form_say_nothing_of_an_update(story: Story) -> None:
    story.register("r1", "view")
    story.update("r1", "edit")
    story.read("r1", resource_scopes=[{"name": "edit"}])
    story.read("r1", resource_scopes=["view"])
    assert story.rows == ("F-3.2.2-03", "F-3.2.3-01")
