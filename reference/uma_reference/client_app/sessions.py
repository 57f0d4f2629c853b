"""Who is signed in, kept on this side; browsers hold an unguessable value only."""

from dataclasses import dataclass

from uma_reference.client_app.people import Person
from uma_reference.opaque import digest

_MOST_OF_A_PERSON = 20


@dataclass(slots=True)
class Session:
    """One browser in which a person is signed in, until `ends`, in seconds since the epoch.

    `id` is the digest of the cookie's value. `notice` is told on the next page.
    """

    id: str
    person: Person
    ends: int
    notice: str = ""


class Sessions:
    """All sessions of an application; a person has a limited number, of which the oldest goes."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def begin(self, value: str, person: Person, now: int, seconds: int) -> Session:
        """Begin a session for a fresh value of the cookie."""
        self._prune(now)
        mine = [item for item in self._sessions.values() if item.person.id == person.id]
        for old in mine[: max(0, len(mine) + 1 - _MOST_OF_A_PERSON)]:
            del self._sessions[old.id]
        session = Session(digest(value), person, now + seconds)
        self._sessions[session.id] = session
        return session

    def find(self, value: str, now: int) -> Session | None:
        """Return the session of a cookie's value, if it has not ended."""
        self._prune(now)
        return self._sessions.get(digest(value)) if value else None

    def end(self, session: Session) -> None:
        """End a session."""
        self._sessions.pop(session.id, None)

    def ids(self) -> frozenset[str]:
        """Return the sessions that have not ended."""
        return frozenset(self._sessions)

    def _prune(self, now: int) -> None:
        for old in [item for item in self._sessions.values() if item.ends <= now]:
            del self._sessions[old.id]
