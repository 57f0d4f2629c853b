"""Faults of pages, cookies and redirections during a visit for claims (RFC 9700 4)."""

from dataclasses import replace

from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import CLAIMS, TOKEN, Reply, answers


def _framed(reply: Reply) -> Reply:
    return reply.without_header("x-frame-options").without_header("content-security-policy")


def _open_cookies(reply: Reply) -> Reply:
    kept = (
        (name, value.replace("; Secure", "") if name == "set-cookie" else value)
        for name, value in reply.headers
    )
    return replace(reply, headers=tuple(kept))


def _sent_again(reply: Reply) -> Reply:
    return reply.with_status(307) if reply.location else reply


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "pages-framed",
            "Pages can be shown inside of pages of other sites.",
            ("SEC-WEB-01",),
            wire=_framed,
        ),
        Fault(
            "cookies-without-tls",
            "Cookies go over connections without TLS, too.",
            ("SEC-WEB-02",),
            wire=_open_cookies,
        ),
        Fault(
            "forms-sent-again",
            "After the form of a visit the browser sends it again, to the client.",
            ("SEC-WEB-03",),
            wire=answers(CLAIMS, _sent_again, method="POST"),
        ),
        Fault(
            "pages-without-hsts",
            "Browsers are not told to come over TLS.",
            ("SEC-TLS-05",),
            wire=lambda reply: reply.without_header("strict-transport-security"),
        ),
        Fault(
            "need-info-cached",
            "Caches may keep need_info.",
            ("SEC-CACHE-01",),
            wire=answers(
                TOKEN, lambda reply: reply.without_header("cache-control"), error="need_info"
            ),
        ),
    )
