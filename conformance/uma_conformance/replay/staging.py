"""Opening a target for a replay, with whoever else its file declares."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from uma_conformance.opening import connect, open_target
from uma_conformance.replay.others import read_others
from uma_conformance.replay.others.client import ClientStage
from uma_conformance.replay.others.resource_servers import ServersStage
from uma_conformance.replay.targeted import TargetStage
from uma_conformance.target import Target
from uma_conformance.trace import Exchange
from uma_scenarios import Scenario


@contextmanager
def target_stage(
    scenario: Scenario, target: Target, on_exchange: Callable[[Exchange], None] | None = None
) -> Generator[TargetStage]:
    """Open a target for a replay; raise `TargetError` when it cannot be reached as described."""
    others = read_others(target, scenario)
    with open_target(target) as ready:
        if ready.verify is not None:
            others.trust(ready.verify, target.source)
        with connect(ready, on_exchange) as surroundings:
            if others.client is not None:
                yield ClientStage(scenario, ready, surroundings, others, others.client)
            elif others.servers:
                yield ServersStage(scenario, ready, surroundings, others)
            else:
                yield TargetStage(scenario, ready, surroundings)
