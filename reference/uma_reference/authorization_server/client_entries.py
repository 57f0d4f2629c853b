"""Reading the clients of the configuration."""

import re
from collections.abc import Iterable, Mapping

from uma_reference.authorization_server.clients import KEY_METHOD, PUBLIC, SECRET_METHODS, Client
from uma_reference.authorization_server.model import Domain
from uma_reference.authorization_server.public_keys import public_keys
from uma_reference.config_reader import ConfigError, Reader
from uma_reference.opaque import digest
from uma_reference.web_addresses import redirection_problem

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_METHODS = (*SECRET_METHODS, KEY_METHOD, PUBLIC)


def read_client(item: Reader, owners: Iterable[str]) -> Client:
    """Read a client of the configuration; raise `ConfigError` naming the member."""
    owner, server = item.text("owner", ""), item.text("resource_server", "")
    redirects = _addresses(item, "redirect_uris")
    if owner and not server:
        raise ConfigError(f"{item.path}: an owner needs a resource_server beside it")
    if server and not owner and not redirects:
        raise ConfigError(
            f"{item.path}: a resource_server needs an owner, or redirect_uris to connect with"
        )
    if owner and owner not in owners:
        item.fail("owner", f"there is no owner {owner!r}")
    method = item.text("token_endpoint_auth_method", SECRET_METHODS[0])
    if method not in _METHODS:
        item.fail("token_endpoint_auth_method", f"it has to be one of {', '.join(_METHODS)}")
    claims_redirects = _addresses(item, "claims_redirect_uris")
    return Client(
        item.text("id"),
        _secret_digest(item) if method in SECRET_METHODS else "",
        item.texts("scopes"),
        Domain(owner, server) if owner else None,
        server,
        item.text("name", ""),
        method,
        _keys(item) if method == KEY_METHOD else None,
        redirects,
        claims_redirects,
    )


def _secret_digest(item: Reader) -> str:
    stored = item.text("secret_digest", "")
    if not stored:
        return digest(item.text("secret"))
    if item.get("secret") is not None:
        item.fail("secret", "give it, or its digest as secret_digest")
    if not _DIGEST.fullmatch(stored):
        item.fail("secret_digest", "it has to be a SHA-256 digest, 64 hexadecimal digits")
    return stored.lower()


def _keys(item: Reader) -> Mapping[str, object]:
    if item.get("jwks") is None:
        item.fail("jwks", "private_key_jwt needs the client's public keys")
    try:
        return public_keys(item.get("jwks"))
    except ValueError as error:
        item.fail("jwks", f"it has to be a set of public keys: {error}")


def _addresses(item: Reader, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for index, value in enumerate(item.array(name)):
        if not isinstance(value, str):
            item.fail(f"{name}[{index}]", "it has to be a string")
        problem = redirection_problem(value)
        if problem:
            item.fail(f"{name}[{index}]", problem)
        found.append(value)
    return tuple(found)
