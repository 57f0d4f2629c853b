"""Types of clients, and clients that register themselves (Grant 1.1, 2, 3.3)."""

from uma_conformance.checks import check
from uma_conformance.jsonvalue import strings_of
from uma_conformance.judge import Judge
from uma_conformance.probes import public_clients, registering_clients
from uma_conformance.suite.ways_back import control as visited
from uma_conformance.suite.ways_back import way_back


@check("G-3.3-01", probe=public_clients.both_types)
def test_both_types_of_clients_can_use_the_grant(judge: Judge) -> None:
    """Neither confidential nor public clients are refused as such."""
    confidential, public = judge.exchange("confidential"), judge.exchange("public")
    judge.control(
        confidential.succeeded or public.succeeded,
        f"no client got an RPT: {confidential.outline}",
        confidential,
        public,
    )
    for kind, answer in (("confidential", confidential), ("public", public)):
        seen = f"a {kind} client got no RPT: {answer.outline}"
        judge.require("G-3.3-01", answer.succeeded, seen, answer)


@check("G-1.1-06", probe=registering_clients.metadata)
def test_unknown_metadata_is_ignored(judge: Judge) -> None:
    """A client that tells of itself what the server does not know is registered all the same."""
    control, answer = judge.exchange("control"), judge.exchange("unknown member")
    judge.control(control.succeeded, f"without the member: {control.outline}", control)
    seen = f"a registration with an unknown member: {answer.outline}"
    judge.require("G-1.1-06", answer.succeeded, seen, answer, control)


@check("G-2-14", probe=registering_clients.claims_redirects)
def test_claims_redirects_may_be_left_out(judge: Judge) -> None:
    """A client need not register claims redirection URIs."""
    control, answer = judge.exchange("with"), judge.exchange("without")
    judge.control(
        control.succeeded or answer.succeeded, f"with the member: {control.outline}", control
    )
    seen = f"a registration without claims_redirect_uris: {answer.outline}"
    judge.require("G-2-14", answer.succeeded, seen, answer, control)


@check("G-2-13", probe=registering_clients.claims_redirects)
def test_claims_redirects_can_be_registered(judge: Judge) -> None:
    """Claims redirection URIs are registered, told back, and taken at the claims page."""
    row, control, answer = "G-2-13", judge.exchange("without"), judge.exchange("with")
    judge.control(
        control.succeeded or answer.succeeded, f"without the member: {control.outline}", control
    )
    seen = f"a registration with claims_redirect_uris: {answer.outline}"
    if not judge.require(row, answer.succeeded, seen, answer, control):
        return
    uri, members = judge.text("claims redirect"), strings_of(answer.members.get(_MEMBER))
    seen = f"{_MEMBER} are {list(members)!r} in the answer, {uri!r} was to be registered"
    judge.require(row, uri in members, seen, answer)
    if judge.has("visit"):
        visited(judge)
        visit = way_back(judge, "visit")
        if not visit.to(uri) and visit.stuck:
            judge.cant_tell(row, visit.outline, visit.first, visit.last)
            return
        seen = f"the registered address is not led to: {visit.outline}"
        judge.require(row, bool(visit.to(uri)), seen, visit.first, visit.last)


_MEMBER = "claims_redirect_uris"
