"""The target file: what is under test, how to reach it, what it declares.

A target file is TOML; its schema is `target-file` of `uma_schemas`. Every error names the file and
the key to change.
"""

import hashlib
import json
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.judge import Declaration
from uma_conformance.wire import Limits
from uma_schemas import violations

BUILTIN = "builtin"
_SECRET_WORDS = ("password", "secret", "token", "key")


class TargetError(Exception):
    """A target file cannot be used; the message names the file, the key and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """An implementation under test, as its target file describes it.

    `digest` covers the whole description except values of keys that are named like secrets;
    `source` names the file, for error messages, and relative paths start from `folder`.
    """

    name: str
    role: str
    issuer: str
    driver: str
    settings: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    features: Mapping[str, bool] = field(default_factory=dict[str, bool])
    profiles: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    ca_file: Path | None = None
    allow_http: bool = False
    digest: str = ""
    source: str = ""
    folder: Path = Path()
    browser: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    resource_servers: Mapping[str, object] = field(default_factory=dict[str, object])
    client: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)

    def declaration(self, issuer: str) -> Declaration:
        """Return what checks may know of the target; the driver tells the issuer."""
        return Declaration(issuer, self.allow_http, self.features, self.profiles)


def builtin_target() -> Target:
    """Return the description of the built-in reference authorization server."""
    resource = files("uma_conformance").joinpath("targets", "builtin.toml")
    return parse_target(resource.read_text(encoding="utf-8"), "builtin.toml", Path())


def load_target(path: Path) -> Target:
    """Read a target file; raise `TargetError` when it cannot be read or used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TargetError(f"{path}: the target file cannot be read: {reason}") from error
    return parse_target(text, str(path), path.parent)


def parse_target(text: str, name: str, folder: Path) -> Target:
    """Parse a target file's text; relative paths in it start from `folder`."""
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TargetError(f"{name}: this is no valid TOML: {error}") from error
    found = violations("target-file", document)
    if found:
        listed = "; ".join(f"{_key(item.path)}: {item.message}" for item in found)
        raise TargetError(f"{name}: {listed}")
    target, tls = object_of(document["target"]), object_of(document.get("tls"))
    driver = dict(object_of(document["driver"]))
    limits = object_of(document.get("limits"))
    issuer = str(target.get("issuer", ""))
    allow_http = tls.get("allow_http") is True
    require_tls(issuer, f"{name}: target.issuer", allow_http=allow_http)
    return Target(
        name=str(target["name"]),
        role=str(target["role"]),
        issuer=issuer,
        driver=str(driver.pop("kind")),
        settings=driver,
        features={key: value is True for key, value in object_of(document.get("features")).items()},
        profiles=tuple(strings_of(target.get("profiles"))),
        limits=_limits(limits),
        ca_file=_ca_file(tls, name, folder),
        allow_http=allow_http,
        digest=_digest(document),
        source=name,
        folder=folder,
        browser=object_of(document.get("browser")),
        resource_servers=object_of(document.get("resource_servers")),
        client=object_of(document.get("client")),
    )


def require_tls(url: str, where: str, *, allow_http: bool) -> None:
    """Raise `TargetError` for a plain http URL, unless that is allowed; `where` is file and key."""
    if url.startswith("http://") and not allow_http:
        raise TargetError(
            f"{where}: {url} is not https; UMA needs TLS. In a closed test network, set "
            "tls.allow_http = true"
        )


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Return a TLS context that trusts the given authority, or those of the system."""
    if ca_file is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise TargetError(
            f"{ca_file}: tls.ca_file holds no certificates in PEM form: {error}"
        ) from error


def _limits(given: Mapping[str, object]) -> Limits:
    numbers = {key: value for key, value in given.items() if isinstance(value, int | float)}
    standard = Limits()
    return Limits(
        float(numbers.get("exchange_seconds", standard.exchange_seconds)),
        float(numbers.get("run_seconds", standard.run_seconds)),
        int(numbers.get("body_bytes", standard.body_bytes)),
    )


def _ca_file(tls: Mapping[str, object], name: str, folder: Path) -> Path | None:
    given = tls.get("ca_file")
    if not isinstance(given, str):
        return None
    path = folder / given
    if not path.is_file():
        raise TargetError(f"{name}: tls.ca_file: there is no file {path}")
    return path


def _digest(document: Mapping[str, object]) -> str:
    canonical = json.dumps(_public(document), sort_keys=True, default=str, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _public(value: object) -> object:
    members = object_of(value)
    if not members:
        return value
    return {
        key: "(secret)" if any(word in key.lower() for word in _SECRET_WORDS) else _public(member)
        for key, member in members.items()
    }


def _key(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "the file"
