"""The diagram of a failed row: the exchanges that decided, and where their tickets came from."""

import re
from collections.abc import Iterable, Mapping, Sequence

from uma_reports.diagrams import handles
from uma_reports.diagrams.drawing import Context, draw, issued
from uma_reports.diagrams.facts import Facts, members_of, text_of
from uma_reports.diagrams.model import Diagram, Preset, Role
from uma_reports.packs.model import PackRowResult
from uma_reports.record import ExchangeRecord, Outcome, Row, RunRecord
from uma_reports.wording import counted

MOST_EXCHANGES = 20
# The episode of a replay that tells of the scenario as a whole.
SCENARIO = "scenario"
# Those of scenarios that a run played beside its probes.
_WHOLE = re.compile(r"scenarios/[^/]+")
_ROLES = {
    "as": Role.AUTHORIZATION_SERVER,
    "rs": Role.RESOURCE_SERVER,
    "client": Role.CLIENT,
    "ro": Role.RESOURCE_OWNER,
    "rqp": Role.REQUESTING_PARTY,
}


def told_roles(record: RunRecord) -> Mapping[str, Role]:
    """Return the roles of parties by name, where the run is a replay or played scenarios."""
    known = {str(role): role for role in Role}
    parties = {
        name: known.get(text_of(role))
        for item in record.episodes
        if item.probe == SCENARIO or _WHOLE.fullmatch(item.probe)
        for name, role in members_of(item.facts.get("parties")).items()
    }
    return {name: role for name, role in parties.items() if role is not None}


class Evidence:
    """The exchanges of a run, to draw parts of them."""

    def __init__(self, record: RunRecord) -> None:
        self._record = record
        self._told = told_roles(record)
        self._facts = {item.number: Facts(item) for item in record.exchanges}
        self._issued = issued(self._facts.values())
        self._origins: dict[str, list[int]] = {}
        for number in sorted(self._facts):
            for handle in handles.given(self._facts[number]):
                self._origins.setdefault(handle.value, []).append(number)

    def row(self, row: Row | PackRowResult, preset: Preset = Preset.FULL) -> Diagram:
        """Return the diagram of what decided about a row of UMA or a pack, marked where it failed.

        What gave the tickets and tokens in it stands before it, quietly.
        """
        named = sorted(set(row.exchanges) & self._facts.keys())
        decided = named[:MOST_EXCHANGES]
        before = self._sources(decided, MOST_EXCHANGES - len(decided))
        left_out = len(named) - len(decided)
        note = f"Not drawn: {counted(left_out, 'more exchange')}." if left_out else ""
        return draw(
            self._records((*before, *decided)),
            f"Exchanges that decided about {row.id}",
            preset,
            Context(
                roles=self._told,
                marks=self._marks(row, decided),
                culprit=_ROLES.get(self._record.target.role, Role.AUTHORIZATION_SERVER),
                quiet=frozenset(before),
                issued=self._issued,
            ),
            note,
        )

    def numbers(self, numbers: Iterable[int], title: str, preset: Preset) -> Diagram:
        """Return the diagram of some exchanges, marked with the rows that they failed."""
        chosen = sorted(set(numbers) & self._facts.keys())
        marks: dict[int, tuple[str, ...]] = {}
        for row in self._record.rows:
            for number, ids in self._marks(row, row.exchanges).items():
                marks[number] = (*marks.get(number, ()), *ids)
        culprit = _ROLES.get(self._record.target.role, Role.AUTHORIZATION_SERVER)
        context = Context(self._told, marks=marks, culprit=culprit, issued=self._issued)
        return draw(self._records(chosen), title, preset, context)

    def _records(self, numbers: Iterable[int]) -> tuple[ExchangeRecord, ...]:
        return tuple(self._facts[number].exchange for number in sorted(numbers))

    def _marks(
        self, row: Row | PackRowResult, numbers: Sequence[int]
    ) -> dict[int, tuple[str, ...]]:
        """Mark what failed a row, but for controls, which are there to be good."""
        if row.outcome is not Outcome.FAILED:
            return {}
        guilty = [n for n in numbers if n in self._facts and not self._is_control(n)]
        return dict.fromkeys(guilty or numbers, (row.id,))

    def _is_control(self, number: int) -> bool:
        return "control" in self._facts[number].exchange.label

    def _sources(self, numbers: Sequence[int], most: int) -> tuple[int, ...]:
        """Return the exchanges that gave what these sent, and so on, the nearest first."""
        found: list[int] = []
        pending = list(numbers)
        while pending and len(found) < most:
            number = pending.pop(0)
            for handle in handles.sent(self._facts[number]):
                earlier = [n for n in self._origins.get(handle.value, ()) if n < number]
                if earlier and earlier[-1] not in {*found, *numbers}:
                    found.append(earlier[-1])
                    pending.append(earlier[-1])
        return tuple(found[:most])
