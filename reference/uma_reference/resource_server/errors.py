"""Errors of the API, and why the authorization server was of no help."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ApiError(Exception):
    """An error response: status, a code, and a hint that holds nothing the other side sent."""

    status: int
    error: str
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def document(self) -> dict[str, object]:
        """The body of the response."""
        return {"error": self.error, "error_description": self.hint}


def invalid_request(hint: str) -> ApiError:
    """Return the error for a request that lacks or garbles something."""
    return ApiError(400, "invalid_request", hint)


def not_found() -> ApiError:
    """Return the error for an owner or a document that is not there."""
    return ApiError(404, "not_found", "nothing lives at this address")


def not_allowed(allowed: frozenset[str] | set[str]) -> ApiError:
    """Return the error for a method that a place does not know."""
    names = ", ".join(sorted(allowed))
    return ApiError(405, "unsupported_method_type", f"use {names}", {"allow": names})


def sign_in(realm: str) -> ApiError:
    """Return the error for a request that only the owner may make."""
    return ApiError(
        401,
        "unauthorized",
        "sign in with the owner's name and password",
        {"www-authenticate": f'Basic realm="{realm}", charset="UTF-8"'},
    )


class Unavailable(Exception):  # noqa: N818 - the name of what it is
    """The authorization server cannot be reached, or does not do its part; the message says why."""


class NotConnected(Unavailable):
    """There is no PAT for an owner: she has to connect the resource server, or to do so again."""


class Unregistrable(Unavailable):
    """The authorization server refuses the description of one document; others may be fine."""


class Refusal(Exception):  # noqa: N818 - the name of what it is
    """The authorization server refused a request of the protection API, with an error code."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"the authorization server answers with status {status} {error}".strip())
        self.status = status
        self.error = error
