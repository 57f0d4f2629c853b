"""Licences as JSON and as a Consent: what one says, and that a change to it shows."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_schemas import violations
from uma_schemas.licences import (
    Basis,
    Licence,
    LicensedResource,
    Licensee,
    NoLicence,
    PolicyVersion,
    ReliedClaim,
    consent,
    licence_document,
    licence_of,
    version_of,
)

_WORD = st.text(min_size=1, max_size=12)
_LICENCES = st.builds(
    Licence,
    licensor=_WORD,
    licensee=st.builds(Licensee, _WORD, _WORD),
    resource=st.builds(LicensedResource, _WORD, _WORD, st.text(max_size=9), st.text(max_size=9)),
    scopes=st.frozensets(_WORD, max_size=3),
    granted_by=_WORD,
    issued_at=st.integers(0, 4_000_000_000),
    expires_at=st.integers(0, 4_000_000_000),
    basis=st.sampled_from(Basis),
    purposes=st.frozensets(_WORD, max_size=3),
    policies=st.lists(
        st.builds(PolicyVersion, _WORD, st.sampled_from(["", version_of({"a": 1})])), max_size=2
    ).map(tuple),
    claims=st.lists(st.builds(ReliedClaim, _WORD, st.text(max_size=9)), max_size=2).map(tuple),
)
_SPOUSE = Licence(
    licensor="alice",
    licensee=Licensee("8c1f", "family-app"),
    resource=LicensedResource("m-1", "clinic", "Medication", "fhir:MedicationRequest"),
    scopes=frozenset({"read", "patient/Patient.write", "btg"}),
    granted_by="https://as.example",
    issued_at=1_700_000_000,
    expires_at=1_700_003_600,
    purposes=frozenset({"TREAT", "looking after her"}),
    policies=(PolicyVersion("R2", version_of({"says": "Bob may read"})),),
    claims=(ReliedClaim("email", "https://idp.example"),),
)


@given(_LICENCES)
def test_licence_comes_back_from_its_document(licence: Licence) -> None:
    document = json.loads(json.dumps(licence_document(licence)))
    assert violations("licence", document) == ()
    assert licence_of(document) == licence


@given(_LICENCES)
def test_consent_of_any_licence_has_what_fhir_wants(licence: Licence) -> None:
    found: dict[str, Any] = json.loads(json.dumps(consent(licence, 2_000_000_000)))
    assert found["resourceType"] == "Consent"
    assert set(found) >= {"status", "scope", "category", "patient", "dateTime", "policy"}
    assert len(found["id"]) <= 64
    assert found["policy"]
    assert found["status"] == ("inactive" if 0 < licence.expires_at <= 2_000_000_000 else "active")
    assert len(found["provision"].get("purpose", ())) == len(licence.purposes)


@pytest.mark.parametrize(
    "change",
    [
        {"licensor": "mallory"},
        {"scopes": ["read", "write"]},
        {"expires_at": 0},
        {"policies": [{"id": "R2", "version": ""}]},
    ],
)
def test_changed_licence_is_refused_by_its_id(change: dict[str, Any]) -> None:
    with pytest.raises(NoLicence, match="/id"):
        licence_of({**licence_document(_SPOUSE), **change})


def test_what_is_no_licence_is_refused_with_the_place() -> None:
    with pytest.raises(NoLicence, match="/scopes"):
        licence_of({**licence_document(_SPOUSE), "scopes": "read"})
    with pytest.raises(NoLicence):
        licence_of(["a list"])


def test_consent_codes_what_fhir_has_codes_for_and_tells_the_rest_in_words() -> None:
    found: dict[str, Any] = consent(_SPOUSE, 1_700_000_001)
    provision = found["provision"]

    assert found["status"] == "active"
    assert found["patient"]["identifier"] == {"system": "https://as.example", "value": "alice"}
    assert found["policy"][0]["uri"].startswith("urn:sha256:")
    assert provision["period"] == {"start": "2023-11-14T22:13:20Z", "end": "2023-11-14T23:13:20Z"}
    assert [item["text"] for item in provision["action"]] == [
        "btg",
        "patient/Patient.write",
        "read",
    ]
    assert [item.get("coding", [{}])[0].get("code") for item in provision["action"]] == [
        None, "correct", "access",
    ]  # fmt: skip
    assert [item.get("code", item.get("display")) for item in provision["purpose"]] == [
        "TREAT", "looking after her",
    ]  # fmt: skip
    assert provision["data"][0]["reference"]["display"] == "Medication"
    endless: dict[str, Any] = consent(replace(_SPOUSE, expires_at=0), 0)
    assert "end" not in endless["provision"]["period"]


def test_equal_documents_have_one_version_and_others_another() -> None:
    assert version_of({"a": 1, "b": 2}) == version_of({"b": 2, "a": 1})
    assert version_of({"a": 1}) != version_of({"a": 2})
