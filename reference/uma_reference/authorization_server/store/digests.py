"""Digests under which secrets are kept."""

import hashlib


def digest(value: str) -> str:
    """Return the SHA-256 digest of an unguessable value, in hexadecimal digits."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
