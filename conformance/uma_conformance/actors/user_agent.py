"""The browser of a requesting party, which the suite plays (Grant 3.3.2, 3.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from uma_conformance.actors.actor import FORM, Journal, form_body
from uma_conformance.navigation import redirection
from uma_conformance.trace import Response
from uma_conformance.wire import Answer, Message

SENDER = "requesting party"
CLAIMS = "claims interaction"
ATTACKER = "https://attacker.example"
_MOST_REDIRECTIONS = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, or a redirection that leads away from the target, with its recording."""

    url: str
    answer: Answer

    @property
    def status(self) -> int:
        """The HTTP status, 0 when nothing answered."""
        return self.answer.status

    @property
    def text(self) -> str:
        """The body, as received."""
        return self.answer.body

    @property
    def redirect(self) -> str:
        """Where the answer redirects to, absolute; empty without a redirection."""
        return redirection(self.url, self.status, self.answer.headers, self.text)


@dataclass(frozen=True, slots=True)
class _Cookie:
    value: str = field(repr=False)
    same_site: str = ""

    def goes_with(self, method: str) -> bool:
        """Tell whether a browser sends it with a request that another site causes.

        Some browsers take a cookie that says nothing of sites for a lax one; others send it.
        """
        if self.same_site == "lax":
            return method == "GET"
        return self.same_site != "strict"


@dataclass(slots=True)
class UserAgent:
    """Keeps cookies and follows redirections as long as they stay at the target's origin.

    `arrival` is the address that was loaded first. `elsewhere` is set when a visit went on in
    another browser and its cookies stayed there.
    """

    journal: Journal
    origin: str
    latest: Seen | None = None
    arrival: str = field(default="", repr=False)
    elsewhere: bool = False
    _cookies: dict[str, _Cookie] = field(default_factory=dict[str, _Cookie], repr=False)

    def get(self, url: str, label: str = "", purpose: str = "Load a page") -> Seen:
        """Load a page; return the last one, or the redirection that leads away."""
        self.arrival = self.arrival or url
        return self._follow(_Load("GET", url, b"", label, purpose))

    def submit(
        self, url: str, fields: Mapping[str, str], label: str = "", purpose: str = "Send a form"
    ) -> Seen:
        """Send a form with POST; return as `get` does."""
        return self._follow(_Load("POST", url, form_body(fields), label, purpose))

    def lured(
        self, url: str, fields: Mapping[str, str] | None, label: str = "", purpose: str = ""
    ) -> Seen:
        """Load a page, or send a form if there are fields, because a page of an attacker says so.

        Cookies go along as in browsers, by what they say of other sites.
        """
        method = "GET" if fields is None else "POST"
        said = purpose or "Load what a page of an attacker names"
        return self._follow(_Load(method, url, form_body(fields or {}), label, said, lured=True))

    def hide(self, kind: str, value: str) -> None:
        """Keep a value that is typed into a form out of the recording."""
        self.journal.wire.redactor.learn(kind, value)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies of the target, by name."""
        return {name: cookie.value for name, cookie in self._cookies.items()}

    def adopt(self, name: str, value: str, same_site: str) -> None:
        """Take over a cookie that a browser elsewhere got of the target."""
        self.journal.wire.redactor.learn("cookie", value)
        self._cookies[name] = _Cookie(value, same_site.lower())
        self.elsewhere = False

    def arrived(self, at: str, url: str, status: int | None = None) -> Seen:
        """Record that a page led away to `url` in a browser elsewhere; return that redirection.

        A status that was not seen is recorded as 302, and the purpose says that it was not.
        """
        unseen = "" if status else " (seen elsewhere, but for the status and other headers)"
        answer = self.journal.note(
            Message("GET", at),
            Response(status or 302, (("location", url),)),
            sender=SENDER,
            endpoint=CLAIMS,
            purpose=f"Be sent back to the client in a browser elsewhere{unseen}",
        )
        self.elsewhere = True
        self.latest = Seen(at, answer)
        return self.latest

    def _follow(self, load: "_Load") -> Seen:
        seen = self._send(load)
        for _ in range(_MOST_REDIRECTIONS):
            if not seen.redirect or origin_of(seen.redirect) != self.origin:
                break
            following = _Load("GET", seen.redirect, b"", "", "Follow a redirection", load.lured)
            seen = self._send(following)
        self.latest = seen
        return seen

    def _send(self, load: "_Load") -> Seen:
        headers = [("accept", "text/html")]
        cookies = "; ".join(
            f"{name}={cookie.value}"
            for name, cookie in self._cookies.items()
            if not load.lured or cookie.goes_with(load.method)
        )
        if cookies:
            headers.append(("cookie", cookies))
        if load.lured:
            headers.append(("sec-fetch-site", "cross-site"))
        if load.method == "POST":
            origin = ATTACKER if load.lured else self.origin
            headers += [("content-type", FORM), ("origin", origin)]
        answer = self.journal.send(
            Message(load.method, load.url, tuple(headers), load.body),
            sender=SENDER,
            endpoint=CLAIMS,
            label=load.label,
            purpose=load.purpose,
        )
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self._keep(value)
        return Seen(load.url, answer)

    def _keep(self, header: str) -> None:
        try:
            morsels = SimpleCookie(header)
        except CookieError:
            return
        for name, morsel in morsels.items():
            if morsel["max-age"] == "0" or not morsel.value:
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = _Cookie(morsel.value, str(morsel["samesite"]).lower())


@dataclass(frozen=True, slots=True)
class _Load:
    method: str
    url: str
    body: bytes = field(repr=False)
    label: str
    purpose: str
    lured: bool = False


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as browsers write them; empty for no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
