"""Targets that garble some of their answers in bytes: the run ends, and its reports are written."""

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.opening import OpenTarget
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import builtin_target
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reports import read_run, write_reports

pytestmark = pytest.mark.usefixtures("unmeasured")

_ISSUER = "https://as.example"
_VALUES = (
    *(rb'"\ud800"', rb'"\u0000"', b'""', rb'"\r\nSet-Cookie: a=b"', b"1e999999", b"9" * 5000),
    *(b"NaN", b"-0", b"-1", b"true", b"null", b"[]", b"{}", b'"' + b"x" * 70_000 + b'"'),
    *(b'"https://[::"', b'"http://a:99999/"', b'"javascript:a"', b'"//"', b'"%zz"', b'"a b"'),
    *(b'"\xe2\x80\xae"', rb'"https://as.example/\u0000"', b"[" * 2000 + b"]" * 2000),
)
_HEADER_VALUES = (
    *(b"", b"\xff\xfe", b"http://[::", b"x" * 9000, b"//a:99999999/", b"gzip", b"x;y=z, ,,"),
    *(b"https://as.example/rreg/%00", b"application/json; charset=utf-16", b'Bearer realm="'),
    *(b"0;url=http://[::", b"a=b; expires=c; samesite=\xff", b"="),
)
_HEADER_NAMES = (
    *(b"location", b"set-cookie", b"refresh", b"content-type", b"content-encoding"),
    *(b"www-authenticate", b"transfer-encoding"),
)
_MEMBER = re.compile(rb'"(\w+)":\s*("(?:[^"\\]|\\.)*"|\d+|true|false|\[[^\[\]]*\])')

Headers = list[tuple[bytes, bytes]]
Garbled = tuple[bytes, Headers]


def cut(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    return body[: dice.randrange(len(body) + 1)], headers


def flip(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    at = dice.randrange(len(body) + 1)
    return body[:at] + dice.randbytes(1) + body[at + 1 :], headers


def noise(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    del body
    return dice.randbytes(dice.randrange(200)), headers


def other_value(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    found = list(_MEMBER.finditer(body))
    if not found:
        return body, headers
    place = dice.choice(found)
    return body[: place.start(2)] + dice.choice(_VALUES) + body[place.end(2) :], headers


def twice(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    found = list(_MEMBER.finditer(body))
    if not found:
        return body, headers
    place = dice.choice(found)
    again = b', "' + place.group(1) + b'": ' + dice.choice(_VALUES)
    return body[: place.end()] + again + body[place.end() :], headers


def nested(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    return b"{" * dice.randrange(5000) + body, headers


def other_header(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    at = dice.randrange(len(headers) + 1)
    name = headers[at][0] if at < len(headers) else dice.choice(_HEADER_NAMES)
    return body, [*headers[:at], (name, dice.choice(_HEADER_VALUES)), *headers[at + 1 :]]


def no_header(dice: random.Random, body: bytes, headers: Headers) -> Garbled:
    at = dice.randrange(len(headers) + 1)
    return body, [*headers[:at], *headers[at + 1 :]]


_WAYS: Sequence[Callable[[random.Random, bytes, Headers], Garbled]] = (
    *(cut, flip, noise, other_value, other_value, other_value),
    *(twice, nested, other_header, other_header, no_header),
)


def garbling(app: ASGIApp, dice: random.Random, share: float) -> ASGIApp:
    """Garble this share of all answers."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        headers: Headers = [
            (name, value) for name, value in sent[0]["headers"] if name != b"content-length"
        ]
        if dice.random() < share:
            body, headers = dice.choice(_WAYS)(dice, body, headers)
        status = sent[0]["status"]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


def transport(app: ASGIApp) -> httpx.ASGITransport:
    return httpx.ASGITransport(app, raise_app_exceptions=False)


@pytest.mark.parametrize(
    ("seed", "share"), [(1, 0.05), (2, 0.05), (3, 0.1), (4, 0.1), (5, 0.3), (6, 1.0)]
)
def test_a_run_against_garbage_ends_with_a_report(tmp_path: Path, seed: int, share: float) -> None:
    deployment = fresh_deployment()
    config = Config.from_document(deployment.document(_ISSUER))
    app = create_app(config, MemoryStore(), AdjustableClock(), SystemRandomness())
    driver = BuiltinDriver(_ISSUER, deployment, transport=transport(app))
    # The order of requests is the same in every run, so that a seed garbles the same answers.
    garbled = garbling(app, random.Random(seed), share)  # noqa: S311 - a test that can be repeated
    ready = OpenTarget(builtin_target(), driver, transport=transport(garbled))
    checks = checks_for("as")
    try:
        with run_against(ready) as run:
            run.drive(checks)
            for check in checks:
                run.judge(check)
            assert run.faults_of_suite() == ()
            record = run.record(checks)
    finally:
        driver.close()
    write_reports(record, tmp_path)
    assert read_run(tmp_path / "run.json") == record
    assert (tmp_path / "report.html").stat().st_size > 0
    assert record.claim.conformant is not True
