"""The options by which a run explores, and how a walk is told of while it goes on."""

from typing import Annotated

import typer

from uma_conformance.cli.exits import fail
from uma_conformance.exploring.plan import (
    DEFAULT_SECONDS,
    DEFAULT_STEPS,
    DEFAULT_WALKS,
    MOST_SECONDS,
    MOST_STEPS,
    MOST_WALKS,
    Plan,
)

ExploreOption = Annotated[
    bool,
    typer.Option(
        "--explore", help="Also walk at random through the target, and look for what breaks."
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--explore-seed", min=0, metavar="N", help="Explore with other walks.", show_default="0"
    ),
]
WalksOption = Annotated[
    int | None,
    typer.Option(
        "--explore-walks",
        min=1,
        max=MOST_WALKS,
        metavar="N",
        help="How many walks.",
        show_default=str(DEFAULT_WALKS),
    ),
]
StepsOption = Annotated[
    int | None,
    typer.Option(
        "--explore-steps",
        min=1,
        max=MOST_STEPS,
        metavar="N",
        help="The most steps of a walk.",
        show_default=str(DEFAULT_STEPS),
    ),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--explore-seconds",
        min=1,
        max=MOST_SECONDS,
        metavar="N",
        help="The most time to explore in.",
        show_default=f"{DEFAULT_SECONDS:g}",
    ),
]


def chosen_plan(
    seed: int | None, walks: int | None, steps: int | None, seconds: float | None, *, explore: bool
) -> Plan | None:
    """Return how far to explore, None for not at all; end with a usage error on half a wish."""
    given = (seed, walks, steps, seconds)
    if not explore:
        if any(value is not None for value in given):
            fail("--explore-seed, -walks, -steps and -seconds go with --explore; add it")
        return None
    return Plan.of(*given)
