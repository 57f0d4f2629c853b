"""What the demonstration keeps in its folder: passwords, client secrets, and a key."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

_SECRETS, _KEY = "secrets.json", "as-key.pem"
_PASSWORD_BYTES, _SECRET_BYTES = 9, 32


@dataclass(frozen=True, slots=True)
class Kept:
    """Passwords by person, secrets by client, and the file of the authorization server's key."""

    passwords: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    key_file: Path


def keep(folder: Path, people: tuple[str, ...], clients: tuple[str, ...]) -> Kept:
    """Return what the folder keeps, made up where it is missing; only the user can read it.

    Raise `ValueError` naming a file that cannot be used, and `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _SECRETS
    known = _read(path)
    passwords = {name: known[0].get(name) or _password() for name in people}
    client_secrets = {name: known[1].get(name) or _secret() for name in clients}
    if (passwords, client_secrets) != known:
        text = json.dumps({"passwords": passwords, "clients": client_secrets}, indent=2)
        write_private(path, text.encode())
    key_file = folder / _KEY
    if not key_file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        write_private(
            key_file,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
    return Kept(passwords, client_secrets, key_file)


def _read(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    if not path.exists():
        return {}, {}
    problem = ValueError(f"{path}: it is not what was written there; remove it")
    try:
        document: object = json.loads(path.read_text("utf-8"))
        members = cast("dict[str, dict[str, object]]", document)
        passwords, clients = _texts(members["passwords"]), _texts(members["clients"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise problem from None
    return passwords, clients


def _texts(values: dict[str, object]) -> dict[str, str]:
    """Return values that are all texts; raise `TypeError` for others."""
    found = {name: value for name, value in values.items() if isinstance(value, str)}
    if len(found) != len(values):
        raise TypeError
    return found


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only the user can read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _password() -> str:
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def _secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
