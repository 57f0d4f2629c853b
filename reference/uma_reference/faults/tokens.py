"""Faults of the token endpoint: requests, responses and tickets (Grant 3.3, 5.5)."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from uma_reference.authorization_server.clock import Randomness
from uma_reference.authorization_server.documents import read_form
from uma_reference.authorization_server.errors import invalid_request
from uma_reference.authorization_server.metadata import UMA_GRANT
from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import redeem
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import TOKEN, Change, Reply, answers

Form = dict[str, str]


def _form(change: Callable[[Form], Form]) -> Callable[[Rules], Rules]:
    def read(body: bytes) -> Form:
        return change(read_form(body))

    return lambda rules: replace(rules, read_form=read)


def _any_case(form: Form) -> Form:
    grant = form.get("grant_type", "").lower()
    lowered = {name.lower(): value for name, value in form.items()}
    return {**lowered, "grant_type": grant} if grant else lowered


def _grant_type_optional(form: Form) -> Form:
    return form if "grant_type" in form else {**form, "grant_type": UMA_GRANT}


def _wants(name: str) -> Callable[[Form], Form]:
    def wanting(form: Form) -> Form:
        if form.get("grant_type") == UMA_GRANT and name not in form:
            raise invalid_request(f"{name} is missing")
        return form

    return wanting


def _no_uri_formats(form: Form) -> Form:
    if ":" in form.get("claim_token_format", ""):
        raise invalid_request("claim_token_format is malformed")
    return form


def _kept(rules: Rules) -> Rules:
    """Keep tickets after their presentation."""

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            store.put_ticket(ticket)
        return ticket

    return replace(rules, take_ticket=take)


def _kept_without_claims(rules: Rules) -> Rules:
    """Keep tickets that were presented without claims."""
    last: Form = {}

    def form(body: bytes) -> Form:
        last.clear()
        last.update(read_form(body))
        return dict(last)

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None and "claim_token" not in last:
            store.put_ticket(ticket)
        return ticket

    return replace(rules, read_form=form, take_ticket=take)


def _last_for_unknown(rules: Rules, *, optional: bool) -> Rules:
    """Take the last ticket for one that is unknown, or for none at all."""
    issued: list[Ticket] = []

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            issued.append(ticket)
        stands_in = bool(issued) and (value == "none" if optional else True)
        return ticket or (issued[-1] if stands_in else None)

    def form(body: bytes) -> Form:
        found = read_form(body)
        missing = found.get("grant_type") == UMA_GRANT and "ticket" not in found
        return {**found, "ticket": "none"} if missing and optional else found

    return replace(rules, take_ticket=take, read_form=form)


def _any_value_case(rules: Rules) -> Rules:
    def take(store: Store, value: str) -> Ticket | None:
        return store.take_ticket(value) or store.take_ticket(value.swapcase())

    return replace(rules, take_ticket=take)


def _never_expires(ticket: Ticket | None, client_id: str, now: int) -> Ticket:
    return redeem(ticket and replace(ticket, expires_at=now + 1), client_id, now)


def _not_rotated(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    del value
    return replace(ticket, client=client_id, expires_at=expires_at)


def _dead_rotation(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    del expires_at
    return replace(ticket, value=value, client=client_id, expires_at=0)


def _other_permissions(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    wider = tuple(replace(p, scopes=p.scopes | {"edit"}) for p in ticket.permissions)
    return Ticket(value, ticket.domain, wider, expires_at, client_id, ticket.claims)


def _same_rpt(value: str, ticket: Ticket) -> str:
    del value
    return "rpt-for-" + "-".join(sorted(item.resource_id for item in ticket.permissions))


class _Counter:
    """Makes values that the next one can be told from."""

    def __init__(self, source: Randomness) -> None:
        del source
        self._numbers = count(10**12)

    def token(self) -> str:
        """Return the next number."""
        return f"permission-ticket-{next(self._numbers)}"


def _success(change: Change) -> Change:
    def changed(reply: Reply) -> Reply:
        return change(reply) if "uma-ticket" in reply.form else reply

    return answers(TOKEN, changed, status=200)


def _error(code: str, change: Change) -> Change:
    return answers(TOKEN, change, error=code)


def _hint(name: str, value: object) -> Change:
    def changed(reply: Reply) -> Reply:
        return reply.with_member("required_claims", [{name: value}])

    return _error("need_info", changed)


def _as_html(reply: Reply) -> Reply:
    failed = "uma-ticket" in reply.form and reply.status >= 400
    return reply.with_header("content-type", "text/html") if failed else reply


def _unsupported_grant(reply: Reply) -> Reply:
    if "uma-ticket" not in reply.form:
        return reply
    return reply.with_status(400).with_json({"error": "unsupported_grant_type"})


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
            "parameters-in-any-case",
            "Parameter names and grant types are read without regard to case.",
            (),
            rules=_form(_any_case),
        ),
        Fault(
            "ticket-in-any-case",
            "A ticket in another case is taken for the ticket.",
            (),
            rules=_any_value_case,
        ),
        Fault(
            "grant-type-optional",
            "A request without grant_type gives an RPT.",
            (),
            rules=_form(_grant_type_optional),
        ),
        Fault(
            "ticket-optional",
            "A request without a ticket gives an RPT.",
            (),
            rules=lambda rules: _last_for_unknown(rules, optional=True),
            seen_in=("Keycloak",),
        ),
        Fault(
            "claims-required",
            "A request without claims is malformed.",
            (),
            rules=_form(_wants("claim_token")),
            seen_in=("WSO2 Identity Server",),
        ),
        Fault(
            "scope-required",
            "A request without scope is malformed.",
            (),
            rules=_form(_wants("scope")),
            seen_in=("SimpleIdServer",),
        ),
        Fault(
            "rpt-required", "A request without rpt is malformed.", (), rules=_form(_wants("rpt"))
        ),
        Fault(
            "uri-formats-refused",
            "A claim token format that is a URI is malformed.",
            (),
            rules=_form(_no_uri_formats),
        ),
        Fault(
            "uma-grant-unsupported",
            "The UMA grant is not there.",
            (),
            wire=answers(TOKEN, _unsupported_grant),
        ),
        Fault(
            "rpt-shared",
            "All parties and clients get the same RPT for a resource.",
            (),
            rules=lambda rules: replace(rules, fresh_value=_same_rpt),
        ),
        Fault(
            "unknown-ticket-accepted",
            "An unknown ticket stands for the last one.",
            (),
            rules=lambda rules: _last_for_unknown(rules, optional=False),
        ),
        Fault(
            "ticket-reusable",
            "A ticket can be used again.",
            (),
            rules=_kept,
            seen_in=("Keycloak", "SimpleIdServer", "WSO2 Identity Server"),
        ),
        Fault(
            "ticket-reusable-without-claims",
            "A ticket lives on when it is presented without claims.",
            (),
            rules=_kept_without_claims,
            seen_in=("Gravitee AM",),
        ),
        Fault(
            "ticket-never-expires",
            "An expired ticket gives an RPT.",
            (),
            rules=lambda rules: replace(rules, redeem=_never_expires),
            seen_in=("Janssen",),
        ),
        Fault("tickets-counted", "Tickets are numbered.", (), randomness=_Counter),
        Fault(
            "invalid-ticket-code",
            "Tickets that are not valid answer 403 invalid_ticket.",
            (),
            wire=_error(
                "invalid_grant", lambda r: r.with_status(403).with_member("error", "invalid_ticket")
            ),
            seen_in=("Keycloak",),
        ),
        Fault(
            "denial-other-code",
            "A denial answers access_denied.",
            (),
            wire=_error("request_denied", lambda r: r.with_member("error", "access_denied")),
            seen_in=("Keycloak",),
        ),
        Fault(
            "denial-400",
            "request_denied comes with status 400.",
            (),
            wire=_error("request_denied", lambda r: r.with_status(400)),
        ),
        Fault(
            "success-201",
            "An RPT comes with status 201.",
            (),
            wire=_success(lambda r: r.with_status(201)),
        ),
        Fault(
            "success-without-token-type",
            "A token response has no token_type.",
            (),
            wire=_success(lambda r: r.without_member("token_type")),
        ),
        Fault(
            "success-cached",
            "A token response may be cached.",
            (),
            wire=_success(lambda r: r.without_header("cache-control")),
        ),
        Fault(
            "success-with-error",
            "A token response has an error member too.",
            (),
            wire=_success(lambda r: r.with_member("error", "none")),
        ),
        Fault("errors-as-html", "Errors come as HTML.", (), wire=answers(TOKEN, _as_html)),
        Fault(
            "need-info-401",
            "need_info comes with status 401.",
            (),
            wire=_error("need_info", lambda r: r.with_status(401)),
            seen_in=("SimpleIdServer",),
        ),
        Fault(
            "need-info-without-ticket",
            "need_info comes without a ticket.",
            (),
            wire=_error("need_info", lambda r: r.without_member("ticket")),
        ),
        Fault(
            "need-info-without-hints",
            "need_info comes without hints.",
            (),
            wire=_error("need_info", lambda r: r.without_member("required_claims")),
        ),
        Fault(
            "need-info-same-ticket",
            "need_info gives the same ticket back.",
            (),
            rules=lambda rules: replace(rules, rotated=_not_rotated),
            seen_in=("Gravitee AM", "SimpleIdServer"),
        ),
        Fault(
            "need-info-dead-ticket",
            "The ticket of need_info does not work.",
            (),
            rules=lambda rules: replace(rules, rotated=_dead_rotation),
        ),
        Fault(
            "need-info-other-permissions",
            "The ticket of need_info stands for other permissions.",
            (),
            rules=lambda rules: replace(rules, rotated=_other_permissions),
        ),
        Fault(
            "required-claims-as-object",
            "required_claims is one object.",
            (),
            wire=_error("need_info", lambda r: r.with_member("required_claims", {"name": "email"})),
        ),
        Fault(
            "required-formats-as-string",
            "claim_token_format in required_claims is a string.",
            (),
            wire=_hint("claim_token_format", "id_token"),
            seen_in=("SimpleIdServer",),
        ),
        Fault(
            "required-type-as-array",
            "claim_type in required_claims is an array.",
            (),
            wire=_hint("claim_type", ["string"]),
        ),
        Fault(
            "required-friendly-name-as-object",
            "friendly_name in required_claims is an object.",
            (),
            wire=_hint("friendly_name", {"en": "e-mail"}),
        ),
        Fault(
            "required-issuer-as-string",
            "issuer in required_claims is a string.",
            (),
            wire=_hint("issuer", "https://identity.example"),
        ),
        Fault(
            "required-name-as-array",
            "name in required_claims is an array.",
            (),
            wire=_hint("name", ["email"]),
        ),
        Fault(
            "need-info-forever",
            "The claims that need_info wanted are never enough.",
            (),
            wire=_only_after_need_info(),
        ),
        Fault(
            "invalid-scope-403",
            "invalid_scope comes with status 403.",
            (),
            wire=_error("invalid_scope", lambda r: r.with_status(403)),
        ),
    )
