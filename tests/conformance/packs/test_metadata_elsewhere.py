"""What one of the two metadata documents leaves out, the other may tell."""

from uma_conformance.pack_matrix import run_pack_fault
from uma_reference.faults import Fault
from uma_reference.faults.wire import Reply

_MEMBER = "code_challenge_methods_supported"


def pkce_in_the_document_of_oauth(reply: Reply) -> Reply:
    if "uma2-configuration" in reply.path:
        return reply.without_member(_MEMBER)
    if "oauth-authorization-server" in reply.path:
        document = {"issuer": "https://as.example", _MEMBER: ["plain", "S256"]}
        return reply.with_status(200).with_json(document)
    return reply


def test_pkce_may_be_announced_in_the_document_of_oauth() -> None:
    kill = run_pack_fault("security", Fault("legal", "", (), wire=pkce_in_the_document_of_oauth))
    assert (kill.failed, kill.faults_of_suite) == (frozenset(), ())
