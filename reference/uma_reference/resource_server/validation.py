"""What an RPT stands for: asked at the authorization server, and remembered for a while."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from uma_reference.clock import Clock
from uma_reference.opaque import digest
from uma_reference.resource_server.errors import Refusal, Unavailable
from uma_reference.resource_server.protection import ProtectionApi

_MOST_KEPT = 10_000
State = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Validated:
    """An introspection object, and whether it was `remembered` rather than asked for just now."""

    state: State
    remembered: bool = False


class Validator(Protocol):
    """Says what an RPT stands for."""

    def state(self, owner: str, rpt: str, *, anew: bool = False) -> Validated:
        """Return it as an introspection object; raise `Unavailable`.

        With `anew`, nothing that is remembered counts.
        """
        ...


class Introspection:
    """Introspects every time (FedAuthz 5)."""

    def __init__(self, api: ProtectionApi) -> None:
        self._api = api

    def state(self, owner: str, rpt: str, *, anew: bool = False) -> Validated:
        """Return what the authorization server answers."""
        del anew
        try:
            return Validated(self._api.introspect(owner, rpt))
        except Refusal as error:
            raise Unavailable(f"the RPT cannot be introspected: {error}") from None


class Remembering:
    """Remembers active answers for some seconds, and never beyond `exp` (RFC 7662 section 4).

    An answer that was not enough should be asked for anew: the RPT may have been upgraded since.
    """

    def __init__(self, inner: Validator, seconds: int, clock: Clock) -> None:
        self._inner = inner
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[int, State]] = OrderedDict()

    def state(self, owner: str, rpt: str, *, anew: bool = False) -> Validated:
        """Return what is remembered, or else what is asked for."""
        key, now = (owner, digest(rpt)), self._clock.now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and now < kept[0] and not anew:
            return Validated(kept[1], remembered=True)
        found = self._inner.state(owner, rpt, anew=anew)
        with self._lock:
            self._kept.pop(key, None)
            if found.state.get("active") is True:
                self._kept[key] = (self._until(found.state, now), found.state)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _until(self, state: State, now: int) -> int:
        ends = now + self._seconds
        expires_at = state.get("exp")
        return min(ends, expires_at) if type(expires_at) is int else ends
