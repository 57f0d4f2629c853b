"""The resource server that the suite plays towards an authorization server (FedAuthz 3-5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from uma_conformance.actors.actor import FORM, JSON, Journal, bearer, form_body, json_body
from uma_conformance.wire import Answer, Message

SENDER = "resource server"
REGISTRATION = "resource registration"
PERMISSION = "permission"
INTROSPECTION = "introspection"


@dataclass(frozen=True, slots=True)
class ResourceServer:
    """Uses the protection API with one PAT; `registration` is the collection's URL."""

    journal: Journal
    registration: str
    permission: str
    pat: str = field(repr=False)

    def create(self, description: object, label: str = "", purpose: str = "") -> Answer:
        """Register a resource (FedAuthz 3.2.1)."""
        return self._registration(
            "POST", self.registration, json_body(description), label, purpose or "Register"
        )

    def read(self, resource_id: str, label: str = "", purpose: str = "") -> Answer:
        """Read a resource description (FedAuthz 3.2.2)."""
        return self._registration(
            "GET", self.item(resource_id), b"", label, purpose or "Read the description"
        )

    def update(
        self, resource_id: str, description: object, label: str = "", purpose: str = ""
    ) -> Answer:
        """Replace a resource description (FedAuthz 3.2.3)."""
        return self._registration(
            "PUT",
            self.item(resource_id),
            json_body(description),
            label,
            purpose or "Replace the description",
        )

    def delete(self, resource_id: str, label: str = "", purpose: str = "") -> Answer:
        """Deregister a resource (FedAuthz 3.2.4)."""
        return self._registration(
            "DELETE", self.item(resource_id), b"", label, purpose or "Deregister"
        )

    def list(self, label: str = "", purpose: str = "") -> Answer:
        """List the owner's resources (FedAuthz 3.2.5)."""
        return self._registration(
            "GET", self.registration, b"", label, purpose or "List the resources"
        )

    def raw(self, method: str, url: str, body: bytes, label: str, purpose: str) -> Answer:
        """Send any body with any method to the resource registration endpoint."""
        return self._registration(method, url, body, label, purpose)

    def request_permissions(self, body: object, label: str = "", purpose: str = "") -> Answer:
        """Ask for a permission ticket (FedAuthz 4.1)."""
        return self.request_permissions_raw(json_body(body), label, purpose)

    def request_permissions_raw(self, body: bytes, label: str = "", purpose: str = "") -> Answer:
        """Send any body to the permission endpoint."""
        message = Message("POST", self.permission, (*self._authorization(), _CONTENT), body)
        return self.journal.send(
            message,
            sender=SENDER,
            endpoint=PERMISSION,
            label=label,
            purpose=purpose or "Ask for a permission ticket",
        )

    def introspect(
        self, url: str, token: str, label: str = "", purpose: str = "", hint: str = ""
    ) -> Answer:
        """Introspect a token with the PAT (FedAuthz 5.1)."""
        parameters = {"token": token} | ({"token_type_hint": hint} if hint else {})
        return self.introspect_with(url, self._authorization(), parameters, label, purpose)

    def introspect_with(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        parameters: Mapping[str, str],
        label: str,
        purpose: str,
    ) -> Answer:
        """Send an introspection request with any authorization."""
        message = Message("POST", url, (*headers, ("content-type", FORM)), form_body(parameters))
        return self.journal.send(
            message,
            sender=SENDER,
            endpoint=INTROSPECTION,
            label=label,
            purpose=purpose or "Introspect the RPT",
        )

    def item(self, resource_id: str) -> str:
        """Return the URL of a registered resource (FedAuthz 3.2)."""
        return f"{self.registration.rstrip('/')}/{quote(resource_id, safe='')}"

    def _registration(self, method: str, url: str, body: bytes, label: str, purpose: str) -> Answer:
        headers = (*self._authorization(), *((_CONTENT,) if body else ()))
        return self.journal.send(
            Message(method, url, headers, body),
            sender=SENDER,
            endpoint=REGISTRATION,
            label=label,
            purpose=purpose,
        )

    def _authorization(self) -> tuple[tuple[str, str], ...]:
        return (bearer(self.pat),) if self.pat else ()


_CONTENT = ("content-type", JSON)
