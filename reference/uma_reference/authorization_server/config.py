"""The configuration of the authorization server, read from a JSON document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn, TypeVar, cast
from urllib.parse import urlsplit

from uma_reference.authorization_server.model import Domain


class ConfigError(Exception):
    """The configuration cannot be used; the message names the member and what it has to be."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds until a permission ticket, an RPT, a PAT, a PCT and a refresh token expire."""

    ticket: int = 300
    rpt: int = 3600
    pat: int = 3600
    pct: int = 30 * 86_400
    refresh: int = 86_400


@dataclass(frozen=True, slots=True)
class Owner:
    """A resource owner, who sets policy with her password."""

    id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A confidential client; one with a domain is a resource server acting for an owner."""

    id: str
    secret: str = field(repr=False)
    scopes: frozenset[str] = frozenset()
    domain: Domain | None = None


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer of ID Tokens, with its keys or the place of its keys (Grant 5.7)."""

    issuer: str
    jwks: Mapping[str, object] | None = None
    jwks_uri: str = ""


class Feature(StrEnum):
    """An optional capability that a configuration can switch on, by the suite's name for it."""

    PCT = "pct"
    REFRESH = "refresh"
    REQUEST_SUBMITTED = "request_submitted"
    REVOCATION = "revocation"
    RPT_UPGRADE = "rpt-upgrade"


Entry = TypeVar("Entry", Owner, Client)


@dataclass(frozen=True, slots=True)
class Config:
    """How the authorization server is set up.

    `partial_grants` decides what happens when only a part of what was asked for can be granted
    (Grant 3.3.4): an RPT with that part, or an error. `interval_seconds` is how long a client
    should wait between polls for the owner's decision (Grant 3.3.6). `withdrawal_ends_rpts` decides
    whether permissions end with the policies that they rest on (Grant 6.1). `controls` opens the
    endpoint that moves the clock, for test deployments only.
    """

    issuer: str
    owners: Mapping[str, Owner]
    clients: Mapping[str, Client]
    trusted_issuers: tuple[TrustedIssuer, ...] = ()
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    partial_grants: bool = True
    controls: bool = False
    body_limit_bytes: int = 65536
    features: frozenset[Feature] = frozenset()
    interval_seconds: int = 5
    withdrawal_ends_rpts: bool = False

    @classmethod
    def from_document(cls, document: object) -> "Config":
        """Read a configuration document; raise `ConfigError` naming the member that is wrong."""
        root = _Reader(document, "")
        issuer = root.text("issuer")
        try:
            parts = urlsplit(issuer)
        except ValueError as error:
            raise ConfigError(f"issuer: {error}") from None
        if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
            raise ConfigError("issuer: it has to be an https URL without query and fragment")
        if issuer.endswith("/"):
            raise ConfigError("issuer: leave out the slash at its end")
        lifetimes = root.child("lifetimes")
        standard = Lifetimes()
        owners = [Owner(item.text("id"), item.text("password")) for item in root.children("owners")]
        clients = [
            _client(item, {owner.id for owner in owners}) for item in root.children("clients")
        ]
        return cls(
            issuer=issuer,
            owners=_by_id(owners, "owners"),
            clients=_by_id(clients, "clients"),
            trusted_issuers=tuple(_issuer(item) for item in root.children("trusted_issuers")),
            lifetimes=Lifetimes(
                lifetimes.seconds("ticket_seconds", standard.ticket),
                lifetimes.seconds("rpt_seconds", standard.rpt),
                lifetimes.seconds("pat_seconds", standard.pat),
                lifetimes.seconds("pct_seconds", standard.pct),
                lifetimes.seconds("refresh_seconds", standard.refresh),
            ),
            partial_grants=root.flag("partial_grants", standard=True),
            controls=root.flag("controls", standard=False),
            body_limit_bytes=root.seconds("body_limit_bytes", 65536),
            features=_features(root),
            interval_seconds=root.seconds("interval_seconds", 5),
            withdrawal_ends_rpts=root.flag("withdrawal_ends_rpts", standard=False),
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads members of a JSON object and says where they stand when they are wrong."""

    value: object
    path: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, dict):
            raise ConfigError(f"{self.path or 'the configuration'}: it has to be a JSON object")

    def get(self, name: str) -> object:
        return cast("Mapping[str, object]", self.value).get(name)

    def where(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, standard: str | None = None) -> str:
        value = self.get(name)
        if value is None and standard is not None:
            return standard
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{self.where(name)}: it has to be a non-empty string")
        return value

    def seconds(self, name: str, standard: int) -> int:
        value = self.get(name)
        if value is None:
            return standard
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise ConfigError(f"{self.where(name)}: it has to be a whole number above 0")
        return value

    def flag(self, name: str, *, standard: bool) -> bool:
        value = self.get(name)
        if value is None:
            return standard
        if not isinstance(value, bool):
            raise ConfigError(f"{self.where(name)}: it has to be true or false")
        return value

    def texts(self, name: str) -> frozenset[str]:
        return frozenset(
            item if isinstance(item, str) else self._fail(name, "it has to hold strings")
            for item in self.array(name)
        )

    def array(self, name: str) -> Sequence[object]:
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._fail(name, "it has to be an array")
        return cast("Sequence[object]", value)

    def child(self, name: str) -> "_Reader":
        value = self.get(name)
        return _Reader({} if value is None else value, self.where(name))

    def children(self, name: str) -> "list[_Reader]":
        return [
            _Reader(item, f"{self.where(name)}[{index}]")
            for index, item in enumerate(self.array(name))
        ]

    def _fail(self, name: str, reason: str) -> NoReturn:
        raise ConfigError(f"{self.where(name)}: {reason}")


def _features(root: _Reader) -> frozenset[Feature]:
    known = {item.value: item for item in Feature}
    wanted = root.texts("features")
    for name in sorted(wanted - known.keys()):
        raise ConfigError(f"features: {name!r} is none of {', '.join(sorted(known))}")
    return frozenset(known[name] for name in wanted)


def _client(item: _Reader, owners: set[str]) -> Client:
    owner = item.text("owner", "")
    server = item.text("resource_server", "")
    if bool(owner) != bool(server):
        raise ConfigError(f"{item.path}: owner and resource_server go together")
    if owner and owner not in owners:
        raise ConfigError(f"{item.where('owner')}: there is no owner {owner!r}")
    domain = Domain(owner, server) if owner else None
    return Client(item.text("id"), item.text("secret"), item.texts("scopes"), domain)


def _issuer(item: _Reader) -> TrustedIssuer:
    jwks, uri = item.get("jwks"), item.text("jwks_uri", "")
    if (jwks is None) == (not uri):
        raise ConfigError(f"{item.path}: give either jwks or jwks_uri")
    keys = cast("Mapping[str, object]", item.child("jwks").value) if jwks is not None else None
    return TrustedIssuer(item.text("issuer"), keys, uri)


def _by_id(items: Sequence[Entry], name: str) -> dict[str, Entry]:
    found = {item.id: item for item in items}
    if len(found) != len(items):
        raise ConfigError(f"{name}: every id can stand there only once")
    return found
