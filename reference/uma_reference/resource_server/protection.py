"""Requests to the protection API, each with the owner's PAT (FedAuthz 1.3, 3.2, 4, 5)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, unquote, urlencode, urlsplit

from uma_reference.client.messages import (
    HttpAnswer,
    HttpRequest,
    NoAnswer,
    parse_object,
    plain,
    text_of,
)
from uma_reference.client.transport import Sender
from uma_reference.client.urls import problem_of
from uma_reference.resource_server.discovery import LIMIT_BYTES, Discovery
from uma_reference.resource_server.errors import NotConnected, Refusal, Unavailable
from uma_reference.resource_server.pat import PatSource

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_TICKET = re.compile(r"[!-~]{1,4096}")


@dataclass(frozen=True, slots=True)
class Registered:
    """What a successful registration or update tells."""

    resource_id: str
    policy_uri: str = ""


@dataclass(frozen=True, slots=True)
class WantedPermission:
    """One permission of a permission request (FedAuthz 4.1)."""

    resource_id: str
    scopes: tuple[str, ...]


class ProtectionApi:
    """Speaks for owners; every method raises `Unavailable`, or `Refusal` where it says so."""

    def __init__(self, discovery: Discovery, pats: PatSource, sender: Sender) -> None:
        self._discovery = discovery
        self._pats = pats
        self._sender = sender

    def create(self, owner: str, description: Mapping[str, object]) -> Registered:
        """Register a resource (FedAuthz 3.2.1)."""
        answer = self._send(owner, "POST", self._place(), description)
        if answer.status != 201:
            raise _unexpected(answer)
        # The identifier stands in the body, and as the last segment of Location.
        document = parse_object(answer.body) or {}
        places = answer.header("location")
        last = urlsplit(places[0]).path.rsplit("/", 1)[-1] if places else ""
        found = text_of(document, "_id") or unquote(last)
        if not found or not found.isprintable():
            raise Unavailable("the authorization server gives a resource no usable identifier")
        return Registered(found, policy_uri_of(document))

    def read(self, owner: str, resource_id: str) -> Mapping[str, object]:
        """Return a description (FedAuthz 3.2.2); raise `Refusal`, as with 404."""
        answer = self._send(owner, "GET", self._place(resource_id))
        document = parse_object(answer.body)
        if answer.status != 200 or document is None:
            raise _unexpected(answer)
        return document

    def update(self, owner: str, resource_id: str, description: Mapping[str, object]) -> Registered:
        """Replace a description (FedAuthz 3.2.3); raise `Refusal`, as with 404."""
        answer = self._send(owner, "PUT", self._place(resource_id), description)
        if answer.status != 200:
            raise _unexpected(answer)
        return Registered(resource_id, policy_uri_of(parse_object(answer.body) or {}))

    def delete(self, owner: str, resource_id: str) -> None:
        """Deregister a resource (FedAuthz 3.2.4); one that is not there needs no more of it."""
        answer = self._send(owner, "DELETE", self._place(resource_id))
        if answer.status not in {200, 204, 404}:
            raise _unexpected(answer)

    def list(self, owner: str) -> Sequence[str]:
        """Return the identifiers of all that is registered for an owner (FedAuthz 3.2.5)."""
        answer = self._send(owner, "GET", self._place())
        try:
            found: object = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if answer.status != 200 or not isinstance(found, list):
            raise _unexpected(answer)
        return [item for item in cast("list[object]", found) if isinstance(item, str)]

    def ticket(self, owner: str, wanted: Sequence[WantedPermission]) -> str:
        """Return a permission ticket (FedAuthz 4.1); raise `Refusal` with the error's code."""
        items = [
            {"resource_id": item.resource_id, "resource_scopes": list(item.scopes)}
            for item in wanted
        ]
        url = self._discovery.endpoints().permission_endpoint
        answer = self._send(owner, "POST", url, items[0] if len(items) == 1 else items)
        if answer.status != 201:
            raise _unexpected(answer)
        ticket = text_of(parse_object(answer.body) or {}, "ticket")
        if not _TICKET.fullmatch(ticket):
            raise Unavailable("the authorization server gives no ticket that a header can hold")
        return ticket

    def introspect(self, owner: str, token: str) -> Mapping[str, object]:
        """Return what an RPT stands for (FedAuthz 5.1)."""
        url = self._discovery.endpoints().introspection_endpoint
        if not url:
            raise Unavailable("the authorization server has no introspection endpoint")
        answer = self._send(owner, "POST", url, form={"token": token})
        document = parse_object(answer.body)
        if answer.status != 200 or document is None:
            raise _unexpected(answer)
        return document

    def _place(self, resource_id: str = "") -> str:
        base = self._discovery.endpoints().resource_registration_endpoint
        return f"{base.rstrip('/')}/{quote(resource_id, safe='')}"

    def _send(
        self,
        owner: str,
        method: str,
        url: str,
        body: object = None,
        form: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send a request; with a new PAT once more when the one at hand is refused."""
        pat = self._pats.pat(owner)
        answer = self._sent(method, url, pat, body, form)
        if answer.status == 401:
            answer = self._sent(method, url, self._pats.renewed(owner, pat), body, form)
        if answer.status in {401, 403}:
            raise NotConnected("the authorization server does not take the PAT of this owner")
        return answer

    def _sent(
        self, method: str, url: str, pat: str, body: object, form: Mapping[str, str] | None
    ) -> HttpAnswer:
        headers = [("Authorization", f"Bearer {pat}"), ("Accept", _JSON)]
        content = b""
        if form is not None:
            headers.append(("Content-Type", _FORM))
            content = urlencode(form).encode()
        elif body is not None:
            headers.append(("Content-Type", _JSON))
            content = json.dumps(body).encode()
        request = HttpRequest(method, url, tuple(headers), content)
        answer = self._sender.send(request, LIMIT_BYTES)
        if isinstance(answer, NoAnswer):
            raise Unavailable(f"the authorization server cannot be reached: {answer.why}")
        if answer.truncated or answer.status >= 500:
            raise Unavailable(f"the authorization server fails with status {answer.status}")
        return answer


def _unexpected(answer: HttpAnswer) -> Exception:
    if 400 <= answer.status < 500:
        code = text_of(parse_object(answer.body) or {}, "error")
        return Refusal(answer.status, plain(code))
    return Unavailable(f"the authorization server's answer of status {answer.status} is unusable")


def policy_uri_of(document: Mapping[str, object]) -> str:
    """Return where the owner sets policy; only an https address is shown to her."""
    uri = text_of(document, "user_access_policy_uri")
    return uri if uri and not problem_of(uri) else ""
