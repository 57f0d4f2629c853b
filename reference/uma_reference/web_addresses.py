"""Addresses of the web: which may be redirected to, and how a query is added to them."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from uma_reference.names import LOOPBACK

# RFC 3986 section 2; what else a browser takes could mean something else to it, or in a header.
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_AUTHORITY = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


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
    if not _URI.fullmatch(address) or not parts.scheme:
        return "it has to be an absolute URI"
    if "#" in address:
        return "it may have no fragment"
    if parts.scheme not in {"https", "http"}:
        return "" if "." in parts.scheme else "it has to be an https URI"
    if not host or not _AUTHORITY.fullmatch(parts.netloc):
        return "it has to name a host and nothing before it"
    insecure = parts.scheme == "http" and host not in LOOPBACK
    return "it has to be https; http is for loopback only" if insecure else ""


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters added to its query; what is there stays letter by letter.

    The address has no fragment.
    """
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(parameters)}"
