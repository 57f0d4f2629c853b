"""The server's own key: RPTs that a resource server can read by itself (RFC 9068)."""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_reference.config_reader import ConfigError

_ALGORITHM = "ES256"


class Signer(Protocol):
    """Signs what the server issues."""

    def jwks(self) -> Mapping[str, object]:
        """Return the public keys (RFC 7517)."""
        ...

    def sign(self, kind: str, claims: Mapping[str, object]) -> str:
        """Return a signed JWT of a type."""
        ...

    def pseudonym(self, text: str) -> str:
        """Return what stands for a text, the same each time; it tells nothing to others."""
        ...


class EcSigner:
    """Signs with one P-256 key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self._id = _thumbprint(public)
        self._public = {**public, "kid": self._id, "use": "sig", "alg": _ALGORITHM}
        secret = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._secret = hashlib.sha256(b"pseudonyms" + secret).digest()

    @classmethod
    def fresh(cls) -> "EcSigner":
        """Return a signer with a key of its own, which ends with the process."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, text: bytes) -> "EcSigner":
        """Return a signer with a key in PEM form; raise `ValueError` for what is no P-256 key."""
        try:
            key = serialization.load_pem_private_key(text, password=None)
        except TypeError:
            raise ValueError("the key has a password") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ValueError("the key is no EC key on the curve P-256")
        return cls(key)

    def jwks(self) -> Mapping[str, object]:
        """Return the public key."""
        return {"keys": [self._public]}

    def sign(self, kind: str, claims: Mapping[str, object]) -> str:
        """Return a signed JWT of a type."""
        headers = {"typ": kind, "kid": self._id}
        return jwt.encode(dict(claims), self._key, algorithm=_ALGORITHM, headers=headers)

    def pseudonym(self, text: str) -> str:
        """Return an HMAC of a text under a key derived from the signing key."""
        return hmac.new(self._secret, text.encode("utf-8", "replace"), "sha256").hexdigest()


def signer_of(key_file: str) -> EcSigner:
    """Return a signer with the key in a file, or with a fresh one if none is named.

    Raise `ConfigError` for a file that holds no such key.
    """
    if not key_file:
        return EcSigner.fresh()
    try:
        return EcSigner.from_pem(Path(key_file).read_bytes())
    except OSError as error:
        raise ConfigError(f"signing_key_file: {key_file}: {error.strerror}") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"signing_key_file: {key_file}: {error}") from None


def _thumbprint(public: Mapping[str, object]) -> str:
    """Return the JWK thumbprint (RFC 7638), in hexadecimal digits."""
    members = ",".join(f'"{name}":"{public[name]}"' for name in ("crv", "kty", "x", "y"))
    hashed = hashes.Hash(hashes.SHA256())
    hashed.update(f"{{{members}}}".encode())
    return hashed.finalize().hex()
