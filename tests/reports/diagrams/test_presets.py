"""The arrows of each preset, and how tickets and tokens are named in them."""

from collections.abc import Callable
from typing import Any

from uma_reports import ExchangeRecord
from uma_reports.diagrams import Aside, Context, Diagram, Preset, Role, draw


def _told(diagram: Diagram) -> list[str]:
    short = {str(role): sign for role, sign in zip(Role, ("P", "C", "A", "R", "O"), strict=True)}
    names = [short.get(lane.name, lane.name) for lane in diagram.lanes]
    return [
        f"{names[arrow.source]}{'<' if arrow.both_ways else ''}"
        f"{'--' if arrow.kind in {'outside', 'handover'} else '-'}>{names[arrow.target]} "
        + ", ".join(arrow.lines)
        for arrow in diagram.arrows
    ]


def test_grant_has_the_sixteen_arrows_of_the_figure(figure: list[ExchangeRecord]) -> None:
    diagram = draw(figure, "Flow", Preset.GRANT)

    assert [lane.name for lane in diagram.lanes] == [str(role) for role in Role]
    assert _told(diagram) == [
        "O-->A Do step 2",
        "C->R GET /photos/1, no access token",
        "R->C 401, ticket 1, where the AS is",
        "C->A POST token, ticket 1, claim token",
        "A->A authorization assessment, more claims needed",
        "A->C 403 need_info, ticket 2, redirect_user, needs email",
        "C-->P redirect with ticket 2",
        "P->A GET claims interaction, ticket 2",
        "P<-->A interactive claims gathering, 2 pages",
        "A->P 303 redirect back, ticket 3",
        "P-->C follow redirect with ticket 3",
        "C->A POST token, ticket 3",
        "A->A authorization assessment, granted",
        "A->C 200, RPT, PCT",
        "C->R GET /photos/1, RPT",
        "R->C 200",
    ]


def test_fedauthz_has_what_resource_server_and_server_tell_each_other(
    figure: list[ExchangeRecord],
) -> None:
    assert _told(draw(figure, "Flow", Preset.FEDAUTHZ)) == [
        "R->A POST resource registration, create “Photo”, scope view",
        "A->R 201",
        "O-->A Do step 2",
        "C->R GET /photos/1, no access token",
        "R->A POST permission, scope view",
        "A->R 201, ticket 1",
        "R->C 401, ticket 1, where the AS is",
        "C->R GET /photos/1, RPT",
        "R->A POST introspection, RPT",
        "A->R 200, active, scope view",
        "R->C 200",
    ]


def test_full_has_two_arrows_for_each_exchange_and_what_follows(
    figure: list[ExchangeRecord],
) -> None:
    diagram = draw(figure, "Flow")

    messages = [arrow for arrow in diagram.arrows if arrow.kind in {"request", "answer"}]
    assert len(messages) == 2 * len(figure)
    assert len(diagram.arrows) - len(messages) == 4  # two assessments, two redirections


def test_ticket_that_the_suite_passes_on_inside_itself_is_shown(script: Callable[[], Any]) -> None:
    play = script()
    play.protect("permission", {"resource_id": "r"}, 201, {"ticket": "ticket:1"})
    play.token("ticket:1", 200, {"access_token": "token:1"})
    play.protect("introspection", "token=token%3A1", 200, {"active": True})

    told = _told(draw(play.exchanges, "Suite"))

    assert "R-->C ticket 1 passed on" in told
    assert "C-->R RPT passed on" in told


def test_requesting_party_gets_a_ticket_from_a_client(script: Callable[[], Any]) -> None:
    play = script()
    play.protect("permission", {"resource_id": "r"}, 201, {"ticket": "ticket:1"})
    play.page("/claims?ticket=ticket%3A1", "https://app.example/?error=access_denied")

    assert _told(draw(play.exchanges, "Declined", Preset.GRANT)) == [
        "R-->C ticket 1 passed on",
        "C-->P redirect with ticket 1",
        "P->A GET claims interaction, ticket 1",
        "A->P 303 access_denied",
    ]


def test_ticket_that_nobody_gave_is_unknown_and_nothing_is_assessed(
    script: Callable[[], Any],
) -> None:
    play = script()
    play.token("ticket:9", 400, {"error": "invalid_grant"})

    assert _told(draw(play.exchanges, "Unknown")) == [
        "C->A POST token, unknown ticket 1",
        "A->C 400 invalid_grant",
    ]


def test_lost_answer_is_marked_as_lost(script: Callable[[], Any]) -> None:
    play = script()
    play.token("ticket:9", 0, None)

    (_, answer) = draw(play.exchanges, "Lost").arrows

    assert answer.lost
    assert answer.lines == ("no answer: timeout",)


def test_failing_arrow_is_that_of_the_party_under_test(figure: list[ExchangeRecord]) -> None:
    marks = {5: ("G-1",)}
    by_server = draw(figure, "x", context=Context(marks=marks))
    by_client = draw(figure, "x", context=Context(marks=marks, culprit=Role.CLIENT))

    assert [(a.kind, a.marks) for a in by_server.arrows if a.marks] == [("answer", ("G-1",))]
    assert [(a.kind, a.marks) for a in by_client.arrows if a.marks] == [("request", ("G-1",))]


def test_parties_have_their_own_lanes_by_role(script: Callable[[], Any]) -> None:
    play = script()
    play.add("gp-ehr", "pharmacy", "protected resource", "GET", "https://p.example/1", status=401)
    play.add("gp-ehr", "lab resource server", "protected resource", "GET", status=401)
    asides = (Aside(0, "Alice", "authorization server", "lets her doctor read"),
              Aside(9, "Alice", "authorization server", "takes it back"))  # fmt: skip

    diagram = draw(
        play.exchanges, "Cast", context=Context({"Alice": Role.RESOURCE_OWNER}, asides=asides)
    )

    assert [(lane.name, lane.role) for lane in diagram.lanes] == [
        ("gp-ehr", Role.CLIENT),
        ("authorization server", Role.AUTHORIZATION_SERVER),
        ("pharmacy", Role.RESOURCE_SERVER),
        ("lab resource server", Role.RESOURCE_SERVER),
        ("Alice", Role.RESOURCE_OWNER),
    ]
    assert [arrow.kind for arrow in diagram.arrows] == [
        "outside", "request", "answer", "request", "answer", "outside",
    ]  # fmt: skip
