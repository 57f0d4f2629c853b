"""The page of a scenario: what it tells, and that hostile text does nothing in it."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from uma_reports import ExchangeRecord
from uma_reports.diagrams import Aside, Role
from uma_reports.scenario_page import (
    ActInWords,
    CastMember,
    PolicyInWords,
    Replay,
    ResourceInWords,
    StepInWords,
    StepOutcome,
    render_scenario_page,
    step_diagram,
)

_PASSED, _FAILED = StepOutcome.PASSED, StepOutcome.FAILED
_NASTY = "</style><script>alert(1)</script> \u202e \x1b[31m {{ 7*7 }} \" ' &"


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        members = dict(attrs)
        self.tags.append(tag)
        self.ids += [members["id"] or ""] if "id" in members else []
        self.targets += [(members["href"] or "")[1:]] if "href" in members else []
        assert not any(name.startswith("on") or name == "style" for name in members)


@pytest.fixture
def replay(make_exchange: Callable[..., ExchangeRecord]) -> Replay:
    opened = make_exchange(
        1, sender="viewer", receiver="photos", endpoint="protected resource", started=1.0
    )
    asked = make_exchange(2, sender="viewer", receiver="as", endpoint="token", started=2.0)
    steps = (
        StepInWords(
            "S01", "Bob looks", "Bob opens a photo.", "Granted: view", "R1 names Bob.", _PASSED,
            rows=("G-3.3.1-01",), exchanges=(1,),
            acts=(ActInWords("Bob opens it", "challenged", _PASSED, "", (1,)),),
        ),
        StepInWords(
            "S02", "Bob looks again", "He asks.", "Denied", "", _FAILED, "granted was expected",
            exchanges=(2,), acts=(ActInWords("Viewer asks", "invalid_grant", _FAILED, "", (2,)),),
            asides=(Aside(2, "alice", "as", "withdraws R1"),),
        ),
    )  # fmt: skip
    return Replay(
        title="Alice shares",
        summary="She is away.",
        stage="the built-in reference",
        started="2031-01-01T00:00:00Z",
        outcome=_FAILED,
        cast=(
            CastMember("alice", Role.RESOURCE_OWNER, "Alice", "Owns photos."),
            CastMember("viewer", Role.CLIENT, "Viewer", claims=("email bob@example.org",)),
            CastMember("photos", Role.RESOURCE_SERVER),
            CastMember("as", Role.AUTHORIZATION_SERVER),
        ),
        resources=(ResourceInWords("P1", "Photo", "Alice", "photos", ("view",)),),
        policies=(
            PolicyInWords("R1", "Alice", "Bob may look."),
            PolicyInWords("R2", "Alice", "Carla may look.", standing=False),
        ),
        steps=steps,
        exchanges=(opened, asked),
    )  # fmt: skip


def test_page_tells_the_story_and_keeps_every_exchange(replay: Replay) -> None:
    page = render_scenario_page(replay)

    for words in ("2 steps: 1 as told, 1 other than told", "R1 names Bob.", "Bob may look.",
                  "Owns photos.", "email bob@example.org", "granted was expected", "set on the way",
                  "withdraws R1", "grant_type = urn:ietf:params:oauth:grant-type:uma-ticket",
                  "G-3.3.1-01"):  # fmt: skip
        assert words in page
    seen = _Tags(page)
    assert {"exchange-1", "exchange-2", "step-1", "step-2"} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.targets) <= set(seen.ids)
    assert seen.tags.count("svg") == 3
    assert "script" not in seen.tags
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)


def test_lanes_have_the_names_for_people_and_the_failed_answer_a_mark(replay: Replay) -> None:
    first, second = (step_diagram(replay, step) for step in replay.steps)

    assert [lane.name for lane in first.lanes] == ["Viewer", "photos"]
    assert [lane.name for lane in second.lanes] == ["Viewer", "as", "Alice"]
    assert [arrow.kind for arrow in second.arrows] == ["outside", "request", "answer"]
    assert [arrow.marks for arrow in second.arrows] == [(), (), ("S02",)]
    assert not any(arrow.marks for arrow in first.arrows)


def test_hostile_text_stays_text(replay: Replay) -> None:
    hostile = replace(
        replay,
        title=_NASTY,
        summary=_NASTY,
        stage=_NASTY,
        cast=tuple(replace(m, shown=_NASTY, about=_NASTY, claims=(_NASTY,)) for m in replay.cast),
        resources=tuple(replace(r, name=_NASTY, scopes=(_NASTY,)) for r in replay.resources),
        policies=tuple(replace(p, id=_NASTY, says=_NASTY) for p in replay.policies),
        steps=tuple(
            replace(s, id=_NASTY, title=_NASTY, narration=_NASTY, decision=_NASTY, reason=_NASTY,
                    message=_NASTY, rows=(_NASTY,),
                    acts=(ActInWords(_NASTY, _NASTY, _FAILED, _NASTY, (1,)),),
                    asides=(Aside(1, "alice", "as", _NASTY),))
            for s in replay.steps
        ),
    )  # fmt: skip
    page = render_scenario_page(hostile)

    assert _Tags(page).tags.count("script") == 0
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_scenario_without_steps_is_a_page_too(replay: Replay) -> None:
    page = render_scenario_page(replace(replay, steps=(), exchanges=(), resources=(), policies=()))

    assert "0 steps" in page
    assert _Tags(page).tags.count("svg") == 0
