"""When to stop waiting for a target that has stopped answering."""

from collections import Counter
from dataclasses import dataclass, field

from uma_conformance.trace import Exchange

_SILENCES_AT_ONE_ENDPOINT = 3
_SILENCES_IN_A_ROW = 9
_ANYWHERE = ""


@dataclass(slots=True)
class Patience:
    """Counts the requests in a row that got no answer, at each endpoint and at all together.

    An endpoint that hangs costs its own rows; only a target that is silent everywhere ends the run.
    """

    _silences: Counter[str] = field(default_factory=Counter[str])
    _last: dict[str, Exchange] = field(default_factory=dict[str, Exchange])

    def saw(self, exchange: Exchange) -> None:
        """Take note of an exchange."""
        for place in (exchange.endpoint, _ANYWHERE):
            self._silences[place] = 0 if exchange.failure is None else self._silences[place] + 1
            self._last[place] = exchange

    def exhausted(self, endpoint: str) -> str:
        """Say why nothing more is sent to an endpoint; empty as long as there is patience."""
        for place, limit in (
            (_ANYWHERE, _SILENCES_IN_A_ROW),
            (endpoint, _SILENCES_AT_ONE_ENDPOINT),
        ):
            if self._silences[place] >= limit:
                last = self._last[place]
                where = f" for {place}" if place else ""
                reason = last.failure.message if last.failure else ""
                return (
                    f"the target gave no answer{where} {self._silences[place]} times in a row, "
                    f"last in exchange {last.number}: {reason}"
                )
        return ""
