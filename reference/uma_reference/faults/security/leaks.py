"""Faults by which answers tell too much (CWE-209, RFC 9110 10.2.4)."""

from collections.abc import Callable

from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import PERMISSION, TOKEN, Change, Reply, answers

_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "token.py", line 114, in _redeem\n'
    "KeyError: 'ticket'"
)
_JAVA_TRACE = (
    "NullPointerException\n\tat example.Token.redeem(Token.java:114)"
    "\n\tat example.Endpoint.post(Endpoint.java:52)"
)


def _errors(place: str, tell: Callable[[Reply], str]) -> Change:
    """Return a change that puts something in the description of errors at a place."""

    def told(reply: Reply) -> Reply:
        if reply.status < 400 or "error" not in reply.members:
            return reply
        return reply.with_member("error_description", tell(reply))

    return answers(place, told)


def _repeated_claims(reply: Reply) -> str:
    name = "claim_token="
    found = [part for part in reply.form.split("&") if part.startswith(name)]
    return f"cannot use {found[0].removeprefix(name)}" if found else "refused"


def _version(reply: Reply) -> Reply:
    return reply.with_header("server", "example-server/4.1.2")


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "errors-with-traces",
            "Errors of the token endpoint hold a stack trace.",
            ("SEC-LEAK-01",),
            wire=_errors(TOKEN, lambda _: _TRACE),
        ),
        Fault(
            "errors-with-java-traces",
            "Errors of the permission endpoint hold a stack trace.",
            ("SEC-LEAK-01",),
            wire=_errors(PERMISSION, lambda _: _JAVA_TRACE),
        ),
        Fault(
            "errors-repeat-claims",
            "Errors repeat the claim token.",
            ("SEC-LEAK-02",),
            wire=_errors(TOKEN, _repeated_claims),
        ),
        Fault(
            "errors-name-files",
            "Errors name a file of the server.",
            ("SEC-LEAK-03",),
            wire=_errors(PERMISSION, lambda _: "cannot open /opt/example/policies/rules.drl"),
        ),
        Fault(
            "errors-name-classes",
            "Errors name a class of the server.",
            ("SEC-LEAK-03",),
            wire=_errors(PERMISSION, lambda _: "org.example.json.UnrecognizedPropertyException"),
        ),
        Fault(
            "versions-told",
            "Each answer tells the version of the server.",
            ("SEC-LEAK-04",),
            wire=_version,
        ),
    )
