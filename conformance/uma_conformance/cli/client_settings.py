"""What the options of `uma2 client` stand for: credentials, claim tokens, trust, files."""

import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import typer

from uma_conformance.cli.exits import fail
from uma_reference.client import ClaimToken, Credentials, GivenClaims
from uma_reference.client.authentication import METHODS, InvalidKey, check_key
from uma_reference.client.interaction import port_is_free

_WHY = "a resource server may name any authorization server"


def credentials_of(
    client_id: str, secret_env: str, key_file: Path | None, method: str, issuer: str
) -> Credentials | None:
    """Return the client's credentials, or nothing when it is to be registered."""
    if secret_env and key_file:
        fail("--client-secret-env and --client-key: give one of them")
    if not client_id:
        if secret_env or key_file:
            fail("--client-id: it has to go with --client-secret-env or --client-key")
        return None
    if key_file is not None:
        key = _text(key_file, "--client-key")
        try:
            check_key(key)
        except InvalidKey as error:
            fail(f"--client-key {key_file}: {error}")
        return Credentials(client_id, "private_key_jwt", key=key, issuer=issuer)
    if not secret_env:
        return Credentials(client_id, issuer=issuer)
    if method not in METHODS[:2]:
        fail(f"--client-auth {method}: it has to be {' or '.join(METHODS[:2])}")
    secret = os.environ.get(secret_env, "")
    if not secret:
        fail(f"--client-secret-env: the environment has no variable {secret_env}")
    if not issuer:
        fail(f"--issuer: a secret needs it, so that it goes to no other server; {_WHY}")
    return Credentials(client_id, method, secret, issuer=issuer)


def given_claims(files: Sequence[Path], token_format: str, issuer: str) -> GivenClaims:
    """Read claim tokens from files."""
    found: list[ClaimToken] = []
    for file in files:
        try:
            found.append(ClaimToken.of(file.read_bytes(), token_format))
        except OSError as error:
            fail(f"--claim-token {file}: it cannot be read: {error.strerror}")
        except ValueError as error:
            fail(f"--claim-token {file}: {error}")
    if found and not issuer:
        fail(f"--issuer: claims need it, so that they go to no other server; {_WHY}")
    return GivenClaims(*found)


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Return a TLS context that trusts an authority, or those of the system."""
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        fail(f"--ca-file {ca_file}: it holds no certificates in PEM form: {error}")


def default_wallet() -> Path:
    """Return the wallet file of the user who runs the command."""
    return Path(typer.get_app_dir("uma2")) / "wallet.json"


def listening(port: int, registered: Sequence[Credentials]) -> int:
    """Return the port for returns: the one given, or one that a registration has and is free."""
    if port:
        if not port_is_free(port):
            fail(f"--callback-port {port}: another program listens there")
        return port
    uris = [uri for client in registered for uri in client.claims_redirect_uris]
    known = [urlsplit(uri).port or 0 for uri in uris]
    return next((item for item in known if item and port_is_free(item)), 0)


def _text(file: Path, option: str) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{option} {file}: it cannot be read: {getattr(error, 'strerror', 'not UTF-8')}")
