"""Judging the traffic of others: from a HAR file to what there is to judge."""

import hashlib
import secrets
from collections.abc import Mapping

from uma_conformance.judge import Declaration
from uma_conformance.offline import Case
from uma_conformance.target import Target
from uma_conformance.traffic.exchanges import evidence_of_traffic
from uma_conformance.traffic.har import read_har
from uma_conformance.traffic.recognition import UnknownServer, server_of
from uma_reports import Origin, OriginKind


def case_of(
    document: object,
    content: bytes,
    issuer: str,
    endpoints: Mapping[str, str],
    packs: tuple[str, ...] = (),
) -> Case:
    """Return the case that the JSON document of a HAR file makes, with the packs asked for.

    The server is found by its discovery document in the traffic, or by `issuer` and `endpoints`.
    Raises `RecordError` for a file of another form, and `UnknownServer` when it is not clear which
    server is meant, or nothing in the traffic is of UMA at it.
    """
    har = read_har(document)
    server = server_of(har.entries, issuer, endpoints)
    recognised = tuple(server.recognise(har.entries))
    if not recognised:
        places = ", ".join(sorted(server.endpoints.values()))
        raise UnknownServer(f"none of its {len(har.entries)} entries is of UMA at {places}")
    first, last = recognised[0].entry, recognised[-1].entry
    name = server.issuer or server.endpoints.get("token", "") or min(server.endpoints.values())
    return Case(
        target=Target(
            name=name,
            role="as",
            issuer=server.issuer,
            driver=str(OriginKind.TRAFFIC),
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        ),
        declaration=Declaration(server.issuer),
        evidence=evidence_of_traffic(recognised, secrets.token_bytes(32)),
        origin=Origin(OriginKind.TRAFFIC, har.creator, len(har.entries), len(recognised)),
        started=first.started,
        finished=last.started,
        total_seconds=max(0.0, (last.started - first.started).total_seconds() + last.seconds),
        packs=packs,
    )
