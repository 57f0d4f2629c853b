"""What the page of a scenario shows, made from a replay: the template only arranges it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from uma_reports.diagrams import Context, Diagram, Preset, Role, draw, svg
from uma_reports.page import ExchangeView, exchange_view
from uma_reports.scenario_page.model import CastMember, Replay, StepInWords
from uma_reports.scenarios.model import StepOutcome
from uma_reports.wording import counted

_MOST_DRAWN = 60
_MOST_IN_WHOLE = 400
_WHO_ASKS = frozenset({Role.CLIENT, Role.REQUESTING_PARTY})
_ROLE_NAMES: Mapping[Role, str] = {
    Role.RESOURCE_OWNER: "Who shares",
    Role.AUTHORIZATION_SERVER: "What decides",
    Role.RESOURCE_SERVER: "Where it is kept",
    Role.CLIENT: "What asks",
    Role.REQUESTING_PARTY: "For whom",
}
_ENDINGS: Mapping[StepOutcome, str] = {
    StepOutcome.PASSED: "as told",
    StepOutcome.FAILED: "other than told",
    StepOutcome.PARTLY: "as told, as far as seen",
    StepOutcome.SKIPPED: "skipped",
    StepOutcome.INCOMPLETE: "left open",
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with its diagram as SVG, empty without one, and its exchanges."""

    step: StepInWords
    ending: str
    diagram: str
    exchanges: tuple[ExchangeView, ...]


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """Everything on the page that is more than a member of the replay."""

    cast: tuple[tuple[str, tuple[CastMember, ...]], ...]
    steps: tuple[StepView, ...]
    beside: tuple[ExchangeView, ...]
    verdict: str
    whole: str


def scenario_view(replay: Replay) -> ScenarioView:
    """Arrange a replay for its page."""
    views = {item.number: exchange_view(item) for item in replay.exchanges}
    told = {number for step in replay.steps for number in step.exchanges}
    return ScenarioView(
        cast=tuple(
            (name, found)
            for role, name in _ROLE_NAMES.items()
            if (found := tuple(member for member in replay.cast if member.role is role))
        ),
        steps=tuple(
            StepView(
                step=step,
                ending=_ENDINGS[step.outcome],
                diagram=_svg(step_diagram(replay, step)),
                exchanges=tuple(views[number] for number in step.exchanges if number in views),
            )
            for step in replay.steps
        ),
        beside=tuple(view for number, view in sorted(views.items()) if number not in told),
        verdict=_verdict(replay),
        whole=_svg(_whole(replay)) if len(replay.exchanges) <= _MOST_IN_WHOLE else "",
    )


def step_diagram(replay: Replay, step: StepInWords) -> Diagram:
    """Return the diagram of a step: all that was sent, and what happened beside it."""
    numbers = sorted(step.exchanges)[:_MOST_DRAWN]
    left_out = len(step.exchanges) - len(numbers)
    return draw(
        (item for item in replay.exchanges if item.number in numbers),
        f"Step {step.id}: {step.title}",
        Preset.FULL,
        replace(
            _context(replay),
            asides=step.asides,
            marks=_marks(replay, step),
            history=tuple(e for e in replay.exchanges if numbers and e.number < numbers[0]),
        ),
        f"Not drawn: {counted(left_out, 'more exchange')}." if left_out else "",
    )


def _marks(replay: Replay, step: StepInWords) -> Mapping[int, tuple[str, ...]]:
    """Mark the answer that a failed act ended with: the last one to those whom it is about."""
    roles = {member.name: member.role for member in replay.cast}
    senders = {item.number: roles.get(item.sender) for item in replay.exchanges}
    marked: dict[int, tuple[str, ...]] = {}
    for act in step.acts:
        if act.outcome is StepOutcome.FAILED and act.exchanges:
            asked = [number for number in act.exchanges if senders.get(number) in _WHO_ASKS]
            marked[(asked or act.exchanges)[-1]] = (step.id,)
    return marked


def _whole(replay: Replay) -> Diagram:
    asides = tuple(aside for step in replay.steps for aside in step.asides)
    context = replace(_context(replay), asides=asides)
    return draw(replay.exchanges, f"The whole scenario: {replay.title}", Preset.GRANT, context)


def _context(replay: Replay) -> Context:
    return Context(
        roles={member.name: member.role for member in replay.cast},
        shown={member.name: member.title for member in replay.cast},
    )


def _svg(diagram: Diagram) -> str:
    return svg(diagram) if diagram.arrows else ""


def _verdict(replay: Replay) -> str:
    counts = Counter(step.outcome for step in replay.steps)
    total = len(replay.steps)
    if counts[StepOutcome.PASSED] == total and total:
        return "The step went as told" if total == 1 else f"All {total} steps went as told"
    parts = [f"{counts[outcome]} {words}" for outcome, words in _ENDINGS.items() if counts[outcome]]
    return f"{counted(total, 'step')}: {', '.join(parts)}"
