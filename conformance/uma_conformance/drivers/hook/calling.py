"""Calling a hook server: one POST for each hook, JSON both ways (docs/drivers.md)."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from uma_conformance.drivers.declared import Settings
from uma_conformance.drivers.protocol import DriverError, Unsupported
from uma_conformance.jsonvalue import object_of
from uma_conformance.trace import parse_json
from uma_reference.names import LOOPBACK
from uma_schemas import violations

PROTOCOL = "uma2-hook/1"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class HookSettings:
    """Where a hook server listens, and the secret that proves who calls."""

    url: str
    secret: str = field(repr=False)
    seconds: int = _SECONDS
    verify: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def read(cls, settings: Settings) -> "HookSettings":
        """Read the keys that only this driver has."""
        root = settings.root
        url = root.text("url")
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            root.fail("url", "it has to be an https URL")
        local = parts.scheme == "http" and (host in LOOPBACK or settings.target.allow_http)
        if not host or not (parts.scheme == "https" or local):
            root.fail("url", "it has to be an https URL; http is for this machine only")
        return cls(
            url.rstrip("/"),
            settings.secret(root, "secret"),
            root.seconds("seconds", _SECONDS),
            settings.trusted(root.text("ca_file", "")) if parts.scheme == "https" else None,
        )


class Caller:
    """Sends messages to a hook server."""

    def __init__(self, settings: HookSettings) -> None:
        self._settings = settings
        self._http = httpx.Client(
            verify=True if settings.verify is None else settings.verify,
            headers={"authorization": f"Bearer {settings.secret}"},
            timeout=settings.seconds,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self, hook: str, message: Mapping[str, object], answer: str = ""
    ) -> Mapping[str, object]:
        """Call a hook and return its answer, which has to be of the schema named `answer`.

        Raise `Unsupported` when the hook says so, `DriverError` for everything that is none of the
        protocol's answers.
        """
        where = f"driver.url: POST {self._settings.url}/{hook}"
        try:
            response = self._http.post(f"{self._settings.url}/{hook}", json=message)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = str(error) or type(error).__name__
            raise DriverError(f"{where}: {told}; start the hook server, or correct this") from error
        value = parse_json(response.text)
        members = object_of(value)
        if response.status_code == 501:
            reason = members.get("unsupported")
            if isinstance(reason, str) and reason:
                raise Unsupported(reason)
            raise DriverError(f"{where} answered status 501 without a text in 'unsupported'")
        if response.status_code in {401, 403}:
            raise DriverError(f"driver.secret_env: {where[12:]} refuses the secret")
        if response.status_code != 200:
            error_text = members.get("error")
            told = f": {error_text}" if isinstance(error_text, str) else ""
            raise DriverError(f"{where} answered status {response.status_code}{told}")
        if not isinstance(value, dict):
            raise DriverError(f"{where} answered no JSON object")
        found = violations(answer, members) if answer else ()
        if found:
            told = "; ".join(f"{item.path or 'the answer'}: {item.message}" for item in found)
            raise DriverError(f"{where} answered what is not of the schema {answer}: {told}")
        return members
