"""Comparing the URLs of traffic with the endpoints of a server."""

from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def place_of(url: str) -> str:
    """Return scheme, host, port and path of a URL in one form; empty when it is no web URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        return ""
    return f"{scheme}://{parts.hostname}:{port or _PORTS[scheme]}{parts.path or '/'}"


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL in one form; empty when it is no web URL."""
    return "/".join(place_of(url).split("/", 3)[:3])


def below(url: str, endpoint: str) -> str | None:
    """Return the last segment of a URL that stands directly below an endpoint.

    Empty for the endpoint itself, with or without a slash at its end; None for any other URL.
    """
    place, base = place_of(url), place_of(endpoint).rstrip("/")
    if not place or not base or (place != base and not place.startswith(base + "/")):
        return None
    rest = place[len(base) :].strip("/")
    return rest if "/" not in rest else None
