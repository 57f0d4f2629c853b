"""The kill matrix: which rows the suite sees fail for each known fault of the reference.

A fault runs in this process, without sockets; the suite is the same that judges any target.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

import httpx

from uma_conformance.checks import Check
from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.opening import OpenTarget
from uma_conformance.outcome import Outcome
from uma_conformance.run import Run, run_against
from uma_conformance.session import Judgement
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import Target, builtin_target
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
)
from uma_reference.authorization_server.config import Feature
from uma_reference.faults import Fault, all_faults

_ISSUER = "https://as.example"
UNMODIFIED = Fault("unmodified", "The reference as it is.", ())


@dataclass(frozen=True, slots=True)
class Kill:
    """What a run against one fault showed, beside what the fault declares.

    `seen_by` has the checks that saw each row fail; none where a declared feature never showed.
    """

    fault: str
    declared: frozenset[str]
    failed: frozenset[str]
    seen_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    faults_of_suite: tuple[str, ...] = ()

    @property
    def unseen(self) -> frozenset[str]:
        """Rows that the fault breaks and the suite did not see fail."""
        return self.declared - self.failed

    @property
    def undeclared(self) -> frozenset[str]:
        """Rows that failed although the fault does not break them."""
        return self.failed - self.declared

    @property
    def exact(self) -> bool:
        """Whether just the declared rows failed, and no code of the suite broke."""
        return self.declared == self.failed and not self.faults_of_suite


@contextmanager
def judged_run(
    fault: Fault, settings: Mapping[str, object] | None = None, issuer: str = _ISSUER
) -> Generator[Run]:
    """Run the whole suite against a reference with this fault, configured by `settings` too."""
    checks = checks_for("as")
    with in_process(fault, settings, issuer) as ready, run_against(ready) as run:
        run.drive(checks)
        for check in checks:
            run.judge(check)
        yield run


@contextmanager
def in_process(
    fault: Fault, settings: Mapping[str, object] | None = None, issuer: str = _ISSUER
) -> Generator[OpenTarget]:
    """Open a reference with this fault in this process, configured by `settings` too."""
    deployment = fresh_deployment()
    config = Config.from_document({**deployment.document(issuer), **(settings or {})})
    app = fault.app(config, MemoryStore(), AdjustableClock(), SystemRandomness())
    # Each event loop gets a transport of its own: the wire's and the driver's.
    driver = BuiltinDriver(issuer, deployment, transport=_transport(app))
    try:
        yield OpenTarget(_declaring(config.features), driver, transport=_transport(app))
    finally:
        driver.close()


def run_fault(
    fault: Fault, settings: Mapping[str, object] | None = None, issuer: str = _ISSUER
) -> Kill:
    """Return what the suite sees of a fault, in a reference that `settings` configure too."""
    with judged_run(fault, settings, issuer) as run:
        return kill_of(fault, run, checks_for("as"))


def kill_of(fault: Fault, run: Run, checks: Iterable[Check]) -> Kill:
    """Return what a run that was judged with these checks showed of a fault."""
    rows, seen_by = run.rows(checks), _seen_by(run.judgements)
    failed = frozenset(row.requirement.id for row in rows if row.outcome is Outcome.FAILED)
    return Kill(fault.id, frozenset(fault.trips), failed, seen_by, run.faults_of_suite())


def _seen_by(judgements: Iterable[Judgement]) -> Mapping[str, tuple[str, ...]]:
    seen: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for judgement in judgements:
        for finding in judgement.findings:
            if finding.outcome is Outcome.FAILED:
                seen[finding.row][judgement.check] = None
    return {row: tuple(checks) for row, checks in seen.items()}


def _declaring(features: frozenset[Feature]) -> Target:
    """Return the description of a reference with these optional features and no others."""
    target = builtin_target()
    off = {str(feature) for feature in Feature} - {str(feature) for feature in features}
    if Feature.INTERACTIVE_CLAIMS not in features:
        off.add("static-claims-endpoint")
    declared = {name: there and name not in off for name, there in target.features.items()}
    return replace(target, features=declared)


def _transport(app: object) -> httpx.ASGITransport:
    # An exception in the application becomes a response, as a server would answer it.
    return httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]


def _run_by_id(fault_id: str) -> Kill:
    """Run a fault by its id: faults hold functions, which do not travel between processes."""
    found = {fault.id: fault for fault in (UNMODIFIED, *all_faults())}
    return run_fault(found[fault_id])


def run_faults(fault_ids: Iterable[str], workers: int | None = None) -> Iterator[Kill]:
    """Run faults in parallel processes, and yield what each showed as it comes in order."""
    # Spawned, not forked: the caller may have threads.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(_run_by_id, fault_ids)
