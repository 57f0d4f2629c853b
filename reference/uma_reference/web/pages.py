"""Rendering pages: templates, the style sheet and the headers that guard them."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

_GUARDS = {
    "cache-control": "no-store",
    # Addresses of our pages can hold a ticket; no other site gets to see where people come from.
    # With no-referrer, browsers would name no origin of our own forms either.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Two years, as browsers want it for a place that is always under TLS (RFC 6797).
_STRICT = {"strict-transport-security": "max-age=63072000"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_STYLE = "page.css"
_URI_LETTERS = "%:/?#[]@!$&'()*+,;=-._~"


class Pages:
    """Makes the pages of one application from its own templates and the shared ones.

    With `strict`, browsers are told to come to this host over TLS only (RFC 9325 section 3.2).
    """

    def __init__(self, package: str, title: str, base: str = "", *, strict: bool = False) -> None:
        self._guards = {**_GUARDS, **(_STRICT if strict else {})}
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader("uma_reference.web")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["when"] = shown_time
        self._style = resources.files("uma_reference.web").joinpath(_STYLE).read_text("utf-8")
        version = hashlib.sha256(self._style.encode()).hexdigest()[:12]
        self._base = base
        self._style_path = f"{base}/assets/{version}/{_STYLE}"
        known: dict[str, Any] = {"application": title, "base": base, "style": self._style_path}
        self._environment.globals.update(known)

    def routes(self) -> list[Route]:
        """Return the route of the style sheet."""
        return [Route(self._style_path, self._send_style)]

    async def _send_style(self, request: Request) -> Response:
        del request
        headers = {**self._guards, "cache-control": "public, max-age=31536000, immutable"}
        return PlainTextResponse(self._style, headers=headers, media_type="text/css")

    def page(
        self,
        name: str,
        context: Mapping[str, object],
        status: int = 200,
        leads_to: Iterable[str] = (),
    ) -> Response:
        """Return a page; `leads_to` are addresses to which a form on it may redirect."""
        text = self._environment.get_template(name).render(context)
        # Browsers apply form-action to where a form's answer redirects, too.
        targets = " ".join(["'self'", *sorted({_source(address) for address in leads_to})])
        policy = f"{_POLICY}; form-action {targets}"
        return HTMLResponse(text, status, {**self._guards, "content-security-policy": policy})

    def redirect(self, address: str) -> Response:
        """Send the browser to an address, which it asks for with GET."""
        # Every letter that a URI may have stays; what else there is cannot end the header.
        location = quote(address, safe=_URI_LETTERS)
        headers = {**self._guards, "content-security-policy": _POLICY, "location": location}
        return Response(status_code=303, headers=headers)

    def attachment(self, content: bytes, name: str) -> Response:
        """Return something to save under a name; no browser shows it as a page of ours."""
        headers = {
            **self._guards,
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": f'attachment; filename="{name}"',
        }
        return Response(content, headers=headers, media_type="application/octet-stream")


def shown_time(seconds: int) -> str:
    """Return a time in seconds since the epoch as people read it, in UTC; 0 is never."""
    if not seconds:
        return "never"
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _source(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme in {"https", "http"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"
