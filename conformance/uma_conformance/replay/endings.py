"""What an answer of an authorization server means for a scenario."""

from collections.abc import Mapping

from uma_conformance.jsonvalue import object_of
from uma_conformance.probes.scene import shown_permissions
from uma_conformance.trace import parse_json
from uma_conformance.wire import Answer as Received
from uma_scenarios import Answer, Ending

_BY_CODE = {
    403: (Ending.NEED_INFO, Ending.REQUEST_SUBMITTED, Ending.REQUEST_DENIED),
    400: (Ending.INVALID_GRANT, Ending.INVALID_SCOPE, Ending.INVALID_RESOURCE_ID),
}
_HINTS = {"required_claims": "claims are wanted", "redirect_user": "a visit would help"}


def rpt_answer(received: Received) -> Answer:
    """Return what came of a request for an RPT, or of its refresh (Grant 3.3.5, 3.3.6, 3.6)."""
    numbers = (received.exchange.number,)
    members = object_of(parse_json(received.body))
    if received.succeeded and received.member("access_token"):
        upgraded = members.get("upgraded") is True
        return Answer(
            Ending.GRANTED,
            "an upgraded RPT" if upgraded else "an RPT",
            numbers,
            rpt=received.member("access_token"),
            pct=received.member("pct"),
            refresh=received.member("refresh_token"),
            upgraded=upgraded,
        )
    return Answer(
        _refused_claims(received) or refusal(received),
        _refusal_in_words(received, members),
        numbers,
        ticket=received.member("ticket"),
        place=received.member("redirect_user"),
        hints=frozenset(name for name in _HINTS if name in members),
    )


def _refused_claims(received: Received) -> Ending | None:
    """Return `claims_refused` for another error with status 400 to claims that were pushed.

    UMA does not say how a claim token is refused that the server does not accept (Grant 3.3.1).
    """
    pushed = "claim_token=" in received.exchange.request.body
    other = refusal(received) is Ending.OTHER and bool(received.exchange.error)
    return Ending.CLAIMS_REFUSED if pushed and other and received.status == 400 else None


def _refusal_in_words(received: Received, members: Mapping[str, object]) -> str:
    """Return what an error tells beside its code, which the ending says already."""
    ending = refusal(received)
    if ending is Ending.OTHER:
        return outline(received)
    wanted = [words for name, words in _HINTS.items() if name in members]
    parts = [f"status {received.status}", *wanted]
    if received.member("ticket"):
        parts.append("a new ticket")
    if received.member("error_description"):
        parts.append(received.member("error_description"))
    return ", ".join(parts)


def refusal(received: Received) -> Ending:
    """Return the ending that an error stands for, if status and code go together (Grant 3.3.6)."""
    error = received.exchange.error
    known = _BY_CODE.get(received.status, ())
    return next((ending for ending in known if ending == error), Ending.OTHER)


def introspection_answer(received: Received) -> Answer:
    """Return what introspection shows (FedAuthz 5.1.1)."""
    members = object_of(parse_json(received.body))
    numbers = (received.exchange.number,)
    active = members.get("active")
    if not received.succeeded or not isinstance(active, bool):
        return Answer(Ending.OTHER, outline(received), numbers)
    if not active:
        return Answer(Ending.INACTIVE, "not active", numbers, permits={})
    permits = shown_permissions(members.get("permissions"))
    return Answer(Ending.ACTIVE, "active", numbers, permits=permits)


def ticket_answer(received: Received) -> Answer:
    """Return what came of a request for a permission ticket (FedAuthz 4.2, 4.3)."""
    numbers = (received.exchange.number,)
    if received.status == 201 and received.member("ticket"):
        return Answer(Ending.TICKET, outline(received), numbers, ticket=received.member("ticket"))
    return Answer(refusal(received), outline(received), numbers)


def outline(received: Received) -> str:
    """Return an answer in a few words, without any value that came with it."""
    return received.exchange.outline
