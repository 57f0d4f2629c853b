"""The discovery document (Grant 2, FedAuthz 2)."""

from uma_conformance.actors.metadata import discovery_url, is_web_uri
from uma_conformance.checks import check
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import discovery
from uma_conformance.trace import Exchange


@check("G-2-03", "G-2-07", probe=discovery.document)
def test_document_is_published(judge: Judge) -> None:
    """A JSON object is published at the issuer followed by the well-known suffix."""
    answer = judge.exchange("document")
    place = discovery_url(judge.declaration.issuer)
    seen = f"{place} answered {answer.outline}"
    judge.require("G-2-07", answer.succeeded, seen, answer)
    judge.require(
        "G-2-03",
        answer.status == 200 and bool(answer.members),
        f"{seen} and no JSON object",
        answer,
    )


def _document(judge: Judge) -> Exchange:
    answer = judge.exchange("document")
    if not answer.members:
        raise Open(Outcome.CANT_TELL, "there is no discovery document to look at", [answer.number])
    return answer


@check("G-2-05", probe=discovery.document)
def test_issuer_is_the_one_asked_for(judge: Judge) -> None:
    """The issuer member is the https URL that the document's place was built from."""
    answer = _document(judge)
    issuer = answer.members.get("issuer")
    expected = judge.declaration.issuer
    judge.require("G-2-05", issuer == expected, f"issuer is {issuer!r}, not {expected!r}", answer)
    if isinstance(issuer, str) and not judge.declaration.allow_http:
        well_formed = issuer.startswith("https://") and not set(issuer) & {"?", "#"}
        judge.require("G-2-05", well_formed, f"issuer {issuer!r} is no plain https URL", answer)


@check("F-2-02", "F-2-03", "F-1.5-02", probe=discovery.document)
def test_protection_api_is_declared(judge: Judge) -> None:
    """The endpoints of the protection API stand in the document as absolute URIs."""
    answer = _document(judge)
    for row, name in (
        ("F-2-02", "permission_endpoint"),
        ("F-2-03", "resource_registration_endpoint"),
    ):
        value = answer.members.get(name)
        usable = isinstance(value, str) and is_web_uri(value)
        judge.require(row, usable, f"{name} is {value!r}, no absolute URI", answer)
        judge.require("F-1.5-02", name in answer.members, f"{name} is not declared", answer)
