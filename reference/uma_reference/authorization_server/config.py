"""The configuration of the authorization server, read from a JSON document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from uma_reference.authorization_server.accounts import Account, read_account
from uma_reference.authorization_server.client_entries import read_client
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.model import SELF_ASSERTED
from uma_reference.config_reader import ConfigError, Reader


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds until each of these expires.

    `pat_refresh` is the refresh token of a PAT, `code` an authorization code, `session` how long
    a person stays signed in, `gathering` a visit to the claims interaction endpoint.
    """

    ticket: int = 300
    rpt: int = 3600
    pat: int = 3600
    pct: int = 30 * 86_400
    refresh: int = 86_400
    code: int = 60
    session: int = 8 * 3600
    gathering: int = 900
    pat_refresh: int = 90 * 86_400


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer of ID Tokens, with its keys or the place of its keys (Grant 5.7)."""

    issuer: str
    jwks: Mapping[str, object] | None = None
    jwks_uri: str = ""


class Feature(StrEnum):
    """An optional capability that a configuration can switch on, by the suite's name for it."""

    DYNAMIC_REGISTRATION = "dynamic-registration"
    INTERACTIVE_CLAIMS = "interactive-claims"
    PCT = "pct"
    REFRESH = "refresh"
    REQUEST_SUBMITTED = "request_submitted"
    REVOCATION = "revocation"
    RPT_UPGRADE = "rpt-upgrade"


class RptFormat(StrEnum):
    """What an RPT looks like to those who cannot introspect it."""

    OPAQUE = "opaque"
    JWT = "jwt"


class Hint(StrEnum):
    """What `need_info` may hold (Grant 3.3.6)."""

    REQUIRED_CLAIMS = "required_claims"
    REDIRECT_USER = "redirect_user"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server takes.

    `body_bytes` is the size of a request. A name may fail to sign in `sign_ins` times within
    `sign_in_seconds`; then it waits for the rest of them, whatever the password. `requests` is how
    many one address may send within a minute, 0 for any number; `registrations` is how many clients
    it may register within an hour.
    """

    body_bytes: int = 65536
    sign_ins: int = 10
    sign_in_seconds: int = 900
    requests: int = 0
    registrations: int = 100


Entry = TypeVar("Entry", Account, Client)


@dataclass(frozen=True, slots=True)
class Config:
    """How the authorization server is set up.

    `partial_grants` decides what happens when only a part of what was asked for can be granted
    (Grant 3.3.4): an RPT with that part, or an error. `interval_seconds` is how long a client
    should wait between polls for the owner's decision (Grant 3.3.6). `withdrawal_ends_rpts` decides
    whether permissions end with the policies that they rest on (Grant 6.1). `need_info` are the
    hints that come with the error of that name. `signing_key_file` holds the key of JWT RPTs;
    without it, a key is made that ends with the process. `policy_uris` decides whether answers
    about a registered resource tell where its owner sets policies (FedAuthz 3.2). `licences`
    decides whether introspection shows each permission as a licence too. `controls` opens the
    endpoint that moves the clock, for test deployments only.
    """

    issuer: str
    owners: Mapping[str, Account]
    clients: Mapping[str, Client]
    requesting_parties: Mapping[str, Account] = field(default_factory=dict[str, Account])
    trusted_issuers: tuple[TrustedIssuer, ...] = ()
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    partial_grants: bool = True
    controls: bool = False
    limits: Limits = field(default_factory=Limits)
    features: frozenset[Feature] = frozenset()
    interval_seconds: int = 5
    withdrawal_ends_rpts: bool = False
    rpt_format: RptFormat = RptFormat.OPAQUE
    need_info: frozenset[Hint] = frozenset(Hint)
    signing_key_file: str = ""
    policy_uris: bool = False
    licences: bool = False

    @property
    def accounts(self) -> Mapping[str, Account]:
        """Everybody who can sign in."""
        return {**self.requesting_parties, **self.owners}

    @property
    def hashes_passwords(self) -> bool:
        """Whether anybody's password is kept as a hash, which takes its time to check."""
        return any(item.password_hash for item in self.accounts.values())

    @classmethod
    def from_document(cls, document: object) -> "Config":
        """Read a configuration document; raise `ConfigError` naming the member that is wrong."""
        root = Reader(document, "")
        issuer = root.text("issuer")
        try:
            parts = urlsplit(issuer)
        except ValueError as error:
            raise ConfigError(f"issuer: {error}") from None
        if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
            raise ConfigError("issuer: it has to be an https URL without query and fragment")
        if issuer.endswith("/"):
            raise ConfigError("issuer: leave out the slash at its end")
        if "%" in parts.path:
            raise ConfigError("issuer: choose a path without percent-encoding")
        lifetimes = root.child("lifetimes")
        standard = Lifetimes()
        owners = [read_account(item, owner=True) for item in root.children("owners")]
        parties = [read_account(item, owner=False) for item in root.children("requesting_parties")]
        names = {owner.id for owner in owners}
        clients = [read_client(item, names) for item in root.children("clients")]
        both = sorted(names & {party.id for party in parties})
        if both:
            raise ConfigError(f"requesting_parties: {both[0]!r} is an owner, who may be both")
        config = cls(
            issuer=issuer,
            owners=_by_id(owners, "owners"),
            clients=_by_id(clients, "clients"),
            requesting_parties=_by_id(parties, "requesting_parties"),
            trusted_issuers=tuple(_issuer(item) for item in root.children("trusted_issuers")),
            lifetimes=Lifetimes(
                lifetimes.seconds("ticket_seconds", standard.ticket),
                lifetimes.seconds("rpt_seconds", standard.rpt),
                lifetimes.seconds("pat_seconds", standard.pat),
                lifetimes.seconds("pct_seconds", standard.pct),
                lifetimes.seconds("refresh_seconds", standard.refresh),
                lifetimes.seconds("code_seconds", standard.code),
                lifetimes.seconds("session_seconds", standard.session),
                lifetimes.seconds("gathering_seconds", standard.gathering),
                lifetimes.seconds("pat_refresh_seconds", standard.pat_refresh),
            ),
            partial_grants=root.flag("partial_grants", standard=True),
            controls=root.flag("controls", standard=False),
            limits=_limits(root),
            features=_features(root),
            interval_seconds=root.seconds("interval_seconds", 5),
            withdrawal_ends_rpts=root.flag("withdrawal_ends_rpts", standard=False),
            rpt_format=RptFormat(root.choice("rpt_format", list(RptFormat), RptFormat.OPAQUE)),
            need_info=_hints(root),
            signing_key_file=root.text("signing_key_file", ""),
            policy_uris=root.flag("policy_uris", standard=False),
            licences=root.flag("licences", standard=False),
        )
        root.refuse_others()
        return config


def _limits(root: Reader) -> Limits:
    limits = root.child("limits")
    standard = Limits()
    return Limits(
        root.seconds("body_limit_bytes", standard.body_bytes),
        limits.seconds("sign_ins", standard.sign_ins),
        limits.seconds("sign_in_seconds", standard.sign_in_seconds),
        limits.seconds("requests_per_minute", standard.requests),
        limits.seconds("registrations_per_hour", standard.registrations),
    )


def _hints(root: Reader) -> frozenset[Hint]:
    wanted = root.texts("need_info") or frozenset(Hint)
    for name in sorted(wanted - frozenset(Hint)):
        raise ConfigError(f"need_info: {name!r} is none of {', '.join(Hint)}")
    return frozenset(Hint(name) for name in wanted)


def _features(root: Reader) -> frozenset[Feature]:
    known = {item.value: item for item in Feature}
    wanted = root.texts("features")
    for name in sorted(wanted - known.keys()):
        raise ConfigError(f"features: {name!r} is none of {', '.join(sorted(known))}")
    return frozenset(known[name] for name in wanted)


def _issuer(item: Reader) -> TrustedIssuer:
    jwks, uri = item.get("jwks"), item.text("jwks_uri", "")
    if (jwks is None) == (not uri):
        raise ConfigError(f"{item.path}: give either jwks or jwks_uri")
    keys = item.child("jwks").members if jwks is not None else None
    issuer = item.text("issuer")
    if issuer == SELF_ASSERTED:
        item.fail("issuer", f"{issuer!r} stands for what requesting parties state themselves")
    return TrustedIssuer(issuer, keys, uri)


def _by_id(items: Sequence[Entry], name: str) -> dict[str, Entry]:
    found = {item.id: item for item in items}
    if len(found) != len(items):
        raise ConfigError(f"{name}: every id can stand there only once")
    return found


def connects_owners(config: Config) -> bool:
    """Tell whether resource servers can be granted PATs by end-user owners."""
    registers = Feature.DYNAMIC_REGISTRATION in config.features
    return registers or any(client.redirect_uris for client in config.clients.values())


def refreshes(config: Config) -> bool:
    """Tell whether there are refresh tokens, of RPTs or of PATs."""
    return Feature.REFRESH in config.features or connects_owners(config)
