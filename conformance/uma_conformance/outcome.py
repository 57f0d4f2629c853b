"""The outcomes of judging a requirement."""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What is known about one requirement after a run."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cant_tell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


# A row that several checks judge is only as good as its weakest part: a pass next to an open
# question is an open question.
_PRECEDENCE = (
    Outcome.FAILED,
    Outcome.CANT_TELL,
    Outcome.UNTESTED,
    Outcome.PASSED,
    Outcome.INAPPLICABLE,
)


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """Combine what several checks found about one requirement; `UNTESTED` when none did."""
    found = set(outcomes)
    for outcome in _PRECEDENCE:
        if outcome in found:
            return outcome
    return Outcome.UNTESTED
