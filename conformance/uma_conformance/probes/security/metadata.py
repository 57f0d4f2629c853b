"""Probes of the metadata that a server publishes for OAuth (RFC 8414)."""

from urllib.parse import urlsplit

from uma_conformance.actors.metadata import discovery_url
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Message

WELL_KNOWN = "/.well-known/oauth-authorization-server"


@probe
def documents(scene: Scene) -> None:
    """Read the discovery document of UMA, and the one of OAuth if there is one."""
    issuer = scene.driver.issuer
    for label, url in (("uma", discovery_url(issuer)), ("oauth", place_for(issuer))):
        scene.journal.send(
            Message("GET", url),
            sender="client",
            endpoint="metadata",
            label=label,
            purpose=f"Read the metadata for {'UMA' if label == 'uma' else 'OAuth'}",
        )


def place_for(issuer: str) -> str:
    """Return the well-known place of an issuer: its path comes after (RFC 8414 section 3)."""
    parts = urlsplit(issuer)
    return parts._replace(path=f"{WELL_KNOWN}{parts.path.rstrip('/')}").geturl()
