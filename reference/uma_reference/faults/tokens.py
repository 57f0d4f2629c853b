"""Faults in the answers of the token endpoint (Grant 3.3.5, 3.3.6)."""

from dataclasses import replace

from uma_reference.authorization_server.model import Ticket
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK, SIMPLE_ID_SERVER
from uma_reference.faults.wire import TOKEN, Change, Reply, answers


def _same_rpt(value: str, ticket: Ticket) -> str:
    del value
    return "rpt-for-" + "-".join(sorted(item.resource_id for item in ticket.permissions))


def _success(change: Change) -> Change:
    def changed(reply: Reply) -> Reply:
        return change(reply) if "uma-ticket" in reply.form else reply

    return answers(TOKEN, changed, status=200)


def with_error(code: str, change: Change) -> Change:
    """Return a change for the answers of the token endpoint with this error."""
    return answers(TOKEN, change, error=code)


def _hint(name: str, value: object) -> Change:
    def changed(reply: Reply) -> Reply:
        return reply.with_member("required_claims", [{name: value}])

    return with_error("need_info", changed)


def _upgraded_as_text(reply: Reply) -> Reply:
    """Say of an RPT that is no upgrade that it is none, in a string."""
    return reply if "upgraded" in reply.members else reply.with_member("upgraded", "false")


def _as_html(reply: Reply) -> Reply:
    failed = "uma-ticket" in reply.form and reply.status >= 400
    return reply.with_header("content-type", "text/html") if failed else reply


def _asks_again(reply: Reply) -> Reply:
    """Ask again for claims that were pushed already."""
    if "claim_token=" not in reply.form or reply.status != 200:
        return reply
    answer = {"error": "need_info", "ticket": "x" * 43, "required_claims": [{"name": "email"}]}
    return reply.with_status(403).with_json(answer)


def _only_after_need_info() -> Change:
    """Ask for the same claims again after need_info, whatever was pushed."""
    rotated: set[str] = set()

    def changed(reply: Reply) -> Reply:
        if reply.members.get("error") == "need_info":
            rotated.add(str(reply.members.get("ticket")))
        if any(ticket in reply.form for ticket in rotated):
            return _asks_again(reply)
        return reply

    return answers(TOKEN, changed)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "rpt-shared",
            "All parties and clients get the same RPT for a resource.",
            ("G-1.3-01",),
            rules=lambda rules: replace(rules, fresh_value=_same_rpt),
        ),
        Fault(
            "denial-other-code",
            "A denial answers access_denied.",
            ("G-3.3.6-35",),
            wire=with_error("request_denied", lambda r: r.with_member("error", "access_denied")),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "denial-400",
            "request_denied comes with status 400.",
            ("G-3.3.6-36",),
            wire=with_error("request_denied", lambda r: r.with_status(400)),
        ),
        Fault(
            "success-201",
            "An RPT comes with status 201.",
            ("G-1.3.1-01", "G-3.3.5-02"),
            wire=_success(lambda r: r.with_status(201)),
        ),
        Fault(
            "success-without-token-type",
            "A token response has no token_type.",
            ("G-3.3.5-02",),
            wire=_success(lambda r: r.without_member("token_type")),
        ),
        Fault(
            "upgraded-as-string",
            "upgraded is a string.",
            ("G-3.3.5-12",),
            wire=_success(_upgraded_as_text),
        ),
        Fault(
            "invalid-request-403",
            "invalid_request comes with status 403.",
            ("G-3.3.6-47",),
            wire=with_error("invalid_request", lambda r: r.with_status(403)),
        ),
        Fault(
            "success-cached",
            "A token response may be cached.",
            ("G-3.3.5-03",),
            wire=_success(lambda r: r.without_header("cache-control")),
        ),
        Fault(
            "success-with-scope",
            "A token response has a scope member.",
            ("G-3.3.5-17",),
            wire=_success(lambda r: r.with_member("scope", "view")),
        ),
        Fault(
            "success-with-error",
            "A token response has an error member too.",
            ("G-1.3.1-01",),
            wire=_success(lambda r: r.with_member("error", "none")),
        ),
        Fault(
            "success-with-member-twice",
            "token_type stands twice in a token response.",
            ("G-3.3.5-02",),
            wire=_success(lambda r: r.with_member_twice("token_type", "mac")),
        ),
        Fault(
            "error-twice",
            "Errors of the token endpoint have two codes.",
            ("G-3.3.6-01",),
            wire=answers(
                TOKEN, lambda r: r.with_member_twice("error", "access_denied"), error="need_info"
            ),
        ),
        Fault(
            "denial-description-as-object",
            "error_description of a denial is an object.",
            ("G-3.3.6-01",),
            wire=with_error(
                "request_denied", lambda r: r.with_member("error_description", {"en": "no"})
            ),
        ),
        Fault(
            "errors-as-html", "Errors come as HTML.", ("G-3.3.6-01",), wire=answers(TOKEN, _as_html)
        ),
        Fault(
            "need-info-401",
            "need_info comes with status 401.",
            ("G-3.3.6-09",),
            wire=with_error("need_info", lambda r: r.with_status(401)),
            seen_in=(SIMPLE_ID_SERVER,),
        ),
        Fault(
            "need-info-without-ticket",
            "need_info comes without a ticket.",
            ("G-3.3.6-10", "G-3.3.6-12"),
            wire=with_error("need_info", lambda r: r.without_member("ticket")),
        ),
        Fault(
            "need-info-without-hints",
            "need_info comes without hints.",
            (
                "G-3.3.6-11",
                "G-3.3.6-15",
                "G-3.3.6-17",
                "G-3.3.6-18",
                "G-3.3.6-21",
                "G-3.3.6-24",
                "G-3.3.6-26",
                "G-3.3.6-27",
                "G-3.3.6-31",
            ),
            wire=with_error("need_info", lambda r: r.without_member("required_claims")),
        ),
        Fault(
            "required-claims-as-object",
            "required_claims is one object.",
            ("G-3.3.6-15",),
            wire=with_error(
                "need_info", lambda r: r.with_member("required_claims", {"name": "email"})
            ),
        ),
        Fault(
            "required-formats-as-string",
            "claim_token_format in required_claims is a string.",
            ("G-3.3.6-17",),
            wire=_hint("claim_token_format", "id_token"),
            seen_in=(SIMPLE_ID_SERVER,),
        ),
        Fault(
            "required-type-as-array",
            "claim_type in required_claims is an array.",
            ("G-3.3.6-21",),
            wire=_hint("claim_type", ["string"]),
        ),
        Fault(
            "required-friendly-name-as-object",
            "friendly_name in required_claims is an object.",
            ("G-3.3.6-24",),
            wire=_hint("friendly_name", {"en": "e-mail"}),
        ),
        Fault(
            "required-issuer-as-string",
            "issuer in required_claims is a string.",
            ("G-3.3.6-26",),
            wire=_hint("issuer", "https://identity.example"),
        ),
        Fault(
            "required-name-as-array",
            "name in required_claims is an array.",
            ("G-3.3.6-31",),
            wire=_hint("name", ["email"]),
        ),
        Fault(
            "need-info-forever",
            "The claims that need_info wanted are never enough.",
            ("G-3.3.1-09", "G-3.3.6-18", "G-3.3.6-27"),
            wire=_only_after_need_info(),
        ),
        Fault(
            "invalid-scope-403",
            "invalid_scope comes with status 403.",
            ("G-3.3.6-07",),
            wire=with_error("invalid_scope", lambda r: r.with_status(403)),
        ),
    )
