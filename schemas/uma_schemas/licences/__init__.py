"""Permissions read as licences, as JSON and as a Consent of FHIR R4."""

from uma_schemas.licences.consent import consent
from uma_schemas.licences.document import FORMAT, NoLicence, licence_document, licence_of
from uma_schemas.licences.record import (
    Basis,
    Licence,
    LicensedResource,
    Licensee,
    PolicyVersion,
    ReliedClaim,
    version_of,
)

__all__ = [
    "FORMAT",
    "Basis",
    "Licence",
    "LicensedResource",
    "Licensee",
    "NoLicence",
    "PolicyVersion",
    "ReliedClaim",
    "consent",
    "licence_document",
    "licence_of",
    "version_of",
]
