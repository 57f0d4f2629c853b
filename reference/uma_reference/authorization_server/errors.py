"""Errors as the specifications name them; one handler turns them into responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class WireError(Exception):
    """An error response: status, `error` code, a hint for developers, and extra members.

    The hint never holds what the other side sent.
    """

    status: int
    error: str
    hint: str = ""
    members: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def document(self) -> dict[str, object]:
        """The body of the response."""
        described = {"error_description": self.hint} if self.hint else {}
        return {"error": self.error, **described, **self.members}


@dataclass(frozen=True)
class PageError(Exception):
    """Something that a person has to be told on a page."""

    status: int
    heading: str
    text: str


def invalid_request(hint: str) -> WireError:
    """Return the error for a request that lacks, repeats or garbles something."""
    return WireError(400, "invalid_request", hint)


def invalid_grant(hint: str) -> WireError:
    """Return the error for a ticket that is unknown, used or expired (Grant 3.3.6)."""
    return WireError(400, "invalid_grant", hint)


def invalid_scope(hint: str) -> WireError:
    """Return the error for scopes that do not fit (Grant 3.3.6, FedAuthz 4.3)."""
    return WireError(400, "invalid_scope", hint)


def invalid_client() -> WireError:
    """Return the error for failed client authentication (RFC 6749 section 5.2)."""
    return WireError(
        401,
        "invalid_client",
        "client authentication failed",
        headers={"www-authenticate": 'Basic realm="token endpoint"'},
    )


def invalid_token(hint: str) -> WireError:
    """Return the error for a request without a valid PAT (RFC 6750 section 3.1)."""
    challenge = 'Bearer realm="protection API", error="invalid_token"'
    return WireError(401, "invalid_token", hint, headers={"www-authenticate": challenge})


def insufficient_scope() -> WireError:
    """Return the error for a token that is no PAT (RFC 6750 section 3.1)."""
    challenge = 'Bearer realm="protection API", error="insufficient_scope", scope="uma_protection"'
    return WireError(
        403,
        "insufficient_scope",
        "the token lacks the scope uma_protection",
        headers={"www-authenticate": challenge},
    )


def not_found() -> WireError:
    """Return the error for a resource that cannot be found (FedAuthz 3.2)."""
    return WireError(404, "not_found", "there is no such resource")


def invalid_resource_id() -> WireError:
    """Return the error for a permission on an unknown resource (FedAuthz 4.3)."""
    return WireError(400, "invalid_resource_id", "a resource identifier was not found")


def unavailable() -> WireError:
    """Return the error for a store that cannot be used now."""
    hint = "the server cannot reach what it keeps; try again later"
    return WireError(503, "temporarily_unavailable", hint)
