"""Requests and responses as plain values; what every response has."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.resource_server.errors import ApiError, invalid_request

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "referrer-policy": "no-referrer",
}
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose body was read; headers are named in lower case.

    `address` is where it comes from, as far as that is known.
    """

    method: str
    places: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    query: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)
    address: str = ""

    def credentials(self, scheme: str) -> str:
        """Return what follows a scheme in `Authorization`, an empty string for another scheme."""
        found, _, value = self.headers.get("authorization", "").partition(" ")
        return value.strip() if found.lower() == scheme else ""

    def basic(self) -> tuple[str, str] | None:
        """Return name and password (RFC 7617), nothing when there are none."""
        try:
            value = base64.b64decode(self.credentials("basic"), validate=True).decode()
        except ValueError:
            # Not base64, or not UTF-8 in it; both errors are of this kind.
            return None
        name, separator, password = value.partition(":")
        return (name, password) if separator else None

    def media_type(self) -> str:
        """Return the media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def body_of(self, media_type: str) -> bytes:
        """Return the body; raise `ApiError` when it is of another media type."""
        if self.media_type() != media_type:
            raise ApiError(415, "invalid_request", f"the body has to be {media_type}")
        charset = self.headers.get("content-type", "").lower().partition("charset=")[2]
        if charset.strip(' "') not in {"", "utf-8"}:
            raise invalid_request("the body has to be in UTF-8")
        return self.body


@dataclass(frozen=True, slots=True)
class Reply:
    """A response."""

    status: int
    body: bytes = field(default=b"", repr=False)
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


def document(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with a JSON document."""
    return Reply(status, json.dumps(value).encode(), JSON, headers or {})


def error_reply(error: ApiError) -> Reply:
    """Return the reply of an error."""
    return document(error.document, error.status, error.headers)
