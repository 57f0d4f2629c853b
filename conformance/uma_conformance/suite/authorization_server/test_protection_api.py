"""Who may use the protection API, and for whom (FedAuthz 1.3)."""

from collections.abc import Iterable, Sequence

from uma_conformance.checks import check
from uma_conformance.jsonvalue import is_array, strings_of
from uma_conformance.judge import Judge
from uma_conformance.probes import protection
from uma_conformance.trace import Exchange

_ROWS = {
    "create": "F-3.2-06",
    "read": "F-3.2-07",
    "update": "F-3.2-08",
    "delete": "F-3.2-09",
    "list": "F-3.2-10",
}
_NOBODY = ("without a token", "with a made-up token")
_PLAIN = "with a token without uma_protection"
_RPT = "with an RPT"
_BOTH = (protection.with_pat, protection.without_pat)


def _pair(judge: Judge, operation: str, who: str) -> tuple[Exchange, Exchange]:
    """Return a use of an operation without right, and the same with it as its control."""
    control = judge.exchange(f"{operation} with the PAT")
    judge.control(control.succeeded, f"{operation} with the PAT: {control.outline}", control)
    return judge.exchange(f"{operation} {who}", 1), control


def _require_refused(judge: Judge, row: str, operation: str, who: str) -> None:
    answer, control = _pair(judge, operation, who)
    seen = f"{operation} {who} answered status {answer.status}"
    judge.require(row, not answer.succeeded, seen, answer, control)


def _remark_status(
    judge: Judge, row: str, operations: Iterable[str], who: Sequence[str], *expected: int
) -> None:
    """Remark on refusals that are not as RFC 6750 has them; UMA itself gives no status for them."""
    answers = [_pair(judge, operation, item)[0] for item in who for operation in operations]
    refused = [answer for answer in answers if not answer.succeeded]
    others = [answer for answer in refused if answer.status not in expected]
    if others:
        statuses = ", ".join(sorted({str(answer.status) for answer in others}))
        named = " or ".join(map(str, expected))
        seen = f"refused with status {statuses}, {named} is expected by RFC 6750"
        judge.remark(row, seen, *others)
    silent = [a for a in refused if a not in others and not _challenges(a)]
    if silent:
        judge.remark(row, "refused without WWW-Authenticate: Bearer (RFC 6750)", *silent)


def _challenges(answer: Exchange) -> bool:
    schemes = (value.partition(" ")[0].lower() for value in answer.headers("www-authenticate"))
    return "bearer" in schemes


def _require_untouched(judge: Judge, row: str, who: str) -> None:
    before, after = judge.exchange(f"before {who}", 1), judge.exchange(f"after {who}", 1)
    seen = f"the resource is not what it was after an update or delete {who}"
    judge.require(row, _unchanged(before, after), seen, before, after)


def _unchanged(before: Exchange, after: Exchange) -> bool:
    """Tell whether two reads show the same description; other members may differ."""
    members = ("_id", "name", "resource_scopes")
    return after.succeeded and all(
        before.members.get(name) == after.members.get(name) for name in members
    )


@check(*_ROWS.values(), probe=_BOTH)
def test_each_operation_needs_a_pat(judge: Judge) -> None:
    """No registration operation works without a token or with one that nobody issued."""
    for operation, row in _ROWS.items():
        for who in _NOBODY:
            _require_refused(judge, row, operation, who)


@check("F-1.3-04", probe=_BOTH)
def test_registration_is_protected(judge: Judge) -> None:
    """Nothing at the resource registration endpoint works, or has an effect, without a PAT."""
    for who in _NOBODY:
        for operation in _ROWS:
            _require_refused(judge, "F-1.3-04", operation, who)
        _require_untouched(judge, "F-1.3-04", who)
    _remark_status(judge, "F-1.3-04", _ROWS, _NOBODY, 401)


@check("F-1.3-05", "F-1.5-03", probe=_BOTH)
def test_permission_endpoint_is_protected(judge: Judge) -> None:
    """No ticket is issued without a PAT, although the resource identifier is right."""
    for row in ("F-1.3-05", "F-1.5-03"):
        for who in _NOBODY:
            _require_refused(judge, row, "permission", who)
        _remark_status(judge, row, ("permission",), _NOBODY, 401)


@check("F-1.2-01", "F-1.3-07", probe=(protection.with_pat, protection.plain_token))
def test_a_pat_has_the_scope_uma_protection(judge: Judge) -> None:
    """A valid token without uma_protection is no PAT."""
    for operation in protection.OPERATIONS:
        for row in ("F-1.2-01", "F-1.3-07"):
            _require_refused(judge, row, operation, _PLAIN)
    _remark_status(judge, "F-1.3-07", protection.OPERATIONS, (_PLAIN,), 401, 403)
    _require_untouched(judge, "F-1.3-07", _PLAIN)


@check("F-1.3-07", probe=(protection.with_pat, protection.rpt_as_pat))
def test_an_rpt_is_no_pat(judge: Judge) -> None:
    """An RPT does not open the protection API."""
    for operation in protection.OPERATIONS:
        _require_refused(judge, "F-1.3-07", operation, _RPT)
    _require_untouched(judge, "F-1.3-07", _RPT)


def _works(judge: Judge, row: str, operations: tuple[str, ...]) -> None:
    for operation in operations:
        answer = judge.exchange(f"{operation} with the PAT")
        seen = f"{operation} with the PAT as a bearer token was refused: {answer.outline}"
        judge.require(row, answer.status not in {401, 403}, seen, answer)


@check("F-1.3-08", probe=protection.with_pat)
def test_the_pat_is_a_bearer_token(judge: Judge) -> None:
    """The PAT works as a bearer token at the registration and the permission endpoint."""
    _works(judge, "F-1.3-08", protection.OPERATIONS)


@check("F-1.3-10", "F-1.5.1-01", probe=protection.isolation)
def test_owners_are_kept_apart(judge: Judge) -> None:
    """With the PAT of one owner nothing of another owner can be read, changed or asked for."""
    control = judge.exchange("control")
    judge.control(control.succeeded, f"her own resource: {control.outline}", control)
    read, permission = judge.exchange("read"), judge.exchange("permission")
    before, after = judge.exchange("before"), judge.exchange("after")
    # An update or delete may have been answered with success and still have had no effect.
    same = _unchanged(before, after)
    for row in ("F-1.3-10", "F-1.5.1-01"):
        seen = f"reading another owner's resource answered status {read.status}"
        judge.require(row, not read.succeeded, seen, read)
        seen = "another owner's resource was changed or deleted"
        judge.require(row, same, seen, before, after)
    seen = f"asking a ticket for another owner's resource answered status {permission.status}"
    judge.require("F-1.3-10", not permission.succeeded, seen, permission)


@check("F-1.3-10", "F-3.2.5-01", probe=protection.isolation)
def test_lists_hold_ones_own_resources(judge: Judge) -> None:
    """A list holds no resource of another owner."""
    own, other = judge.exchange("own list"), judge.exchange("list")
    judge.control(own.succeeded, f"the owner's own list: {own.outline}", own)
    judge.control(other.succeeded, f"the other owner's list: {other.outline}", other)
    judge.control(is_array(other.json), "the other owner's list is no JSON array", other)
    leaked = judge.text("hers") in strings_of(other.json)
    for row in ("F-1.3-10", "F-3.2.5-01"):
        judge.require(row, not leaked, "the list holds another owner's resource", other)


@check("F-1.3-10", probe=protection.isolation)
def test_pats_are_distinct(judge: Judge) -> None:
    """Each combination of owner and resource server has a PAT of its own."""
    distinct = judge.fact("distinct PATs")
    judge.require("F-1.3-10", distinct == 4, f"4 PATs were issued, {distinct} are distinct")


@check("F-4-04", probe=protection.isolation)
def test_a_ticket_is_for_one_owner(judge: Judge) -> None:
    """A permission request that mixes the resources of two owners is refused."""
    control, mixed = judge.exchange("control permission"), judge.exchange("mixed permission")
    judge.control(control.succeeded, f"her own resource: {control.outline}", control)
    seen = "a ticket was issued for resources of two owners"
    judge.require("F-4-04", not mixed.succeeded, seen, mixed)
