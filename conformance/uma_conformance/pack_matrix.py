"""The kill matrix of a pack: which of its rows the suite sees fail for each fault made for it.

Only the probes of the pack are run. What shows in connections alone runs over sockets and TLS.
"""

import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.kill_matrix import UNMODIFIED, Kill, in_process
from uma_conformance.opening import OpenTarget
from uma_conformance.outcome import Outcome
from uma_conformance.run import Run, run_against
from uma_conformance.suite.collection import pack_checks
from uma_conformance.target import builtin_target, trust
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
)
from uma_reference.faults import Fault
from uma_reference.faults.packs import pack_faults
from uma_reference.listening import bind
from uma_reference.tls import Certificate, make_authority


@contextmanager
def judged_pack(
    pack: str, fault: Fault, settings: Mapping[str, object] | None = None
) -> Generator[Run]:
    """Run a pack against a reference with this fault, configured by `settings` too."""
    checks = pack_checks([pack])
    opened = _connected(fault) if fault.tls else in_process(fault, settings)
    with opened as ready, run_against(ready) as run:
        run.drive(checks)
        for check in checks:
            run.judge(check)
        yield run


def run_pack_fault(pack: str, fault: Fault, settings: Mapping[str, object] | None = None) -> Kill:
    """Return what a pack sees of a fault, in a reference that `settings` configure too."""
    with judged_pack(pack, fault, settings) as run:
        (judged,) = run.packs(pack_checks([pack]))
        broken = run.faults_of_suite()
    failed = frozenset(row.row.id for row in judged.rows if row.outcome is Outcome.FAILED)
    return Kill(fault.id, frozenset(fault.trips), failed, faults_of_suite=broken)


def run_pack_faults(
    pack: str, fault_ids: Iterable[str], workers: int | None = None
) -> Iterator[Kill]:
    """Run faults of a pack in parallel processes, and yield what each showed in order."""
    # Spawned, not forked: the caller may have threads.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(partial(_run_by_id, pack), fault_ids)


def _run_by_id(pack: str, fault_id: str) -> Kill:
    found = {fault.id: fault for fault in (UNMODIFIED, *pack_faults(pack))}
    return run_pack_fault(pack, found[fault_id])


@contextmanager
def _connected(fault: Fault) -> Generator[OpenTarget]:
    """Open a reference that agrees to what the fault says, under TLS on a loopback port."""
    deployment = fresh_deployment()
    with (
        tempfile.TemporaryDirectory(prefix="uma-pack-") as folder,
        bind("127.0.0.1", 0) as listener,
    ):
        certificate = make_authority(Path(folder)).issue("127.0.0.1")
        issuer = f"https://127.0.0.1:{listener.getsockname()[1]}"
        config = Config.from_document(deployment.document(issuer))
        app = fault.app(config, MemoryStore(), AdjustableClock(), SystemRandomness())
        # The suite has to get through to servers that agree to nothing good.
        verify = _lenient(trust(Path(folder) / "ca.pem"))
        with _serving(app, listener, certificate, fault):
            driver = BuiltinDriver(issuer, deployment, verify=verify)
            try:
                yield OpenTarget(builtin_target(), driver, verify)
            finally:
                driver.close()


@contextmanager
def _serving(
    app: ASGIApp, listener: socket.socket, certificate: Certificate, fault: Fault
) -> Generator[None]:
    settings = uvicorn.Config(
        app,
        ssl_certfile=str(certificate.certificate_file),
        ssl_keyfile=str(certificate.key_file),
        log_level="critical",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    settings.load()
    if fault.tls and settings.ssl:
        fault.tls(settings.ssl)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context
