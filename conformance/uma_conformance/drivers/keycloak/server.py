"""A Keycloak of its own for a run, on loopback over TLS."""

import os
import signal
import ssl
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from uma_conformance.drivers.keycloak.fetch import Distribution
from uma_conformance.target import trust
from uma_reference.tls import make_authority

ADMIN = "admin"
_START_SECONDS = 300.0
_STOP_SECONDS = 20.0


class ServerError(Exception):
    """Keycloak did not start; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class RunningKeycloak:
    """Where a Keycloak runs, and the certificate of the authority that was made for it."""

    base: str
    ca_file: Path
    admin_password: str = field(repr=False)


@contextmanager
def running_keycloak(
    distribution: Distribution, work: Path, port: int, admin_password: str
) -> Generator[RunningKeycloak]:
    """Start a Keycloak and stop it again; raise `ServerError` when it does not come up."""
    certificate = make_authority(work).issue("localhost", "127.0.0.1")
    ca_file = work / "ca.pem"
    log = work / "keycloak.log"
    base = f"https://localhost:{port}"
    command = [
        str(distribution.folder / "bin" / "kc.sh"),
        "start",
        "--db=dev-file",
        "--cache=local",
        "--http-enabled=false",
        "--http-host=127.0.0.1",
        f"--https-port={port}",
        f"--https-certificate-file={certificate.certificate_file}",
        f"--https-certificate-key-file={certificate.key_file}",
        f"--hostname={base}",
    ]
    environment = {
        **os.environ,
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": admin_password,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - no shell, and the arguments are our own
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
            # kc.sh starts Java: both are stopped as one group.
            start_new_session=True,
        )
    try:
        _wait_for(base, trust(ca_file), process, log)
        yield RunningKeycloak(base, ca_file, admin_password)
    finally:
        _stop(process)


def _wait_for(
    base: str, verify: ssl.SSLContext, process: subprocess.Popen[bytes], log: Path
) -> None:
    limit = time.monotonic() + _START_SECONDS
    with httpx.Client(verify=verify, timeout=5.0, trust_env=False) as client:
        while time.monotonic() < limit:
            if process.poll() is not None:
                raise ServerError(f"Keycloak ended with status {process.returncode}: {_tail(log)}")
            try:
                if client.get(f"{base}/realms/master").is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(1.0)
    raise ServerError(f"Keycloak was not up after {_START_SECONDS:.0f} s: {_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
