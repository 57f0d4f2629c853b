"""Opening a target for a replay, with whoever else its file declares."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from uma_conformance.opening import OpenTarget, connect, open_target
from uma_conformance.replay.others import Others, read_others
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
    with open_target(target) as ready, _connected(scenario, ready, others, on_exchange) as stage:
        yield stage


@contextmanager
def stage_within(
    scenario: Scenario, ready: OpenTarget, on_exchange: Callable[[Exchange], None] | None = None
) -> Generator[TargetStage]:
    """Connect to an open target for a replay; raise `TargetError` as `target_stage` does."""
    others = read_others(ready.target, scenario)
    with _connected(scenario, ready, others, on_exchange) as stage:
        yield stage


@contextmanager
def _connected(
    scenario: Scenario,
    ready: OpenTarget,
    others: Others,
    on_exchange: Callable[[Exchange], None] | None,
) -> Generator[TargetStage]:
    if ready.verify is not None:
        others.trust(ready.verify, ready.target.source)
    with connect(ready, on_exchange) as surroundings:
        if others.client is not None:
            yield ClientStage(scenario, ready, surroundings, others, others.client)
        elif others.servers:
            yield ServersStage(scenario, ready, surroundings, others)
        else:
            yield TargetStage(scenario, ready, surroundings)
