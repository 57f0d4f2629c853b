"""Targets that hang, crash, flood or lead in circles, over real sockets and TLS."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from uma_conformance.opening import OpenTarget
from uma_conformance.outcome import Outcome
from uma_conformance.rows import JudgedRow
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_reports import write_reports

pytestmark = pytest.mark.usefixtures("unmeasured")

Behaviour = Callable[[Send], Awaitable[None]]
Serve = Callable[[Callable[[ASGIApp], ASGIApp]], OpenTarget]
_MEGABYTE = b" " * 1024 * 1024
# Enough of the suite to see each endpoint of the target used, without waiting for all of it.
_MODULES = ("discovery", "introspection", "registration", "permission", "ticket", "token_response")


def at(place: str, behave: Behaviour) -> Callable[[ASGIApp], ASGIApp]:
    """Misbehave at one place and leave everything else to the reference."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"].startswith(place):
                await behave(send)
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


async def start(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})


async def hang(send: Send) -> None:
    del send
    await asyncio.sleep(60)


async def drip(send: Send) -> None:
    await start(send, 201, (b"content-type", b"application/json"))
    for _ in range(600):
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0.1)


async def crash(send: Send) -> None:
    del send
    raise RuntimeError("the target is broken")


async def break_off(send: Send) -> None:
    await start(send, 201, (b"content-type", b"application/json"), (b"content-length", b"5000"))
    await send({"type": "http.response.body", "body": b'{"ticket": "', "more_body": True})
    raise ConnectionAbortedError


async def flood(send: Send) -> None:
    await start(send, 201, (b"content-type", b"application/json"))
    for _ in range(100):
        await send({"type": "http.response.body", "body": _MEGABYTE, "more_body": True})
    await send({"type": "http.response.body", "body": b"{}"})


async def lead_in_circles(send: Send) -> None:
    await start(send, 307, (b"location", b"/perm"))
    await send({"type": "http.response.body"})


async def babble(send: Send) -> None:
    await start(send, 200, (b"content-type", b"application/json"))
    await send({"type": "http.response.body", "body": b"[" * 50_000})


def rows_of(ready: OpenTarget, out: Path) -> dict[str, JudgedRow]:
    """Run the suite, write its reports, and return the rows by id."""
    checks = [item for item in checks_for("as") if any(name in item.name for name in _MODULES)]
    with run_against(ready) as run:
        run.drive(checks)
        for check in checks:
            run.judge(check)
        assert run.faults_of_suite() == ()
        write_reports(run.record(checks), out)
        assert run.record(checks).claim.conformant is not True
        return {row.requirement.id: row for row in run.rows(checks)}


@pytest.mark.parametrize("behave", [hang, drip, crash, break_off, flood, lead_in_circles, babble])
def test_a_broken_permission_endpoint_never_passes(
    broken: Serve, tmp_path: Path, behave: Behaviour
) -> None:
    rows = rows_of(broken(at("/perm", behave)), tmp_path / "out")
    # What does not need a ticket was judged all the same, and the report of it is there.
    assert rows["F-3.2.1-04"].outcome is Outcome.PASSED
    assert (tmp_path / "out" / "report.html").stat().st_size > 0
    # Nothing that rests on a ticket can have passed.
    for row in ("F-4.2-03", "G-3.3.5-02", "G-5.5-02", "F-5.1.1-03"):
        assert rows[row].outcome in {Outcome.CANT_TELL, Outcome.FAILED}, row


@pytest.mark.parametrize("behave", [hang, crash, flood, lead_in_circles, babble])
def test_a_broken_registration_endpoint_leaves_the_rest_open(
    broken: Serve, tmp_path: Path, behave: Behaviour
) -> None:
    rows = rows_of(broken(at("/rreg", behave)), tmp_path / "out")
    assert rows["G-2-03"].outcome is Outcome.PASSED, rows["G-2-03"].message
    for row in ("F-4.2-01", "G-3.3.5-02", "G-5.5-02", "F-5.1.1-03"):
        assert rows[row].outcome is Outcome.CANT_TELL, row


def test_a_driver_that_fails_leaves_rows_open_with_its_reason(
    broken: Serve, tmp_path: Path
) -> None:
    rows = rows_of(broken(at("/token", babble)), tmp_path / "out")
    row = rows["G-3.3.5-02"]
    assert row.outcome is Outcome.CANT_TELL
    assert row.message


async def welcome(send: Send) -> None:
    await start(send, 200, (b"content-type", b"text/html"))
    await send({"type": "http.response.body", "body": b"<html>Welcome</html>"})


@pytest.mark.parametrize("behave", [welcome, babble, lead_in_circles])
def test_without_a_discovery_document_nothing_else_passes(
    broken: Serve, tmp_path: Path, behave: Behaviour
) -> None:
    rows = rows_of(broken(at("/.well-known", behave)), tmp_path / "out")
    assert rows["G-2-03"].outcome is Outcome.FAILED
    assert (tmp_path / "out" / "report.html").stat().st_size > 0
    for row in ("F-3.2.1-04", "F-4.2-01", "G-3.3.5-02", "G-5.5-02", "F-5.1.1-03"):
        assert rows[row].outcome is Outcome.CANT_TELL, row
