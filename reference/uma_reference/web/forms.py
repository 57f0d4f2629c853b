"""Forms that only our own pages can send: a token in the form, tied to a cookie of the browser."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from uma_reference.opaque import same

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser's cookie holds for one application; each application has a cookie name.

    The name tells applications on different ports of one host apart, as cookies do not.
    """

    cookie: str
    value: str = field(default="", repr=False)

    @classmethod
    def of(cls, request: Request, name: str) -> "Browser":
        """Return what came with a request."""
        cookie = f"__Host-{name}"
        return cls(cookie, request.cookies.get(cookie, ""))

    def keep(self, response: Response, value: str, seconds: int) -> None:
        """Give the browser a new value, for this host alone and out of reach of scripts."""
        response.set_cookie(
            self.cookie,
            value,
            max_age=seconds,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response) -> None:
        """Take the value away."""
        response.delete_cookie(self.cookie, path="/", secure=True, httponly=True, samesite="lax")


def form_token(cookie: str) -> str:
    """Return what a form has to carry when the browser's cookie has this value."""
    return hmac.new(cookie.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()


def is_ours(cookie: str, form: Mapping[str, str]) -> bool:
    """Tell whether a form comes from a page that was made for this browser."""
    return bool(cookie) and same(form_token(cookie), form.get(FORM_TOKEN, ""))


def came_from_elsewhere(request: Request, origin: str) -> bool:
    """Tell whether the browser says that another site sent this request."""
    relation = request.headers.get("sec-fetch-site", "same-origin")
    sent_by = request.headers.get("origin", origin)
    return relation not in {"same-origin", "none"} or sent_by != origin


def is_genuine(request: Request, origin: str, cookie: str, form: Mapping[str, str]) -> bool:
    """Tell whether a form comes from a page of ours in this browser, and from no other site."""
    return not came_from_elsewhere(request, origin) and is_ours(cookie, form)
