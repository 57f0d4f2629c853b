"""Reading the parts of a run record, one function for each."""

from uma_reports.known import KnownFailure
from uma_reports.members import Members
from uma_reports.oracle import KnownFault, Mutants, Oracle
from uma_reports.record import (
    EpisodeRecord,
    ExchangeRecord,
    FailureRecord,
    GapRecord,
    Origin,
    OriginKind,
    Outcome,
    RequestRecord,
    ResponseRecord,
    Row,
    Severity,
    Spec,
    SuiteInfo,
    TargetInfo,
    Timing,
)


def suite(members: Members) -> SuiteInfo:
    """Read which suite made the record."""
    return SuiteInfo(
        name=members.text("name"),
        version=members.text("version"),
        catalogue_digest=members.text("catalogue_digest"),
    )


def target(members: Members) -> TargetInfo:
    """Read what was under test."""
    return TargetInfo(
        name=members.text("name"),
        role=members.text("role"),
        issuer=members.text("issuer"),
        driver=members.text("driver"),
        digest=members.text("digest"),
        features=members.map_of_texts("features"),
        declaration=members.map_of_values("declaration") if "declaration" in members else None,
    )


def origin(members: Members) -> Origin:
    """Read what the rows were judged from."""
    return Origin(
        kind=members.one_of("kind", OriginKind),
        made_by=members.text("made_by"),
        exchanges=members.whole("exchanges"),
        recognised=members.whole("recognised"),
    )


def oracle(members: Members) -> Oracle:
    """Read what proves the suite."""
    return Oracle(
        digest=members.text("digest"),
        faults=members.each("faults", _known_fault),
        mutants=members.one("mutants", _mutants),
    )


def _known_fault(members: Members) -> KnownFault:
    return KnownFault(
        id=members.text("id"),
        wrong=members.text("wrong"),
        caught=members.flag("caught"),
        seen_in=members.texts("seen_in"),
    )


def _mutants(members: Members) -> Mutants:
    return Mutants(
        digest=members.text("digest"),
        killed=members.whole("killed"),
        noticed=members.whole("noticed"),
        equivalent=members.map_of_wholes("equivalent"),
        unexplained=members.whole("unexplained"),
    )


def timing(members: Members) -> Timing:
    """Read where the time went."""
    return Timing(
        total_seconds=members.number("total_seconds"),
        waiting_seconds=members.number("waiting_seconds"),
        exchanges=members.whole("exchanges"),
    )


def row(members: Members) -> Row:
    """Read one row."""
    return Row(
        id=members.text("id"),
        spec=members.one_of("spec", Spec),
        section=members.text("section"),
        keyword=members.text("keyword"),
        role=members.text("role"),
        needs=members.texts("needs"),
        severity=members.one_of("severity", Severity),
        statement=members.text("statement"),
        link=members.text("link"),
        consequence=members.text("consequence"),
        planned=members.flag("planned"),
        outcome=members.one_of("outcome", Outcome),
        message=members.text("message"),
        remarks=members.texts("remarks"),
        checks=members.texts("checks"),
        exchanges=members.wholes("exchanges"),
        proved_by=members.texts("proved_by") if "proved_by" in members else (),
    )


def exchange(members: Members) -> ExchangeRecord:
    """Read one exchange."""
    return ExchangeRecord(
        number=members.whole("number"),
        probe=members.text("probe"),
        label=members.text("label"),
        purpose=members.text("purpose"),
        sender=members.text("sender"),
        receiver=members.text("receiver"),
        endpoint=members.text("endpoint"),
        request=members.one("request", _request),
        response=members.optional("response", _response),
        failure=members.optional("failure", _failure),
        started=members.number("started"),
        seconds=members.number("seconds"),
    )


def episode(members: Members) -> EpisodeRecord:
    """Read what one probe recorded."""
    return EpisodeRecord(
        probe=members.text("probe"),
        steps=members.map_of_wholes("steps"),
        facts=members.map_of_values("facts"),
        gap=members.optional("gap", _gap),
    )


def known_failure(members: Members) -> KnownFailure:
    """Read a known failure; how it stood is computed."""
    members.take("standing")
    members.take("message")
    return KnownFailure(
        row=members.text("row"),
        reason=members.text("reason"),
        expires=members.day("expires"),
        link=members.text("link"),
        pack=members.text("pack") if "pack" in members else "",
    )


def _request(members: Members) -> RequestRecord:
    return RequestRecord(
        method=members.text("method"),
        url=members.text("url"),
        headers=members.pairs("headers"),
        body=members.text("body"),
    )


def _response(members: Members) -> ResponseRecord:
    return ResponseRecord(
        status=members.whole("status"),
        headers=members.pairs("headers"),
        body=members.text("body"),
        truncated=members.flag("truncated"),
    )


def _failure(members: Members) -> FailureRecord:
    return FailureRecord(kind=members.text("kind"), message=members.text("message"))


def _gap(members: Members) -> GapRecord:
    return GapRecord(outcome=members.one_of("outcome", Outcome), reason=members.text("reason"))
