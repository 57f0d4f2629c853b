"""What all probes of a run share: the driver, the wire and what is known of the target."""

from dataclasses import dataclass, field

from uma_conformance.actors.metadata import Metadata
from uma_conformance.drivers.protocol import Driver
from uma_conformance.wire import Wire


@dataclass(slots=True)
class Habits:
    """What the suite had to learn about the target to be able to go on with other probes.

    A deviation is judged once, by the checks of the probe that looks for it; these memories keep it
    from spoiling the probes that look for something else.
    """

    registration: str = ""
    permission_arrays: bool = False
    names_given: int = 0
    pct_by_visit: bool | None = None
    # The newest PCT of a client for a requesting party: a server may give it once and for all.
    pcts: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str], repr=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The driver and wire of a run, and the discovery document that was found at its start."""

    driver: Driver
    wire: Wire
    metadata: Metadata
    habits: Habits = field(default_factory=Habits)
