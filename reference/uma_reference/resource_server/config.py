"""The configuration of the resource server, read from a JSON document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from uma_reference.client.authentication import InvalidKey, check_key
from uma_reference.client.holdings import Credentials
from uma_reference.config_reader import ConfigError, Reader
from uma_reference.passwords import hash_password, is_hash
from uma_reference.resource_server.descriptions import ASKING, read_document
from uma_reference.resource_server.errors import ApiError
from uma_reference.resource_server.model import Document, is_identifier

_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
_VALIDATIONS = ("introspection", "local")


@dataclass(frozen=True, slots=True)
class Owner:
    """A resource owner: the hash of her password, and documents to begin with.

    With a `client`, that client's credentials get her PAT; without one, she has to connect.
    """

    id: str
    password_hash: str = field(repr=False)
    client: Credentials | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """How the resource server is set up.

    `name` tells its data apart from those of another one in the same store. `url` is where clients
    find it. `client` gets the PATs of owners who connect. `ask_for` is the standard pattern of
    permission requests (FedAuthz 4). `validation` is `introspection` or `local`, with one of
    `audiences` in JWTs for this server (RFC 9068). Answers of introspection count for
    `cache_seconds` (RFC 7662 section 4), 0 for not at all. `skew_seconds` is how far clocks may be
    apart before something counts as not valid yet. What could not be registered is tried again
    after `retry_seconds`.
    """

    name: str
    url: str
    issuer: str
    owners: Mapping[str, Owner]
    ca_file: str = ""
    client: Credentials | None = None
    realm: str = ""
    ask_for: str = "needed"
    public_catalogue: bool = False
    shared_collections: bool = False
    validation: str = "introspection"
    audiences: tuple[str, ...] = ()
    cache_seconds: int = 0
    skew_seconds: int = 5
    retry_seconds: int = 30
    body_limit_bytes: int = 1_048_576

    @classmethod
    def from_document(cls, document: object) -> "Config":
        """Read a configuration document; raise `ConfigError` naming the member that is wrong."""
        root = Reader(document, "")
        name, url = _name(root), _url(root, "url")
        server = root.child("authorization_server")
        client = _client(server.child("client")) if server.get("client") is not None else None
        owners = [_owner(item, has_client=client is not None) for item in root.children("owners")]
        if len({item.id for item in owners}) != len(owners):
            root.fail("owners", "every id can stand there only once")
        config = cls(
            name=name,
            url=url,
            issuer=_url(server, "issuer"),
            owners={item.id: item for item in owners},
            ca_file=server.text("ca_file", ""),
            client=client,
            realm=_realm(root, name),
            ask_for=root.choice("ask_for", ASKING, "needed"),
            public_catalogue=root.flag("public_catalogue", standard=False),
            shared_collections=root.flag("shared_collections", standard=False),
            validation=root.choice("rpt_validation", _VALIDATIONS, "introspection"),
            audiences=(root.text("audience"),) if root.get("audience") is not None else (url, name),
            cache_seconds=_from_0(root, "introspection_cache_seconds", 0),
            skew_seconds=_from_0(root, "clock_skew_seconds", 5),
            retry_seconds=root.seconds("retry_seconds", 30),
            body_limit_bytes=root.seconds("body_limit_bytes", 1_048_576),
        )
        root.refuse_others()
        return config


def _name(root: Reader) -> str:
    name = root.text("name", "rs")
    if not is_identifier(name):
        root.fail("name", "it has to be of letters, digits and . _ ~ -")
    return name


def _realm(root: Reader, name: str) -> str:
    realm = root.text("realm", name)
    if not realm.isascii() or not realm.isprintable() or '"' in realm or "\\" in realm:
        root.fail("realm", "it has to be printable ASCII without quotation marks and backslashes")
    return realm


def _url(item: Reader, name: str) -> str:
    url = item.text(name)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        item.fail(name, str(error))
    if not url.isascii() or not url.isprintable() or {" ", '"', "\\"} & set(url):
        item.fail(name, "it holds characters that a URL cannot have")
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        item.fail(name, "it has to be an https URL without query and fragment")
    if url.endswith("/"):
        item.fail(name, "leave out the slash at its end")
    return url


def _from_0(item: Reader, name: str, standard: int) -> int:
    return 0 if item.get(name) == 0 else item.seconds(name, standard)


def _client(item: Reader) -> Credentials:
    method = item.choice("method", _METHODS, "client_secret_basic")
    if method != "private_key_jwt":
        return Credentials(item.text("id"), method, item.text("secret"))
    key = item.text("key")
    try:
        check_key(key)
    except InvalidKey as error:
        item.fail("key", str(error))
    return Credentials(item.text("id"), method, key=key, key_id=item.text("key_id", ""))


def _owner(item: Reader, *, has_client: bool) -> Owner:
    name = item.text("id")
    if not is_identifier(name):
        item.fail("id", "it has to be of letters, digits and . _ ~ -")
    password, stored = item.text("password", ""), item.text("password_hash", "")
    if bool(password) == bool(stored):
        item.fail("password", "give it, or its hash as password_hash")
    if stored and not is_hash(stored):
        item.fail("password_hash", "it has to be what `uma2 hash-password` prints")
    client = _client(item.child("client")) if item.get("client") is not None else None
    if client is None and not has_client:
        where = "authorization_server.client"
        item.fail("client", f"give this owner one, or one to all as {where}")
    documents = tuple(_document(name, entry) for entry in item.children("documents"))
    if len({entry.id for entry in documents}) != len(documents):
        item.fail("documents", "every id can stand there only once")
    return Owner(name, stored or hash_password(password), client, documents)


def _document(owner: str, entry: Reader) -> Document:
    try:
        return read_document(owner, entry.text("id"), entry.members)
    except ApiError as error:
        raise ConfigError(f"{entry.path}: {error.hint}") from None
    except ValueError:
        # Half a character, which JSON can escape.
        raise ConfigError(f"{entry.path}: it holds a string that is no Unicode text") from None
