"""The kill matrix of exploring: faults that no check of single steps sees, and a walk does."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.searching import Search
from uma_conformance.kill_matrix import UNMODIFIED, Kill, in_process, kill_of
from uma_conformance.opening import connect
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import Fault
from uma_reference.faults.sequences import exploring_faults


def run_exploring_fault(
    fault: Fault, plan: Plan | None = None, settings: Mapping[str, object] | None = None
) -> Kill:
    """Return what the whole suite sees of a fault when it explores, too."""
    checks = checks_for("as")
    with in_process(fault, settings) as ready, run_against(ready) as run:
        run.drive(checks)
        checks = (*checks, *run.explore(plan or Plan()))
        for check in checks:
            run.judge(check)
        return kill_of(fault, run, checks)


def searched(
    fault: Fault,
    plan: Plan | None = None,
    settings: Mapping[str, object] | None = None,
    enough: int = 10,
) -> Search:
    """Return what walks alone find of a fault, without any check of single steps."""
    with in_process(fault, settings) as ready:
        search = Search(plan or Plan(), lambda: connect(ready), enough=enough)
        search.run()
        return search


def run_exploring_faults(fault_ids: Iterable[str], workers: int | None = None) -> Iterator[Kill]:
    """Run faults in parallel processes, and yield what each showed in order."""
    # Spawned, not forked: the caller may have threads.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(_run_by_id, fault_ids)


def _run_by_id(fault_id: str) -> Kill:
    found = {fault.id: fault for fault in (UNMODIFIED, *exploring_faults())}
    return run_exploring_fault(found[fault_id])
