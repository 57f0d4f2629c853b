"""The formats of strings that the schemas use."""

from datetime import datetime
from urllib.parse import urlsplit

from jsonschema import FormatChecker


def checker() -> FormatChecker:
    """Return a checker for absolute URIs, web addresses and points in time."""
    formats = FormatChecker(formats=())
    formats.checks("uri")(is_uri)
    formats.checks("web-uri")(is_web_uri)
    formats.checks("date-time")(is_time)
    return formats


def is_uri(value: object) -> bool:
    """Tell whether a string is an absolute URI; other values are not this format's concern."""
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme) and bool(parts.netloc or parts.path) and not set(value) & set(" <>\n")


def is_web_uri(value: object) -> bool:
    """Tell whether a string is an absolute http or https URI with a host."""
    if not isinstance(value, str):
        return True
    return (
        is_uri(value)
        and urlsplit(value).scheme in {"http", "https"}
        and bool(urlsplit(value).netloc)
    )


def is_time(value: object) -> bool:
    """Tell whether a string is a point in time with its offset (RFC 3339)."""
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
