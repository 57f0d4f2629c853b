"""Faults in the answers of the permission endpoint (FedAuthz 4.2, 4.3, 6)."""

from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import PERMISSION, Change, answers


def _issued(change: Change) -> Change:
    return answers(PERMISSION, change, status=201)


def _failed(change: Change) -> Change:
    return answers(PERMISSION, change, status=400)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "permission-200",
            "A ticket comes with status 200.",
            ("F-4.2-01",),
            wire=_issued(lambda r: r.with_status(200)),
        ),
        Fault(
            "permission-as-text",
            "A ticket comes as plain text.",
            ("F-4.2-02",),
            wire=_issued(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "ticket-misnamed",
            "The ticket has another name.",
            ("F-4.2-02", "F-4.2-03"),
            wire=_issued(lambda r: r.with_json({"permission_ticket": r.members.get("ticket")})),
        ),
        Fault(
            "ticket-as-array",
            "Tickets come in an array.",
            ("F-4.2-03",),
            wire=_issued(lambda r: r.with_member("ticket", [r.members.get("ticket")])),
        ),
        Fault(
            "permission-404",
            "An unknown resource answers 404.",
            ("F-4.3-02",),
            wire=answers(PERMISSION, lambda r: r.with_status(404), error="invalid_resource_id"),
        ),
        Fault(
            "permission-other-code",
            "An unregistered scope has another code.",
            ("F-4.3-03", "F-4.3-05"),
            wire=answers(
                PERMISSION, lambda r: r.with_member("error", "bad_scope"), error="invalid_scope"
            ),
        ),
        Fault(
            "permission-resource-code",
            "An unknown resource has another code.",
            ("F-4.3-03", "F-4.3-04"),
            wire=answers(
                PERMISSION,
                lambda r: r.with_member("error", "unknown_resource"),
                error="invalid_resource_id",
            ),
        ),
        Fault(
            "permission-error-as-text",
            "Errors come as plain text.",
            ("F-6-01",),
            wire=_failed(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "permission-error-misnamed",
            "Errors have another member than error.",
            ("F-4.3-03", "F-6-02"),
            wire=_failed(lambda r: r.with_json({"code": r.members.get("error")})),
        ),
        Fault(
            "permission-error-as-array",
            "error is an array.",
            ("F-4.3-03", "F-6-03"),
            wire=_failed(lambda r: r.with_member("error", [r.members.get("error")])),
        ),
        Fault(
            "permission-description-as-object",
            "error_description is an object.",
            ("F-6-05",),
            wire=_failed(lambda r: r.with_member("error_description", {"en": "no"})),
        ),
        Fault(
            "permission-error-uri-as-text",
            "error_uri is no URI.",
            ("F-6-07",),
            wire=_failed(lambda r: r.with_member("error_uri", "see the manual")),
        ),
    )
