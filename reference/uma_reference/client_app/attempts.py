"""The requests that people make, kept on this side as they hold secrets."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from uma_reference.client import Done, NeedsUser, Outcome, Waiting
from uma_reference.client_app.sessions import Session
from uma_reference.client_app.story import Story
from uma_reference.opaque import same


@dataclass(slots=True)
class Attempt:
    """One request for one resource, and how it stands.

    `session` is the one it belongs to. Without an `outcome`, it is under way: its flow was taken
    out, and nobody else can go on with it. `draft` is what a person typed and could not save yet.
    """

    id: str
    party: str
    session: str
    url: str
    method: str = "GET"
    story: Story = field(default_factory=Story)
    outcome: Outcome | None = field(default=None, repr=False)
    saved: bool = False
    draft: str | None = field(default=None, repr=False)
    edits: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether it waits for a resource owner."""
        return isinstance(self.outcome, Waiting)

    @property
    def succeeded(self) -> bool:
        """Tell whether the resource server did what it was asked for."""
        return isinstance(self.outcome, Done) and self.outcome.response.status < 300


class Attempts:
    """All attempts; a person has at most `most`, of which the oldest goes.

    An attempt ends with its session, except when it waits for an owner, which can take days: that
    one stays its person's, in whatever session.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._attempts: dict[str, Attempt] = {}

    def add(self, attempt: Attempt, sessions: Collection[str]) -> None:
        """Keep a new attempt; those of sessions that have ended go."""
        self._remove(
            item
            for item in self._attempts.values()
            if not item.waits and item.session not in sessions
        )
        mine = [item for item in self._attempts.values() if item.party == attempt.party]
        oldest_first = [*(i for i in mine if not i.waits), *(i for i in mine if i.waits)]
        self._remove(oldest_first[: max(0, len(mine) + 1 - self._most)])
        self._attempts[attempt.id] = attempt

    def find(self, key: str, session: Session) -> Attempt | None:
        """Return an attempt that may be seen in a session."""
        found = self._attempts.get(key)
        if found is None or found.party != session.person.id:
            return None
        return found if found.waits or found.session == session.id else None

    def of_state(self, state: str, session: Session) -> Attempt | None:
        """Return the attempt whose requesting party left this very browser with a state."""
        for item in self._attempts.values():
            if item.session == session.id and isinstance(item.outcome, NeedsUser):
                known = item.outcome.flow.state
                if known and same(known, state):
                    return item
        return None

    def waiting(self, party: str) -> list[Attempt]:
        """Return a person's attempts that wait for resource owners."""
        return [item for item in self._attempts.values() if item.party == party and item.waits]

    def drop(self, attempt: Attempt) -> None:
        """Forget an attempt."""
        self._remove([attempt])

    def drop_of(self, party: str) -> None:
        """Forget all attempts of a person."""
        self._remove(item for item in self._attempts.values() if item.party == party)

    def end(self, session: Session) -> None:
        """Forget what ends with a session."""
        self._remove(
            item
            for item in self._attempts.values()
            if item.session == session.id and not item.waits
        )

    def _remove(self, items: Iterable[Attempt]) -> None:
        for item in list(items):
            self._attempts.pop(item.id, None)
