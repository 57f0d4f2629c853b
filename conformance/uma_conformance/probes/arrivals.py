"""Probes of links to the claims interaction endpoint that are wrong in one point (Grant 3.3.2)."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import (
    BARE_CLIENT,
    BARE_PUBLIC_CLIENT,
    CLIENT,
    OTHER_CLIENT,
    NotRegistrable,
)
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    VIEW,
    claims_redirects,
    link,
    resource_for_visits,
    visit,
)

# Paths by which a redirection to these addresses shows, wherever a browser takes it.
RELATIVE, MALFORMED = "/relative-address-of-client", "https//malformed-address-of-client"


@probe
def wrong_addresses(scene: Scene) -> None:
    """Ask to be led to addresses that are not registered, or that could not be."""
    uri = claims_redirects(scene, CLIENT)[0]
    parts = urlsplit(uri)
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource), claims_redirect_uri=uri)
    wrong = {
        "another place": parts._replace(path="/place-that-nobody-registered", query="").geturl(),
        "malformed": MALFORMED,
        "relative": RELATIVE,
        "fragment": f"{uri}#here",
    }
    oauth = scene.driver.redirects(CLIENT).oauth
    if oauth:
        wrong["OAuth redirection URI"] = oauth[0]
    variants = dict(_variants(uri))
    scene.facts["variants"] = list(variants)
    for label, address in (wrong | variants).items():
        visit(scene, label, link(scene, resource), claims_redirect_uri=address)


@probe
def wrong_clients(scene: Scene) -> None:
    """Come without a client identifier, and with one that nobody has."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource))
    visit(scene, "no client", link(scene, resource), client_id=None)
    visit(scene, "unknown client", link(scene, resource), client_id="a-client-that-nobody-has")


@probe
def several_addresses(scene: Scene) -> None:
    """Name no address, as a client that registered two of them."""
    scene.facts["registered"] = list(claims_redirects(scene, OTHER_CLIENT, 2))
    resource = resource_for_visits(scene)
    to = link(scene, resource, OTHER_CLIENT)
    visit(scene, "control", to, client=OTHER_CLIENT)
    to = link(scene, resource, OTHER_CLIENT)
    visit(scene, "no address", to, client=OTHER_CLIENT, claims_redirect_uri=None)


@probe
def no_addresses(scene: Scene) -> None:
    """Name an address and none, as a confidential client that registered none."""
    _as_bare(scene, BARE_CLIENT)


@probe
def no_addresses_of_public_client(scene: Scene) -> None:
    """Name an address and none, as a public client that registered none."""
    _as_bare(scene, BARE_PUBLIC_CLIENT)


def _as_bare(scene: Scene, client: str) -> None:
    try:
        scene.driver.redirects(client)
    except NotRegistrable as answer:
        raise Blocked(Outcome.INAPPLICABLE, str(answer)) from None
    resource = resource_for_visits(scene)
    to = link(scene, resource)
    visit(scene, "control", to)
    # Only the place: the ticket is fresh, as one of need_info would be the other client's.
    to = replace(to, ticket=scene.ticket({resource: VIEW}))
    visit(scene, "no address", to, client=client, claims_redirect_uri=None)
    to = replace(to, ticket=scene.ticket({resource: VIEW}))
    address = f"https://{client}.example/claims"
    visit(scene, "address", to, client=client, claims_redirect_uri=address)


def _variants(uri: str) -> Iterator[tuple[str, str]]:
    """Yield addresses that mean nearly the same as a URI, or the same, and are other strings."""
    parts = urlsplit(uri)
    path = parts.path or "/"
    more = "&".join(filter(None, (parts.query, "more=1")))
    changed = {
        "trailing slash": parts._replace(path=f"{path.rstrip('/')}/" if path != "/" else "//"),
        "query added": parts._replace(query=more),
        "upper-case host": parts._replace(netloc=parts.netloc.upper()),
        "sub-path": parts._replace(path=f"{path.rstrip('/')}/below"),
        "dot segment": parts._replace(path=f"/.{path}"),
    }
    if parts.port is None and parts.scheme == "https":
        changed["standard port"] = parts._replace(netloc=f"{parts.netloc}:443")
    if path[-1].isalnum():
        changed["percent-encoding"] = parts._replace(path=f"{path[:-1]}%{ord(path[-1]):02X}")
    for name, variant in changed.items():
        if variant.geturl() != uri:
            yield name, variant.geturl()
