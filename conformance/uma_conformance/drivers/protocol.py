"""What a driver of an authorization server under test has to offer.

A driver holds all vendor knowledge: how the target is provisioned, how its owner sets policy, how
a requesting party's claims come about. It never judges. What it cannot bring about it answers with
`Unsupported`, and the rows that need it are then reported as untested, with its reason.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

OWNER = "alice"
OTHER_OWNER = "dana"
PARTY = "bob"
OTHER_PARTY = "carol"
CLIENT = "app"
OTHER_CLIENT = "other-app"
PUBLIC_CLIENT = "public-app"
BARE_CLIENT = "bare-app"
BARE_PUBLIC_CLIENT = "bare-public-app"
RESOURCE_SERVER = "rs"
OTHER_RESOURCE_SERVER = "other-rs"


class Unsupported(Exception):  # noqa: N818 - it is an answer of the driver, not an error
    """The driver cannot bring the target into this state; the message says why."""


class NotRegistrable(Unsupported):
    """The target registers no client of this kind at all; where it may, its rows do not apply."""


class DriverError(Exception):
    """The driver cannot work with this target file; the message names the key to change."""


class Flaw(StrEnum):
    """What is wrong with a claim token that a probe asks for (Grant 3.3.6, 5.7)."""

    EXPIRED = "expired"
    WRONG_AUDIENCE = "wrong audience"
    UNTRUSTED_ISSUER = "untrusted issuer"
    BROKEN_SIGNATURE = "broken signature"


class Wish(StrEnum):
    """What a requesting party does at the claims interaction endpoint (Grant 3.3.2)."""

    GO_ON = "go on"
    BE_REMEMBERED = "be remembered"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A client of the grant, or a resource server, as registered at the authorization server.

    A public client has an empty secret.
    """

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimToken:
    """Claims to push, with the value of `claim_token_format` to send (Grant 3.3.1)."""

    value: str = field(repr=False)
    format: str


@dataclass(frozen=True, slots=True)
class Redirects:
    """Where a client is registered to be returned to.

    `claims` are its claims redirection URIs; `oauth` are redirection URIs of RFC 6749 that are none
    of them (Grant 3.3.2).
    """

    claims: tuple[str, ...] = ()
    oauth: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Policy conditions under which a requesting party gets scopes of one resource.

    `also` names further claims that have to hold beside the party's identity. With `ask`, the owner
    is asked before anything is granted (`request_submitted`). With `by_visit`, who it is can only
    be found out at the claims interaction endpoint; pushed claims do not count.
    """

    scopes: frozenset[str]
    party: str = PARTY
    also: Mapping[str, str] = field(default_factory=dict[str, str])
    ask: bool = False
    by_visit: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of an RPT: a resource and the scopes granted on it (FedAuthz 5.1.1)."""

    resource_id: str
    scopes: frozenset[str]


class TicketExpiry(Protocol):
    """A spell in which permission tickets are short-lived."""

    def wait(self) -> None:
        """Return when every ticket that was issued during this spell has expired."""
        ...


class Page(Protocol):
    """What a user agent got.

    `redirect` is where a redirection leads, absolute, and empty without one.
    """

    @property
    def url(self) -> str:
        """The address that was asked for."""
        ...

    @property
    def status(self) -> int:
        """The HTTP status, 0 when nothing answered."""
        ...

    @property
    def text(self) -> str:
        """The body, as received."""
        ...

    @property
    def redirect(self) -> str:
        """Where the answer redirects to."""
        ...


class UserAgent(Protocol):
    """A browser that keeps cookies and follows redirections as long as they stay at the target.

    A visit may go on elsewhere, in a real browser, with `arrival` or `cookies`; `arrived` then
    tells how it ended.
    """

    @property
    def arrival(self) -> str:
        """The address that was loaded first."""
        ...

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies of the target, by name."""
        ...

    def get(self, url: str) -> Page:
        """Load a page; return the last one, or the redirection that leads away from the target."""
        ...

    def submit(self, url: str, fields: Mapping[str, str]) -> Page:
        """Send a form with POST; return as `get` does."""
        ...

    def hide(self, kind: str, value: str) -> None:
        """Keep a value that is typed into a form out of the recording."""
        ...

    def adopt(self, name: str, value: str, same_site: str) -> None:
        """Take over a cookie that a browser elsewhere got of the target."""
        ...

    def arrived(self, at: str, url: str, status: int | None = None) -> Page:
        """Record that a page led away to `url` in a browser elsewhere; return that redirection.

        `at` is the address that answered so, with this status if it was seen.
        """
        ...


class Driver(Protocol):
    """Brings an authorization server into the states that the probes need.

    Owners, parties, clients and resource servers are named by the constants of this module. Every
    method may raise `Unsupported`; `open` raises `DriverError` when the target file is wrong.
    """

    @property
    def issuer(self) -> str:
        """The issuer of the authorization server, as it stands in its discovery document."""
        ...

    def open(self) -> None:
        """Provision owners, parties, clients and resource servers; start what has to be started."""
        ...

    def close(self) -> None:
        """Undo what `open` did, as far as it was done; never raises."""
        ...

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield (kind, value) of everything that must not reach a report."""
        ...

    def pat(self, owner: str, resource_server: str) -> str:
        """Obtain a protection API access token of an owner for a resource server (FedAuthz 1.3)."""
        ...

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Obtain a valid access token for the same parties that lacks `uma_protection`."""
        ...

    def client(self, name: str) -> ClientCredentials:
        """Return the credentials of a client that was provisioned by `open`.

        PUBLIC_CLIENT and BARE_PUBLIC_CLIENT are public, all others confidential.
        """
        ...

    def client_scopes(self, name: str) -> frozenset[str]:
        """Return the scopes for which a client is pre-registered (Grant 3.3.1)."""
        ...

    def token_parameters(self) -> Mapping[str, str]:
        """Return vendor parameters that every RPT request to this target carries; mostly none."""
        ...

    def denial_parameters(self) -> Mapping[str, str]:
        """Return vendor parameters by which a client gets a refusal instead of a submission.

        Mostly none: a server chooses between the two by its policies (Grant 3.3.6).
        """
        ...

    def resource_members(self, owner: str) -> Mapping[str, object]:
        """Return vendor members that every resource description for this target carries."""
        ...

    def prepared(
        self,
        owner: str,
        resource_server: str,
        scopes: frozenset[str],
        policies: tuple[Policy, ...],
        taken: frozenset[str],
    ) -> str:
        """Return a registered resource with exactly these scopes and policies, none of `taken`.

        Mostly empty: a resource is then registered, and its policies are set.
        """
        ...

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Replace all policies of a resource, as its owner; no policies withdraws all access."""
        ...

    def claim_token(
        self,
        party: str,
        client: str,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Make a claim token of a party for a client to push, leaving out the claims `without`."""
        ...

    def introspection_credentials(self, resource_server: str) -> ClientCredentials:
        """Return credentials for a target that refuses the PAT at its introspection endpoint."""
        ...

    def granted_permissions(self, rpt: str, resource_server: str) -> tuple[Permission, ...]:
        """Find out the permissions of an RPT where standard introspection does not show them."""
        ...

    def short_lived_tickets(self) -> AbstractContextManager[TicketExpiry]:
        """Open a spell in which tickets expire soon enough to wait for it."""
        ...

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the target: wait, or move its clock.

        Raise `Unsupported` for a time that is too long to be waited for.
        """
        ...

    def redirects(self, client: str) -> Redirects:
        """Return where a client is registered to be returned to.

        CLIENT has exactly one claims redirection URI, and OTHER_CLIENT two, one with a query.
        BARE_CLIENT and BARE_PUBLIC_CLIENT have none; raise `NotRegistrable` for a server that
        registers no such client.
        """
        ...

    def act_as(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Do at the claims interaction endpoint what a requesting party wishes (Grant 3.3.2).

        `page` is what came of arriving there. Return what came in the end: mostly the redirection
        that leads back to the client. A page that asks for nothing, such as an error page, is
        returned as it is.
        """
        ...

    def settle(self, owner: str, resource_id: str, *, approve: bool) -> None:
        """Approve or deny, as the owner, every request for a resource that waits for her."""
        ...

    def registration_headers(self) -> Mapping[str, str]:
        """Return headers that a request for dynamic registration needs; mostly none."""
        ...
