"""The licences that introspection answers of a run showed, and how to hand them on."""

from datetime import datetime

from uma_reports.diagrams.facts import Facts, items_of, members_of
from uma_reports.record import RunRecord
from uma_schemas.licences import Licence, NoLicence, consent, licence_document, licence_of

MEMBER = "licence"


def licences_in(record: RunRecord) -> tuple[tuple[Licence, ...], tuple[str, ...]]:
    """Return the licences of a run, each once, and what is wrong with those that are none."""
    found: dict[str, Licence] = {}
    problems: dict[str, None] = {}
    for exchange in record.exchanges:
        if exchange.endpoint != "introspection":
            continue
        for permission in items_of(Facts(exchange).answer.get("permissions")):
            members = members_of(permission)
            if MEMBER not in members:
                continue
            try:
                licence = licence_of(members[MEMBER])
            except NoLicence as error:
                problems[f"exchange {exchange.number}: {MEMBER}: {error}"] = None
            else:
                found[licence.id] = licence
    return tuple(found.values()), tuple(problems)


def licences_document(licences: tuple[Licence, ...]) -> list[object]:
    """Return licences as JSON values."""
    return [licence_document(licence) for licence in licences]


def consents(licences: tuple[Licence, ...], record: RunRecord) -> dict[str, object]:
    """Return licences as Consents in a Bundle of FHIR R4; active are those of the run's end."""
    now = int(datetime.fromisoformat(record.finished).timestamp())
    entries = [{"resource": consent(licence, now)} for licence in licences]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
