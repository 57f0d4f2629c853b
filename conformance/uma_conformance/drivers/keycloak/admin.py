"""Keycloak's admin API, as far as the driver needs it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from uma_conformance.drivers.answers import json_of
from uma_conformance.drivers.keycloak.http import Caller, succeeded
from uma_conformance.drivers.protocol import DriverError
from uma_conformance.jsonvalue import array_of, object_of

MARK = "uma2-conformance"
# An admin token lives for 60 s unless the installation says otherwise.
_RENEW_AFTER_SECONDS = 30.0
_HOUR = 3600


@dataclass(slots=True)
class Admin:
    """The administrator of one realm."""

    caller: Caller
    _token: str = field(default="", repr=False)
    _since: float = 0.0
    _uuids: dict[str, str] = field(default_factory=dict[str, str])

    def make_realm(self, document: Mapping[str, object]) -> None:
        """Make the realm anew; refuse to replace one that this driver did not make."""
        settings = self.caller.settings
        answer = self.caller.send("GET", self._url(""), bearer=self._bearer())
        if answer.is_success:
            attributes = object_of(object_of(json_of(answer)).get("attributes"))
            if attributes.get(MARK) != "true":
                raise DriverError(
                    f"target.issuer: the realm {settings.realm!r} is there already, and this "
                    "driver did not make it; name another one"
                )
            self.delete_realm()
        elif answer.status_code != 404:
            raise DriverError(
                f"driver.admin_username: {settings.admin_username!r} may not look at realms "
                f"(status {answer.status_code}); name an administrator of the realm 'master'"
            )
        marked = {
            **document,
            "realm": settings.realm,
            "enabled": True,
            "attributes": {MARK: "true"},
        }
        url = f"{settings.base}/admin/realms"
        succeeded(self.caller.send("POST", url, bearer=self._bearer(), json=marked))

    def delete_realm(self) -> None:
        """Delete the realm."""
        succeeded(self.caller.send("DELETE", self._url(""), bearer=self._bearer()))
        self._uuids.clear()

    def get(self, path: str) -> object:
        """Read something of the realm."""
        return json_of(succeeded(self.caller.send("GET", self._url(path), bearer=self._bearer())))

    def change(self, method: str, path: str, json: object = None) -> None:
        """Change something of the realm."""
        succeeded(self.caller.send(method, self._url(path), bearer=self._bearer(), json=json))

    def initial_access_token(self, count: int) -> str:
        """Return a token with which so many clients may register themselves in the next hour."""
        wanted = {"count": count, "expiration": _HOUR}
        url = self._url("/clients-initial-access")
        made = succeeded(self.caller.send("POST", url, bearer=self._bearer(), json=wanted))
        token = object_of(json_of(made)).get("token")
        if not isinstance(token, str):
            raise DriverError("Keycloak made no initial access token")
        return token

    def client_uuid(self, client_id: str) -> str:
        """Return Keycloak's own identifier of a client."""
        return self._only(f"/clients?clientId={quote(client_id, safe='')}", client_id)

    def user_uuid(self, username: str) -> str:
        """Return Keycloak's own identifier of a user."""
        return self._only(f"/users?exact=true&username={quote(username, safe='')}", username)

    def _only(self, path: str, name: str) -> str:
        if path not in self._uuids:
            found: Sequence[object] = array_of(self.get(path))
            if len(found) != 1:
                raise DriverError(f"{path} found {len(found)} entries for {name}, one expected")
            self._uuids[path] = str(object_of(found[0]).get("id"))
        return self._uuids[path]

    def _url(self, path: str) -> str:
        settings = self.caller.settings
        return f"{settings.base}/admin/realms/{quote(settings.realm, safe='')}{path}"

    def _bearer(self) -> str:
        if not self._token or time.monotonic() - self._since > _RENEW_AFTER_SECONDS:
            settings = self.caller.settings
            answer = self.caller.send(
                "POST",
                f"{settings.base}/realms/master/protocol/openid-connect/token",
                form={
                    "grant_type": "password",
                    "client_id": "admin-cli",
                    "username": settings.admin_username,
                    "password": settings.admin_password,
                },
            )
            if not answer.is_success:
                raise DriverError(
                    f"driver.admin_username: Keycloak does not know {settings.admin_username!r} "
                    f"with this password (status {answer.status_code})"
                )
            self._token = str(object_of(json_of(answer)).get("access_token", ""))
            self._since = time.monotonic()
        return self._token
