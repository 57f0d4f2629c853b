"""What the target file of a Keycloak has to say in its `[driver]` table."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.drivers.protocol import DriverError
from uma_conformance.target import Target, trust

_KEYS = frozenset({"admin_username", "admin_password", "admin_password_env"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach a Keycloak and its admin API; `base` is its address without the realm."""

    base: str
    realm: str
    admin_username: str
    admin_password: str = field(repr=False)
    verify: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def issuer(self) -> str:
        """The issuer of the realm."""
        return f"{self.base}/realms/{self.realm}"

    @classmethod
    def from_target(
        cls, target: Target, environment: Mapping[str, str] | None = None
    ) -> "Settings":
        """Read the settings of a target file; raise `DriverError` that names the key to change."""
        unknown = sorted(target.settings.keys() - _KEYS)
        if unknown:
            raise DriverError(
                f"driver.{unknown[0]}: the keycloak driver knows no such key; "
                f"it takes {', '.join(sorted(_KEYS))}"
            )
        base, mark, realm = target.issuer.rstrip("/").partition("/realms/")
        if not mark or not realm or "/" in realm:
            raise DriverError(
                f"target.issuer: {target.issuer} is not the issuer of a realm; "
                "it has the form https://host/realms/NAME"
            )
        if realm == "master":
            raise DriverError(
                "target.issuer: the realm 'master' is Keycloak's own; name a realm that the driver "
                "may make and delete"
            )
        return cls(
            base,
            realm,
            str(target.settings.get("admin_username", "admin")),
            _password(target.settings, os.environ if environment is None else environment),
            None if target.allow_http and target.ca_file is None else trust(target.ca_file),
        )


def _password(settings: Mapping[str, object], environment: Mapping[str, str]) -> str:
    if "admin_password" in settings:
        return str(settings["admin_password"])
    name = str(settings.get("admin_password_env", ""))
    if not name:
        raise DriverError(
            "driver.admin_password_env: name the environment variable that holds the password of "
            "Keycloak's administrator"
        )
    if name not in environment:
        raise DriverError(
            f"driver.admin_password_env: the environment variable {name} is not set; set it to the "
            "password of Keycloak's administrator"
        )
    return environment[name]
