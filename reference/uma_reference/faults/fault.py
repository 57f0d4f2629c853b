"""What a fault is: one deliberate deviation of the reference, with the rows it must trip."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from uma_reference.authorization_server.app import create_app
from uma_reference.authorization_server.clock import Clock, Randomness
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Keeper
from uma_reference.faults.sightings import Sighting
from uma_reference.faults.wire import Change, rewriting


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong variant of one behaviour.

    It changes the rules of the core, the responses on the wire, the randomness, what is agreed to
    under TLS, or stands `around` the whole application; `trips` are the catalogue rows that a suite
    has to see fail, those and no others. `seen_in` names products in which the same was seen, and
    since when.
    """

    id: str
    summary: str
    trips: tuple[str, ...]
    rules: Callable[[Rules], Rules] | None = None
    wire: Change | None = None
    randomness: Callable[[Randomness], Randomness] | None = None
    around: Callable[[ASGIApp], ASGIApp] | None = None
    seen_in: tuple[Sighting, ...] = ()
    tls: Callable[[ssl.SSLContext], None] | None = None

    def app(self, config: Config, keeper: Keeper, clock: Clock, randomness: Randomness) -> ASGIApp:
        """Return an authorization server that has this fault and no other."""
        rules = self.rules(Rules()) if self.rules else Rules()
        source = self.randomness(randomness) if self.randomness else randomness
        app: ASGIApp = create_app(config, keeper, clock, source, rules)
        app = self.around(app) if self.around else app
        return rewriting(app, self.wire) if self.wire else app
