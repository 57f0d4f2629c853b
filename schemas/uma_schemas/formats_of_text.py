"""The formats of strings that the schemas use. None is the concern of a value that is no string."""

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from jsonschema import FormatChecker

_URI_CHARACTERS = r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:{_URI_CHARACTERS}+")
_REFERENCE = re.compile(rf"{_URI_CHARACTERS}*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def checker() -> FormatChecker:
    """Return a checker for URIs, web addresses, dates and points in time."""
    formats = FormatChecker(formats=())
    formats.checks("uri")(is_uri)
    formats.checks("uri-reference")(is_uri_reference)
    formats.checks("web-uri")(is_web_uri)
    formats.checks("date")(is_date)
    formats.checks("date-time")(is_time)
    return formats


def is_uri(value: object) -> bool:
    """Tell whether a string is a URI with its scheme (RFC 3986)."""
    if not isinstance(value, str):
        return True
    if not _URI.fullmatch(value) or not _can_be_split(value):
        return False
    parts = urlsplit(value)
    return bool(parts.netloc or parts.path)


def is_uri_reference(value: object) -> bool:
    """Tell whether a string is a URI or a reference relative to one (RFC 3986)."""
    if not isinstance(value, str):
        return True
    return _REFERENCE.fullmatch(value) is not None and _can_be_split(value)


def is_web_uri(value: object) -> bool:
    """Tell whether a string is an absolute http or https URI with a host."""
    if not isinstance(value, str):
        return True
    if not is_uri(value):
        return False
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_date(value: object) -> bool:
    """Tell whether a string is a date (RFC 3339)."""
    if not isinstance(value, str):
        return True
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_time(value: object) -> bool:
    """Tell whether a string is a point in time with its offset (RFC 3339)."""
    if not isinstance(value, str):
        return True
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


def _can_be_split(value: str) -> bool:
    try:
        _ = urlsplit(value).port
    except ValueError:
        return False
    return True
