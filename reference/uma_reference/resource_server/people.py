"""Owners at the resource server: who is one, and whether she is who asks."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from uma_reference.passwords import verify_password
from uma_reference.resource_server.config import Owner
from uma_reference.resource_server.errors import ApiError, not_found, sign_in
from uma_reference.resource_server.http import Call


class People:
    """Checks passwords, in a time that does not depend on whether the owner exists.

    A password that was right is known again by a keyed digest, as scrypt is slow for good reasons
    and programs send the password with every request.
    """

    def __init__(self, owners: Mapping[str, Owner], realm: str) -> None:
        self._owners = owners
        self._realm = realm
        self._key = secrets.token_bytes(32)
        self._seen: dict[str, bytes] = {}

    def signed_in(self, call: Call) -> str:
        """Return who signs in with a request, an empty string for nobody; raise `ApiError`.

        A wrong password is an error, as whoever sends it wants to be somebody.
        """
        if not call.credentials("basic"):
            return ""
        pair = call.basic()
        if pair is None or not self._right(*pair):
            raise sign_in(self._realm)
        return pair[0]

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
