"""From recognised entries to the exchanges that checks judge."""

from collections.abc import Iterable, Sequence

from uma_conformance.trace import Episode, Evidence, Exchange
from uma_conformance.traffic.cleaning import Cleaner
from uma_conformance.traffic.recognition import Recognised

_PROBE = "traffic"
_SERVER = "authorization server"


def evidence_of_traffic(recognised: Sequence[Recognised], key: bytes) -> Evidence:
    """Return recognised entries as exchanges without secrets, in their order.

    An exchange has the place of its entry in the file as number, counted from 1. `key` is that of
    the pseudonyms.
    """
    cleaner = Cleaner(key)
    for item in recognised:
        cleaner.learn(item.entry.request, item.entry.response)
    exchanges = tuple(_exchanges(recognised, cleaner))
    steps = {f"entry {exchange.number}": exchange for exchange in exchanges}
    return Evidence(exchanges, {_PROBE: Episode(_PROBE, steps)})


def _exchanges(recognised: Sequence[Recognised], cleaner: Cleaner) -> Iterable[Exchange]:
    for item in recognised:
        entry, began = item.entry, recognised[0].entry.started
        response = entry.response
        yield Exchange(
            number=entry.place + 1,
            probe=_PROBE,
            label=item.label,
            purpose=f"{item.purpose} (entry {entry.place + 1} of the file)",
            sender=item.sender,
            receiver=_SERVER,
            endpoint=item.endpoint,
            request=cleaner.request(entry.request, item.endpoint),
            response=cleaner.response(response, item.endpoint) if response else None,
            started=round((entry.started - began).total_seconds(), 6),
            seconds=entry.seconds,
        )
