"""What a token endpoint answered (Grant 3.3.5, 3.3.6)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from uma_reference.client.messages import HttpAnswer, parse_object, plain, text_of, texts_of

_LONGEST_TOKEN = 16_384


@dataclass(frozen=True, slots=True)
class RequiredClaim:
    """A hint about a claim that the server needs; every part may be left out (Grant 3.3.6)."""

    claim_token_format: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    name: str = ""
    claim_type: str = ""
    friendly_name: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """Success: an RPT, and what else came with it. `expires_in` is in seconds, 0 when unknown."""

    rpt: str = field(repr=False)
    expires_in: int = 0
    refresh_token: str = field(default="", repr=False)
    pct: str = field(default="", repr=False)
    upgraded: bool = False


@dataclass(frozen=True, slots=True)
class NeedInfo:
    """`need_info`: the server needs claims, pushed or gathered with the requesting party."""

    ticket: str = field(repr=False)
    required_claims: tuple[RequiredClaim, ...] = ()
    redirect_user: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Submitted:
    """`request_submitted`: the resource owner has been asked; `interval` in seconds or nothing."""

    ticket: str = field(repr=False)
    interval: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Another error: its code, and the server's words."""

    error: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer that the specification does not know; `passing` when it may be better later."""

    why: str
    passing: bool = False


TokenAnswer = Granted | NeedInfo | Submitted | Failed | Unusable


def read_token_answer(answer: HttpAnswer) -> TokenAnswer:
    """Read the answer of a token endpoint; unknown members are ignored (Grant 1.1)."""
    if answer.truncated:
        return Unusable("its answer is too long")
    document = parse_object(answer.body)
    if document is None or not (answer.status == 200 or text_of(document, "error")):
        why = f"its answer has status {answer.status} and holds neither a token nor an error"
        return Unusable(why, passing=answer.status >= 500)
    if answer.status == 200:
        return _granted(document)
    return _failed(document)


def visible(value: str) -> bool:
    """Tell whether a value can stand in a header and in a form as it is."""
    return 0 < len(value) <= _LONGEST_TOKEN and all("!" <= letter <= "~" for letter in value)


def _granted(document: Mapping[str, object]) -> Granted | Unusable:
    rpt = text_of(document, "access_token")
    if not visible(rpt):
        return Unusable("its answer holds no access_token that can be sent")
    if text_of(document, "token_type").lower() != "bearer":
        return Unusable("its token_type is not Bearer, and this client knows no other")
    lifetime = _seconds(document.get("expires_in"))
    return Granted(
        rpt,
        lifetime or 0,
        text_of(document, "refresh_token"),
        text_of(document, "pct"),
        document.get("upgraded") is True,
    )


def _failed(document: Mapping[str, object]) -> TokenAnswer:
    error = plain(text_of(document, "error"))
    ticket = text_of(document, "ticket")
    if error in {"need_info", "request_submitted"} and not ticket:
        return Unusable(f"its {error} holds no ticket")
    match error:
        case "need_info":
            return NeedInfo(ticket, _hints(document), text_of(document, "redirect_user"))
        case "request_submitted":
            return Submitted(ticket, _seconds(document.get("interval")))
        case _:
            return Failed(error, plain(text_of(document, "error_description")))


def _hints(document: Mapping[str, object]) -> tuple[RequiredClaim, ...]:
    value = document.get("required_claims")
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(
        _hint(cast("Mapping[str, object]", item)) for item in items if isinstance(item, dict)
    )


def _hint(item: Mapping[str, object]) -> RequiredClaim:
    return RequiredClaim(
        texts_of(item, "claim_token_format"),
        texts_of(item, "issuer"),
        text_of(item, "name"),
        text_of(item, "claim_type"),
        text_of(item, "friendly_name"),
    )


def _seconds(value: object) -> int | None:
    """Return a number of seconds, rounded up; nothing when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if value < 0 or not math.isfinite(value):
        return None
    return math.ceil(value)
