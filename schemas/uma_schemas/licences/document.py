"""A licence as a JSON document, after the schema `licence`, and back."""

from collections.abc import Mapping
from typing import Any, cast

from uma_schemas.licences.record import (
    Basis,
    Licence,
    LicensedResource,
    Licensee,
    PolicyVersion,
    ReliedClaim,
    contents,
)
from uma_schemas.violations import violations

FORMAT = "uma2-licence/1"
SCHEMA = "licence"


class NoLicence(ValueError):  # noqa: N818 - the name of what it is
    """A document is no licence of this format; the message names the place and what is wrong."""


def licence_document(licence: Licence) -> dict[str, object]:
    """Return a licence as JSON values, in the order of its format."""
    return {"format": FORMAT, "id": licence.id, **contents(licence)}


def licence_of(document: object) -> Licence:
    """Return the licence that a JSON document holds.

    Raises `NoLicence` when the document breaks the schema, or its id is not that of its contents.
    """
    for found in violations(SCHEMA, document):
        raise NoLicence(f"{found.path or '/'}: {found.message}")
    members = cast("Mapping[str, Any]", document)
    licence = Licence(
        licensor=members["licensor"],
        licensee=Licensee(members["licensee"]["id"], members["licensee"]["client"]),
        resource=LicensedResource(**members["resource"]),
        scopes=frozenset(members["scopes"]),
        granted_by=members["granted_by"],
        issued_at=members["issued_at"],
        expires_at=members["expires_at"],
        basis=Basis(members["basis"]),
        purposes=frozenset(members["purposes"]),
        policies=tuple(PolicyVersion(**item) for item in members["policies"]),
        claims=tuple(ReliedClaim(**item) for item in members["claims"]),
    )
    if licence.id != members["id"]:
        raise NoLicence("/id: it is not the digest of what the licence says")
    return licence
