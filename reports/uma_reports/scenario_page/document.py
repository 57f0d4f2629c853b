"""A replay as a JSON document, and back."""

from collections.abc import Mapping

from uma_reports.diagrams import Aside, Role
from uma_reports.document import exchange_document
from uma_reports.errors import RecordError
from uma_reports.members import Members
from uma_reports.parts import exchange
from uma_reports.scenario_page.model import (
    FORMAT,
    ActInWords,
    CastMember,
    PolicyInWords,
    Replay,
    ResourceInWords,
    StepInWords,
    StepOutcome,
)


def replay_document(replay: Replay) -> dict[str, object]:
    """Return a replay as JSON values, in the order of its format."""
    return {
        "format": FORMAT,
        "title": replay.title,
        "summary": replay.summary,
        "stage": replay.stage,
        "started": replay.started,
        "outcome": str(replay.outcome),
        "cast": [
            {
                "name": member.name,
                "role": str(member.role),
                "shown": member.shown,
                "about": member.about,
                "claims": list(member.claims),
            }
            for member in replay.cast
        ],
        "resources": [
            {
                "id": item.id,
                "name": item.name,
                "owner": item.owner,
                "server": item.server,
                "scopes": list(item.scopes),
            }
            for item in replay.resources
        ],
        "policies": [
            {"id": item.id, "owner": item.owner, "says": item.says, "standing": item.standing}
            for item in replay.policies
        ],
        "steps": [_step_document(step) for step in replay.steps],
        "exchanges": [exchange_document(item) for item in replay.exchanges],
    }


def _step_document(step: StepInWords) -> Mapping[str, object]:
    return {
        "id": step.id,
        "title": step.title,
        "narration": step.narration,
        "decision": step.decision,
        "reason": step.reason,
        "outcome": str(step.outcome),
        "message": step.message,
        "rows": list(step.rows),
        "exchanges": list(step.exchanges),
        "acts": [
            {
                "told": act.told,
                "ended": act.ended,
                "outcome": str(act.outcome),
                "note": act.note,
                "exchanges": list(act.exchanges),
            }
            for act in step.acts
        ],
        "asides": [
            {
                "before": aside.before,
                "source": aside.source,
                "target": aside.target,
                "text": aside.text,
            }
            for aside in step.asides
        ],
    }


def replay_of(document: Mapping[str, object]) -> Replay:
    """Return the replay that a JSON document holds.

    Raises `RecordError`, naming the JSON path, when it is not of this format, or names exchanges
    that it does not hold.
    """
    members = Members(document)
    found = members.text("format")
    if found != FORMAT:
        raise RecordError("$.format", f"this is {found!r}, and no replay of {FORMAT!r}")
    replay = Replay(
        title=members.text("title"),
        summary=members.text("summary"),
        stage=members.text("stage"),
        started=members.time("started"),
        outcome=members.one_of("outcome", StepOutcome),
        cast=members.each("cast", _member),
        resources=members.each("resources", _resource),
        policies=members.each("policies", _policy),
        steps=members.each("steps", _step),
        exchanges=members.each("exchanges", exchange),
    )
    members.end()
    there = {item.number for item in replay.exchanges}
    for place, step in enumerate(replay.steps):
        for number in (*step.exchanges, *(n for act in step.acts for n in act.exchanges)):
            if number not in there:
                raise RecordError(f"$.steps[{place}]", f"there is no exchange {number}")
    return replay


def _member(members: Members) -> CastMember:
    read = CastMember(
        name=members.text("name"),
        role=members.one_of("role", Role),
        shown=members.text("shown"),
        about=members.text("about"),
        claims=members.texts("claims"),
    )
    members.end()
    return read


def _resource(members: Members) -> ResourceInWords:
    read = ResourceInWords(
        id=members.text("id"),
        name=members.text("name"),
        owner=members.text("owner"),
        server=members.text("server"),
        scopes=members.texts("scopes"),
    )
    members.end()
    return read


def _policy(members: Members) -> PolicyInWords:
    read = PolicyInWords(
        id=members.text("id"),
        owner=members.text("owner"),
        says=members.text("says"),
        standing=members.flag("standing"),
    )
    members.end()
    return read


def _step(members: Members) -> StepInWords:
    read = StepInWords(
        id=members.text("id"),
        title=members.text("title"),
        narration=members.text("narration"),
        decision=members.text("decision"),
        reason=members.text("reason"),
        outcome=members.one_of("outcome", StepOutcome),
        message=members.text("message"),
        rows=members.texts("rows"),
        exchanges=members.wholes("exchanges"),
        acts=members.each("acts", _act),
        asides=members.each("asides", _aside),
    )
    members.end()
    return read


def _act(members: Members) -> ActInWords:
    read = ActInWords(
        told=members.text("told"),
        ended=members.text("ended"),
        outcome=members.one_of("outcome", StepOutcome),
        note=members.text("note"),
        exchanges=members.wholes("exchanges"),
    )
    members.end()
    return read


def _aside(members: Members) -> Aside:
    read = Aside(
        before=members.whole("before"),
        source=members.text("source"),
        target=members.text("target"),
        text=members.text("text"),
    )
    members.end()
    return read
