"""Values that nobody may learn: telling them apart without holding or showing them."""

import hashlib
import hmac


def digest(value: str) -> str:
    """Return the SHA-256 digest of an unguessable value, in hexadecimal digits."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
