"""Reading recorded exchanges."""

import pytest

from uma_conformance.trace import (
    NOT_JSON,
    Evidence,
    Exchange,
    Failure,
    FailureKind,
    Request,
    Response,
    parse_json,
)


def exchange(response: Response | None, body: str = "", failure: Failure | None = None) -> Exchange:
    """Return an exchange at the token endpoint."""
    request = Request("POST", "https://as.example/token", (), body)
    return Exchange(1, "p", "l", "", "client", "as", "token", request, response, failure)


def test_headers_are_found_without_regard_to_case() -> None:
    """All values of a header are found, and the media type loses its parameters."""
    answer = exchange(
        Response(200, (("Content-Type", "Application/JSON; charset=utf-8"), ("X", "1"), ("x", "2")))
    )
    assert answer.headers("X") == ("1", "2")
    assert answer.media_type == "application/json"
    assert exchange(Response(200, ())).media_type == ""
    assert exchange(None).headers("x") == ()


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_what_is_no_json(text: str) -> None:
    """Broken, not-a-number and bottomless documents are no JSON."""
    assert parse_json(text) is NOT_JSON


def test_members_and_error_code() -> None:
    """Members of an object are read; an error that is no string is no code."""
    assert exchange(Response(400, (), '{"error":"invalid_grant"}')).error == "invalid_grant"
    assert exchange(Response(400, (), '{"error":["x"]}')).error == ""
    assert exchange(Response(200, (), "[1]")).members == {}
    assert exchange(Response(200, (), '{"a":1}', truncated=True)).members == {}
    assert exchange(None).members == {}


def test_the_outline_names_status_and_code() -> None:
    """An answer is outlined by its status and code, or by what went wrong."""
    assert exchange(Response(403, (), '{"error":"need_info"}')).outline == (
        "status 403 with error 'need_info'"
    )
    assert exchange(Response(500, ())).outline == "status 500"
    late = Failure(FailureKind.TIMEOUT, "late")
    assert exchange(None, failure=late).outline == "no answer (timeout)"
    assert exchange(None).outline == "no answer"


def test_form_parameters_of_a_request() -> None:
    """The parameters of a form request are read, empty ones too."""
    assert exchange(None, "grant_type=x&scope=").form == {"grant_type": "x", "scope": ""}


def test_evidence_at_an_endpoint() -> None:
    """Only answered exchanges of an endpoint are yielded."""
    good, silent = exchange(Response(200, ())), exchange(None)
    assert list(Evidence((good, silent)).at("token")) == [good]
    assert list(Evidence((good,)).at("permission")) == []
