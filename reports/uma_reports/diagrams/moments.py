"""What happened one after the other: requests, answers, and what follows from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from uma_reports.diagrams import handles
from uma_reports.diagrams.facts import Facts
from uma_reports.diagrams.handles import Handle, HandleKind
from uma_reports.diagrams.model import ArrowKind, Role
from uma_reports.diagrams.parties import Parties

# These say that the server got as far as weighing policies (Grant 3.3.4, 3.3.6).
_SERVER = Role.AUTHORIZATION_SERVER
_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted", "invalid_scope"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One arrow to be, between parties by name, with what there is to say about it.

    `pages` counts the exchanges that one moment stands for, where it stands for several.
    """

    kind: ArrowKind
    source: str
    target: str
    facts: Facts | None = None
    handle: Handle | None = None
    text: str = ""
    pages: int = 0

    @property
    def number(self) -> int:
        """The number of its exchange, 0 for none."""
        return self.facts.exchange.number if self.facts else 0


@dataclass(frozen=True, slots=True)
class Aside:
    """Something beside the recorded exchanges, such as an owner who sets a policy.

    It is shown before the exchange of this number, or at the end when none follows.
    """

    before: int
    source: str
    target: str
    text: str


def moments(
    facts: Sequence[Facts],
    parties: Parties,
    asides: Iterable[Aside] = (),
    earlier: Iterable[Facts] = (),
) -> tuple[Moment, ...]:
    """Return all moments of these exchanges in the order in which they happened.

    Who holds what is also known from `earlier` ones.
    """
    teller = _Teller(parties, asides)
    for item in earlier:
        teller.learn(item)
    return tuple(teller.told(facts))


class _Teller:
    def __init__(self, parties: Parties, asides: Iterable[Aside]) -> None:
        self._parties = parties
        self._asides = sorted(asides, key=lambda aside: aside.before)
        self._holders: dict[str, list[str]] = {}

    def learn(self, facts: Facts) -> None:
        """Take note of who holds what after an exchange."""
        for handle in (*handles.sent(facts), *handles.given(facts)):
            self._hold(handle, facts.exchange.receiver)
            self._hold(handle, facts.exchange.sender)

    def told(self, facts: Sequence[Facts]) -> Iterator[Moment]:
        """Tell requests and answers so that what a party did to answer stands in between."""
        open_ones: list[Facts] = []
        for item in sorted(facts, key=lambda one: (one.exchange.started, one.exchange.number)):
            while open_ones and not _within(item, open_ones[-1]):
                yield from self._answer(open_ones.pop())
            yield from self._request(item)
            open_ones.append(item)
        while open_ones:
            yield from self._answer(open_ones.pop())
        yield from self._beside(None)

    def _beside(self, number: int | None) -> Iterator[Moment]:
        while self._asides and (number is None or self._asides[0].before <= number):
            aside = self._asides.pop(0)
            yield Moment(ArrowKind.OUTSIDE, aside.source, aside.target, text=aside.text)

    def _request(self, facts: Facts) -> Iterator[Moment]:
        exchange = facts.exchange
        yield from self._beside(exchange.number)
        for handle in handles.sent(facts):
            yield from self._handover(handle, exchange.sender)
            self._hold(handle, exchange.sender)
            self._hold(handle, exchange.receiver)
        yield Moment(ArrowKind.REQUEST, exchange.sender, exchange.receiver, facts)
        if assessed(facts):
            yield Moment(ArrowKind.ASSESSMENT, exchange.receiver, exchange.receiver, facts)

    def _answer(self, facts: Facts) -> Iterator[Moment]:
        exchange = facts.exchange
        for handle in handles.given(facts):
            self._hold(handle, exchange.receiver)
            self._hold(handle, exchange.sender)
        yield Moment(ArrowKind.ANSWER, exchange.receiver, exchange.sender, facts)

    def _handover(self, handle: Handle, sender: str) -> Iterator[Moment]:
        holders = self._holders.get(handle.value, [])
        others = [name for name in holders if self._role(name) is not _SERVER]
        passed_on = handle.kind is not HandleKind.REFRESH and self._role(sender) is not _SERVER
        if not passed_on or not others or sender in holders:
            return
        last = others[-1]
        if self._role(sender) is Role.REQUESTING_PARTY and self._role(last) is not Role.CLIENT:
            # A requesting party is only ever sent to the server by a client (Grant 3.3.2).
            client = self._parties.first(Role.CLIENT)
            yield Moment(ArrowKind.HANDOVER, last, client, handle=handle)
            self._hold(handle, client)
            last = client
        yield Moment(ArrowKind.HANDOVER, last, sender, handle=handle)

    def _hold(self, handle: Handle, name: str) -> None:
        holders = self._holders.setdefault(handle.value, [])
        if name not in holders:
            holders.append(name)

    def _role(self, name: str) -> Role:
        return self._parties.role(name)


def assessed(facts: Facts) -> bool:
    """Whether an answer shows that the server assessed authorization (Grant 3.3.4)."""
    return facts.asks_for_rpt and (200 <= facts.status < 300 or facts.error in _ASSESSED)


def _within(inner: Facts, outer: Facts) -> bool:
    """Whether an exchange was made by the receiver of another one before it answered."""
    one, other = inner.exchange, outer.exchange
    return (
        one.sender == other.receiver
        and other.started <= one.started
        and one.started + one.seconds < other.started + other.seconds
    )
