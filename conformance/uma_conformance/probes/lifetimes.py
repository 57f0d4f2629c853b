"""Letting time pass that a target told of."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

# Beyond this a number of seconds is no time that anybody could wait for.
_LONGEST = 366 * 86_400


def seconds_of(answer: Answer, member: str) -> float | None:
    """Return a member that is a sensible number of seconds, else `None`."""
    value = answer.exchange.members.get(member)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LONGEST else None


def outlive(scene: Scene, answer: Answer) -> None:
    """Let time pass until the RPT of a token response has expired.

    Raise `Blocked` when the response does not say when that is, and `Unsupported` when the driver
    cannot wait for it.
    """
    seconds = seconds_of(answer, "expires_in")
    if seconds is None:
        raise Blocked(Outcome.UNTESTED, "no expires_in says when the RPT expires")
    scene.driver.pass_time(seconds + 1)
