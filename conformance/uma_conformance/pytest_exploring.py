"""The options by which a run under pytest explores; the names of `uma2 certify` with `uma`."""

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from uma_conformance.exploring.plan import (
    DEFAULT_SECONDS,
    DEFAULT_STEPS,
    DEFAULT_WALKS,
    MOST_SECONDS,
    MOST_STEPS,
    MOST_WALKS,
    Plan,
)

_LIMITS = ("uma_explore_seed", "uma_explore_walks", "uma_explore_steps", "uma_explore_seconds")


def add_options(group: pytest.OptionGroup) -> None:
    """Add `--uma-explore`, and how far."""
    group.addoption(
        "--uma-explore",
        action="store_true",
        help="also walk at random through the target, and look for what breaks",
    )
    whole: Callable[[str], float] = int
    for name, read, least, most, told in (
        ("seed", whole, 0, None, "explore with other walks (0)"),
        ("walks", whole, 1, MOST_WALKS, f"how many walks ({DEFAULT_WALKS})"),
        ("steps", whole, 1, MOST_STEPS, f"the most steps of a walk ({DEFAULT_STEPS})"),
        ("seconds", float, 1, MOST_SECONDS, f"the most time to explore in ({DEFAULT_SECONDS:g})"),
    ):
        group.addoption(
            f"--uma-explore-{name}", metavar="N", type=_number(read, least, most), help=told
        )


def plan_of(config: pytest.Config) -> Plan | None:
    """Return how far to explore, None for not at all; raise `UsageError` on half a wish."""
    given = [getattr(config.option, name) for name in _LIMITS]
    if config.option.uma_explore:
        return Plan.of(*given)
    if any(value is not None for value in given):
        raise pytest.UsageError(
            "--uma-explore-seed, -walks, -steps and -seconds go with --uma-explore; add it"
        )
    return None


def _number(
    read: Callable[[str], float], least: float, most: float | None
) -> Callable[[str], float]:
    def number(text: str) -> float:
        limit = "" if most is None else f" and {most:g} at most"
        try:
            found = read(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is no number; give {least:g}{limit}") from None
        # Written so that what is no number at all, and no number is below, is refused as well.
        if not (least <= found and (most is None or found <= most)):
            raise ArgumentTypeError(f"{text} is out of bounds; give {least:g} at least{limit}")
        return found

    return number
