"""Probes of TLS: what a server agrees to when it is greeted in different ways (BCP 195)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.tls import (
    TLS_1_0,
    TLS_1_1,
    TLS_1_2,
    TLS_1_3,
    Greeting,
    greet,
    written,
)
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

_SECONDS = 5.0
_MOST_PLACES = 4
_NEWEST = (0x1301, 0x1302, 0x1303)
# ECDHE and DHE with AES-GCM or ChaCha20, with certificates of both kinds.
_GOOD = (0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F)
# What servers of the time of TLS 1.0 and 1.1 had: AES and 3DES with CBC, RC4.
_OLD = (
    *(0xC009, 0xC013, 0xC00A, 0xC014, 0x0033, 0x0039, 0x002F, 0x0035),
    *(0xC012, 0x000A, 0xC011, 0x0005, 0x0004),
)
_WITH_CBC = (*_GOOD, *_OLD)
# No encryption; no authentication; RC4; DES and export ciphers (RFC 9325 4.1).
_WEAK = (
    *(0x0001, 0x0002, 0x003B, 0xC006, 0xC010, 0xC001, 0xC00B),
    *(0x0018, 0x001B, 0x0034, 0x003A, 0x006C, 0x006D, 0x00A6, 0x00A7),
    *(0xC015, 0xC016, 0xC017, 0xC018, 0xC019),
    *(0x0004, 0x0005, 0xC007, 0xC011, 0xC002, 0xC00C),
    *(0x0003, 0x0006, 0x0008, 0x0009, 0x000B, 0x000E, 0x0011, 0x0014, 0x0015, 0x0012, 0x0019),
)
GREETINGS: Mapping[str, Greeting] = {
    "TLS 1.3": Greeting(TLS_1_3, _NEWEST),
    "TLS 1.2": Greeting(TLS_1_2, _WITH_CBC),
    "TLS 1.1": Greeting(TLS_1_1, _OLD),
    "TLS 1.0": Greeting(TLS_1_0, _OLD),
    "weak suites under TLS 1.2": Greeting(TLS_1_2, _WEAK),
    "weak suites under TLS 1.0": Greeting(TLS_1_0, _WEAK),
}


@probe
def greetings(scene: Scene) -> None:
    """Greet each place of the discovery document with old and new versions, and weak suites."""
    if not scene.journal.wire.networked:
        raise Blocked(Outcome.UNTESTED, "the target runs in this process, without connections")
    places = _places(scene)
    if not places:
        raise Blocked(Outcome.INAPPLICABLE, "the target is not under TLS")
    scene.facts["places"] = [f"{host}:{port}" for host, port in places]
    scene.facts["agreements"] = {
        f"{host}:{port}": {
            name: written(greet(host, port, greeting, _SECONDS))
            for name, greeting in GREETINGS.items()
        }
        for host, port in places
    }


def _places(scene: Scene) -> list[tuple[str, int]]:
    """Return host and port of the issuer and of each endpoint under https, each once."""
    urls = (scene.driver.issuer, *scene.surroundings.metadata.endpoints.values())
    issuer = urlsplit(scene.driver.issuer)
    found: dict[tuple[str, int], None] = {}
    for parts in map(urlsplit, urls):
        # Places of others, such as a service's documentation, are not under test.
        if parts.scheme == "https" and parts.hostname and parts.hostname == issuer.hostname:
            found[parts.hostname, parts.port or 443] = None
    return list(found)[:_MOST_PLACES]
