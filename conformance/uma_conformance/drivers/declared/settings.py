"""Reading the `[driver]` table of a target file: clients, PATs, parties, and their claims."""

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from uma_conformance.drivers.protocol import (
    BARE_CLIENT,
    BARE_PUBLIC_CLIENT,
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    OWNER,
    PARTY,
    PUBLIC_CLIENT,
    RESOURCE_SERVER,
    ClaimToken,
    ClientCredentials,
    DriverError,
    Flaw,
    Redirects,
)
from uma_conformance.drivers.signing import ID_TOKEN_FORMAT, Signer, algorithm_of
from uma_conformance.target import Target, trust
from uma_reference.config_reader import ConfigError, Reader

_CLIENTS = (CLIENT, OTHER_CLIENT, PUBLIC_CLIENT, BARE_CLIENT, BARE_PUBLIC_CLIENT)
_PUBLIC = frozenset({PUBLIC_CLIENT, BARE_PUBLIC_CLIENT})
OWNERS = (OWNER, OTHER_OWNER)
PEOPLE = (PARTY, OTHER_PARTY, OWNER, OTHER_OWNER)
SERVERS = (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)
# The clock of a target may be moved forward by days during a run.
_TOKEN_SECONDS = 30 * 86_400
_LONGEST_WAIT = 60
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class DeclaredClient:
    """A client of the grant, as it is registered at the target."""

    credentials: ClientCredentials
    scopes: frozenset[str]
    redirects: Redirects


@dataclass(frozen=True, slots=True)
class PatSource:
    """How a PAT comes about: by the client credentials grant, or as it stands in the environment.

    `token` and `plain_token` are empty where `credentials` get them, with `scope` for the PAT and
    `plain_scope` for the token that lacks `uma_protection`.
    """

    credentials: ClientCredentials | None
    scope: str = "uma_protection"
    plain_scope: str = ""
    token: str = field(default="", repr=False)
    plain_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A claim token that was made elsewhere, and what it is for."""

    party: str
    client: str
    flaw: Flaw | None
    without: frozenset[str]
    token: ClaimToken


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything that the target file gives.

    `identity` names the claims by which policies know a party; `token_seconds` is how long claim
    tokens live that are signed here, `ticket_seconds` how long the target's tickets live, 0 if
    that is not said; `refused_clients` are those that the target does not register.
    `longest_wait_seconds` is what somebody is ready to wait for anything else.
    """

    clients: Mapping[str, DeclaredClient]
    pats: Mapping[tuple[str, str], PatSource]
    introspection: Mapping[str, ClientCredentials]
    signer: Signer | None
    token_seconds: int
    parties: Mapping[str, Mapping[str, object]] = field(repr=False)
    identity: tuple[str, ...]
    token_parameters: Mapping[str, str]
    denial_parameters: Mapping[str, str]
    resource_members: Mapping[str, Mapping[str, object]]
    registration_token: str = field(repr=False)
    claim_tokens: tuple[GivenToken, ...] = ()
    refused_clients: frozenset[str] = frozenset()
    ticket_seconds: int = 0
    longest_wait_seconds: int = _LONGEST_WAIT

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Yield client secrets, given tokens, and the claims by which parties are known."""
        sources = self.pats.values()
        for credentials in (
            *(client.credentials for client in self.clients.values()),
            *self.introspection.values(),
            *(source.credentials for source in sources if source.credentials),
        ):
            yield "secret", credentials.client_secret
        for source in sources:
            yield "pat", source.token
            yield "pat", source.plain_token
        for given in self.claim_tokens:
            yield "claim-token", given.token.value
        yield "token", self.registration_token
        for claims in self.parties.values():
            for name in self.identity:
                if isinstance(claims.get(name), str):
                    yield "claim", str(claims[name])


class Settings:
    """Reads a `[driver]` table; every error names the key, and no secret."""

    def __init__(self, target: Target, environment: Mapping[str, str] | None = None) -> None:
        self.target = target
        self.root = Reader(dict(target.settings), "driver")
        self._environment = os.environ if environment is None else environment

    def read(self, more: Callable[["Settings"], _Item]) -> tuple[Declared, _Item]:
        """Read what all drivers have in common and `more`, what one of them has for itself.

        Raise `DriverError` for the first key that is wrong, missing or unknown.
        """
        try:
            declared, own = self._declared(), more(self)
            self.root.refuse_others()
        except ConfigError as error:
            raise DriverError(str(error).replace("a JSON object", "a table")) from None
        return declared, own

    def secret(self, reader: Reader, name: str, *, needed: bool = True) -> str:
        """Return a secret that a key holds, or the environment variable that `NAME_env` names."""
        return secret_of(reader, name, self._environment, needed=needed)

    def trusted(self, ca_file: str) -> ssl.SSLContext:
        """Return the trust in an authority in a file beside the target file, or in the target's."""
        return trust(self.target.folder / ca_file if ca_file else self.target.ca_file)

    def _declared(self) -> Declared:
        root = self.root
        signing = root.child("claims")
        identity = tuple(map(str, root.array("identity"))) or ("sub",)
        return Declared(
            clients=self._named(root.child("clients"), _CLIENTS, self._client),
            pats={
                (owner, server): source
                for server in SERVERS
                for owner, source in self._named(
                    root.child("pats").child(server), OWNERS, lambda item, _: self._pat(item)
                ).items()
            },
            introspection=self._named(root.child("introspection"), SERVERS, self._credentials),
            signer=self._signer(signing) if root.get("claims") is not None else None,
            token_seconds=signing.seconds("token_seconds", _TOKEN_SECONDS),
            parties=self._named(
                root.child("parties"), PEOPLE, lambda item, name: {"sub": name, **item.members}
            ),
            identity=identity,
            token_parameters=_texts(root.child("token_parameters")),
            denial_parameters=_texts(root.child("denial_parameters")),
            resource_members=self._named(
                root.child("resource_members"), OWNERS, lambda item, _: item.members
            ),
            registration_token=self.secret(root, "registration_token", needed=False),
            claim_tokens=tuple(map(self._given_token, root.children("claim_tokens"))),
            refused_clients=self._refused(root),
            ticket_seconds=root.seconds("ticket_seconds", 0),
            longest_wait_seconds=root.seconds("longest_wait_seconds", _LONGEST_WAIT),
        )

    def _named(
        self, reader: Reader, names: tuple[str, ...], read: Callable[[Reader, str], _Item]
    ) -> dict[str, _Item]:
        given = [name for name in names if reader.get(name) is not None]
        return {name: read(reader.child(name), name) for name in given}

    def _client(self, reader: Reader, name: str) -> DeclaredClient:
        public = reader.flag("public", standard=name in _PUBLIC)
        redirects = Redirects(
            tuple(map(str, reader.array("claims_redirect_uris"))),
            tuple(map(str, reader.array("redirect_uris"))),
        )
        return DeclaredClient(
            self._credentials(reader, name, public=public), reader.texts("scopes"), redirects
        )

    def _refused(self, root: Reader) -> frozenset[str]:
        refused = root.texts("refused_clients")
        for name in sorted(refused):
            if name not in (BARE_CLIENT, BARE_PUBLIC_CLIENT):
                root.fail(
                    "refused_clients",
                    f"{name!r} is none of {BARE_CLIENT}, {BARE_PUBLIC_CLIENT}: the suite needs it",
                )
            if root.child("clients").get(name) is not None:
                root.fail("refused_clients", f"driver.clients.{name} is given as well")
        return refused

    def _credentials(self, reader: Reader, name: str, *, public: bool = False) -> ClientCredentials:
        secret = "" if public else self.secret(reader, "client_secret")
        return ClientCredentials(reader.text("client_id", name), secret)

    def _pat(self, reader: Reader) -> PatSource:
        token = self.secret(reader, "token", needed=False)
        if token:
            plain = self.secret(reader, "plain_token", needed=False)
            return PatSource(None, token=token, plain_token=plain)
        if reader.get("client_id") is None:
            reader.fail("client_id", "give client_id and client_secret_env, or token_env")
        credentials = self._credentials(reader, "")
        standard = PatSource(None)
        scope = reader.text("scope", standard.scope)
        return PatSource(credentials, scope, reader.text("plain_scope", standard.plain_scope))

    def _given_token(self, reader: Reader) -> GivenToken:
        flaw = reader.text("flaw", "")
        if flaw and flaw not in tuple(Flaw):
            reader.fail("flaw", f"{flaw!r} is none of {', '.join(Flaw)}")
        return GivenToken(
            reader.choice("party", PEOPLE, PARTY),
            reader.choice("client", _CLIENTS, CLIENT),
            Flaw(flaw) if flaw else None,
            reader.texts("without"),
            ClaimToken(self.secret(reader, "token"), reader.text("format", ID_TOKEN_FORMAT)),
        )

    def _signer(self, reader: Reader) -> Signer:
        path = self.target.folder / reader.text("key_file")
        key = _key(path, reader)
        return Signer(
            reader.text("issuer"),
            key,
            reader.text("key_id", ""),
            reader.text("format", ID_TOKEN_FORMAT),
        )


def secret_of(reader: Reader, name: str, environment: Mapping[str, str], *, needed: bool) -> str:
    """Return a secret that a key holds, or the environment variable that `NAME_env` names."""
    variable = reader.text(f"{name}_env", "")
    given = reader.text(name, "")
    if given or not (variable or needed):
        return given
    if not variable:
        reader.fail(f"{name}_env", "name the environment variable that holds this secret")
    if not environment.get(variable):
        reader.fail(f"{name}_env", f"the environment variable {variable} is not set")
    return environment[variable]


def _key(path: Path, reader: Reader) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        reader.fail("key_file", f"{path} cannot be read: {error.strerror}")
    except (ValueError, TypeError):
        reader.fail("key_file", f"{path} holds no unencrypted private key in PEM form")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        reader.fail("key_file", f"{path}: the key has to be RSA or elliptic curve")
    try:
        algorithm_of(key)
    except KeyError:
        reader.fail("key_file", f"{path}: its curve has to be P-256, P-384 or P-521")
    return key


def _texts(reader: Reader) -> dict[str, str]:
    return {name: reader.text(name) for name in reader.members}
