"""From recorded exchanges to a diagram."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from uma_reports.diagrams import handles
from uma_reports.diagrams.facts import Facts
from uma_reports.diagrams.handles import Names
from uma_reports.diagrams.model import Arrow, ArrowKind, Diagram, Preset, Role
from uma_reports.diagrams.moments import Aside, Moment, moments
from uma_reports.diagrams.parties import Parties
from uma_reports.diagrams.presets import chosen
from uma_reports.diagrams.words import words
from uma_reports.record import ExchangeRecord


@dataclass(frozen=True, slots=True)
class Context:
    """What there is to know beside the exchanges that are drawn.

    `roles` are those of parties whose names do not say it, and `shown` names for people of those
    that have others in the exchanges. `marks` are the ids of the rows that an exchange failed, by
    its number, and `culprit` is the role whose messages they are about. `quiet` are the numbers of
    exchanges that are only shown to tell where something came from. `issued` are pseudonyms that
    exchanges gave which are not drawn, and `history` are earlier exchanges, to know who holds what.
    """

    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    shown: Mapping[str, str] = field(default_factory=dict[str, str])
    asides: tuple[Aside, ...] = ()
    marks: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    culprit: Role = Role.AUTHORIZATION_SERVER
    quiet: frozenset[int] = frozenset()
    issued: frozenset[str] = frozenset()
    history: tuple[ExchangeRecord, ...] = ()


_PLAIN = Context()


def draw(
    exchanges: Iterable[ExchangeRecord],
    title: str,
    preset: Preset = Preset.FULL,
    context: Context = _PLAIN,
    note: str = "",
) -> Diagram:
    """Return the diagram of these exchanges as a preset shows them."""
    every = tuple(exchanges)
    facts = [Facts(exchange) for exchange in every]
    earlier = [Facts(exchange) for exchange in context.history]
    parties = Parties((*every, *context.history), context.roles)
    names = Names(facts, context.issued | issued(facts) | issued(earlier))
    shown = chosen(moments(facts, parties, context.asides, earlier), preset, parties)
    lanes = parties.lanes(name for moment in shown for name in (moment.source, moment.target))
    places = {lane.name: place for place, lane in enumerate(lanes)}
    arrows = tuple(
        Arrow(
            source=places[moment.source],
            target=places[moment.target],
            kind=moment.kind,
            lines=words(moment, names, parties),
            exchange=moment.number,
            marks=_marks(moment, parties, context),
            lost=moment.kind is ArrowKind.ANSWER and not (moment.facts and moment.facts.status),
            quiet=moment.number in context.quiet,
            both_ways=moment.pages > 0,
        )
        for moment in shown
    )
    named = tuple(replace(lane, name=context.shown.get(lane.name, lane.name)) for lane in lanes)
    return Diagram(title, named, arrows, note)


def issued(facts: Iterable[Facts]) -> frozenset[str]:
    """Return the pseudonyms of all tickets and tokens that some answer gave."""
    return frozenset(handle.value for item in facts for handle in handles.given(item))


def _marks(moment: Moment, parties: Parties, context: Context) -> tuple[str, ...]:
    """Return the rows that a moment fails: a request only where its sender is under test."""
    if moment.facts is None or moment.kind not in {ArrowKind.REQUEST, ArrowKind.ANSWER}:
        return ()
    exchange = moment.facts.exchange
    by_sender = parties.role(exchange.sender) is context.culprit
    guilty = ArrowKind.REQUEST if by_sender else ArrowKind.ANSWER
    return context.marks.get(exchange.number, ()) if moment.kind is guilty else ()
