"""Addresses that people may be redirected to (Grant 3.3.2), and how parameters get into them."""

import pytest

from uma_reference.web_addresses import redirection_problem, with_query

USABLE = [
    "https://app.example/cb",
    "https://app.example",
    "https://app.example?x=1",
    "https://app.example:8443/cb?a=1;b=2&c=%2F",
    "https://[2001:db8::1]/cb",
    "http://127.0.0.1:4000/cb",
    "http://[::1]/cb",
    "http://localhost/cb",
    "com.example.app:/cb",
    "com.example.app:///cb",
]
UNUSABLE = [
    *("", "/cb", "//app.example/cb", "app.example/cb", "https:", "https:///cb", "https://"),
    *("http://app.example/cb", "http://127.0.0.1.evil.example/", "http://localhost@evil.example/"),
    *("https://app.example/cb#", "https://app.example/cb#x", "com.example.app:/cb#x"),
    *("https://user@app.example/", "https://user:word@app.example/", "https://@app.example/"),
    *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "app:/cb"),
    *(r"https://app.example\@evil.example/", r"https:\\evil.example", "https://app.example/\\x"),
    *("https://app.example/a b", " https://app.example/", "https://app.example/\n", "https://\t/"),
    *("https://app.example/\u00e9", "https://\u0430pp.example/", "https://app.example/\x00"),
    *('https://app.example/"', "https://app.example/<x>", "https://app.example/{x}|"),
    *("https://[::1", "https://[x]/", "https://app.example:port/", "https://app.example:/"),
    # In a Content-Security-Policy these would be a directive or a policy of their own.
    *("https://app.example; script-src *", "https://app.example;script-src/", "https://a,b/"),
    *("https://*/cb", "https://*.example/cb", "https://'unsafe-inline'/"),
]


@pytest.mark.parametrize("address", USABLE)
def test_an_address_that_a_browser_can_be_sent_to_is_usable(address: str) -> None:
    assert redirection_problem(address) == ""


@pytest.mark.parametrize("address", UNUSABLE)
def test_any_other_address_is_refused_with_a_reason(address: str) -> None:
    assert redirection_problem(address).startswith("it ")


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("https://app.example/cb", "https://app.example/cb?k=a+b%26c"),
        ("https://app.example", "https://app.example?k=a+b%26c"),
        ("https://app.example/cb?", "https://app.example/cb?k=a+b%26c"),
        ("https://app.example/cb?x", "https://app.example/cb?x&k=a+b%26c"),
        ("https://app.example/cb?x=1;y=%2f&", "https://app.example/cb?x=1;y=%2f&k=a+b%26c"),
        ("com.example.app:///cb", "com.example.app:///cb?k=a+b%26c"),
        ("HTTPS://App.Example/./cb", "HTTPS://App.Example/./cb?k=a+b%26c"),
    ],
)
def test_parameters_are_added_and_the_rest_stays_letter_by_letter(
    address: str, result: str
) -> None:
    assert with_query(address, {"k": "a b&c"}) == result
