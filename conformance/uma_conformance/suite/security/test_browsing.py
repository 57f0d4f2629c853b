"""What browsers get during a visit for claims (RFC 9700 4, RFC 9325 3.2)."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from uma_conformance.actors.client import TOKEN
from uma_conformance.actors.user_agent import CLAIMS, origin_of
from uma_conformance.checks import check
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import claims
from uma_conformance.probes.security import browsing
from uma_conformance.trace import Exchange

_ANCESTORS = re.compile(r"(?:^|;)\s*frame-ancestors\s+([^;]*)", re.IGNORECASE)


def _visited(judge: Judge) -> Sequence[Exchange]:
    """Return what was exchanged with browsers during the visit."""
    steps = judge.episode().steps.values()
    found = [step for step in steps if step.endpoint == CLAIMS and step.answered]
    if not found:
        # This raises with the reason for which there was no visit.
        judge.exchange("visit")
    return found


def _pages(judge: Judge) -> Sequence[Exchange]:
    pages = [item for item in _visited(judge) if item.succeeded and "html" in item.media_type]
    if not pages:
        raise Open(Outcome.UNTESTED, "no page of the server was seen during the visit")
    return pages


@check("SEC-WEB-01", probe=browsing.visited)
def test_pages_cannot_be_framed(judge: Judge) -> None:
    """Each page of a visit forbids other sites to show it inside of their own."""
    for page in _pages(judge):
        seen = "a page has neither X-Frame-Options nor frame-ancestors against other sites"
        judge.require("SEC-WEB-01", _is_guarded(page), seen, page)


def _is_guarded(page: Exchange) -> bool:
    options = {value.strip().lower() for value in page.headers("x-frame-options")}
    policies = page.headers("content-security-policy")
    named = [found.group(1).split() for text in policies for found in _ANCESTORS.finditer(text)]
    closed = any(not {"*", "https:", "http:"} & set(sources) for sources in named)
    return bool(options & {"deny", "sameorigin"}) or closed


@check("SEC-WEB-02", probe=browsing.visited)
def test_cookies_stay_under_tls(judge: Judge) -> None:
    """Each cookie that comes under https has the attribute Secure."""
    setting = [
        (item, value)
        for item in _visited(judge)
        if item.request.url.startswith("https:")
        for value in item.headers("set-cookie")
        if not _removes(value)
    ]
    if not setting:
        judge.inapplicable("SEC-WEB-02", "no cookie came under https during the visit")
    for item, value in setting:
        name = value.partition("=")[0].strip()
        secure = any(part.strip().lower() == "secure" for part in value.split(";")[1:])
        judge.require("SEC-WEB-02", secure, f"the cookie {name} comes without Secure", item)


def _removes(cookie: str) -> bool:
    value = cookie.partition(";")[0].partition("=")[2].strip().strip('"')
    attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
    return not value or "max-age=0" in attributes


@check("SEC-WEB-03", probe=browsing.visited)
def test_forms_are_not_sent_on(judge: Judge) -> None:
    """No redirection leads a browser with the form that it sent to another site."""
    sent = [item for item in _visited(judge) if item.request.method == "POST"]
    if not sent:
        reason = "no form was seen to be sent during the visit"
        judge.leave_row_open("SEC-WEB-03", Outcome.UNTESTED, reason)
    for item in sent:
        place = next(iter(item.headers("location")), "")
        away = origin_of(place) not in {"://", origin_of(item.request.url)}
        again = item.status in {307, 308} and away
        seen = f"a form is answered with status {item.status}, which sends it on to another site"
        judge.require("SEC-WEB-03", not again, seen, item)


@check("SEC-TLS-05", probe=browsing.visited)
def test_browsers_are_kept_to_tls(judge: Judge) -> None:
    """Pages have Strict-Transport-Security, where browsers heed it and it does no harm."""
    host = urlsplit(judge.declaration.issuer).hostname or ""
    if not judge.declaration.issuer.startswith("https:") or _is_local(host):
        judge.inapplicable("SEC-TLS-05", f"HSTS has no use for {host or 'a server without TLS'}")
        return
    for page in _pages(judge):
        seen = "a page comes without Strict-Transport-Security"
        judge.require("SEC-TLS-05", bool(page.headers("strict-transport-security")), seen, page)


def _is_local(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True


@check("SEC-CACHE-01", probe=(claims.need_info, browsing.visited), whole_trace=True)
def test_tickets_are_not_cached(judge: Judge) -> None:
    """Errors of the token endpoint that hold a ticket are kept by no cache."""
    found = [item for item in judge.evidence.at(TOKEN) if item.error and "ticket" in item.members]
    if not found:
        judge.inapplicable("SEC-CACHE-01", "no error of the token endpoint held a ticket")
    for item in found:
        told = ",".join(item.headers("cache-control")).lower().split(",")
        kept = "no-store" not in {part.strip() for part in told}
        judge.require("SEC-CACHE-01", not kept, f"{item.error} comes without no-store", item)
