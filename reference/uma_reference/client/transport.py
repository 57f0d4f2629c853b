"""Sending over httpx: no redirects of its own, no cookies, limits on size and time."""

import ssl
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Protocol

import httpx

from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer

_SECONDS = 30.0
_AGENT = "uma2-client"


class Sender(Protocol):
    """Sends a request and reads at most `limit` bytes of the answer's body."""

    def send(self, request: HttpRequest, limit: int) -> HttpAnswer | NoAnswer:
        """Return the answer, or why there is none; never raise for the network's sake."""
        ...


class HttpxSender:
    """Sends with httpx; cookies are not kept, as one client may serve several parties."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        verify: ssl.SSLContext | bool = True,
        seconds: float = _SECONDS,
        agent: str = _AGENT,
    ) -> None:
        self._seconds = seconds
        self._http = httpx.Client(
            transport=transport,
            verify=verify,
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": agent},
        )

    def send(self, request: HttpRequest, limit: int) -> HttpAnswer | NoAnswer:
        """Send a request; an answer that trickles in for longer than the limit is none."""
        ends = time.monotonic() + self._seconds
        try:
            with self._http.stream(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body or None,
            ) as answer:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > limit:
                        return HttpAnswer(answer.status_code, (), b"", truncated=True)
                    if time.monotonic() > ends:
                        return NoAnswer(f"its answer takes longer than {self._seconds:g} seconds")
                headers = tuple(answer.headers.multi_items())
                return HttpAnswer(answer.status_code, headers, bytes(body))
        except httpx.HTTPError as error:
            return NoAnswer(_words(error))
        except (httpx.InvalidURL, UnicodeError, ValueError):
            return NoAnswer("its address or a header cannot be used")

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


def _words(error: httpx.HTTPError) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its TLS certificate is not trusted"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    return "it does not speak HTTP as it should"
