"""Faults in what RPT requests are understood (Grant 3.3.1)."""

from collections.abc import Callable
from dataclasses import replace

from uma_reference.authorization_server.documents import read_form
from uma_reference.authorization_server.errors import invalid_request
from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import SIMPLE_ID_SERVER, WSO2
from uma_reference.faults.tickets import last_for_unknown
from uma_reference.faults.wire import TOKEN, Reply, answers
from uma_reference.names import UMA_GRANT

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


def _any_value_case(rules: Rules) -> Rules:
    def take(store: Store, value: str) -> Ticket | None:
        return store.take_ticket(value) or store.take_ticket(value.swapcase())

    return replace(rules, take_ticket=take)


def _unsupported_grant(reply: Reply) -> Reply:
    if "uma-ticket" not in reply.form:
        return reply
    return reply.with_status(400).with_json({"error": "unsupported_grant_type"})


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "parameters-in-any-case",
            "Parameter names and grant types are read without regard to case.",
            ("G-1.1-01",),
            rules=_form(_any_case),
        ),
        Fault(
            "ticket-in-any-case",
            "A ticket in another case is taken for the ticket.",
            ("G-1.1-01",),
            rules=_any_value_case,
        ),
        Fault(
            "grant-type-optional",
            "A request without grant_type gives an RPT.",
            ("G-3.3.1-02",),
            rules=_form(_grant_type_optional),
        ),
        Fault(
            "ticket-optional",
            "A request without a ticket gives an RPT.",
            ("G-1.1-01", "G-3.3.1-04"),
            rules=lambda rules: last_for_unknown(rules, optional=True),
        ),
        Fault(
            "claims-required",
            "A request without claims is malformed.",
            ("G-3.3.1-06", "G-3.3.1-11", "G-3.3.3-04", "G-3.3.6-04", "G-5.5-02", "G-5.5-03"),
            rules=_form(_wants("claim_token")),
            seen_in=(WSO2,),
        ),
        Fault(
            "scope-required",
            "A request without scope is malformed.",
            (
                "F-1.2-02",
                "F-4-03",
                "G-3.1-01",
                "G-3.3.1-09",
                "G-3.3.1-13",
                "G-3.3.1-19",
                "G-3.3.1-22",
                "G-3.3.3-04",
                "G-3.3.4-01",
                "G-3.3.4-05",
                "G-3.3.4-11",
            ),
            rules=_form(_wants("scope")),
            seen_in=(SIMPLE_ID_SERVER,),
        ),
        Fault(
            "rpt-required",
            "A request without rpt is malformed.",
            (
                "F-1.2-02",
                "F-4-03",
                "G-1.3.1-02",
                "G-3.1-01",
                "G-3.3.1-09",
                "G-3.3.1-13",
                "G-3.3.1-19",
                "G-3.3.1-22",
                "G-3.3.3-04",
                "G-3.3.4-01",
                "G-3.3.4-05",
                "G-3.3.4-11",
                "G-3.3.6-05",
                "G-3.3.6-09",
                "G-3.3.6-10",
                "G-3.3.6-11",
                "G-3.3.6-12",
                "G-3.3.6-13",
                "G-3.3.6-14",
                "G-3.3.6-15",
                "G-3.3.6-17",
                "G-3.3.6-18",
                "G-3.3.6-21",
                "G-3.3.6-24",
                "G-3.3.6-26",
                "G-3.3.6-27",
                "G-3.3.6-31",
            ),
            rules=_form(_wants("rpt")),
        ),
        Fault(
            "uri-formats-refused",
            "A claim token format that is a URI is malformed.",
            (
                "F-1.2-02",
                "F-4-03",
                "G-3.1-01",
                "G-3.3.1-09",
                "G-3.3.1-13",
                "G-3.3.1-19",
                "G-3.3.1-22",
                "G-3.3.4-01",
                "G-3.3.4-05",
                "G-3.3.4-11",
                "G-3.3.6-05",
            ),
            rules=_form(_no_uri_formats),
        ),
        Fault(
            "uma-grant-unsupported",
            "The UMA grant is not there.",
            (
                "F-1.2-02",
                "F-4-03",
                "G-1.3.1-02",
                "G-3.3-02",
                "G-3.3.1-03",
                "G-3.3.1-09",
                "G-3.3.3-04",
                "G-3.3.4-01",
                "G-3.3.4-05",
                "G-3.3.4-11",
                "G-3.3.6-05",
                "G-3.3.6-09",
                "G-3.3.6-10",
                "G-3.3.6-11",
                "G-3.3.6-12",
                "G-3.3.6-13",
                "G-3.3.6-14",
                "G-3.3.6-15",
                "G-3.3.6-17",
                "G-3.3.6-18",
                "G-3.3.6-21",
                "G-3.3.6-24",
                "G-3.3.6-26",
                "G-3.3.6-27",
                "G-3.3.6-31",
            ),
            wire=answers(TOKEN, _unsupported_grant),
        ),
    )
