"""Token introspection (FedAuthz 5)."""

from collections.abc import Callable, Mapping

from uma_conformance.actors.resource_server import INTROSPECTION
from uma_conformance.assessment import excess, lack, shown
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, is_array, object_of, strings_of
from uma_conformance.judge import Judge
from uma_conformance.probes import introspection
from uma_conformance.probes.scene import AS_CLIENT, shown_permissions
from uma_conformance.trace import Exchange

# Later than this in seconds, a time stamp is counted in milliseconds.
_FAR_FUTURE = 100_000_000_000
_TIMES = {"F-5.1.1-12": "exp", "F-5.1.1-15": "iat", "F-5.1.1-18": "nbf"}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# Members of RFC 7662 section 2.2, each with the form that it has there.
_RFC_7662: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    **dict.fromkeys(("client_id", "username", "token_type", "sub"), ("a string", _is_text)),
    **dict.fromkeys(("iss", "jti"), ("a string", _is_text)),
    **dict.fromkeys(("exp", "iat", "nbf"), ("a whole number", _is_time)),
}


def _answer(judge: Judge, label: str) -> Exchange:
    """Return the introspection that was answered: with the PAT, else as the driver does it."""
    again = f"{label}{AS_CLIENT}"
    return judge.exchange(again if judge.has(again) else label)


def _active(judge: Judge) -> Exchange:
    answer = _answer(judge, "no hint")
    active = answer.members.get("active")
    judge.control(active is True, f"an RPT that was just issued: {answer.outline}", answer)
    return answer


def _permissions(judge: Judge) -> list[Mapping[str, object]]:
    answer = _active(judge)
    value = answer.members.get("permissions")
    judge.control(is_array(value), "introspection shows no array of permissions", answer)
    return [object_of(item) for item in array_of(value)]


@check("F-5.1-01", "F-1.3-08", probe=introspection.active)
def test_the_pat_authorizes_introspection(judge: Judge) -> None:
    """An introspection request with the PAT is answered with 200."""
    answer = judge.exchange("no hint")
    for row in ("F-5.1-01", "F-1.3-08"):
        seen = f"introspection with the PAT answered {answer.outline}"
        judge.require(row, answer.status == 200, seen, answer)
    again = f"no hint{AS_CLIENT}"
    if judge.has(again):
        other = judge.exchange(again)
        if "permissions" in other.members:
            seen = "with client credentials instead, permissions are shown"
            judge.remark("F-5.1-01", seen, other)


@check("F-1.3-06", probe=introspection.active)
def test_introspection_is_protected(judge: Judge) -> None:
    """Without a PAT, or with one that nobody issued, nothing is said about an RPT."""
    _active(judge)
    others: list[Exchange] = []
    for label in ("no authorization", "made-up PAT"):
        answer = judge.exchange(label)
        told = answer.succeeded and answer.members.get("active") is True
        seen = f"with {label} the RPT is shown as active"
        judge.require("F-1.3-06", not told, seen, answer)
        challenged = answer.status == 401 and any(answer.headers("www-authenticate"))
        others += [] if told or challenged else [answer]
    if others:
        seen = f"refused with {others[0].outline}; 401 with WWW-Authenticate is expected"
        judge.remark("F-1.3-06", seen, *others)


@check("F-5.1.1-01", probe=(introspection.active, introspection.inactive))
def test_answers_follow_rfc_7662(judge: Judge) -> None:
    """An answer is 200 with a Boolean active, also for unknown tokens, and members as defined."""
    again = f"unknown token{AS_CLIENT}"
    unknown = judge.exchange(again if judge.has(again, 1) else "unknown token", 1)
    row = "F-5.1.1-01"
    for answer, expected in ((_answer(judge, "no hint"), True), (unknown, False)):
        state = "an active RPT" if expected else "a token that was never issued"
        seen = f"{state} answered status {answer.status}, 200 expected"
        judge.require(row, answer.status == 200, seen, answer)
        seen = f"{state} came as {answer.media_type or 'no media type'}"
        judge.require(row, answer.media_type == "application/json", seen, answer)
        value = answer.members.get("active")
        seen = f"active is {value!r} for {state}"
        judge.require(row, value is expected, seen, answer)
        for name, (form, fits) in _RFC_7662.items():
            there = name in answer.members
            seen = f"{name} is {answer.members.get(name)!r}, {form} expected"
            judge.require(row, not there or fits(answer.members[name]), seen, answer)


@check("F-5.1.1-02", probe=introspection.active)
def test_an_active_rpt_has_no_scope(judge: Judge) -> None:
    """The answer for an active RPT has no scope member."""
    answer = _active(judge)
    seen = "the answer for an active RPT has a scope member"
    judge.require("F-5.1.1-02", "scope" not in answer.members, seen, answer)


@check("F-5.1.1-03", "F-5-06", "F-1.5.1-03", probe=introspection.active)
def test_an_active_rpt_has_permissions(judge: Judge) -> None:
    """The answer for an active RPT has permissions."""
    answer = _active(judge)
    for row in ("F-5.1.1-03", "F-5-06", "F-1.5.1-03"):
        seen = "the answer for an active RPT has no permissions member"
        judge.require(row, "permissions" in answer.members, seen, answer)


@check("F-5.1-02", probe=introspection.active)
def test_hints_change_nothing(judge: Judge) -> None:
    """The answer is the same with the hint access_token and without; others are only remarked."""
    plain = _active(judge)
    expected = {name: plain.members.get(name) for name in ("active", "permissions")}
    for label in ("hint access_token", "unknown hint"):
        answer = _answer(judge, label)
        found = {name: answer.members.get(name) for name in expected}
        seen = f"with the {label} active or permissions differ: {answer.outline}"
        if label == "hint access_token":
            judge.require("F-5.1-02", found == expected, seen, plain, answer)
        elif found != expected:
            # RFC 7662 wants the hint to be no more than a hint; UMA knows only access_token.
            judge.remark("F-5.1-02", seen, answer)


@check("F-5.1.1-04", probe=introspection.active)
def test_permissions_are_an_array_of_objects(judge: Judge) -> None:
    """Permissions is an array of objects, one for each resource."""
    answer = _active(judge)
    row = "F-5.1.1-04"
    if "permissions" not in answer.members:
        judge.cant_tell(row, "there are no permissions; F-5.1.1-03 judges that", answer)
        return
    value = answer.members["permissions"]
    objects = is_array(value) and all(isinstance(item, dict) for item in array_of(value))
    judge.require(row, objects, "permissions is no array of objects", answer)
    count, wanted = len(array_of(value)), len(judge.permissions("requested"))
    seen = f"{count} entries for permissions on {wanted} resources"
    judge.require(row, count >= wanted, seen, answer)


@check("F-5.1.1-05", "F-5.1.1-06", "F-5.1.1-07", probe=introspection.active)
def test_permissions_name_their_resource(judge: Judge) -> None:
    """Each permission has the identifier of a registered resource."""
    found, answer = _permissions(judge), _active(judge)
    registered = judge.permissions("registered")
    judge.control(bool(found), "the array of permissions is empty", answer)
    for item in found:
        there = "resource_id" in item
        judge.require("F-5.1.1-05", there, "a permission has no resource_id", answer)
        value = item.get("resource_id", "")
        seen = f"resource_id is {value!r}, no string"
        judge.require("F-5.1.1-06", isinstance(value, str), seen, answer)
        if there and isinstance(value, str):
            seen = f"resource_id {value!r} was never registered"
            judge.require("F-5.1.1-07", value in registered, seen, answer)
        else:
            judge.cant_tell("F-5.1.1-07", "a permission names no resource", answer)


@check("F-5.1.1-09", probe=introspection.active, whole_trace=True)
def test_scopes_are_arrays_of_strings_everywhere(judge: Judge) -> None:
    """Whichever RPT is introspected, the scopes of its permissions are arrays of strings."""
    answer = _active(judge)
    shown_ones = [
        (item.get("resource_scopes", []), answer)
        for answer in judge.evidence.at(INTROSPECTION)
        if answer.succeeded and answer.members.get("active") is True
        for item in map(object_of, array_of(answer.members.get("permissions")))
    ]
    judge.control(bool(shown_ones), "introspection shows no permissions", answer)
    for value, answer in shown_ones:
        strings = is_array(value) and len(strings_of(value)) == len(array_of(value))
        seen = "resource_scopes is no array of strings"
        judge.require("F-5.1.1-09", strings, seen, answer)


@check("F-5.1.1-08", "F-5.1.1-10", probe=introspection.active)
def test_permissions_have_scopes(judge: Judge) -> None:
    """Each permission has an array of scopes that are registered for its resource."""
    found, answer = _permissions(judge), _active(judge)
    registered = judge.permissions("registered")
    judge.control(bool(found), "the array of permissions is empty", answer)
    for item in found:
        there = "resource_scopes" in item
        judge.require("F-5.1.1-08", there, "a permission has no resource_scopes", answer)
        value = item.get("resource_scopes", [])
        known = registered.get(str(item.get("resource_id")))
        if known is None:
            judge.cant_tell("F-5.1.1-10", "a permission names no known resource", answer)
        else:
            strange = set(strings_of(value)) - known
            seen = f"scopes that were never registered: {', '.join(sorted(strange))}"
            judge.require("F-5.1.1-10", not strange, seen, answer)


@check("F-5.1.1-21", probe=introspection.active)
def test_nothing_is_shown_that_was_not_granted(judge: Judge) -> None:
    """A scope that the policy allows nobody, or another resource, is not shown."""
    answer = _active(judge)
    shown_ones = shown_permissions(answer.members.get("permissions"))
    if shown_ones is None:
        judge.cant_tell(
            "F-5.1.1-21", "introspection shows no permissions of the right form", answer
        )
        return
    more = excess(shown_ones, judge.permissions("allowed"))
    seen = f"the policy allows nobody {shown(more)}"
    judge.require("F-5.1.1-21", not more, seen, answer)


@check(*_TIMES, probe=introspection.active)
def test_times_are_seconds(judge: Judge) -> None:
    """exp, iat and nbf of a permission are whole seconds since the epoch."""
    found, answer = _permissions(judge), _active(judge)
    for row, name in _TIMES.items():
        values = [item[name] for item in found if name in item]
        if not values:
            judge.inapplicable(row, f"no permission has {name}")
        for value in values:
            whole = isinstance(value, int) and not isinstance(value, bool)
            fits = whole and 0 < int(str(value)) < _FAR_FUTURE
            seen = f"{name} of a permission is {value!r}, no whole number of seconds"
            judge.require(row, fits, seen, answer)


@check("F-4-05", "G-3.3.5-01", probe=introspection.active)
def test_introspection_shows_what_was_granted(judge: Judge) -> None:
    """The permissions of an RPT are those that were asked for with the ticket."""
    answer = _active(judge)
    granted = shown_permissions(answer.members.get("permissions"))
    rows = ("F-4-05", "G-3.3.5-01")
    if granted is None:
        # The driver may know another way to see them, which other checks use.
        for row in rows:
            judge.inapplicable(row, "introspection shows no permissions of the specified form")
        return
    wanted = judge.permissions("requested")
    missing, more = lack(granted, wanted), excess(granted, wanted)
    seen = f"missing: {shown(missing) or 'nothing'}; too much: {shown(more) or 'nothing'}"
    judge.require("F-4-05", not missing and not more, seen, answer)
    judge.require("G-3.3.5-01", not missing, seen, answer)
