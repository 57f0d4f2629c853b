"""What came of a visit to the claims interaction endpoint, as checks look at it (Grant 3.3.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uma_conformance.judge import Judge
from uma_conformance.navigation import added, destinations, leads_to, same_place
from uma_conformance.probes.visiting import sent, stuck
from uma_conformance.trace import Exchange


@dataclass(frozen=True, slots=True)
class WayBack:
    """The first and the last exchange of a visit, and where the last one leads a browser."""

    first: Exchange
    last: Exchange
    places: Sequence[str]
    stuck: str = ""

    @property
    def asked(self) -> Mapping[str, str]:
        """The parameters that the client sent."""
        return dict(added(self.first.request.url))

    @property
    def uri(self) -> str:
        """The claims redirection URI of the request; empty when it was left out."""
        return self.asked.get("claims_redirect_uri", "")

    def to(self, uri: str) -> str:
        """Return the address by which the visit leads to the place of a URI; empty if it does not.

        Its query may have changed on the way.
        """
        return next((place for place in self.places if same_place(place, uri)), "")

    def just_to(self, uri: str) -> str:
        """Return the address by which the visit leads to just this URI, letter by letter."""
        return next((place for place in self.places if leads_to(place, uri)), "")

    @property
    def outline(self) -> str:
        """Where the visit ended, in a few words."""
        where = f"leads to {self.places[0]!r}" if self.places else "leads nowhere"
        return f"the visit ended with {self.last.outline} and {where}"


def way_back(judge: Judge, label: str, probe: int = 0) -> WayBack:
    """Return what came of a visit; the check ends here when it was not made."""
    first, last = judge.exchange(sent(label), probe), judge.exchange(label, probe)
    reason = judge.episode(probe).facts.get(stuck(label), "")
    return WayBack(first, last, places_of(last), str(reason))


def places_of(exchange: Exchange) -> Sequence[str]:
    """Return where an exchange leads a browser by itself."""
    response = exchange.response
    if response is None:
        return ()
    return destinations(exchange.request.url, response.status, response.headers, response.body)


def values(address: str, name: str, uri: str = "") -> Sequence[str]:
    """Return the values of a parameter that was added to a URI."""
    return [value for key, value in added(address, uri) if key == name]
