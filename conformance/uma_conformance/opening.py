"""Opening a target: the driver is started and the trust in its TLS certificate is settled."""

import secrets
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.metadata import Metadata, discovery_url
from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.drivers.choice import driver_of
from uma_conformance.drivers.protocol import Driver, DriverError
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.redaction import Redactor
from uma_conformance.target import BUILTIN, Target, TargetError, trust
from uma_conformance.trace import Exchange, FailureKind
from uma_conformance.wire import Message, Wire
from uma_reference.launching import serve


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A target that is ready: its driver, and how to get at it.

    `transport` replaces the network for a target in the same process.
    """

    target: Target
    driver: Driver
    verify: ssl.SSLContext | None = None
    transport: httpx.AsyncBaseTransport | None = None


@contextmanager
def open_target(target: Target) -> Generator[OpenTarget]:
    """Start the driver of a target; raise `TargetError` when its target file is wrong."""
    if target.role != "as":
        raise TargetError(
            f"{target.source}: target.role: this version judges authorization servers (role 'as'), "
            f"not {target.role!r}"
        )
    if target.driver == BUILTIN:
        deployment = fresh_deployment()
        with serve(deployment.document("")) as server:
            verify = trust(server.ca_file)
            builtin = BuiltinDriver(server.issuer, deployment, verify=verify)
            with _opened(OpenTarget(target, builtin, verify)) as ready:
                yield ready
    else:
        try:
            driver = driver_of(target)
        except DriverError as error:
            raise TargetError(f"{target.source}: {error}") from error
        with _opened(OpenTarget(target, driver, trust(target.ca_file))) as ready:
            yield ready


@contextmanager
def _opened(ready: OpenTarget) -> Generator[OpenTarget]:
    try:
        ready.driver.open()
    except DriverError as error:
        ready.driver.close()
        raise TargetError(f"{ready.target.source}: {error}") from error
    try:
        yield ready
    finally:
        ready.driver.close()


@contextmanager
def connect(
    ready: OpenTarget, on_exchange: Callable[[Exchange], None] | None = None
) -> Generator[Surroundings]:
    """Fetch the discovery document and yield what the probes share.

    Raise `TargetError` when nothing answers at the issuer or its certificate is not trusted.
    """
    redactor = Redactor(secrets.token_bytes(32))
    for kind, value in ready.driver.secrets():
        redactor.learn(kind, value)
    wire = Wire(
        redactor,
        ready.target.limits,
        verify=ready.verify,
        transport=ready.transport,
        on_exchange=on_exchange,
    )
    try:
        yield Surroundings(ready.driver, wire, _discover(wire, ready))
    finally:
        wire.close()


def _discover(wire: Wire, ready: OpenTarget) -> Metadata:
    issuer = ready.driver.issuer
    answer = Journal(wire, "preflight").send(
        Message("GET", discovery_url(issuer)),
        sender="client",
        endpoint="discovery",
        label="document",
        purpose="See that something answers at the issuer",
    )
    failure = answer.exchange.failure
    if failure is None:
        return Metadata.read(answer.exchange)
    hints = {
        FailureKind.TLS: "name the authority that signed its certificate in tls.ca_file",
        FailureKind.TIMEOUT: "start the server, or give it more time in limits.exchange_seconds",
        FailureKind.CONNECTION: "start the server, or correct target.issuer",
        FailureKind.PROTOCOL: "check that target.issuer is the address of an HTTPS server",
    }
    raise TargetError(
        f"{ready.target.source}: target.issuer: {issuer}: {failure.message}; {hints[failure.kind]}"
    )
