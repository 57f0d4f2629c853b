"""Addresses of the web: which may be redirected to, and how a query is added to them."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from uma_reference.names import LOOPBACK


def redirection_problem(address: str) -> str:
    """Say why nobody may be redirected to an address; empty when it can be used (Grant 3.3.2).

    It has to be absolute, without a fragment, and https. A program on the same machine may use
    plain http on loopback (RFC 8252 section 7.3), an installed one a scheme of its own with a dot.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "it has to be an absolute URI"
    if not address.isascii() or not address.isprintable() or not parts.scheme:
        return "it has to be an absolute URI"
    if "#" in address:
        return "it may have no fragment"
    if parts.scheme not in {"https", "http"}:
        return "" if "." in parts.scheme else "it has to be an https URI"
    if not host or "@" in parts.netloc or "\\" in address:
        return "it has to name a host and nothing before it"
    insecure = parts.scheme == "http" and host not in LOOPBACK
    return "it has to be https; http is for loopback only" if insecure else ""


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters added to its query; what is there stays as it is."""
    parts = urlsplit(address)
    query = "&".join(item for item in (parts.query, urlencode(parameters)) if item)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
