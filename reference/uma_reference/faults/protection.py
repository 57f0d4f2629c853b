"""Faults of who may use the protection API, and for whom (FedAuthz 1.3)."""

from base64 import b64decode
from dataclasses import replace

from starlette.types import ASGIApp

from uma_reference.authorization_server.errors import invalid_token
from uma_reference.authorization_server.model import AccessToken, Domain, Resource
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.tokens import protected_domain
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import GRAVITEE, KEYCLOAK
from uma_reference.faults.wire import (
    COLLECTION,
    INTROSPECTION,
    ITEM,
    PERMISSION,
    TOKEN,
    Change,
    Reply,
    answers,
    rewriting,
)


def _open(place: str, method: str, status: int, body: object) -> Change:
    """Return a change by which an operation succeeds without a valid PAT."""
    return answers(
        place, lambda r: r.with_status(status).with_json(body), method=method, status=401
    )


def _any_token(token: AccessToken | None, now: int) -> Domain:
    if token is None or token.expires_at <= now or token.domain is None:
        raise invalid_token("the token is unknown or has expired")
    return token.domain


def _rpt_too(token: AccessToken | None, now: int) -> Domain:
    if token is not None and token.permissions is not None and token.domain is not None:
        return token.domain
    return protected_domain(token, now)


def _visible(resource: Resource, domain: Domain) -> bool:
    del resource, domain
    return True


def _refuse_pat(reply: Reply) -> Reply:
    return reply.with_status(401).with_json({"error": "invalid_request"})


def _one_pat_of_an_owner(app: ASGIApp) -> ASGIApp:
    """Give the first PAT of an owner to all resource servers."""
    first: dict[str, object] = {}

    def shared(reply: Reply) -> Reply:
        encoded = reply.authorization.removeprefix("Basic ")
        client = b64decode(encoded).decode().partition(":")[0]
        owner = client.rpartition("-")[2]
        pat = first.setdefault(owner, reply.members["access_token"])
        return reply.with_member("access_token", pat)

    def changed(reply: Reply) -> Reply:
        return shared(reply) if "scope=uma_protection" in reply.form else reply

    return rewriting(app, answers(TOKEN, changed, status=200))


def _effect_without_pat(rules: Rules) -> Rules:
    def domain(token: AccessToken | None, now: int) -> Domain:
        return Domain("alice", "rs") if token is None else protected_domain(token, now)

    return replace(rules, protected_domain=domain)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "create-open",
            "Anybody can create.",
            ("F-1.3-04", "F-3.2-06"),
            wire=_open(COLLECTION, "POST", 201, {"_id": "x"}),
        ),
        Fault(
            "read-open",
            "Anybody can read.",
            ("F-1.3-04", "F-3.2-07"),
            wire=_open(ITEM, "GET", 200, {"_id": "x"}),
        ),
        Fault(
            "update-open",
            "Anybody can update.",
            ("F-1.3-04", "F-3.2-08"),
            wire=_open(ITEM, "PUT", 200, {"_id": "x"}),
        ),
        Fault(
            "delete-open",
            "Anybody can delete.",
            ("F-1.3-04", "F-3.2-09"),
            wire=_open(ITEM, "DELETE", 204, {}),
        ),
        Fault(
            "list-open",
            "Anybody can list.",
            ("F-1.3-04", "F-3.2-10"),
            wire=_open(COLLECTION, "GET", 200, []),
        ),
        Fault(
            "permission-open",
            "Anybody gets tickets.",
            ("F-1.3-05", "F-1.5-03", "F-4.3-01"),
            wire=_open(PERMISSION, "POST", 201, {"ticket": "ticket-for-anybody"}),
        ),
        Fault(
            "made-up-token-works",
            "A token that nobody issued is taken for a PAT.",
            (
                "F-1.3-04",
                "F-1.3-05",
                "F-1.3-06",
                "F-1.5-03",
                "F-3.2-06",
                "F-3.2-07",
                "F-3.2-08",
                "F-3.2-09",
                "F-3.2-10",
                "F-4.3-01",
            ),
            rules=_effect_without_pat,
        ),
        Fault(
            "introspection-open",
            "Anybody can introspect.",
            ("F-1.3-06",),
            wire=_open(INTROSPECTION, "POST", 200, {"active": True, "permissions": []}),
        ),
        Fault(
            "pat-of-an-owner",
            "All resource servers of an owner get the same PAT.",
            ("F-1.3-10",),
            around=_one_pat_of_an_owner,
        ),
        Fault(
            "any-token-is-a-pat",
            "Any access token is taken for a PAT.",
            ("F-1.2-01", "F-1.3-07"),
            rules=lambda rules: replace(rules, protected_domain=_any_token),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "rpt-is-a-pat",
            "An RPT is taken for a PAT.",
            ("F-1.3-07",),
            rules=lambda rules: replace(rules, protected_domain=_rpt_too),
        ),
        Fault(
            "introspection-refuses-pat",
            "Introspection wants client credentials instead of the PAT.",
            ("F-1.3-08", "F-5.1-01", "F-5.1.1-01", "G-3.3.5.1-08"),
            wire=answers(INTROSPECTION, _refuse_pat),
            seen_in=(KEYCLOAK, GRAVITEE),
        ),
        Fault(
            "permission-refuses-pat",
            "The permission endpoint refuses the owner's PAT.",
            ("F-1.3-08", "F-3-01", "F-4-07", "F-4-08", "F-4.1-03"),
            wire=answers(PERMISSION, _refuse_pat),
            seen_in=(GRAVITEE,),
        ),
        Fault(
            "owners-not-kept-apart",
            "A PAT opens the resources of every owner.",
            ("F-1.3-10", "F-1.5.1-01", "F-4-04"),
            rules=lambda rules: replace(rules, belongs=_visible),
            seen_in=(KEYCLOAK,),
        ),
    )
