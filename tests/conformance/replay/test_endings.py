"""What answers to requests for RPTs mean for a scenario."""

import json

import pytest

from uma_conformance.replay.endings import rpt_answer
from uma_conformance.trace import Exchange, Request, Response
from uma_conformance.wire import Answer
from uma_scenarios import Ending


def received(status: int, error: object, form: str) -> Answer:
    body = json.dumps({"error": error})
    request = Request("POST", "https://as.example/token", (), form)
    response = Response(status, (("content-type", "application/json"),), body)
    exchange = Exchange(1, "p", "ask", "", "client", "as", "token", request, response)
    return Answer(exchange, status, response.headers, body)


@pytest.mark.parametrize(
    ("status", "error", "pushed", "ending"),
    [
        (400, "unauthorized_client", True, Ending.CLAIMS_REFUSED),
        (400, "invalid_request", True, Ending.CLAIMS_REFUSED),
        (400, "unauthorized_client", False, Ending.OTHER),
        (403, "access_denied", True, Ending.OTHER),
        (400, None, True, Ending.OTHER),
        (500, "server_error", True, Ending.OTHER),
        (400, "invalid_grant", True, Ending.INVALID_GRANT),
        (400, "invalid_scope", True, Ending.INVALID_SCOPE),
        (403, "need_info", True, Ending.NEED_INFO),
    ],
)
def test_a_claim_token_may_be_refused_with_any_error(
    status: int,
    error: str | None,
    pushed: bool,  # noqa: FBT001 - a case
    ending: Ending,
) -> None:
    """Nothing says with which; what is no error of status 400 is none of these."""
    form = "grant_type=x&ticket=t" + ("&claim_token=c&claim_token_format=f" if pushed else "")
    assert rpt_answer(received(status, error, form)).ending is ending
