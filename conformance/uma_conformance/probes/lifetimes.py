"""Outliving what a target issued."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer


def outlive(scene: Scene, answer: Answer) -> None:
    """Let time pass until the RPT of a token response has expired.

    Raise `Blocked` when the response does not say when that is, and `Unsupported` when the driver
    cannot wait for it.
    """
    seconds = answer.exchange.members.get("expires_in")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise Blocked(Outcome.UNTESTED, "no expires_in says when the RPT expires")
    scene.driver.pass_time(seconds + 1)
