"""Sending and recording: the only place that talks HTTP to the target.

Every exchange ends within the limits of the run, whatever the target does; redirects are never
followed. What was sent and received is redacted before it is recorded.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from uma_conformance.content import decoded
from uma_conformance.jsonvalue import object_of
from uma_conformance.outcome import Outcome
from uma_conformance.patience import Patience
from uma_conformance.redaction import Redactor
from uma_conformance.trace import (
    Exchange,
    Failure,
    FailureKind,
    Gap,
    Request,
    Response,
    parse_json,
)

_HEADERS = "uma_conformance.headers"
# A control character, which keeps a text from being JSON wherever it stands.
_SUBSTITUTE = "\x1a"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: seconds for one exchange and for all of them, bytes of one body."""

    exchange_seconds: float = 10.0
    run_seconds: float = 900.0
    body_bytes: int = 1024 * 1024


class TargetSilent(Exception):  # noqa: N818 - it ends the run of probes, it is no fault of ours
    """The target has stopped answering, or the time of the run is used up."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.gap = Gap(Outcome.CANT_TELL, reason)


@dataclass(frozen=True, slots=True)
class Message:
    """A request as an actor wants it sent, secrets included."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """Who sends a message to whom, where to, and what for."""

    probe: str
    label: str
    purpose: str
    sender: str
    receiver: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The recorded exchange, with the values as received for the next step of a probe."""

    exchange: Exchange
    status: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str = field(default="", repr=False)

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    def member(self, name: str) -> str:
        """Return a string member of the JSON object in the body; empty when it is not there."""
        found = object_of(parse_json(self.body)).get(name)
        return found if isinstance(found, str) else ""

    def header(self, name: str) -> str:
        """Return the first value of a header, or the empty string."""
        return next((v for key, v in self.headers if key.lower() == name.lower()), "")


class Wire:
    """Sends messages and records the exchanges of a run.

    `transport` replaces the network, for a target in the same process, and `networked` is then
    false; `verify` holds the certificates to trust. `on_exchange` is told of every exchange, for
    progress.
    """

    def __init__(
        self,
        redactor: Redactor,
        limits: Limits,
        *,
        verify: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._redactor = redactor
        self._limits = limits
        self._on_exchange = on_exchange
        self._runner = asyncio.Runner()
        self.networked = transport is None
        self._http = httpx.AsyncClient(
            transport=transport,
            verify=verify if verify is not None else True,
            timeout=limits.exchange_seconds,
            follow_redirects=False,
            trust_env=False,
            # Each actor keeps its own cookies; the connection they share has none.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers={"accept": "application/json", "accept-encoding": "identity"},
            event_hooks={"response": [_set_headers_aside]},
        )
        self._recorded: list[Exchange] = []
        self._patience = Patience()
        self._began = time.monotonic()

    @property
    def recorded(self) -> Sequence[Exchange]:
        """All exchanges so far, in order."""
        return self._recorded

    @property
    def redactor(self) -> Redactor:
        """The redactor that all recordings of this wire pass through."""
        return self._redactor

    def close(self) -> None:
        """Close all connections; nothing can be sent after that."""
        self._runner.run(self._http.aclose())
        self._runner.close()

    def send(self, message: Message, context: Context) -> Answer:
        """Send a message and record the exchange; raise `TargetSilent` past the limits."""
        self._check_limits(context.endpoint)
        started = time.monotonic()
        result = self._runner.run(self._within_time(message))
        seconds = time.monotonic() - started
        answer = self._record(message, context, result, started, seconds)
        self._patience.saw(answer.exchange)
        return answer

    def send_together(self, messages: Sequence[tuple[Message, Context]]) -> Sequence[Answer]:
        """Send messages at the same time, each over a connection of its own, and record all.

        Their exchanges are numbered in the order given, whichever answer came first.
        """
        for _, context in messages:
            self._check_limits(context.endpoint)
        started = time.monotonic()
        results = self._runner.run(self._all_within_time([message for message, _ in messages]))
        seconds = time.monotonic() - started
        answers = [
            self._record(message, context, result, started, seconds)
            for (message, context), result in zip(messages, results, strict=True)
        ]
        # A target need not cope with all of them; it is silent when it copes with none.
        for answer in sorted(answers, key=lambda item: not item.exchange.answered)[:1]:
            self._patience.saw(answer.exchange)
        return answers

    def note(
        self,
        message: Message,
        response: Response | Failure,
        context: Context,
        *,
        began: float | None = None,
        seconds: float = 0.0,
    ) -> Answer:
        """Record an exchange that went over another wire, as far as it was seen.

        `began` is when, by the monotonic clock; without it, it is now.
        """
        started = time.monotonic() if began is None else began
        return self._record(message, context, response, started, seconds)

    def _record(
        self,
        message: Message,
        context: Context,
        result: Response | Failure,
        started: float,
        seconds: float,
    ) -> Answer:
        received = None if isinstance(result, Failure) else result
        sent = Request(message.method, message.url, message.headers, _text(message.body))
        exchange = Exchange(
            number=len(self._recorded) + 1,
            probe=context.probe,
            label=context.label,
            purpose=context.purpose,
            sender=context.sender,
            receiver=context.receiver,
            endpoint=context.endpoint,
            request=self._redactor.request(sent),
            response=self._redactor.response(received) if received else None,
            failure=result if isinstance(result, Failure) else None,
            started=round(started - self._began, 6),
            seconds=round(seconds, 6),
        )
        self._recorded.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        if received is None:
            return Answer(exchange, 0)
        return Answer(exchange, received.status, received.headers, received.body)

    def _check_limits(self, endpoint: str) -> None:
        exhausted = self._patience.exhausted(endpoint)
        if exhausted:
            raise TargetSilent(exhausted)
        if time.monotonic() - self._began > self._limits.run_seconds:
            raise TargetSilent(
                f"the run used up its {self._limits.run_seconds:g} seconds "
                "(limits.run_seconds in the target file)"
            )

    async def _all_within_time(self, messages: Sequence[Message]) -> list[Response | Failure]:
        return await asyncio.gather(*(self._within_time(message) for message in messages))

    async def _within_time(self, message: Message) -> Response | Failure:
        seconds = self._limits.exchange_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._receive(message)
        except (TimeoutError, httpx.TimeoutException):
            return Failure(FailureKind.TIMEOUT, f"no complete answer within {seconds:g} seconds")
        except httpx.ConnectError as error:
            kind = FailureKind.TLS if _is_tls(error) else FailureKind.CONNECTION
            return Failure(kind, f"no connection: {error}")
        except (httpx.NetworkError, OSError) as error:
            return Failure(FailureKind.CONNECTION, f"the connection broke: {error}".rstrip(": "))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            return Failure(FailureKind.PROTOCOL, f"no valid HTTP answer: {error}")

    async def _receive(self, message: Message) -> Response:
        request = self._http.build_request(
            message.method, message.url, headers=list(message.headers), content=message.body
        )
        answer = await self._http.send(request, stream=True)
        try:
            chunks: list[bytes] = []
            size = 0
            # Not decoded on the way: a few bytes may unpack to more than there is memory.
            async for chunk in _pieces(answer):
                chunks.append(chunk)
                size += len(chunk)
                if size > self._limits.body_bytes:
                    break
        finally:
            await answer.aclose()
        limit = self._limits.body_bytes
        headers: tuple[tuple[str, str], ...] = answer.extensions[_HEADERS]
        codings = [value for name, value in headers if name.lower() == "content-encoding"]
        body = decoded(b"".join(chunks), codings, limit)
        longer = max(size, len(body)) > limit
        return Response(answer.status_code, headers, _text(body[:limit]), longer)


async def _set_headers_aside(answer: httpx.Response) -> None:
    """Keep the headers as they came; where Location leads is for others to look at."""
    answer.extensions[_HEADERS] = tuple(answer.headers.multi_items())
    # The client would parse it, and lose the whole answer if it is no URL.
    answer.headers.pop("location", None)


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Yield a body as it came; some transports hand it over whole."""
    if answer.is_stream_consumed:
        yield answer.content
        return
    async for chunk in answer.aiter_raw():
        yield chunk


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        # A byte that is no UTF-8 shows as an escape. After a backslash that would be one of JSON.
        return body.decode("utf-8", "backslashreplace").replace("\\", f"{_SUBSTITUTE}\\")


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE" in str(error).upper() or "SSL" in str(error).upper()
