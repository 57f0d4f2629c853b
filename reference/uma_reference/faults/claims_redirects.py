"""Faults in whom the claims page leads where (Grant 3.3.2, 3.3.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote, urldefrag, urlsplit

from uma_reference.authorization_server.claims_address import claims_address, unusable_link
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.visits import going_back
from uma_reference.faults.wire import CLAIMS, Reply, answers

Sent = Mapping[str, str]
_URI = "claims_redirect_uri"
_ELSEWHERE = "https://elsewhere.example/claims"


def _address(change: Callable[[Client | None, Sent], str]) -> Callable[[Rules], Rules]:
    return lambda rules: replace(rules, claims_address=change)


def _accepting(fits: Callable[[Client, str], bool]) -> Callable[[Rules], Rules]:
    """Return a change by which more addresses are taken than those that are registered."""

    def changed(client: Client | None, sent: Sent) -> str:
        if client is not None and _URI in sent and fits(client, sent[_URI]):
            return sent[_URI]
        return claims_address(client, sent)

    return _address(changed)


def _similar(test: Callable[[str, str], bool]) -> Callable[[Rules], Rules]:
    return _accepting(
        lambda client, uri: any(test(uri, own) for own in client.claims_redirect_uris)
    )


def _normal(uri: str) -> tuple[str, str, str]:
    parts = urlsplit(uri)
    return parts.hostname or "", unquote(parts.path).replace("/./", "/"), parts.query


def _same_host(uri: str, own: str) -> bool:
    return urlsplit(uri).netloc == urlsplit(own).netloc


def _guessing(client: Client | None, sent: Sent) -> str:
    if client is not None and len(client.claims_redirect_uris) > 1 and _URI not in sent:
        return next(iter(client.claims_redirect_uris))
    return claims_address(client, sent)


def _elsewhere_if(test: Callable[[Client], bool]) -> Callable[[Rules], Rules]:
    """Return a change by which nobody stays at the claims page if no address was named."""

    def changed(client: Client | None, sent: Sent) -> str:
        if client is not None and _URI not in sent and test(client):
            return _ELSEWHERE
        return claims_address(client, sent)

    return _address(changed)


def _always_first(client: Client | None, sent: Sent) -> str:
    asked = claims_address(client, sent)
    return client.claims_redirect_uris[0] if client else asked


def _always_named(client: Client | None, sent: Sent) -> str:
    if _URI not in sent:
        raise unusable_link("it names no address to go back to")
    return claims_address(client, sent)


def _no_query(client: Client | None, sent: Sent) -> str:
    asked = claims_address(client, sent)
    if "?" in asked:
        raise unusable_link("its address has a query")
    return asked


def _unknown_client(client: Client | None, sent: Sent) -> str:
    return sent[_URI] if client is None and _URI in sent else claims_address(client, sent)


def _without_client(client: Client | None, sent: Sent) -> str:
    missing = "client_id" not in sent and _URI in sent
    return sent[_URI] if missing else claims_address(client, sent)


def _as_page(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    del uri
    return reply.with_page("<p>That failed.</p>", 400) if "error" in added else reply


def _no_error(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    return reply.redirecting(uri) if "error" in added else reply


def _refreshing(reply: Reply) -> Reply:
    """Answer an address that is not registered with a page that leads there all the same."""
    uri = reply.sent.get(_URI, "")
    if reply.status != 400 or "nobody" not in uri:
        return reply
    return reply.with_page(f'<meta http-equiv="refresh" content="3; url={uri}"><p>Wait.</p>', 400)


def _scripted(reply: Reply) -> Reply:
    uri = reply.sent.get(_URI, "")
    if reply.status != 400 or "nobody" not in uri:
        return reply
    return reply.with_page(f"<p>Wait.</p><script>window.location = '{uri}';</script>", 400)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "claims-address-any",
            "A requesting party is led to any address.",
            (
                *("G-3.3.2-11", "G-3.3.2-14", "G-3.3.2-16", "G-3.3.2-17", "G-3.3.2-18"),
                *("G-3.3.2-19", "G-3.3.2-20", "G-3.3.3-13", "G-3.3.3-14"),
            ),
            rules=_accepting(lambda client, uri: bool(client and uri)),
        ),
        Fault(
            "claims-address-prefix",
            "Whatever begins with a registered address is taken.",
            ("G-3.3.2-14", "G-3.3.2-20"),
            rules=_similar(lambda uri, own: uri.startswith(own)),
        ),
        Fault(
            "claims-address-normalised",
            "Addresses that mean the same as a registered one are taken.",
            ("G-3.3.2-20",),
            rules=_similar(lambda uri, own: "#" not in uri and _normal(uri) == _normal(own)),
        ),
        Fault(
            "claims-address-fragment-ignored",
            "The fragment of an address is not compared.",
            ("G-3.3.2-14",),
            rules=_similar(lambda uri, own: urldefrag(uri).url == own),
        ),
        Fault(
            "claims-address-same-host",
            "Any address on the host of a registered one is taken.",
            (
                *("G-3.3.2-14", "G-3.3.2-18", "G-3.3.2-19", "G-3.3.2-20", "G-3.3.3-13"),
                "G-3.3.3-14",
            ),
            rules=_similar(_same_host),
        ),
        Fault(
            "claims-address-of-oauth",
            "Redirection URIs of OAuth are taken for requesting parties, too.",
            ("G-3.3.2-18",),
            rules=_accepting(lambda client, uri: uri in client.redirect_uris),
        ),
        Fault(
            "claims-address-relative",
            "A relative address is taken.",
            ("G-3.3.2-11",),
            rules=_accepting(lambda client, uri: bool(client) and uri.startswith("/")),
        ),
        Fault(
            "claims-address-malformed",
            "What is no URI is redirected to.",
            ("G-3.3.3-14",),
            rules=_accepting(lambda client, uri: bool(client) and uri.startswith("https//")),
        ),
        Fault(
            "claims-address-unregistered",
            "A confidential client may name an address though it registered none.",
            ("G-3.3.2-16",),
            rules=_accepting(lambda c, uri: bool(uri) and not c.public and not _registered(c)),
        ),
        Fault(
            "claims-address-of-public-client-unregistered",
            "A public client may name an address though it registered none.",
            ("G-3.3.2-17",),
            rules=_accepting(lambda c, uri: bool(uri) and c.public and not _registered(c)),
        ),
        Fault(
            "claims-address-guessed",
            "The first of several addresses is taken when none was named.",
            ("G-3.3.2-07", "G-3.3.3-15"),
            rules=_address(_guessing),
        ),
        Fault(
            "claims-address-made-up",
            "An address of the server's choice is taken when none of several was named.",
            ("G-3.3.3-14", "G-3.3.3-15"),
            rules=_elsewhere_if(lambda client: len(client.claims_redirect_uris) > 1),
        ),
        Fault(
            "claims-address-made-up-without-any",
            "An address of the server's choice is taken when there is none.",
            ("G-3.3.2-08",),
            rules=_elsewhere_if(lambda client: not client.claims_redirect_uris),
        ),
        Fault(
            "claims-address-first",
            "The first address is taken, whichever was named.",
            ("G-3.3.2-10", "G-3.3.2-12"),
            rules=_address(_always_first),
        ),
        Fault(
            "claims-address-required",
            "A client with a single address has to name it.",
            ("G-3.3.2-09",),
            rules=_address(_always_named),
        ),
        Fault(
            "claims-address-without-query",
            "An address with a query is refused.",
            ("G-3.3.2-12",),
            rules=_address(_no_query),
        ),
        Fault(
            "claims-address-of-nobody",
            "Whoever the client is, its requesting party is led to the address.",
            ("G-3.3.2-04", "G-3.3.3-13", "G-3.3.3-16"),
            rules=_address(_unknown_client),
        ),
        Fault(
            "claims-address-without-client",
            "Without a client, the requesting party is led to the address.",
            ("G-3.3.2-04", "G-3.3.3-13", "G-3.3.3-16"),
            rules=_address(_without_client),
        ),
        Fault(
            "claims-address-by-refresh",
            "A page about an address that is not registered leads there after a while.",
            ("G-3.3.2-19", "G-3.3.3-13", "G-3.3.3-14"),
            wire=answers(CLAIMS, _refreshing),
        ),
        Fault(
            "claims-address-by-script",
            "A page about an address that is not registered leads there by a script.",
            ("G-3.3.2-19", "G-3.3.3-13", "G-3.3.3-14"),
            wire=answers(CLAIMS, _scripted),
        ),
        Fault(
            "claims-page-empty",
            "A link that does not work is answered with an empty page.",
            ("G-3.3.3-13",),
            wire=answers(CLAIMS, lambda reply: reply.empty(), status=400),
        ),
        Fault(
            "claims-errors-on-page",
            "Failures are told to the requesting party alone.",
            ("G-3.3.3-17",),
            wire=going_back(_as_page),
        ),
        Fault(
            "claims-errors-silent",
            "Failures lead back without an error.",
            ("G-3.3.3-17",),
            wire=going_back(_no_error),
        ),
    )


def _registered(client: Client) -> bool:
    return bool(client.claims_redirect_uris)
