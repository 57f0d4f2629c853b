"""Permissions as licences: an extension of introspection answers (FedAuthz 5.1.1), off by default.

Each permission gets one more member, `licence`. A resource server that does not know it ignores it;
one that does learns who licensed what to whom, until when, and under which policies.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import AccessToken, Permission, Policy
from uma_schemas.licences import (
    Licence,
    LicensedResource,
    Licensee,
    PolicyVersion,
    ReliedClaim,
    licence_document,
    version_of,
)

MEMBER = "licence"
# A claim of this name tells what a requesting party wants something for; OAuth has none.
PURPOSE_CLAIMS = frozenset({"pou", "purpose", "purpose_of_use"})


def with_licences(
    core: Core, token: AccessToken | None, answer: Mapping[str, object]
) -> Mapping[str, object]:
    """Return an introspection answer with a licence in each of its permissions."""
    shown = elements_of(answer.get("permissions"))
    if token is None or not shown:
        return answer
    documents = {
        item.resource_id: licence_document(_licence(core, token, item))
        for item in token.permissions or ()
    }
    permissions: list[object] = []
    for element in shown:
        members = cast("Mapping[str, object]", element)
        document = documents.get(str(members.get("resource_id")))
        permissions.append({**members, MEMBER: document} if document else members)
    return {**answer, "permissions": permissions}


def _licence(core: Core, token: AccessToken, permission: Permission) -> Licence:
    behind = [core.store.policy(name) for name in sorted(permission.policies)]
    known = [policy for policy in behind if policy is not None]
    server = token.domain.resource_server if token.domain else ""
    # The same name as in a JWT RPT: resource servers cannot compare notes by it.
    licensee = core.signer.pseudonym(f"{server} {token.party or token.client}")
    ends = token.expires_at
    return Licence(
        licensor=token.domain.owner if token.domain else "",
        licensee=Licensee(licensee, token.client),
        resource=_resource(core, permission.resource_id, server),
        scopes=permission.scopes,
        granted_by=core.config.issuer,
        issued_at=token.issued_at,
        expires_at=min(permission.expires_at or ends, ends),
        purposes=_purposes(known),
        policies=tuple(
            PolicyVersion(name, _version(policy))
            for name, policy in zip(sorted(permission.policies), behind, strict=True)
        ),
        claims=_claims(known),
    )


def _resource(core: Core, resource_id: str, server: str) -> LicensedResource:
    found = core.store.resource(resource_id)
    about: Mapping[str, object] = found.description if found else {}
    name, kind = about.get("name"), about.get("type")
    return LicensedResource(
        resource_id,
        server,
        name if isinstance(name, str) else "",
        kind if isinstance(kind, str) else "",
    )


def _purposes(policies: Sequence[Policy]) -> frozenset[str]:
    """Return the purposes that policies allow; one without any allows all, so none is named."""
    each = [
        frozenset(
            value
            for condition in policy.conditions
            if condition.claim in PURPOSE_CLAIMS
            for value in condition.values
        )
        for policy in policies
    ]
    return frozenset[str]().union(*each) if each and all(each) else frozenset()


def _claims(policies: Sequence[Policy]) -> tuple[ReliedClaim, ...]:
    found = {
        ReliedClaim(condition.claim, condition.issuer)
        for policy in policies
        for condition in policy.conditions
    }
    return tuple(sorted(found, key=lambda item: (item.name, item.issuer)))


def _version(policy: Policy | None) -> str:
    """Return the digest of a policy; one that was withdrawn is not known any more."""
    if policy is None:
        return ""
    return version_of(
        {
            "resource_id": policy.resource_id,
            "scopes": sorted(policy.scopes),
            "conditions": [
                [item.claim, sorted(item.values), item.issuer] for item in policy.conditions
            ],
            "anyone": policy.anyone,
            "ask": policy.ask,
            "expires_at": policy.expires_at,
        }
    )
