"""The formats of strings: what is one, what is none, and what is not their concern."""

import pytest

from uma_schemas.formats_of_text import checker, is_date, is_time, is_uri, is_web_uri

_WEB_URIS = (
    "https://as.example",
    "https://as.example/",
    "http://as.example/uma/claims?for=8&lang=en#top",
    "https://as.example:8443/uma",
    "http://127.0.0.1:9",
    "http://[::1]:8080/",
    "HTTPS://AS.example/",
    "https://user@as.example/",
    "https://as.example/%C3%BC",
)
_OTHER_URIS = (
    "urn:ietf:params:oauth:grant-type:uma-ticket",
    "mailto:crew@harbour.example",
    "ftp://files.harbour.example/",
    "data:,ahoy",
    "dev.harbour.app:/claims",
    "file:///etc/hosts",
    "https:as.example",
    "https:///uma",
)
_NO_URIS = (
    "",
    "logbook",
    "logbook.read",
    "/uma/claims",
    "//as.example/uma",
    "?for=8",
    "#top",
    "https:",
    "https://",
    "://as.example",
    "1up://as.example",
    "https://as.example/a b",
    " https://as.example/",
    "https://as.example/\n",
    "<https://as.example/>",
    "https://[::1",
    "http://[as.example]/",
)
_BAD_CHARACTERS = (
    "https://as.example/\t",
    "https://as.example/\r",
    "https://as.example/\x00",
    "\x01https://as.example/",
    "https://as.example/\x7f",
    'https://as.example/"',
    "https://as.example/{id}",
    "https://as.example/a|b",
    "https://as.example/a^b",
    "https://as.example/`",
    "https://as.example\\uma",
    "https://as.example/ü",
    "https://as.example/%zz",
    "C:\\logbook",
)
_TIMES = (
    "2031-05-04T03:02:01Z",
    "2031-05-04T03:02:01.5Z",
    "2031-05-04T03:02:01.123456Z",
    "2031-05-04T03:02:01+00:00",
    "2031-05-04T03:02:01-09:30",
    "2032-02-29T23:59:59Z",
)
_NO_TIMES = (
    "",
    "now",
    "03:02:01Z",
    "2031-05-04",
    "2031-05-04T03:02:01",
    "2031-02-29T03:02:01Z",
    "2031-13-04T03:02:01Z",
    "2031-05-04T25:02:01Z",
    "2031-05-04T03:60:01Z",
    "2031-05-04T03:02:01+24:00",
    "2031-05-04T03:02:01 Z ",
    "1935000000",
    "Sun, 04 May 2031 03:02:01 GMT",
)
_ONLY_ISO_8601 = (
    "20310504T030201Z",
    "2031-W18-7T03:02:01Z",
    "2031-05-04T03Z",
    "2031-05-04T03:02Z",
    "2031-05-04T03:02:01,5Z",
    "2031-05-04T03:02:01+0000",
    "2031-05-04T03:02:01+00:00:30",
)
_NO_STRINGS = (None, True, 7, 1.5, ["https://as.example"], {"uri": "https://as.example"})


def test_the_formats_are_those_that_the_schemas_use_and_no_others() -> None:
    assert set(checker().checkers) == {*("uri", "uri-reference", "web-uri", "date", "date-time")}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("uri", "urn:harbour:crew", "crew"),
        ("uri-reference", "/uma/help#errors", "/uma/a b"),
        ("web-uri", "https://as.example", "urn:harbour:crew"),
        ("date", "2031-05-04", "2031-05"),
        ("date-time", "2031-05-04T03:02:01Z", "2031-05-04"),
    ],
)
def test_the_checker_knows_each_format_by_its_name(name: str, good: str, bad: str) -> None:
    formats = checker()
    assert formats.conforms(good, name)
    assert not formats.conforms(bad, name)


@pytest.mark.parametrize("value", [*_WEB_URIS, *_OTHER_URIS])
def test_it_is_a_uri(value: str) -> None:
    assert is_uri(value)


@pytest.mark.parametrize(
    "value",
    [
        *_NO_URIS,
        *_BAD_CHARACTERS,
        "https://as.example:port/",
    ],
)
def test_it_is_no_uri(value: str) -> None:
    assert not is_uri(value)


@pytest.mark.parametrize("value", _WEB_URIS)
def test_it_is_a_web_uri(value: str) -> None:
    assert is_web_uri(value)


@pytest.mark.parametrize(
    "value",
    [
        *_OTHER_URIS,
        *_NO_URIS,
        "https://:8443/uma",
        "https://user@",
        "https://as.example:99999/",
    ],
)
def test_it_is_no_web_uri(value: str) -> None:
    assert not is_web_uri(value)


@pytest.mark.parametrize("value", _TIMES)
def test_it_is_a_time(value: str) -> None:
    assert is_time(value)


@pytest.mark.parametrize("value", [*_NO_TIMES, *_ONLY_ISO_8601])
def test_it_is_no_time(value: str) -> None:
    assert not is_time(value)


@pytest.mark.parametrize("value", _NO_STRINGS)
def test_what_is_no_string_is_not_the_concern_of_a_format(value: object) -> None:
    assert is_uri(value)
    assert is_web_uri(value)
    assert is_time(value)


@pytest.mark.parametrize("value", ["2031-05-04", "2032-02-29"])
def test_a_date_is_accepted(value: str) -> None:
    assert is_date(value)


@pytest.mark.parametrize("value", ["", "soon", "2031-02-29", "20310504", "2031-W18-7", *_TIMES])
def test_what_is_no_date_is_refused(value: str) -> None:
    assert not is_date(value)


@pytest.mark.parametrize("value", _NO_STRINGS)
def test_what_is_no_string_is_not_judged_as_a_date(value: object) -> None:
    assert is_date(value)
