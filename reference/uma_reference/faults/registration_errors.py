"""Faults in what the resource registration endpoint says of its errors (FedAuthz 6)."""

from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import COLLECTION, Change, Reply, answers


def _refused(change: Change) -> Change:
    """Change the errors about descriptions that cannot be registered."""

    def changed(reply: Reply) -> Reply:
        return change(reply) if reply.members else reply

    return answers(COLLECTION, changed, method="POST", status=400)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "registration-error-as-array",
            "error is an array where a description is refused.",
            ("F-6-03",),
            wire=_refused(lambda r: r.with_member("error", [r.members.get("error")])),
        ),
        Fault(
            "registration-description-as-object",
            "error_description is an object where a description is refused.",
            ("F-6-05",),
            wire=_refused(lambda r: r.with_member("error_description", {"en": "no"})),
        ),
        Fault(
            "registration-error-uri-as-text",
            "error_uri is no URI where a description is refused.",
            ("F-6-07",),
            wire=_refused(lambda r: r.with_member("error_uri", "see the manual")),
        ),
    )
