"""How a flow stands when the client gives it out of its hands."""

from dataclasses import dataclass, field

from uma_reference.client.flow import Flow
from uma_reference.client.messages import HttpAnswer


@dataclass(frozen=True, slots=True)
class Done:
    """The resource server answered with something other than a demand for a token."""

    response: HttpAnswer


@dataclass(frozen=True, slots=True)
class NeedsUser:
    """The requesting party has to visit `url`; give the query of the return to `resume`."""

    flow: Flow
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The resource owner has been asked; call `poll` at `until`, in seconds since the epoch."""

    flow: Flow
    until: int


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no access: an error code and why; with `passing`, it may go better later."""

    error: str
    why: str
    passing: bool = False


Outcome = Done | NeedsUser | Waiting | Refused
