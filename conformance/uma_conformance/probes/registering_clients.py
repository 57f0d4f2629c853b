"""Probes of dynamic client registration (RFC 7591, Grant 1.1, 2)."""

from uma_conformance.actors.client import UMA_GRANT
from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.registrant import Registrant
from uma_conformance.drivers.protocol import ClientCredentials
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    VIEW,
    Link,
    link,
    resource_for_visits,
    visit,
    visit_as,
)

ENDPOINT = "registration_endpoint"
CLAIMS_REDIRECT = "https://registered.example/claims"
_PRIVATE = "https://metadata.example/department"


@probe
def metadata(scene: Scene) -> None:
    """Register clients with and without an unknown member.

    Some servers insist on claims redirection URIs, and some take no registration that has them.
    """
    registrant = _registrant(scene)
    metadata = _metadata()
    if not registrant.register(metadata, "with claims redirection URIs").succeeded:
        metadata = _bare_metadata()
    registrant.register(metadata, "control")
    registrant.register({**metadata, _PRIVATE: {"name": "radiology"}}, "unknown member")


@probe
def claims_redirects(scene: Scene) -> None:
    """Register clients with and without claims redirection URIs, and use one of them."""
    registrant = _registrant(scene)
    registrant.register(_bare_metadata(), "without")
    registered = registrant.register(_metadata(), "with")
    scene.facts["claims redirect"] = CLAIMS_REDIRECT
    client_id, secret = registered.member("client_id"), registered.member("client_secret")
    if not registered.succeeded or not client_id:
        return
    resource = resource_for_visits(scene)
    to = link(scene, resource)
    visit(scene, "control", to)
    to = Link(to.place, scene.ticket({resource: VIEW}))
    client = ClientCredentials(client_id, secret)
    visit_as(scene, "visit", to, client, claims_redirect_uri=CLAIMS_REDIRECT)


def _registrant(scene: Scene) -> Registrant:
    # Where there is no document at all, nothing is known of registration either.
    scene.endpoint("token_endpoint")
    place = scene.surroundings.metadata.endpoints.get(ENDPOINT)
    if place is None:
        raise Blocked(Outcome.INAPPLICABLE, "the discovery document has no registration_endpoint")
    return Registrant(scene.journal, place, scene.driver.registration_headers())


def _metadata() -> dict[str, object]:
    """Return metadata of a confidential client of the grant.

    It has redirect_uris only because some servers register no client without any.
    """
    return {
        "client_name": "Registered by itself",
        "grant_types": [UMA_GRANT, "authorization_code"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "redirect_uris": ["https://registered.example/callback"],
        "claims_redirect_uris": [CLAIMS_REDIRECT],
    }


def _bare_metadata() -> dict[str, object]:
    return {key: item for key, item in _metadata().items() if key != "claims_redirect_uris"}
