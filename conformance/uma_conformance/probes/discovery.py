"""Probes of the discovery document (Grant 2, FedAuthz 2)."""

from uma_conformance.actors.metadata import discovery_url
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Message

ENDPOINT = "discovery"


@probe
def document(scene: Scene) -> None:
    """Fetch the discovery document without credentials."""
    scene.journal.send(
        Message("GET", discovery_url(scene.driver.issuer)),
        sender="client",
        endpoint=ENDPOINT,
        label="document",
        purpose="Fetch the discovery document",
    )
