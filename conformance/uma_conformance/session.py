"""A run: drive the probes once, then judge their recording with every check.

The same two functions serve `uma2 certify`, plain pytest and the kill matrix.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.metadata import Blocked
from uma_conformance.checks import Check
from uma_conformance.drivers.protocol import DriverError, Unsupported
from uma_conformance.jsonvalue import object_of
from uma_conformance.judge import Declaration, Finding, Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import Probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.trace import Episode, Evidence, Gap, pack_of
from uma_conformance.wire import TargetSilent

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check found; `fault_of_suite` says why its own code broke, if it did."""

    check: str
    findings: tuple[Finding, ...] = ()
    fault_of_suite: str = ""


@dataclass(slots=True)
class Recording:
    """The episodes of a run as they come in."""

    surroundings: Surroundings
    episodes: dict[str, Episode] = field(default_factory=dict[str, Episode])
    faults_of_suite: list[str] = field(default_factory=list[str])

    @property
    def evidence(self) -> Evidence:
        """The trace so far."""
        return Evidence(tuple(self.surroundings.wire.recorded), dict(self.episodes))

    def drive(self, probes: Iterable[Probe], begin: Callable[[Probe], None]) -> None:
        """Run each probe that has not been run yet; `begin` is told of each, for progress."""
        for probe in probes:
            if probe.name not in self.episodes:
                begin(probe)
                self.episodes[probe.name] = self._run(probe)

    def _run(self, probe: Probe) -> Episode:
        journal = Journal(self.surroundings.wire, probe.name)
        scene = Scene(self.surroundings, journal)
        gap: Gap | None = None
        try:
            probe.act(scene)
        except (Blocked, TargetSilent) as stop:
            gap = stop.gap
        except Unsupported as answer:
            gap = Gap(Outcome.UNTESTED, f"the driver cannot bring this about: {answer}")
        except DriverError as error:
            gap = Gap(Outcome.CANT_TELL, f"the driver failed: {error}")
        except Exception as error:  # noqa: BLE001 - a broken probe must not end the run
            _LOG.exception("probe %s broke", probe.name)
            reason = f"the probe {probe.name} broke: {type(error).__name__}: {error}"
            self.faults_of_suite.append(reason)
            gap = Gap(Outcome.CANT_TELL, reason)
        facts: Mapping[str, object] = {}
        try:
            facts = _as_recorded(scene.facts)
        except (TypeError, ValueError) as error:
            reason = f"the probe {probe.name} measured what is no JSON: {error}"
            self.faults_of_suite.append(reason)
            gap = Gap(Outcome.CANT_TELL, reason)
        return Episode(probe.name, dict(journal.steps), facts, gap)


def _as_recorded(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return facts in the form that a file holds, so that checks see the same in both."""
    return object_of(json.loads(json.dumps(facts, allow_nan=False)))


def probes_of(checks: Iterable[Check]) -> Sequence[Probe]:
    """Return the probes that these checks read, each once, in the order of first need.

    Those of packs come last: what they do to the target cannot reach what UMA is judged by.
    """
    found = {probe.name: probe for check in checks for probe in check.probes}
    return sorted(found.values(), key=lambda probe: bool(pack_of(probe.name)))


def judge(check: Check, evidence: Evidence, declaration: Declaration) -> Judgement:
    """Judge the evidence with one check. Whatever the evidence holds, every row gets a finding.

    A check of UMA itself does not see what the probes of packs recorded.
    """
    names = [probe.name for probe in check.probes]
    bench = Judge(check.rows, evidence.of_packs("", check.pack), declaration, names)
    fault = ""
    try:
        check.function(bench)
        bench.close()
    except Open as stop:
        bench.leave_open(stop.outcome, stop.reason, stop.exchanges)
    except Exception as error:  # noqa: BLE001 - a broken check must not end the run
        _LOG.exception("check %s broke", check.name)
        fault = f"{check.name} broke: {type(error).__name__}: {error}"
        bench.leave_open(Outcome.CANT_TELL, fault)
    silent = bench.silent_rows
    if silent and not fault:
        fault = f"{check.name} reached no outcome for {', '.join(silent)}"
    return Judgement(check.name, bench.findings, fault)
