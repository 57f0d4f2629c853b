"""A licence as a Consent of FHIR R4, for systems of health care.

The licensor is the patient. What FHIR has no code for is told in text, so nothing gets lost and
nothing is coded as what it is not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from uma_schemas.licences.record import Licence

_TERMS = "http://terminology.hl7.org/CodeSystem"
_HTTP = ("https://", "http://")
# Scopes that are an action of FHIR's code system `consentaction`, by their last word.
_ACTIONS: Mapping[str, str] = {
    "read": "access",
    "view": "access",
    "search": "access",
    "write": "correct",
    "edit": "correct",
    "update": "correct",
}
# Purposes of HL7 v3 ActReason that occur in health care records.
_PURPOSES = frozenset(
    {
        *("BTG", "CAREMGT", "CLINTRCH", "COVERAGE", "ETREAT", "FAMRQT", "HLEGAL", "HMARKT"),
        *("HOPERAT", "HPAYMT", "HRESCH", "HSYSADMIN", "PATRQT", "PUBHLTH", "PWATRNY", "SUPNWK"),
        *("TREAT", "TREATDS"),
    }
)


def consent(licence: Licence, now: int) -> dict[str, object]:
    """Return the Consent that says what a licence says; `now` decides whether it is still active.

    It is valid FHIR R4: `status`, `scope`, `category`, `patient`, `dateTime`, `policy` and one
    `provision` that permits.
    """
    ended = licence.expires_at != 0 and licence.expires_at <= now
    owner = {"identifier": {"system": licence.granted_by, "value": licence.licensor}}
    return {
        "resourceType": "Consent",
        "id": licence.id.removeprefix("sha256:")[:32],
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:{licence.id}"}],
        "status": "inactive" if ended else "active",
        "scope": {"coding": [_coding("consentscope", "patient-privacy")]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": owner,
        "dateTime": _time(licence.issued_at),
        "performer": [owner],
        "organization": [{"display": licence.granted_by}],
        "policy": [
            {"authority": licence.granted_by, "uri": _policy_uri(item.id, item.version)}
            for item in licence.policies
        ]
        or [{"authority": licence.granted_by, "uri": f"urn:{licence.id}"}],
        "provision": {
            "type": "permit",
            "period": {
                "start": _time(licence.issued_at),
                **({"end": _time(licence.expires_at)} if licence.expires_at else {}),
            },
            "actor": [
                _actor("IRCP", licence.granted_by, licence.licensee.id, "requesting party"),
                _actor("DEV", licence.granted_by, licence.licensee.client, "client"),
                _actor("CST", licence.granted_by, licence.resource.server, "resource server"),
            ],
            "action": [_action(scope) for scope in sorted(licence.scopes)],
            **_purposes(licence),
            "data": [{"meaning": "instance", "reference": _resource(licence)}],
        },
    }


def _coding(system: str, code: str) -> dict[str, object]:
    return {"system": f"{_TERMS}/{system}", "code": code}


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _policy_uri(policy: str, version: str) -> str:
    return policy if policy.startswith(_HTTP) else f"urn:{version or f'uma2:policy:{policy}'}"


def _actor(role: str, system: str, value: str, display: str) -> dict[str, object]:
    return {
        "role": {"coding": [_coding("v3-ParticipationType", role)]},
        "reference": {"identifier": {"system": system, "value": value}, "display": display},
    }


def _action(scope: str) -> dict[str, object]:
    word = scope.replace(".", "/").rpartition("/")[2].lower()
    code = _ACTIONS.get(word)
    coding = {"coding": [_coding("consentaction", code)]} if code else {}
    return {**coding, "text": scope}


def _purposes(licence: Licence) -> dict[str, object]:
    named = [
        _coding("v3-ActReason", purpose) if purpose in _PURPOSES else {"display": purpose}
        for purpose in sorted(licence.purposes)
    ]
    return {"purpose": named} if named else {}


def _resource(licence: Licence) -> dict[str, object]:
    resource = licence.resource
    display = {"display": resource.name} if resource.name else {}
    return {"identifier": {"system": licence.granted_by, "value": resource.id}, **display}
