"""Owners at the resource server: who is one, and whether she is who asks."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping

from uma_reference.clock import Clock
from uma_reference.passwords import verify_password
from uma_reference.resource_server.config import Owner
from uma_reference.resource_server.errors import ApiError, not_found, sign_in
from uma_reference.resource_server.http import Call
from uma_reference.throttle import Throttle

_FAILURES, _SECONDS = 10, 900
# A name may fail from several addresses before everybody has to wait.
_ROOM = 10


class People:
    """Checks passwords, in a time that does not depend on whether the owner exists.

    A password that was right is known again by a keyed digest, as scrypt is slow for good reasons
    and programs send the password with every request. After ten failures for a name from one
    address, or a hundred from anywhere, even the right one has to wait for a quarter of an hour.
    """

    def __init__(self, owners: Mapping[str, Owner], realm: str, clock: Clock) -> None:
        self._owners = owners
        self._realm = realm
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._seen: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._near = Throttle(_FAILURES, _SECONDS)
        self._anywhere = Throttle(_FAILURES * _ROOM, _SECONDS)

    def signed_in(self, call: Call) -> str:
        """Return who signs in with a request, an empty string for nobody; raise `ApiError`.

        A wrong password is an error, as whoever sends it wants to be somebody.
        """
        if not call.credentials("basic"):
            return ""
        pair = call.basic()
        if pair is None:
            raise sign_in(self._realm)
        name, password = pair
        keys = self._keys(name, call.address)
        self._require_patience(keys)
        right = self._right(name, password)
        with self._lock:
            for throttle, key in keys:
                if right:
                    throttle.succeeded(key)
                else:
                    throttle.count(key, self._clock.now())
        if not right:
            raise sign_in(self._realm)
        return name

    def owner(self, call: Call) -> str:
        """Return the owner in the path; raise `ApiError` when there is none of this name."""
        name = call.places["owner"]
        if name not in self._owners:
            raise not_found()
        return name

    def owner_herself(self, call: Call) -> str:
        """Return the owner in the path if it is she who asks; raise `ApiError` otherwise."""
        owner, asking = self.owner(call), self.signed_in(call)
        if not asking:
            raise sign_in(self._realm)
        if asking != owner:
            raise ApiError(403, "forbidden", "only the owner may do this")
        return owner

    def _right(self, name: str, password: str) -> bool:
        found = self._owners.get(name)
        text = password.encode("utf-8", "surrogatepass")
        seen = hmac.digest(self._key, text, hashlib.sha256)
        if hmac.compare_digest(self._seen.get(name, b""), seen):
            return True
        right = verify_password(password, found.password_hash if found else "")
        if found is not None and right:
            self._seen[name] = seen
        return found is not None and right

    def _keys(self, name: str, address: str) -> tuple[tuple[Throttle, str], ...]:
        return (self._near, f"{name} {address}"), (self._anywhere, name)

    def _require_patience(self, keys: tuple[tuple[Throttle, str], ...]) -> None:
        now = self._clock.now()
        with self._lock:
            wait = max(throttle.wait(key, now) for throttle, key in keys)
        if wait:
            more = {"retry-after": str(wait)}
            raise ApiError(429, "too_many_attempts", "too many failures: try later", more)
