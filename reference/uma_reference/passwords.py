"""Passwords at rest: salted and slow to try (scrypt, RFC 7914)."""

import base64
import binascii
import hashlib
import hmac
import secrets

_COST, _BLOCK, _LANES = 2**14, 8, 5
_MEMORY = 64 * 1024 * 1024


def hash_password(password: str) -> str:
    """Return what is kept of a password: `scrypt$N$r$p$salt$key`, the last two in base64url."""
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _COST, _BLOCK, _LANES)
    return "$".join(("scrypt", str(_COST), str(_BLOCK), str(_LANES), _text(salt), _text(key)))


def verify_password(password: str, stored: str) -> bool:
    """Tell whether a password is the one kept; it takes its time also when nothing is kept."""
    try:
        name, cost, block, lanes, salt, key = stored.split("$")
        if name != "scrypt":
            raise ValueError
        found = _key(password, _bytes(salt), int(cost), int(block), int(lanes))
        return hmac.compare_digest(found, _bytes(key))
    except (ValueError, binascii.Error):
        _key(password, b"nobody has this one", _COST, _BLOCK, _LANES)
        return False


def is_hash(stored: str) -> bool:
    """Tell whether a text has the form of what `hash_password` returns."""
    parts = stored.split("$")
    return len(parts) == 6 and parts[0] == "scrypt" and all(p.isdigit() for p in parts[1:4])


def _key(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=lanes,
        maxmem=_MEMORY,
        dklen=32,
    )


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
