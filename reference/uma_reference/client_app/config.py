"""The configuration of the client application, read from a JSON document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from uma_reference.client import Credentials
from uma_reference.client.authentication import METHODS, InvalidKey, check_key
from uma_reference.client.urls import origin_of, problem_of
from uma_reference.client_app.people import Person, read_person
from uma_reference.config_reader import ConfigError, Reader


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the application takes.

    `body_bytes` is the size of a form, `resource_bytes` that of a resource. A name may fail to sign
    in `sign_ins` times within `sign_in_seconds`. `calls` is how many requests of people may talk to
    other servers at once, a quarter of them for one person. Of each person's requests the newest
    `requests` are kept. `session_seconds` is how long a person stays signed in.
    """

    body_bytes: int = 1 << 18
    resource_bytes: int = 1 << 20
    sign_ins: int = 10
    sign_in_seconds: int = 900
    calls: int = 16
    requests: int = 30
    session_seconds: int = 8 * 3600


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A resource that the start page names."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Config:
    """How the application is set up.

    `base` is its address. It opens resources at the origins `resource_servers` only, and deals with
    the issuers `authorization_servers` only: as it fetches what people type, everything else would
    let them reach into the network that it stands in. Where there are no `credentials` for an
    issuer, the application registers itself. `wallet` is the file for what is kept for people,
    empty for memory; `ca_file` holds the authorities of the servers that it talks to, in PEM form,
    empty for those of the system.
    """

    base: str
    people: Mapping[str, Person]
    resource_servers: tuple[str, ...]
    authorization_servers: tuple[str, ...]
    credentials: tuple[Credentials, ...] = ()
    title: str = "Shared with me"
    shortcuts: tuple[Shortcut, ...] = ()
    wallet: str = ""
    ca_file: str = ""
    http_on_loopback: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def claims_redirect_uri(self) -> str:
        """Where requesting parties come back from the claims interaction endpoint (Grant 3.3.2)."""
        return f"{self.base}/return"

    @property
    def origin(self) -> str:
        """The origin of its own pages, as browsers write it."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    @classmethod
    def from_document(cls, document: object) -> "Config":
        """Read a configuration document; raise `ConfigError` naming the member that is wrong."""
        root = Reader(document, "")
        http = root.flag("http_on_loopback", standard=False)
        servers = tuple(
            _origin(root, index, item, http=http)
            for index, item in enumerate(root.array("resource_servers"))
        )
        if not servers:
            root.fail("resource_servers", "name the origin of one resource server or more")
        entries = root.children("authorization_servers")
        if not entries:
            root.fail("authorization_servers", "name one authorization server or more")
        base = _base(root)
        config = cls(
            base=base,
            people=_people(root),
            resource_servers=servers,
            authorization_servers=tuple(_issuer(item, http=http) for item in entries),
            credentials=tuple(
                _credentials(item, f"{base}/return") for item in entries if item.get("client_id")
            ),
            title=root.text("title", "Shared with me"),
            shortcuts=tuple(
                _shortcut(item, servers, http=http) for item in root.children("shortcuts")
            ),
            wallet=root.text("wallet", ""),
            ca_file=root.text("ca_file", ""),
            http_on_loopback=http,
            limits=_limits(root.child("limits")),
        )
        root.refuse_others()
        return config


def _base(root: Reader) -> str:
    base = root.text("base")
    if problem_of(base) or urlsplit(base).query or base.endswith("/"):
        root.fail(
            "base", "it has to be an https URL without a query and without a slash at its end"
        )
    return base


def _people(root: Reader) -> Mapping[str, Person]:
    found = [read_person(item) for item in root.children("people")]
    by_id = {person.id: person for person in found}
    if len(by_id) != len(found):
        root.fail("people", "every id can stand there only once")
    return by_id


def _origin(root: Reader, index: int, item: object, *, http: bool) -> str:
    name = f"resource_servers[{index}]"
    if not isinstance(item, str):
        root.fail(name, "it has to be a string")
    problem = problem_of(item, http_on_loopback=http)
    if problem or urlsplit(item).path not in {"", "/"} or urlsplit(item).query:
        root.fail(name, problem or "it has to be an origin: scheme, host and port alone")
    return origin_of(item)


def _issuer(item: Reader, *, http: bool) -> str:
    issuer = item.text("issuer")
    problem = problem_of(issuer, http_on_loopback=http)
    if problem or urlsplit(issuer).query:
        item.fail("issuer", problem or "it has a query")
    return issuer


def _credentials(item: Reader, claims_redirect_uri: str) -> Credentials:
    method = item.choice("token_endpoint_auth_method", METHODS, METHODS[0])
    key = item.text("private_key") if method == "private_key_jwt" else ""
    if key:
        try:
            check_key(key)
        except InvalidKey as error:
            item.fail("private_key", str(error))
    return Credentials(
        item.text("client_id"),
        method,
        item.text("client_secret") if method.startswith("client_secret") else "",
        key,
        item.text("key_id", ""),
        item.text("issuer"),
        (claims_redirect_uri,),
    )


def _shortcut(item: Reader, servers: Sequence[str], *, http: bool) -> Shortcut:
    shortcut = Shortcut(item.text("name"), item.text("url"))
    problem = problem_of(shortcut.url, http_on_loopback=http)
    if problem or origin_of(shortcut.url) not in servers:
        item.fail("url", problem or "its server is none of resource_servers")
    return shortcut


def _limits(item: Reader) -> Limits:
    standard = Limits()
    return Limits(
        item.seconds("body_bytes", standard.body_bytes),
        item.seconds("resource_bytes", standard.resource_bytes),
        item.seconds("sign_ins", standard.sign_ins),
        item.seconds("sign_in_seconds", standard.sign_in_seconds),
        item.seconds("calls", standard.calls),
        item.seconds("requests", standard.requests),
        item.seconds("session_seconds", standard.session_seconds),
    )


__all__ = ["Config", "ConfigError", "Limits", "Shortcut"]
