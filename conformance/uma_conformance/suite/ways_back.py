"""What came of a visit to the claims interaction endpoint, as checks look at it (Grant 3.3.3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uma_conformance.judge import Judge, Open
from uma_conformance.navigation import (
    added,
    destinations,
    in_fragment,
    leads_to,
    path_of,
    same_place,
)
from uma_conformance.outcome import Outcome
from uma_conformance.probes.visiting import sent, stuck
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})


@dataclass(frozen=True, slots=True)
class WayBack:
    """The exchanges of a visit, and where the last one leads a browser by itself."""

    first: Exchange
    last: Exchange
    trail: tuple[Exchange, ...]
    stuck: str = ""

    @property
    def asked(self) -> Mapping[str, str]:
        """The parameters that the client sent."""
        return dict(added(self.first.request.url))

    @property
    def uri(self) -> str:
        """The claims redirection URI of the request; empty when it was left out."""
        return self.asked.get("claims_redirect_uri", "")

    @property
    def places(self) -> Sequence[str]:
        """Where the visit ended."""
        return places_of(self.last)

    def to(self, uri: str) -> str:
        """Return the address by which the visit leads to the place of a URI; empty if it does not.

        Its query may have changed on the way.
        """
        return next((place for place in self.places if same_place(place, uri)), "")

    def just_to(self, uri: str) -> str:
        """Return the address by which the visit leads to just this URI, letter by letter."""
        return next((place for place in self.places if leads_to(place, uri)), "")

    def passed(self, reference: str) -> bool:
        """Tell whether the visit led, at any time, to where this reference may be resolved to."""
        name = reference.rpartition("/")[2]
        places = (place for exchange in self.trail for place in places_of(exchange))
        return any(path_of(place).endswith(f"/{name}") for place in places)

    @property
    def outline(self) -> str:
        """Where the visit ended, in a few words."""
        where = f"leads to {self.places[0]!r}" if self.places else "leads nowhere"
        more = f" ({self.stuck})" if self.stuck else ""
        return f"the visit ended with {self.last.outline} and {where}{more}"


def way_back(judge: Judge, label: str, probe: int = 0) -> WayBack:
    """Return what came of a visit; the check ends here when it was not made."""
    first, last = judge.exchange(sent(label), probe), judge.exchange(label, probe)
    reason = judge.episode(probe).facts.get(stuck(label), "")
    return WayBack(first, last, tuple(_between(judge, first, last)), str(reason))


def _between(judge: Judge, first: Exchange, last: Exchange) -> Iterator[Exchange]:
    for exchange in judge.evidence.at(first.endpoint):
        if first.number <= exchange.number <= last.number:
            yield exchange


def returned(judge: Judge, label: str, uri: str = "", probe: int = 0) -> tuple[WayBack, str]:
    """Return a visit and the address that it leads back to; the check ends here without one."""
    visit = way_back(judge, label, probe)
    address = visit.to(uri or visit.uri)
    if not address or values(address, "error", uri or visit.uri):
        raise Open(Outcome.CANT_TELL, visit.outline, [visit.first.number, visit.last.number])
    return visit, address


def control(judge: Judge, label: str = "control", probe: int = 0) -> WayBack:
    """Return a visit that has to have succeeded, or else the check ends here."""
    visit = way_back(judge, label, probe)
    succeeded = bool(values(visit.to(visit.uri), "ticket", visit.uri))
    judge.control(succeeded, visit.outline, visit.first, visit.last)
    return visit


def places_of(exchange: Exchange) -> Sequence[str]:
    """Return where an exchange leads a browser by itself."""
    response = exchange.response
    if response is None:
        return ()
    return destinations(exchange.request.url, response.status, response.headers, response.body)


def values(address: str, name: str, uri: str = "") -> Sequence[str]:
    """Return the values of a parameter that was added to a URI, in its query or its fragment."""
    given = [*added(address, uri), *in_fragment(address)]
    return [value for key, value in given if key == name]


def assessed(answer: Exchange) -> bool:
    """Tell whether an RPT request came as far as assessment, and so used its ticket up."""
    return answer.succeeded or answer.error in _ASSESSED
