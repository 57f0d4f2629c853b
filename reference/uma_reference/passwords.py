"""Passwords at rest: salted and slow to try (scrypt, RFC 7914)."""

import base64
import hashlib
import hmac
import re
import secrets

_COST, _BLOCK, _LANES = 2**14, 8, 5
_MEMORY = 64 * 1024 * 1024
_KEY = 32
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def hash_password(password: str) -> str:
    """Return what is kept of a password: `scrypt$N$r$p$salt$key`, the last two in base64url."""
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _COST, _BLOCK, _LANES)
    return "$".join(("scrypt", str(_COST), str(_BLOCK), str(_LANES), _text(salt), _text(key)))


def verify_password(password: str, stored: str) -> bool:
    """Tell whether a password is the one kept; it takes its time also when nothing is kept."""
    try:
        cost, block, lanes, salt, key = _parts(stored)
    except ValueError:
        _key(password, b"nobody has this one", _COST, _BLOCK, _LANES)
        return False
    return hmac.compare_digest(_key(password, salt, cost, block, lanes), key)


def is_hash(stored: str) -> bool:
    """Tell whether a text has the form of what `hash_password` returns."""
    try:
        _parts(stored)
    except ValueError:
        return False
    return True


def _parts(stored: str) -> tuple[int, int, int, bytes, bytes]:
    """Return costs, salt and key; raise `ValueError` for what scrypt could not work with."""
    name, *numbers, salt, key = stored.split("$")
    if name != "scrypt" or len(numbers) != 3 or not all(_NUMBER.fullmatch(n) for n in numbers):
        raise ValueError
    cost, block, lanes = (int(number) for number in numbers)
    # OpenSSL wants this much; a power of two has one bit.
    needed = 128 * block * (cost + lanes + 2)
    if cost < 2 or cost.bit_count() != 1 or needed > _MEMORY:
        raise ValueError
    found = _bytes(salt), _bytes(key)
    if not found[0] or len(found[1]) != _KEY:
        raise ValueError
    return cost, block, lanes, *found


def _key(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=lanes,
        maxmem=_MEMORY,
        dklen=_KEY,
    )


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    padded = value + "=" * (-len(value) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
