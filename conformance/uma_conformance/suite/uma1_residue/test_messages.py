"""Messages of UMA 1: permissions, RPTs, need_info, errors, introspection, the way back."""

from urllib.parse import parse_qs, urlsplit

from uma_conformance.actors.client import TOKEN
from uma_conformance.actors.resource_server import PERMISSION
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.judge import Judge
from uma_conformance.probes.scene import AS_CLIENT
from uma_conformance.probes.uma1_residue import messages
from uma_conformance.trace import Exchange

CODES_OF_UMA_1 = frozenset(
    {"expired_ticket", "invalid_resource_set_id", "invalid_ticket", "not_authorized"}
)
_OLD_HINTS = ("error_details", "authentication_context", "requesting_party_claims")


def _in_new_form(judge: Judge) -> Exchange:
    """Return the better of the answers to both writings that UMA 2 has."""
    return judge.exchange("uma2-as-array" if judge.has("uma2-as-array") else "uma2")


@check("U1-PERM-01", probe=messages.permissions)
def test_tickets_are_given_in_the_form_of_uma_2(judge: Judge) -> None:
    """A permission can be asked for with resource_id and resource_scopes."""
    new, old = _in_new_form(judge), judge.exchange("uma1")
    judge.control(new.succeeded or old.succeeded, f"no form works: {new.outline}", new, old)
    seen = f"only resource_set_id and scopes of UMA 1 gave a ticket; otherwise {new.outline}"
    judge.require("U1-PERM-01", new.succeeded, seen, new, old)


@check("U1-PERM-02", probe=messages.permissions)
def test_tickets_are_not_given_in_the_form_of_uma_1(judge: Judge) -> None:
    """A permission cannot be asked for with resource_set_id and scopes."""
    new, old = _in_new_form(judge), judge.exchange("uma1")
    judge.control(new.succeeded or old.succeeded, f"no form works: {new.outline}", new, old)
    seen = "resource_set_id and scopes of UMA 1 gave a ticket"
    judge.require("U1-PERM-02", not old.succeeded, seen, old)


@check("U1-ERR-01", probe=(messages.requests, messages.permissions), whole_trace=True)
def test_errors_have_the_codes_of_uma_2(judge: Judge) -> None:
    """No error has a code that only UMA 1 knows."""
    refused = [item for item in judge.evidence.at(TOKEN, PERMISSION) if item.error]
    judge.control(bool(refused), "the server answered nothing with an error")
    told: set[str] = set()
    for item in refused:
        old = item.error in CODES_OF_UMA_1
        if old and item.error not in told:
            told.add(item.error)
            seen = f"an error has the code {item.error!r} of UMA 1"
            judge.require("U1-ERR-01", not old, seen, item)
    judge.require("U1-ERR-01", holds=True, message="")


@check("U1-INFO-01", probe=messages.requests)
def test_need_info_has_the_form_of_uma_2(judge: Judge) -> None:
    """Hints of need_info stand where UMA 2 has them."""
    answer = judge.exchange("without claims")
    if answer.error != "need_info":
        reason = f"a request without claims was answered with {answer.outline}"
        judge.inapplicable("U1-INFO-01", reason)
        return
    old = [name for name in _OLD_HINTS if name in answer.members]
    redirect = answer.members.get("redirect_user")
    if isinstance(redirect, bool):
        old.append("redirect_user that is true or false")
    new = "required_claims" in answer.members or isinstance(redirect, str)
    seen = f"need_info has the hints of UMA 1 only: {', '.join(old)}"
    judge.require("U1-INFO-01", new or not old, seen, answer)
    if new and old:
        judge.remark("U1-INFO-01", f"need_info also has hints of UMA 1: {', '.join(old)}", answer)


@check("U1-RPT-01", probe=messages.requests)
def test_rpts_come_as_access_tokens(judge: Judge) -> None:
    """An RPT stands in access_token."""
    answer = judge.exchange("good")
    judge.control(answer.succeeded, f"a good request: {answer.outline}", answer)
    new, old = "access_token" in answer.members, "rpt" in answer.members
    seen = "the RPT stands in the member rpt of UMA 1 only"
    judge.require("U1-RPT-01", new or not old, seen, answer)
    if new and old:
        judge.remark("U1-RPT-01", "the RPT also stands in the member rpt of UMA 1", answer)


@check("U1-AAT-01", probe=messages.requests)
def test_no_aat_is_needed(judge: Judge) -> None:
    """A good request is not refused for want of an authorization API token."""
    answer = judge.exchange("good")
    asked = ", ".join(answer.headers("www-authenticate")).lower()
    body = answer.response.body.lower() if answer.response else ""
    challenged = asked.startswith("bearer") and answer.error != "invalid_client"
    named = "uma_authorization" in f"{asked} {body}" or challenged
    if not named:
        judge.control(answer.succeeded, f"a good request: {answer.outline}", answer)
    seen = f"a good request was answered {answer.outline}, and asked for an AAT"
    judge.require("U1-AAT-01", answer.succeeded, seen, answer)


@check("U1-CLM-01", probe=messages.visited)
def test_nobody_comes_back_with_an_authorization_state(judge: Judge) -> None:
    """The way back from a visit has no authorization_state."""
    end = judge.exchange("visit")
    place = next(iter(end.headers("location")), "")
    judge.control(bool(place), f"the visit did not lead back: {end.outline}", end)
    found = parse_qs(urlsplit(place).query).get("authorization_state", [])
    seen = f"she came back with authorization_state={', '.join(found)} of UMA 1"
    judge.require("U1-CLM-01", not found, seen, end)


@check("U1-INT-01", probe=messages.introspected)
def test_permissions_have_the_names_of_uma_2(judge: Judge) -> None:
    """Permissions at introspection have no member of UMA 1."""
    as_client = f"shown{AS_CLIENT}"
    answer = judge.exchange(as_client if judge.has(as_client) else "shown")
    found = [object_of(item) for item in array_of(answer.members.get("permissions"))]
    judge.control(bool(found), f"introspection shows no permissions: {answer.outline}", answer)
    old = sorted({name for item in found for name in item} & {"resource_set_id", "scopes"})
    seen = f"permissions have the members {', '.join(old)} of UMA 1"
    judge.require("U1-INT-01", not old, seen, answer)
