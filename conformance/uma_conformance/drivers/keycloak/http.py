"""Calling Keycloak: one connection pool, and errors that say what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from uma_conformance.drivers.keycloak.settings import Settings
from uma_conformance.drivers.protocol import DriverError
from uma_conformance.jsonvalue import object_of
from uma_conformance.trace import parse_json

_SECONDS = 30.0


@dataclass(slots=True)
class Caller:
    """Sends requests to one Keycloak and insists on success."""

    settings: Settings
    _http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        verify = self.settings.verify
        self._http = httpx.Client(
            verify=True if verify is None else verify, timeout=_SECONDS, trust_env=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(  # noqa: PLR0913 - a request in all its parts
        self,
        method: str,
        url: str,
        *,
        bearer: str = "",
        auth: tuple[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request and return whatever answer comes; raise `DriverError` when none does."""
        try:
            return self._http.request(
                method,
                url,
                headers={"authorization": f"Bearer {bearer}"} if bearer else None,
                auth=auth,
                json=json,
                data=dict(form) if form is not None else None,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            hint = (
                "name the authority that signed its certificate in tls.ca_file"
                if "CERTIFICATE" in str(error)
                else "start the server, or correct target.issuer"
            )
            raise DriverError(f"{method} {url}: {error}; {hint}") from error


def succeeded(answer: httpx.Response) -> httpx.Response:
    """Return an answer that is a success; raise `DriverError` for any other."""
    if not answer.is_success:
        request = answer.request
        raise DriverError(
            f"{request.method} {request.url} answered status {answer.status_code}{_reason(answer)}"
        )
    return answer


def _reason(answer: httpx.Response) -> str:
    members = object_of(parse_json(answer.text))
    found = [
        str(members[name])
        for name in ("error", "error_description", "errorMessage")
        if name in members
    ]
    return f" ({', '.join(found)})" if found else ""
