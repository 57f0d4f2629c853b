"""Where UMA 1 and UMA 2 have their configuration, and what they register where."""

from uma_conformance.checks import check
from uma_conformance.jsonvalue import strings_of
from uma_conformance.judge import Judge
from uma_conformance.probes.uma1_residue import places

_OF_UMA_1 = (
    *("aat_grant_types_supported", "aat_profiles_supported", "claim_token_profiles_supported"),
    *("dynamic_client_endpoint", "pat_grant_types_supported", "pat_profiles_supported"),
    *("permission_registration_endpoint", "requesting_party_claims_endpoint"),
    *("resource_set_registration_endpoint", "rpt_endpoint", "rpt_profiles_supported"),
)


@check("U1-DISC-01", probe=places.discovery)
def test_there_is_more_than_uma_1(judge: Judge) -> None:
    """A server with configuration data of UMA 1 has a discovery document of UMA 2, too."""
    new, old = judge.exchange("uma2"), judge.exchange("uma1")
    speaks_old = old.succeeded and any(name in old.members for name in _OF_UMA_1)
    speaks_new = new.succeeded and bool(new.members)
    judge.control(speaks_old or speaks_new, f"neither place has a document: {new.outline}", new)
    seen = "there is configuration data of UMA 1, and no discovery document of UMA 2"
    judge.require("U1-DISC-01", speaks_new, seen, old, new)
    if speaks_new and speaks_old:
        judge.remark("U1-DISC-01", "the server has configuration data of UMA 1 as well", old)


@check("U1-DISC-02", probe=places.discovery)
def test_the_document_is_of_uma_2_alone(judge: Judge) -> None:
    """The discovery document has no members that only UMA 1 has."""
    document = judge.exchange("uma2")
    judge.control(bool(document.members), f"the document of UMA 2: {document.outline}", document)
    found = [name for name in _OF_UMA_1 if name in document.members]
    seen = f"the discovery document has members of UMA 1: {', '.join(found)}"
    judge.require("U1-DISC-02", not found, seen, document)


@check("U1-RREG-01", probe=places.registration)
def test_resources_are_registered_at_the_endpoint(judge: Judge) -> None:
    """Registering works at the endpoint itself."""
    answer = judge.exchange("endpoint itself")
    if answer.succeeded:
        judge.require("U1-RREG-01", answer.succeeded, "")
        return
    below = judge.exchange("resource_set below it")
    judge.control(below.succeeded, f"registering works nowhere: {answer.outline}", answer, below)
    seen = "registering works at resource_set below the endpoint, and not at the endpoint itself"
    judge.require("U1-RREG-01", not below.succeeded, seen, answer, below)


@check("U1-RREG-02", probe=places.registration)
def test_descriptions_have_the_scopes_of_uma_2(judge: Judge) -> None:
    """Descriptions do not have the member scopes, and are not taken with it alone."""
    read = judge.exchange("read")
    judge.control(read.succeeded, f"reading a description: {read.outline}", read)
    seen = "a description has the member scopes of UMA 1, which nobody sent"
    judge.require("U1-RREG-02", "scopes" not in read.members, seen, read)
    answer = judge.exchange("scopes of UMA 1")
    if judge.has("read, scopes of UMA 1"):
        shown = judge.exchange("read, scopes of UMA 1")
        scopes = set(strings_of(shown.members.get("resource_scopes")))
        seen = "a description with scopes of UMA 1 was taken, and these became its scopes"
        judge.require("U1-RREG-02", scopes != {"edit", "view"}, seen, answer, shown)
