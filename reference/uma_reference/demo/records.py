"""The documents of the demonstration, in the shape of FHIR R4."""

from collections.abc import Mapping

CLINIC, LAB = "clinic", "lab"
PRESCRIPTION, VISIT, REPORT = "prescription", "visit-note", "blood-report"
_FHIR = "application/fhir+json"


def documents(server: str, owner: str) -> list[Mapping[str, object]]:
    """Return what a resource server holds for an owner at the start."""
    if owner == "alice":
        return [_prescription(), _visit_note()] if server == CLINIC else [_blood_report("alice")]
    return [_blood_report(owner)] if server == LAB else []


def _prescription() -> Mapping[str, object]:
    return {
        "id": PRESCRIPTION,
        "name": "Prescription: metformin",
        "type": "https://hl7.org/fhir/MedicationRequest",
        "description": "Written by Dr Osei on 2 November 2026",
        "scopes": ["view", "edit"],
        "media_type": _FHIR,
        "content": {
            "resourceType": "MedicationRequest",
            "id": PRESCRIPTION,
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Metformin 500 mg tablet"},
            "subject": {"reference": "Patient/alice", "display": "Alice Rivera"},
            "authoredOn": "2026-11-02",
            "requester": {"display": "Dr Kofi Osei"},
            "dosageInstruction": [{"text": "One tablet twice a day, with meals"}],
        },
    }


def _visit_note() -> Mapping[str, object]:
    return {
        "id": VISIT,
        "name": "Note of the visit on 2 November",
        "type": "https://hl7.org/fhir/DocumentReference",
        "scopes": ["view", "edit"],
        "media_type": "text/plain",
        "content": "Feels well. Sugar a little high. Metformin started, lab asked for a panel.\n",
    }


def _blood_report(owner: str) -> Mapping[str, object]:
    return {
        "id": REPORT,
        "name": "Blood report, November 2026",
        "type": "https://hl7.org/fhir/DiagnosticReport",
        "description": "Metabolic panel",
        "scopes": ["view", "edit"],
        "media_type": _FHIR,
        "content": {
            "resourceType": "DiagnosticReport",
            "id": REPORT,
            "status": "final",
            "code": {"text": "Metabolic panel"},
            "subject": {"reference": f"Patient/{owner}"},
            "effectiveDateTime": "2026-11-05",
            "result": [
                {"display": "Glucose 7.9 mmol/L (high)"},
                {"display": "HbA1c 6.8 % (high)"},
                {"display": "Creatinine 74 µmol/L"},
            ],
        },
    }
