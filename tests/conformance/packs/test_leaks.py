"""What counts as a leak, and what innocent servers answer."""

import pytest

from uma_conformance.suite.security.leaks import inner_name, repeated, secrets_in, trace, version
from uma_conformance.trace import Exchange, Request, Response

_CLAIMS = "claim-token:0123456789ab"


def answered(
    body: str,
    *,
    kind: str = "application/json",
    status: int = 400,
    sent: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Exchange:
    request = Request("POST", "https://as.example/token", (), sent)
    response = Response(status, (("content-type", kind), *headers), body)
    return Exchange(1, "p.p", "l", "x", "client", "as", "token", request, response)


@pytest.mark.parametrize(
    "body",
    [
        r'{"trace": "java.lang.NullPointerException\n\tat org.a.B$C.run(B.java:12)"}',
        r'{"error_description": "at lookup (/srv/app/token.js:10:5)"}',
        "<pre>Traceback (most recent call last):\n  File &quot;x.py&quot;, line 1, in y</pre>",
        "   at A.B.Controller.Post(String x) in D:\\src\\C.cs:line 31",
        "#0 /var/www/token.php(12): take()",
        "goroutine 12 [running]:\nmain.take()",
        "lib/token.rb:12:in `take'",
    ],
)
def test_stack_traces_are_found(body: str) -> None:
    kind = "text/html" if "<pre>" in body else "application/json"
    assert trace(answered(body, kind=kind))


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "invalid_grant", "error_description": "look at the ticket (see section 3.3.6)"}',
        '{"error_description": "expired at 12:10:05 (UTC)"}',
        "<p>Meet us at the bar (at 10:30)</p>",
        '{"uri": "https://as.example/at/x(1):2"}',
    ],
)
def test_innocent_texts_are_no_stack_traces(body: str) -> None:
    kind = "text/html" if body.startswith("<") else "application/json"
    assert trace(answered(body, kind=kind)) == ""


@pytest.mark.parametrize(
    "body",
    [
        '{"error_description": "cannot read /etc/uma/policies.xml"}',
        r'{"error_description": "cannot read C:\\Program Files\\UMA\\rules.txt"}',
        '{"error": "com.example.json.UnrecognizedPropertyException"}',
        "Unrecognized field (class org.example.uma.PermissionRequest)",
    ],
)
def test_inner_names_are_found(body: str) -> None:
    assert inner_name(answered(body))


@pytest.mark.parametrize(
    "body",
    [
        '{"jwks_uri": "https://as.example/opt/keys/jwks.json"}',
        '{"path": "/realms/uma/token", "error": "Bad Request"}',
        '<link href="/opt/assets/page.css"><script src="/var/app.js"></script>',
        '{"icon_uri": "http://www.example.com/etc/icon.png", "name": "a.b.c"}',
        '{"iss": "org.example", "scope": "com.example.read"}',
    ],
)
def test_addresses_are_no_inner_names(body: str) -> None:
    kind = "text/html" if body.startswith("<") else "application/json"
    assert inner_name(answered(body, kind=kind)) == ""


def test_what_was_sent_may_come_back() -> None:
    body = '{"error_description": "unknown: /etc/uma/policies.xml"}'
    assert inner_name(answered(body, sent="name=/etc/uma/policies.xml")) == ""


@pytest.mark.parametrize(
    ("header", "tells"),
    [
        (("Server", "nginx/1.18.0"), True),
        (("X-Powered-By", "Example 4.1"), True),
        (("Server", "nginx"), False),
        (("ETag", "1.2.3"), False),
    ],
)
def test_versions(header: tuple[str, str], *, tells: bool) -> None:
    assert bool(version(answered("{}", headers=(header,)))) is tells


def test_only_secrets_that_are_good_elsewhere_count() -> None:
    exchange = answered(f'{{"error": "no {_CLAIMS}"}}', sent=f"claim_token={_CLAIMS}")
    assert secrets_in(exchange.request) == {_CLAIMS}
    assert repeated(exchange, {_CLAIMS}) == _CLAIMS
    assert repeated(exchange, set()) == ""
    ticket = answered('{"ticket": "ticket:0123456789ab"}', sent="ticket=ticket:0123456789ab")
    assert repeated(ticket, {"ticket:0123456789ab"}) == ""
    success = answered(f'{{"access_token": "{_CLAIMS}"}}', sent=f"rpt={_CLAIMS}", status=200)
    assert repeated(success, {_CLAIMS}) == ""
