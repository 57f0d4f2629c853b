"""The stage that a scenario is played on: what a player needs of a deployment of UMA.

A stage brings actors, an authorization server and resource servers. It does what it is told and
reports what came; whether that is right is the player's to say. Secrets travel in answers, so that
the player can hand them on, and show in none of their representations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from uma_scenarios.model import Act, Ending, Scenario, Step


class CannotDo(Exception):  # noqa: N818 - it is an answer of the stage, not an error
    """The stage has no way to bring this about; the message says why."""


class StageFailed(Exception):  # noqa: N818 - the name of what happened
    """The stage broke down: a server does not answer, or a driver failed; the message says how."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client holds for one requesting party at one moment.

    `rpt`, `older` and `refresh` are those of the resource server of the act; `pct` may be somebody
    else's. An empty one is not there.
    """

    ticket: str = field(default="", repr=False)
    rpt: str = field(default="", repr=False)
    pct: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an act ended, what was said to it in a few words, and what came of it.

    `exchanges` are the numbers of the recorded exchanges. `place` is where a requesting party is to
    be sent. `document` is what a resource server served. `permits` goes by resource id.

    Where only the effect of an ending shows, `seen` says what that was. `unseen` is what this stage
    has no way to see beside the ending; an act that is right otherwise does not pass then.
    """

    ending: Ending
    said: str
    exchanges: tuple[int, ...] = ()
    ticket: str = field(default="", repr=False)
    rpt: str = field(default="", repr=False)
    pct: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    upgraded: bool = False
    place: str = ""
    hints: frozenset[str] = frozenset()
    document: object = None
    permits: Mapping[str, frozenset[str]] | None = None
    seen: str = ""
    unseen: str = ""


class Stage(Protocol):
    """A deployment on which a scenario is played.

    Every method that acts may raise `CannotDo` and `StageFailed`.
    """

    @property
    def about(self) -> str:
        """What it is, in a few words."""
        ...

    def begin(self, step: Step) -> None:
        """Be told which step the following exchanges belong to."""
        ...

    def set_up(self, scenario: Scenario) -> Answer:
        """Register the resources of the scenario, and set its standing policies."""
        ...

    def use(self, act: Act, tokens: Tokens) -> Answer:
        """Have the client read or write a resource at its server, with the RPT if there is one."""
        ...

    def ask(self, act: Act, tokens: Tokens) -> Answer:
        """Have the client ask for an RPT (Grant 3.3.1)."""
        ...

    def visit(self, act: Act, tokens: Tokens) -> Answer:
        """Send the requesting party to the claims interaction endpoint (Grant 3.3.2)."""
        ...

    def refresh(self, act: Act, tokens: Tokens) -> Answer:
        """Have the client refresh its RPT (Grant 3.6)."""
        ...

    def introspect(self, resource: str, rpt: str) -> Answer:
        """Find out what an RPT permits to those who keep a resource (FedAuthz 5.1)."""
        ...

    def request_ticket(self, act: Act) -> Answer:
        """Have the resource server ask for a permission ticket, whatever it knows (FedAuthz 4)."""
        ...

    def wait(self, seconds: int) -> Answer:
        """Let time pass."""
        ...

    def decide(self, act: Act, *, approve: bool) -> Answer:
        """Have the owner approve or deny what waits for her decision about a resource."""
        ...

    def share(self, policy: str) -> Answer:
        """Have the owner set a policy."""
        ...

    def withdraw(self, policy: str) -> Answer:
        """Have the owner withdraw a policy."""
        ...

    def deregister(self, resource: str) -> Answer:
        """Have the resource server end the registration of a resource (FedAuthz 3.2.4)."""
        ...

    def stop(self) -> Answer:
        """Take the authorization server down."""
        ...

    def start(self) -> Answer:
        """Bring the authorization server back."""
        ...

    def seen_of_owners(self) -> Mapping[str, Sequence[str]] | None:
        """Return what was asked on behalf of each owner since the last call, and her sessions.

        `None` when this stage cannot see that.
        """
        ...
