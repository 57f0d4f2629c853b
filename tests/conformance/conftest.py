"""Targets for the tests of the suite: the reference over TLS, in any state of disrepair."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from coverage import Coverage
from starlette.types import ASGIApp

from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.opening import OpenTarget
from uma_conformance.target import parse_target, trust
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reference.tls import Certificate, make_authority

TARGET = """
[target]
name = "Broken"
role = "as"
[features]
claims-pushing = true
introspection = true
[limits]
exchange_seconds = 1
run_seconds = 60
body_bytes = 65536
[driver]
kind = "builtin"
"""

Behaviour = Callable[[socket.socket], None]
Wrap = Callable[[ASGIApp], ASGIApp]
Serve = Callable[[Wrap], OpenTarget]
RunPytest = Callable[..., subprocess.CompletedProcess[str]]
OverTls = Callable[[Certificate, Callable[[str], ASGIApp]], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def unmeasured() -> Generator[None]:
    """Leave a module's runs of the whole suite out of the coverage, here and in new processes.

    Measured, its minutes would be several times as many, and show no line that others do not.
    """
    measuring = Coverage.current()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
            patch.delenv(name, raising=False)
        if measuring is not None:
            measuring.stop()
        yield
        if measuring is not None:
            measuring.start()


@contextmanager
def serving(certificate: Certificate, make: Callable[[str], ASGIApp]) -> Generator[str]:
    """Serve the application that `make` gives for a base URL over TLS on a free loopback port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    base = f"https://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        make(base),
        ssl_certfile=str(certificate.certificate_file),
        ssl_keyfile=str(certificate.key_file),
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield base
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def over_tls() -> OverTls:
    """Return what serves an application over TLS until a block ends."""
    return serving


@contextmanager
def listening(behave: Behaviour) -> Generator[str]:
    """Listen on loopback; each connection is handed to `behave` after its request was read."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(2)
                try:
                    connection.recv(65536)
                    behave(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        stop.set()
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def target() -> Callable[[Behaviour], AbstractContextManager[str]]:
    """Return what listens on loopback and behaves on each connection as it is told."""
    return listening


@contextmanager
def broken_target(wrap: Wrap, folder: Path) -> Generator[OpenTarget]:
    """Serve the reference through a wrapper that breaks it, over real sockets and TLS."""
    deployment = fresh_deployment()

    def wrapped(issuer: str) -> ASGIApp:
        config = Config.from_document(deployment.document(issuer))
        return wrap(create_app(config, MemoryStore(), AdjustableClock(), SystemRandomness()))

    with serving(make_authority(folder).issue("127.0.0.1"), wrapped) as issuer:
        verify = trust(folder / "ca.pem")
        driver = BuiltinDriver(issuer, deployment, verify=verify)
        try:
            yield OpenTarget(parse_target(TARGET, "broken.toml", folder), driver, verify)
        finally:
            driver.close()


@pytest.fixture
def broken(tmp_path: Path) -> Generator[Serve]:
    """Return a function that serves the reference through a wrapper until the test ends."""
    with ExitStack() as opened:
        yield lambda wrap: opened.enter_context(broken_target(wrap, tmp_path))


def _run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "pytest.ini"]
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="session")
def run_pytest() -> RunPytest:
    """Return what runs pytest in a folder of its own, as somebody who installed the project."""
    return _run_pytest
