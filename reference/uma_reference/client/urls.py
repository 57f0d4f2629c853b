"""What the client has to know about URLs: origins, which may be used, and queries."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

from uma_reference.names import LOOPBACK

_PORTS = {"https": 443, "http": 80}


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL in one way of writing; raise `ValueError`."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("it has to be an absolute https URL")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def problem_of(url: str, *, http_on_loopback: bool = False) -> str:
    """Say why the client does not go to a URL, or return an empty string.

    Tokens and tickets travel under TLS only; plain HTTP is for loopback, where it is allowed.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        return "it holds characters that a URL cannot have"
    try:
        origin_of(url)
        parts = urlsplit(url)
    except ValueError as error:
        return str(error)
    if parts.username is not None or parts.password is not None:
        return "it holds a name or a password"
    if parts.fragment:
        return "it has a fragment"
    if parts.scheme == "https" or (http_on_loopback and parts.hostname in LOOPBACK):
        return ""
    return "it is not https"


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Add parameters to the query that a URL already has (Grant 3.3.2)."""
    parts = urlsplit(url)
    query = "&".join(item for item in (parts.query, urlencode(pairs)) if item)
    return urlunsplit(parts._replace(query=query))


def without_query(url: str) -> str:
    """Return a URL up to its query."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))
